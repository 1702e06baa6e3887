// A table of beginnings, each with what must follow it.
#include "recording/lint_shapes.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "recording/lint_spellings.h"
#include "recording/redaction_secrets.h"
#include "recording/redaction_words.h"

namespace playhead::recording {
namespace {

enum class Alphabet : std::uint8_t {
  word,    // letters, digits, - and _
  letter,  // letters and digits
  upper,   // upper-case letters and digits
  base64,  // letters, digits, + / = - _
  token,   // of a Bearer credential (RFC 6750 section 2.1)
  jwt,     // word characters and dots, two of them
};

struct Shape {
  std::string_view what;
  std::string_view begin;
  Alphabet rest;
  std::size_t rest_min;  // characters behind the beginning
};

// From the rules of gitleaks (config/gitleaks.toml) and GitHub's list of secret scanning patterns,
// and from the providers' own documents. Longer beginnings go first.
constexpr std::array<Shape, 43> kShapes = {{
    {"an API key of Anthropic", "sk-ant-", Alphabet::word, 20},
    {"an API key of OpenRouter", "sk-or-v1-", Alphabet::word, 20},
    {"an API key of LangSmith", "lsv2_pt_", Alphabet::word, 20},
    {"an API key of OpenAI", "sk-proj-", Alphabet::word, 20},
    {"an API key of OpenAI", "sk-svcacct-", Alphabet::word, 20},
    {"an API key of OpenAI", "sk-admin-", Alphabet::word, 20},
    {"an API key (OpenAI, DeepSeek and others)", "sk-", Alphabet::word, 20},
    {"a session key of OpenAI", "sess-", Alphabet::letter, 30},
    {"an API key of Google", "AIza", Alphabet::word, 35},
    {"an access token of Google", "ya29.", Alphabet::word, 20},
    {"a client secret of Google", "GOCSPX-", Alphabet::word, 24},
    {"an access key id of AWS", "AKIA", Alphabet::upper, 16},
    {"an access key id of AWS", "ASIA", Alphabet::upper, 16},
    {"an API key of Bedrock", "ABSK", Alphabet::base64, 60},
    {"an API key of Bedrock", "bedrock-api-key-", Alphabet::base64, 20},
    {"a token of GitHub", "ghp_", Alphabet::letter, 36},
    {"a token of GitHub", "gho_", Alphabet::letter, 36},
    {"a token of GitHub", "ghu_", Alphabet::letter, 36},
    {"a token of GitHub", "ghs_", Alphabet::letter, 36},
    {"a token of GitHub", "ghr_", Alphabet::letter, 36},
    {"a token of GitHub", "github_pat_", Alphabet::word, 22},
    {"a token of GitLab", "glpat-", Alphabet::word, 20},
    {"a token of Slack", "xoxb-", Alphabet::word, 20},
    {"a token of Slack", "xoxp-", Alphabet::word, 20},
    {"a token of Slack", "xoxa-", Alphabet::word, 20},
    {"a token of Slack", "xoxr-", Alphabet::word, 20},
    {"a token of Slack", "xoxs-", Alphabet::word, 20},
    {"a token of Hugging Face", "hf_", Alphabet::letter, 30},
    {"an API key of Groq", "gsk_", Alphabet::letter, 40},
    {"an API key of xAI", "xai-", Alphabet::word, 60},
    {"an API key of Perplexity", "pplx-", Alphabet::letter, 40},
    {"a token of Replicate", "r8_", Alphabet::letter, 37},
    {"an API key of NVIDIA", "nvapi-", Alphabet::word, 40},
    {"an API key of Cerebras", "csk-", Alphabet::letter, 40},
    {"an API key of Fireworks", "fw_", Alphabet::letter, 22},
    {"an API key of Together", "tgp_v1_", Alphabet::word, 30},
    {"an API key of Stripe", "sk_live_", Alphabet::letter, 20},
    {"an API key of Stripe", "rk_live_", Alphabet::letter, 20},
    {"a token of npm", "npm_", Alphabet::letter, 36},
    {"an API key of SendGrid", "SG.", Alphabet::jwt, 60},
    {"a JSON Web Token", "eyJ", Alphabet::jwt, 30},
    {"a bearer token", "Bearer ", Alphabet::token, 20},
    {"a bearer token", "bearer ", Alphabet::token, 20},
}};

// Ends of names, in lower case and without signs.
constexpr std::array<std::string_view, 13> kSecretNames = {
    "apikey",    "apitoken",     "password",  "passwd",      "passphrase",
    "secret",    "secretkey",    "accesskey", "accesstoken", "refreshtoken",
    "authtoken", "sessiontoken", "privatekey"};

constexpr std::array<std::string_view, 3> kPlaceholderWords = {"your", "example", "placeholder"};

// Our choice: longer than any key or token above.
constexpr std::size_t kSecretShownMax = 8192;
// Our choice: of text that calls itself a credential, where anything may stand.
constexpr std::size_t kNamedSecretMin = 16;
constexpr std::size_t kNameMax = 64;
// What is escaped more often than this was not meant to be read.
constexpr int kEscapeLayersMax = 3;

bool is_alphanumeric(char c) { return is_digit(c) || is_letter(c); }

constexpr std::string_view kBase64Characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_";

bool is_printable(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f;
  });
}

