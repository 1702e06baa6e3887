#include "recording/redaction_words.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "base/ascii.h"
#include "recording/redaction_secrets.h"

namespace playhead::recording {
namespace {

// What clients and servers document as a key that is none. In lower case, with hyphens.
constexpr std::array<std::string_view, 24> kStandIns = {
    "anything",
    "api-key",
    "change-me",
    "changeme",
    "dummy-key",
    "fake-api-key",
    "llama.cpp",
    "lm-studio",
    "no-api-key-required",
    "no-key-required",
    "not-needed",
    "placeholder",
    "sk-12345678",
    "sk-123456789",
    "sk-1234567890",
    "sk-no-key-required",
    "sk-your-api-key-goes-here",
    "test-key",
    "token-abc123",
    "undefined",
    "your-anthropic-api-key-here",
    "your-api-key",
    "your-api-key-here",
    "your-openai-api-key-here",
};

constexpr std::string_view kSeparators = " -_.";
constexpr std::string_view kMaskSigns = "x*.-_=,;/ ";
// So that a word is not random.
constexpr std::size_t kDistinctMin = 8;

bool is_separator(char c) { return kSeparators.find(c) != std::string_view::npos; }

bool has(std::string_view value, bool (*kind)(char)) {
  return std::any_of(value.begin(), value.end(), kind);
}

bool has_digit_and_letter(std::string_view value) {
  return has(value, is_digit) && (has(value, is_lower) || has(value, is_upper));
}

// "Word", "WORD", "word", and those in a row.
bool are_words(std::string_view value) {
  const bool shouted = !has(value, is_lower);
  bool inside = false;
  for (const char c : value) {
    if (is_upper(c) && inside && !shouted) return false;
    if (!is_upper(c) && !is_lower(c) && !is_separator(c)) return false;
    inside = !is_separator(c);
  }
  return true;
}

bool are_digits(std::string_view value) {
  return std::all_of(value.begin(), value.end(),
                     [](char c) { return is_digit(c) || is_separator(c); });
}

}  // namespace

bool is_stand_in(std::string_view value) {
  std::string small = lower_case(value);
  std::replace(small.begin(), small.end(), '_', '-');
  return small.find_first_not_of(kMaskSigns) == std::string::npos ||
         std::binary_search(kStandIns.begin(), kStandIns.end(), small);
}

bool is_mere_word(std::string_view value) {
  if (is_stand_in(value)) return true;
  const bool one_word = are_words(value) && !has(value, is_separator);
  return value.size() < kLongSecretBytes && (one_word || are_digits(value));
}

bool is_ordinary(std::string_view value) {
  return is_stand_in(value) ||
         (value.size() < kLongSecretBytes && (are_words(value) || are_digits(value)));
}

bool looks_random(std::string_view value) {
  const std::set<char> distinct(value.begin(), value.end());
  if (distinct.size() < kDistinctMin) return false;
  return has(value, is_digit) || (has(value, is_lower) && has(value, is_upper));
}

bool looks_secret(std::string_view value) {
  return value.size() >= kSecretBytesMin && !is_ordinary(value) && !is_masked(value) &&
         (looks_random(value) || has_digit_and_letter(value));
}

bool is_masked(std::string_view value) {
  const std::string small = lower_case(value);
  if (small.find("redacted") != std::string::npos || small.find("masked") != std::string::npos) {
    return true;
  }
  const std::string_view rest =
      std::string_view(small).substr(std::min(secret_part(small).begin, small.size()));
  return rest.find_first_not_of(kMaskSigns) == std::string_view::npos;
}

}  // namespace playhead::recording
