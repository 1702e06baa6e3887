// A table of beginnings, each with what must follow it.
#include "recording/lint_shapes.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>

#include "base/ascii.h"
#include "recording/redaction_secrets.h"

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

// Our choice: longer than any key or token above.
constexpr std::size_t kSecretShownMax = 8192;
// Fewer characters hold no key worth finding.
constexpr std::size_t kBase64Min = 24;
// Of a secret behind its beginning, so that a word or a stand-in is none.
constexpr std::size_t kDistinctMin = 8;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(char c) { return is_digit(c) || is_lower(c) || is_upper(c); }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool is_in(Alphabet alphabet, char c) {
  constexpr std::string_view kBase64Signs = "+/=-_";
  constexpr std::string_view kTokenSigns = "-._~+/=";
  switch (alphabet) {
    case Alphabet::word: return is_letter(c) || c == '-' || c == '_';
    case Alphabet::letter: return is_letter(c);
    case Alphabet::upper: return is_upper(c) || is_digit(c);
    case Alphabet::base64: return is_letter(c) || kBase64Signs.find(c) != std::string_view::npos;
    case Alphabet::token: return is_letter(c) || kTokenSigns.find(c) != std::string_view::npos;
    case Alphabet::jwt: return is_letter(c) || c == '-' || c == '_' || c == '.';
  }
  return false;
}

// Whether a secret may begin at `at`: not in the middle of a word ("task-"), but behind an escape
// (\n, %3D, \u003d).
bool begins_word(std::string_view text, std::size_t at) {
  if (at == 0) return true;
  const char before = text[at - 1];
  if (!is_letter(before) && before != '-' && before != '_') return true;
  if (at >= 2 && text[at - 2] == '\\' &&
      std::string_view("nrtbf").find(before) != std::string::npos) {
    return true;
  }
  if (!is_hex(before) || at < 3 || !is_hex(text[at - 2])) return false;
  return text[at - 3] == '%' || (at >= 6 && text[at - 6] == '\\' && text[at - 5] == 'u');
}

// Random, as keys are: many different characters, and not of one kind only.
bool looks_random(std::string_view secret) {
  const std::set<char> distinct(secret.begin(), secret.end());
  if (distinct.size() < kDistinctMin) return false;
  const bool digit = std::any_of(secret.begin(), secret.end(), is_digit);
  const bool lower = std::any_of(secret.begin(), secret.end(), is_lower);
  const bool upper = std::any_of(secret.begin(), secret.end(), is_upper);
  return digit || (lower && upper);
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

void find_plain(std::string_view text, std::vector<ShapeMatch>& found) {
  find_listed(text, found);
  find_private_keys(text, found);
  find_url_passwords(text, found);
}

void find_in_base64(std::string_view text, std::vector<ShapeMatch>& found) {
  std::vector<ShapeMatch> inner;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_in(Alphabet::base64, text[end])) ++end;
    if (end - at >= kBase64Min) {
      const std::string_view run = text.substr(at, end - at);
      inner.clear();
      find_plain(base64_decoded(run), inner);
      if (!inner.empty()) found.push_back({inner.front().what, at, run.size()});
    }
    at = end + 1;
  }
}

}  // namespace

std::vector<ShapeMatch> find_secret_shapes(std::string_view text) {
  std::vector<ShapeMatch> found;
  find_plain(text, found);
  find_in_base64(text, found);
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

bool is_masked(std::string_view value) {
  const std::string small = lower_case(value);
  if (small.find("redacted") != std::string::npos || small.find("masked") != std::string::npos) {
    return true;
  }
  const std::string_view rest =
      std::string_view(small).substr(std::min(secret_part(small).begin, small.size()));
  return rest.find_first_not_of("x*.-_=,;/ ") == std::string_view::npos;
}

std::string shortened_secret(std::string_view secret) {
  constexpr std::size_t kShown = 4;
  return std::string(secret.substr(0, kShown)) + "... (" + std::to_string(secret.size()) +
         " characters)";
}

}  // namespace playhead::recording