bool is_in(Alphabet alphabet, char c) {
  constexpr std::string_view kTokenSigns = "-._~+/=";
  switch (alphabet) {
    case Alphabet::word: return is_alphanumeric(c) || c == '-' || c == '_';
    case Alphabet::letter: return is_alphanumeric(c);
    case Alphabet::upper: return is_upper(c) || is_digit(c);
    case Alphabet::base64: return kBase64Characters.find(c) != std::string_view::npos;
    case Alphabet::token:
      return is_alphanumeric(c) || kTokenSigns.find(c) != std::string_view::npos;
    case Alphabet::jwt: return is_alphanumeric(c) || c == '-' || c == '_' || c == '.';
  }
  return false;
}

// Whether a secret may begin at `at`: not in the middle of a word ("task-"), but behind an escape
// (\n, %3D, \u003d).
bool begins_word(std::string_view text, std::size_t at) {
  if (at == 0) return true;
  const char before = text[at - 1];
  if (!is_alphanumeric(before) && before != '-' && before != '_') return true;
  if (at >= 2 && text[at - 2] == '\\' &&
      std::string_view("nrtbf").find(before) != std::string::npos) {
    return true;
  }
  if (!is_hex_digit(before) || at < 3 || !is_hex_digit(text[at - 2])) return false;
  return text[at - 3] == '%' || (at >= 6 && text[at - 6] == '\\' && text[at - 5] == 'u');
}

// The size of the shape at `at`, its beginning included; 0 where it is none.
std::size_t size_of(const Shape& shape, std::string_view text, std::size_t at) {
  const std::size_t begin = at + shape.begin.size();
  std::size_t end = begin;
  while (end < text.size() && end - begin < kSecretShownMax && is_in(shape.rest, text[end])) ++end;
  const std::string_view rest = text.substr(begin, end - begin);
  if (rest.size() < shape.rest_min || is_masked(rest) || !looks_random(rest)) return 0;
  if (shape.rest == Alphabet::jwt && std::count(rest.begin(), rest.end(), '.') < 1) return 0;
  return end - at;
}

std::size_t token_size(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size() && (is_in(Alphabet::token, text[size]) || text[size] == '%')) ++size;
  return size;
}

void find_listed(std::string_view text, std::vector<ShapeMatch>& found) {
  for (const Shape& shape : kShapes) {
    for (std::size_t at = text.find(shape.begin); at != std::string_view::npos;
         at = text.find(shape.begin, at + 1)) {
      if (!begins_word(text, at)) continue;
      if (const std::size_t size = size_of(shape, text, at); size > 0) {
        found.push_back({shape.what, at, size});
      }
    }
  }
}

