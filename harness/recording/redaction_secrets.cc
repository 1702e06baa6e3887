// Which names carry credentials, and what of their values is secret.
#include "recording/redaction_secrets.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "recording/redaction_words.h"

namespace playhead::recording {
namespace {

// Whole names, in lower case. WIRE 11.1, and what gateways in front of providers take.
constexpr std::array<std::string_view, 17> kCredentialHeaders = {
    "authorization",
    "proxy-authorization",
    "api-key",         // Azure
    "x-api-key",       // Anthropic, API gateways
    "x-goog-api-key",  // Gemini
    "x-goog-iam-authorization-token",
    "x-amz-security-token",  // Bedrock
    "cookie",
    "set-cookie",
    "openai-organization",  // whose account it is
    "openai-project",
    "x-goog-user-project",
    "x-forwarded-client-cert",
    "helicone-auth",
    "cf-aig-authorization",
    "cf-access-client-id",
    "x-client-data",
};

constexpr std::array<std::string_view, 5> kCredentialParameters = {
    "key", "code", "x-amz-credential", "x-goog-credential", "sig",
};

// A name one of whose words is or ends in one of these carries a credential.
constexpr std::array<std::string_view, 13> kCredentialWords = {
    "key",   "token",         "secret",    "password",   "passwd",      "auth",    "jwt",
    "oauth", "authorization", "signature", "credential", "credentials", "session",
};

// Names that a rule above would catch and that carry none.
constexpr std::array<std::string_view, 3> kHarmlessHeaders = {
    "idempotency-key", "x-idempotency-key", "sec-websocket-key"};

constexpr std::array<std::string_view, 10> kVariableEndings = {
    "_API_KEY",    "_TOKEN",         "_SECRET",      "_PASSWORD", "_ACCESS_KEY",
    "_SECRET_KEY", "_ACCESS_KEY_ID", "_PRIVATE_KEY", "_AUTH_KEY", "_PASSPHRASE"};
// Names without such an ending.
constexpr std::array<std::string_view, 2> kVariables = {"AWS_BEARER_TOKEN_BEDROCK", "PGPASSWORD"};

// Schemes of RFC 9110 section 11 and of providers, in lower case.
constexpr std::array<std::string_view, 12> kSchemes = {
    "bearer",  "basic",  "token",     "digest",           "apikey",
    "api-key", "key",    "negotiate", "aws4-hmac-sha256", "aws4-ecdsa-p256-sha256",
    "dpop",    "sso-key"};

template <std::size_t N>
bool is_in(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool has_credential_word(std::string_view name) {
  std::string word;
  const auto counts = [&word] {
    return std::any_of(kCredentialWords.begin(), kCredentialWords.end(),
                       [&word](std::string_view ending) { return word.ends_with(ending); });
  };
  for (const char c : name) {
    const bool is_letter = (to_lower(c) >= 'a' && to_lower(c) <= 'z') || (c >= '0' && c <= '9');
    if (is_letter) {
      word += to_lower(c);
    } else if (counts()) {
      return true;
    } else {
      word.clear();
    }
  }
  return counts();
}

int hex_value(char c) {
  const char small = to_lower(c);
  if (small >= '0' && small <= '9') return small - '0';
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  return c == '/' || c == '_' ? 63 : -1;
}

std::string_view part(std::string_view text, Span span) {
  return text.substr(span.begin, span.size);
}

// "name=value" of a SigV4 header, up to the next comma or blank.
std::string_view field_of(std::string_view text, std::string_view name) {
  const std::size_t at = text.find(name);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = text.substr(at + name.size());
  return rest.substr(0, rest.find_first_of(", "));
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

void add_basic(std::string_view encoded, SecretSet& secrets) {
  const std::string pair = base64_decoded(encoded);
  const std::size_t colon = pair.find(':');
  secrets.add_unless_known(pair, SecretOrigin::credential);
  if (colon == std::string::npos) return;
  const std::string_view user = std::string_view(pair).substr(0, colon);
  const std::string_view password = std::string_view(pair).substr(colon + 1);
  // A key without a password stands in the user's place.
  secrets.add_unless_known(password.empty() ? user : password, SecretOrigin::credential);
}

void add_credential(std::string_view value, SecretSet& secrets) {
  const Span span = secret_part(value);
  const std::string_view secret = part(value, span);
  const std::string scheme = lower_case(value.substr(0, span.begin));
  secrets.add_unless_known(secret, SecretOrigin::credential);
  if (scheme.starts_with("basic")) add_basic(secret, secrets);
  if (!scheme.starts_with("aws4-")) return;
  const std::string_view credential = field_of(secret, "Credential=");
  secrets.add_unless_known(credential.substr(0, credential.find('/')), SecretOrigin::credential);
  secrets.add_unless_known(field_of(secret, "Signature="), SecretOrigin::credential);
}

void add_cookies(std::string_view value, bool set_cookie, SecretSet& secrets) {
  for (const Span span : cookie_values(value, set_cookie)) {
    secrets.add_unless_known(percent_decoded(part(value, span)), SecretOrigin::cookie);
  }
}

// The next part of a list up to one of the separators, as a span; `at` goes behind it.
Span next_part(std::string_view text, std::string_view separators, std::size_t& at) {
  const std::size_t end = std::min(text.find_first_of(separators, at), text.size());
  const Span span{at, end - at};
  at = end + 1;
  return span;
}

}  // namespace

bool SecretSet::has(std::string_view value) const {
  return std::any_of(secrets_.begin(), secrets_.end(),
                     [value](const Secret& secret) { return secret.value == value; });
}

void SecretSet::add(std::string_view value, SecretOrigin origin) {
  value = trimmed(value).substr(0, kSecretBytesMax);
  if (value.size() < kSecretBytesMin || has(value)) return;
  if (secrets_.size() == kSecretsMax) {
    overflowed_ = true;
    return;
  }
  secrets_.push_back({std::string(value), origin});
}

// What a client sends as a credential is one; a variable of the shell may hold any word.
void SecretSet::add_unless_known(std::string_view value, SecretOrigin origin) {
  const bool is_variable = origin == SecretOrigin::environment;
  const bool known = is_variable ? is_mere_word(trimmed(value)) : is_stand_in(trimmed(value));
  if (!known) add(value, origin);
}

void SecretSet::learn(const SecretSet& exchange) {
  const auto learned = [](const Secret& s) { return s.origin == SecretOrigin::credential; };
  for (const Secret& secret : exchange.secrets_) {
    if (learned(secret)) add(secret.value, secret.origin);
  }
  auto count = static_cast<std::size_t>(std::count_if(secrets_.begin(), secrets_.end(), learned));
  for (; count > kSecretsLearnedMax; --count) {
    secrets_.erase(std::find_if(secrets_.begin(), secrets_.end(), learned));
  }
}

bool is_credential_header(std::string_view name) {
  const std::string small = lower_case(name);
  if (is_in(kCredentialHeaders, small)) return true;
  return !is_in(kHarmlessHeaders, small) && has_credential_word(small);
}

bool is_credential_parameter(std::string_view name) {
  const std::string plain = lower_case(percent_decoded(name));
  return is_in(kCredentialParameters, plain) || has_credential_word(plain);
}

bool is_credential_variable(std::string_view name) {
  return is_in(kVariables, name) ||
         std::any_of(kVariableEndings.begin(), kVariableEndings.end(),
                     [name](std::string_view ending) { return name.ends_with(ending); });
}

void collect_secrets(std::string_view target, const std::vector<Header>& request_headers,
                     SecretSet& secrets) {
  for (const auto& [name, value] : request_headers) {
    if (lower_case(name) == "cookie") {
      add_cookies(value, false, secrets);
    } else if (is_credential_header(name)) {
      add_credential(value, secrets);
    }
  }
  for (const TargetSecret& found : target_secrets(target)) {
    std::string value = percent_decoded(part(target, found.value));
    secrets.add_unless_known(value, SecretOrigin::credential);
    if (value.find('+') == std::string::npos) continue;
    std::replace(value.begin(), value.end(), '+', ' ');  // as a form writes a blank
    secrets.add_unless_known(value, SecretOrigin::credential);
  }
}

void collect_response_secrets(const std::vector<Header>& response_headers, SecretSet& secrets) {
  for (const auto& [name, value] : response_headers) {
    if (lower_case(name) == "set-cookie") add_cookies(value, true, secrets);
  }
}

Span secret_part(std::string_view header_value) {
  const std::size_t blank = header_value.find(' ');
  if (blank == std::string_view::npos) return {0, header_value.size()};
  if (!is_in(kSchemes, lower_case(header_value.substr(0, blank)))) return {0, header_value.size()};
  const std::size_t begin =
      std::min(header_value.find_first_not_of(' ', blank), header_value.size());
  return {begin, header_value.size() - begin};
}

std::vector<Span> cookie_values(std::string_view header_value, bool set_cookie) {
  std::vector<Span> values;
  for (std::size_t at = 0; at <= header_value.size();) {
    Span pair = next_part(header_value, ";", at);
    const std::size_t equals = part(header_value, pair).find('=');
    if (equals != std::string_view::npos) {
      pair.begin += equals + 1;
      pair.size -= equals + 1;
    }
    if (pair.size >= 2 && header_value[pair.begin] == '"') pair = {pair.begin + 1, pair.size - 2};
    if (pair.size > 0) values.push_back(pair);
    if (set_cookie) break;
  }
  return values;
}

std::vector<TargetSecret> target_secrets(std::string_view target) {
  std::vector<TargetSecret> found;
  const std::size_t question = target.find('?');
  if (question == std::string_view::npos) return found;
  for (std::size_t at = question + 1; at <= target.size();) {
    const Span pair = next_part(target, "&;", at);
    const std::size_t equals = part(target, pair).find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = target.substr(pair.begin, equals);
    if (!is_credential_parameter(name)) continue;
    found.push_back({percent_decoded(name), {pair.begin + equals + 1, pair.size - equals - 1}});
  }
  return found;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool triple = text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
                        hex_value(text[i + 2]) >= 0;
    if (!triple) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
    i += 2;
  }
  return out;
}

std::string base64_decoded(std::string_view text) {
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const int value = base64_value(c);
    if (value < 0) break;
    bits = (bits << 6 | static_cast<unsigned>(value)) & 0xFFFFFF;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xFF);
  }
  return out;
}

}  // namespace playhead::recording
