#include "bench/tokens.h"

#include <array>

namespace playhead::bench {
namespace {

constexpr std::array<std::string_view, 64> kTokens = {" the",
                                                      " of",
                                                      " and",
                                                      " to",
                                                      " a",
                                                      " in",
                                                      " is",
                                                      " that",
                                                      " for",
                                                      " it",
                                                      " with",
                                                      " as",
                                                      " was",
                                                      " on",
                                                      " be",
                                                      " by",
                                                      " stream",
                                                      " token",
                                                      " model",
                                                      "ing",
                                                      "ed",
                                                      "ly",
                                                      "tion",
                                                      "er",
                                                      "s",
                                                      "'s",
                                                      " re",
                                                      " un",
                                                      " data",
                                                      " call",
                                                      ",",
                                                      ".",
                                                      ":",
                                                      " -",
                                                      " (",
                                                      ")",
                                                      "\n",
                                                      "\n\n",
                                                      " \"",
                                                      "\"",
                                                      " 1",
                                                      "0",
                                                      "2",
                                                      "5",
                                                      " user",
                                                      " each",
                                                      " function",
                                                      " value",
                                                      " when",
                                                      " then",
                                                      " read",
                                                      " write",
                                                      " line",
                                                      " buffer",
                                                      " into",
                                                      " over",
                                                      " first",
                                                      " last",
                                                      " one",
                                                      " two",
                                                      " caf\xC3\xA9",
                                                      "\xE2\x80\x99",
                                                      " \xE2\x80\x94",
                                                      " out"};

}  // namespace

std::string_view token(Prng& random) { return kTokens.at(random.below(kTokens.size())); }

std::string letters(Prng& random, std::size_t count) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string out;
  while (out.size() < count) out.push_back(kLetters[random.below(kLetters.size())]);
  return out;
}

}  // namespace playhead::bench