void find_private_keys(std::string_view text, std::vector<ShapeMatch>& found) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  constexpr std::string_view kEnd = "PRIVATE KEY-----";
  constexpr std::size_t kKindMax = 32;
  for (std::size_t at = text.find(kBegin); at != std::string_view::npos;
       at = text.find(kBegin, at + 1)) {
    const std::size_t end = text.substr(at, kBegin.size() + kKindMax + kEnd.size()).find(kEnd);
    if (end == std::string_view::npos) continue;
    const std::string_view body = text.substr(at + end + kEnd.size(), 64);
    // An example in prose has no key behind its first line.
    if (is_masked(body) || !looks_random(body)) continue;
    found.push_back({"a private key", at, end + kEnd.size()});
  }
}

// user:password@ of a URL.
void find_url_passwords(std::string_view text, std::vector<ShapeMatch>& found) {
  constexpr std::string_view kScheme = "://";
  constexpr std::size_t kUserInfoMax = 512;
  for (std::size_t at = text.find(kScheme); at != std::string_view::npos;
       at = text.find(kScheme, at + 1)) {
    const std::string_view rest = text.substr(at + kScheme.size(), kUserInfoMax);
    const std::string_view user_info = rest.substr(0, rest.find_first_of("/?#\"'\\<> \r\n\t`,)]}"));
    const std::size_t sign = user_info.find('@');
    const std::size_t colon = user_info.find(':');
    if (sign == std::string_view::npos || colon >= sign) continue;
    const std::string_view password = user_info.substr(colon + 1, sign - colon - 1);
    if (password.size() < kSecretBytesMin || is_masked(password) || !looks_random(password)) {
      continue;
    }
    found.push_back({"a password in a URL", at + kScheme.size() + colon + 1, password.size()});
  }
}

// "Basic " and a user with a password in base64.
void find_basic(std::string_view text, std::vector<ShapeMatch>& found) {
  constexpr std::string_view kScheme = "asic ";
  constexpr std::size_t kPairMax = 1024;
  for (std::size_t at = text.find(kScheme); at != std::string_view::npos;
       at = text.find(kScheme, at + 1)) {
    if (at == 0 || to_lower(text[at - 1]) != 'b' || !begins_word(text, at - 1)) continue;
    const std::string_view rest = text.substr(at + kScheme.size(), kPairMax);
    const std::size_t size = std::min(rest.find_first_not_of(kBase64Characters), rest.size());
    const std::string pair = base64_decoded(rest.substr(0, size));
    const std::size_t colon = pair.find(':');
    if (colon == std::string::npos || !is_printable(pair)) continue;
    const bool is_user = colon + 1 == pair.size();
    if (!looks_secret(is_user ? pair.substr(0, colon) : pair.substr(colon + 1))) continue;
    found.push_back({"a Basic credential", at + kScheme.size(), size});
  }
}

// Whether something of that name is a credential wherever it stands: less than what is one as a
// header or in a URL.
bool names_secret(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (is_alphanumeric(c)) plain += to_lower(c);
  }
  return std::any_of(kSecretNames.begin(), kSecretNames.end(),
                     [&plain](std::string_view ending) { return plain.ends_with(ending); });
}

// What a manual writes for a key of the reader's.
bool is_placeholder(std::string_view value) {
  const std::string small = lower_case(value);
  return std::any_of(kPlaceholderWords.begin(), kPlaceholderWords.end(),
                     [&](std::string_view word) { return small.find(word) != std::string::npos; });
}

// The name that ends before `end`.
std::string_view name_before(std::string_view text, std::size_t end) {
  std::size_t begin = end;
  while (begin > 0 && end - begin < kNameMax && is_in(Alphabet::jwt, text[begin - 1])) --begin;
  return text.substr(begin, end - begin);
}

// "api_key": "...", and api_key: ... in a head or a file of settings.
void find_members(std::string_view text, std::vector<ShapeMatch>& found) {
  constexpr std::string_view kBlanks = " \t";
  for (std::size_t at = text.find(':'); at != std::string_view::npos; at = text.find(':', at + 1)) {
    const std::size_t last = text.substr(0, at).find_last_not_of(kBlanks);
    std::size_t begin = text.find_first_not_of(kBlanks, at + 1);
    if (last == std::string_view::npos || begin == std::string_view::npos) continue;
    const bool quoted = text[last] == '"' && text[begin] == '"';
    const std::string_view name = name_before(text, quoted ? last : last + 1);
    if (!names_secret(name)) continue;
    if (quoted) ++begin;
    const std::string_view rest = text.substr(begin, kSecretShownMax);
    const std::string_view value =
        rest.substr(0, quoted ? rest.find_first_of("\"\\") : token_size(rest));
    const bool is_text = value.find_first_of(" \t\r\n${}<>()") != std::string_view::npos;
    if (is_text || !looks_secret(value) || is_placeholder(value)) continue;
    if (!quoted && (value.size() < kNamedSecretMin || !looks_random(value))) continue;
    found.push_back({"a value that is named a secret", begin, value.size()});
  }
}

