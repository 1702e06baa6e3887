// The table of environment variables by which the providers' clients find their API, and what
// `record` and `serve` make of it: set for a command, they bring its clients here.
#ifndef PLAYHEAD_CLI_BASE_URLS_H_
#define PLAYHEAD_CLI_BASE_URLS_H_

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "record/router.h"

namespace playhead::cli {

struct BaseUrlRow {
  std::string_view provider;
  std::string_view variable;
  std::string_view prefix;    // where its requests arrive at playhead
  std::string_view path;      // with which clients expect the variable to end
  std::string_view upstream;  // where they go without the variable; `path` not included
  std::string_view api_path;  // see record::Upstream
  std::string_view read_by;   // the clients whose source was read for it, and what to know
};

inline constexpr std::array<BaseUrlRow, 9> kBaseUrls = {{
    {"openai", "OPENAI_BASE_URL", "/openai", "/v1", "https://api.openai.com", "",
     "openai (npm 7.55, PyPI), @ai-sdk/openai 4.0"},
    {"anthropic", "ANTHROPIC_BASE_URL", "/anthropic", "", "https://api.anthropic.com", "/v1",
     "@anthropic-ai/sdk 1.11, without /v1; @ai-sdk/anthropic 4.0, which leaves out the /v1 that "
     "its "
     "default has: playhead puts it in"},
    {"google", "GOOGLE_GEMINI_BASE_URL", "/google", "", "https://generativelanguage.googleapis.com",
     "", "@google/genai 3.1; @ai-sdk/google reads no variable"},
    // A request that is signed (SigV4) is signed for the host that the client sees, so AWS refuses
    // it behind any proxy. Bearer keys work.
    {"bedrock", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "/bedrock", "", "", "",
     "AWS SDKs, @ai-sdk/amazon-bedrock 5.0; only with a key in AWS_BEARER_TOKEN_BEDROCK, because "
     "AWS refuses signed requests that pass a proxy; @aws-sdk/client-bedrock-runtime 3 speaks "
     "HTTP/2 unless it gets a NodeHttpHandler"},
    {"ollama", "OLLAMA_HOST", "/ollama", "", "http://127.0.0.1:11434", "",
     "ollama (PyPI, and the program itself); ollama (npm 0.6) reads no variable"},
    {"mistral", "MISTRAL_BASE_URL", "/mistral", "/v1", "https://api.mistral.ai", "",
     "langchain-mistralai; the official clients and @ai-sdk/mistral read no variable"},
    {"cohere", "CO_API_URL", "/cohere", "", "https://api.cohere.com", "",
     "cohere (PyPI); cohere-ai (npm 8.1) and @ai-sdk/cohere read no variable"},
    {"openrouter", "OPENROUTER_BASE_URL", "/openrouter", "/api/v1", "https://openrouter.ai", "",
     "@openrouter/sdk 1.3"},
    {"groq", "GROQ_BASE_URL", "/groq", "", "https://api.groq.com", "", "groq-sdk (npm 1.6)"},
}};

// The value of an environment variable; empty counts as not set, as it does for the clients.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
Environment process_environment();

using Variables = std::vector<std::pair<std::string, std::string>>;

// All of them, each with its provider's prefix behind `origin` ("http://127.0.0.1:8080").
Variables prefixed_variables(std::string_view origin);

struct UpstreamPlan {
  std::vector<record::Upstream> upstreams;
  Variables variables(std::string_view origin) const;

  // Variables whose value before did not end with the usual path: nor does the new one.
  std::vector<std::string_view> bare;
};

// Where `record` relays to. `named`: [PREFIX=]URL each. With none, each provider behind its prefix,
// at the base URL that its variable has in `environment`, else at its own. A variable is set to the
// upstream with its provider's prefix, else to the one without a prefix, else it is left as it is.
Result<UpstreamPlan> plan_upstreams(const std::vector<std::string>& named,
                                    const Environment& environment);

// Clients that are told to use a proxy must not use it for us: NO_PROXY with the loopback names,
// where a proxy variable is set.
Variables no_proxy_variables(const Environment& environment);
// The variables for a command, those with them.
Variables beside_proxies(Variables variables, const Environment& environment);

}  // namespace playhead::cli

#endif  // PLAYHEAD_CLI_BASE_URLS_H_
