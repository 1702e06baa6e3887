// The secret values that one exchange may not leave on the disk, and where they are found: in
// credential headers, cookies, query values and environment variables (WIRE 11.1).
#ifndef PLAYHEAD_RECORDING_REDACTION_SECRETS_H_
#define PLAYHEAD_RECORDING_REDACTION_SECRETS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "recording/recording.h"

namespace playhead::recording {

// Shorter values are masked only in their own place: as words they turn up everywhere by chance.
inline constexpr std::size_t kSecretBytesMin = 8;
// A request's head is smaller (net/http_head.h). Of a longer value of an environment variable the
// rest is not looked for.
inline constexpr std::size_t kSecretBytesMax = std::size_t{64} << 10;
// Our choice: a browser sends fewer cookies. A set that got more masks everything.
inline constexpr std::size_t kSecretsMax = 256;
// Our choice: credentials of exchanges before that later ones look for too. The oldest go first.
inline constexpr std::size_t kSecretsLearnedMax = 32;

enum class SecretOrigin : std::uint8_t {
  environment,  // looked for as long as the recorder runs
  credential,   // of a header or a query; learn() keeps it
  cookie,       // changes with every response: of this exchange alone
};

// Values to look for, each once. Values that are too short are left out.
class SecretSet {
 public:
  struct Secret {
    std::string value;
    SecretOrigin origin = SecretOrigin::credential;

    bool operator==(const Secret&) const = default;
  };

  void add(std::string_view value, SecretOrigin origin);
  // Stand-ins, and mere words of the environment (redaction_words.h), are masked in their own place
  // alone.
  void add_unless_known(std::string_view value, SecretOrigin origin);
  // Takes over the credentials of an exchange, so that later ones look for them too.
  void learn(const SecretSet& exchange);

  const std::vector<Secret>& secrets() const { return secrets_; }
  // More than kSecretsMax came: nothing can be stored as it is.
  bool overflowed() const { return overflowed_; }

  bool operator==(const SecretSet&) const = default;

 private:
  bool has(std::string_view value) const;

  std::vector<Secret> secrets_;  // in order of arrival
  bool overflowed_ = false;
};

// Whether a header of that name carries a credential: those of WIRE 11.1, and those whose name says
// so (a word `key`, `token`, `secret`, `auth`, ...). Set-Cookie is one.
bool is_credential_header(std::string_view name);
// The same of a query parameter (percent-encoding of the name apart).
bool is_credential_parameter(std::string_view name);
// Of an environment variable: `..._API_KEY`, `..._TOKEN`, `..._SECRET`, `..._PASSWORD`, ..., and
// `AWS_BEARER_TOKEN_BEDROCK`.
bool is_credential_variable(std::string_view name);

// What there is to look for in a request, and in the headers of a response.
void collect_secrets(std::string_view target, const std::vector<Header>& request_headers,
                     SecretSet& secrets);
void collect_response_secrets(const std::vector<Header>& response_headers, SecretSet& secrets);

// The part of a credential header's value that is secret, as a span of it: what is behind a known
// scheme ("Bearer "), otherwise all.
struct Span {
  std::size_t begin = 0;
  std::size_t size = 0;
};
Span secret_part(std::string_view header_value);
// The values of the pairs of a Cookie header; of Set-Cookie only that of the first pair.
std::vector<Span> cookie_values(std::string_view header_value, bool set_cookie);
// The values of credential parameters in a request target.
struct TargetSecret {
  std::string name;  // decoded
  Span value;
};
std::vector<TargetSecret> target_secrets(std::string_view target);

// `%hh` decoded; what is no such triple stays.
std::string percent_decoded(std::string_view text);
// The bytes of the longest base64 or base64url text that `text` begins with, padding apart.
std::string base64_decoded(std::string_view text);

}  // namespace playhead::recording

#endif  // PLAYHEAD_RECORDING_REDACTION_SECRETS_H_