// ?access_token=... of a URL, and API_KEY=... of an environment.
void find_assignments(std::string_view text, std::vector<ShapeMatch>& found) {
  for (std::size_t at = text.find('='); at != std::string_view::npos; at = text.find('=', at + 1)) {
    const std::string_view name = name_before(text, at);
    const std::size_t before = at - name.size();
    if (name.empty()) continue;
    const bool in_url =
        before > 0 && std::string_view("?&#").find(text[before - 1]) != std::string_view::npos;
    const bool is_credential =
        in_url ? is_credential_parameter(name) : is_credential_variable(name);
    if (!is_credential) continue;
    const std::size_t quote = at + 1 < text.size() && text[at + 1] == '"' ? 1 : 0;
    const std::size_t begin = at + 1 + quote;
    const std::string_view rest = text.substr(begin, kSecretShownMax);
    const std::string_view value = rest.substr(0, token_size(rest));
    if (value.size() < kNamedSecretMin || !looks_secret(value) || !looks_random(value) ||
        is_placeholder(value))
      continue;
    found.push_back({"a value that is named a secret", begin, value.size()});
  }
}

void find_plain(std::string_view text, std::vector<ShapeMatch>& found) {
  find_listed(text, found);
  find_private_keys(text, found);
  find_url_passwords(text, found);
  find_basic(text, found);
  find_members(text, found);
  find_assignments(text, found);
}

void find_in_runs(const std::vector<EncodedRun>& runs, std::vector<ShapeMatch>& found) {
  std::vector<ShapeMatch> inner;
  for (const EncodedRun& run : runs) {
    inner.clear();
    find_plain(run.decoded, inner);
    if (!inner.empty()) found.push_back({inner.front().what, run.begin, run.size});
  }
}

void find_layer(std::string_view text, std::vector<ShapeMatch>& found) {
  find_plain(text, found);
  find_in_runs(base64_runs(text), found);
  find_in_runs(hex_runs(text), found);
}

// The same place in the text that `layer` was made of.
ShapeMatch outside(const ShapeMatch& match, const UnescapedText& layer) {
  const std::size_t begin = layer.origin(match.begin);
  return {match.what, begin, layer.origin(match.begin + match.size) - begin};
}

}  // namespace

std::vector<ShapeMatch> find_secret_shapes(std::string_view text) {
  std::vector<ShapeMatch> found;
  find_layer(text, found);
  std::vector<UnescapedText> layers;
  for (int depth = 0; depth < kEscapeLayersMax; ++depth) {
    auto layer = unescaped(layers.empty() ? text : std::string_view(layers.back().text));
    if (!layer) break;
    layers.push_back(std::move(*layer));
    std::vector<ShapeMatch> inner;
    find_layer(layers.back().text, inner);
    for (ShapeMatch match : inner) {
      for (auto out = layers.rbegin(); out != layers.rend(); ++out) match = outside(match, *out);
      found.push_back(match);
    }
  }
  // The table's first at a place is the one that says most.
  std::stable_sort(found.begin(), found.end(),
                   [](const ShapeMatch& a, const ShapeMatch& b) { return a.begin < b.begin; });
  std::vector<ShapeMatch> apart;
  for (const ShapeMatch& match : found) {
    if (apart.empty() || match.begin >= apart.back().begin + apart.back().size) {
      apart.push_back(match);
    }
  }
  return apart;
}

std::string shortened_secret(std::string_view secret) {
  constexpr std::size_t kShown = 4;
  return std::string(secret.substr(0, kShown)) + "... (" + std::to_string(secret.size()) +
         " characters)";
}

}  // namespace playhead::recording
