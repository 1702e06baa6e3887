// Masking in a stream: every canary, in every spelling, at every cut; harmless bytes stay.
#include "recording/redaction_masker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/base64.h"
#include "base/prng.h"
#include "base/testing.h"
#include "wire/aws_event_stream_decoder.h"
#include "wire/crc32.h"

namespace playhead::recording {
namespace {

using Patterns = std::shared_ptr<const SecretPatterns>;

// What credentials look like, and what makes them hard: characters that are escaped, that escape,
// that repeat themselves, that are no ASCII; the shortest that counts.
const std::vector<std::string>& canaries() {
  static const std::vector<std::string> kCanaries = {"sk-proj-Zk3vQ8rT1mW6yB4nH9cL2pX7",
                                                     "sk-ant-api03-9fQ_wE2rT-5yUiOpA7sD",
                                                     "sk-or-v1-0a1b2c3d4e5f60718293a4b5",
                                                     "AIzaSyD-canary-0123456789abcdefghij",
                                                     "AKIAIOSFODNN7CANARY0",
                                                     "wJalrXUtnFEMI/K7MDENG/bPxRfiCYCANARYKEY",
                                                     "gsk_canary0123456789ABCDEFGHIJ",
                                                     "xai-canary0123456789abcdefghijk",
                                                     "pplx-canary0123456789abcdefghi",
                                                     "hf_canaryABCDEFGHIJKLMNOPQRSTU",
                                                     "ghp_canary0123456789abcdefghijkl",
                                                     "xoxb-1234567890-canarycanary",
                                                     "nvapi-canary_0123456789-abcdefg",
                                                     "r8_canary0123456789abcdefghijk",
                                                     "fw_canary0123456789abcdef",
                                                     "ya29.canary-0123456789_abcdef",
                                                     "canary+with/base64/chars+and==",
                                                     "canary with blanks in it",
                                                     "user:canary-password!",
                                                     "canary\"quoted\"value",
                                                     "canary\\back\\slash",
                                                     "100%canary%25%2Fpercent",
                                                     "canary&amp;html<tag>'",
                                                     "canary/////slashes",
                                                     "\\\\\\\\\\\\\\\\end",
                                                     "%25%25%25%25%25",
                                                     "aaaaaaaaaaaaaaaa",
                                                     "abababababababab",
                                                     "12345678",
                                                     "canary:8",
                                                     "k\xC3\xA4nguru-gehei\xC3\x9F",
                                                     "\xF0\x9F\x94\x91-canary-key",
                                                     "bytes\xFF\xFE-canary",
                                                     "line\nfeed\tcanary",
                                                     "u0041u0042u0043u0044",
                                                     "deadbeefdeadbeefcafe",
                                                     "fd2e8f1c7a6b5d4e3f2a1b0c9d8e7f60",
                                                     "eyJhbGciOiJub25lIn0.eyJjYW5hcnkiOjF9.c2ln",
                                                     "__cf_bm=canary.1234-5678",
                                                     "session~canary.token|pipe",
                                                     "{\"canary\":\"json\"}",
                                                     "xxxxxxxx"};
  return kCanaries;
}

std::string hex_byte(char c, bool upper) {
  const std::string_view digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  return {digits[byte >> 4], digits[byte & 15]};
}

std::string json_escaped(std::string_view text, bool slash) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '"' || c == '\\' || (c == '/' && slash)) {
      out += std::string{'\\', c};
    } else {
      out += c;
    }
  }
  return out;
}

// Every `every`-th ASCII character as \u00hh.
std::string unicode_escaped(std::string_view text, bool upper, std::size_t every) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = static_cast<unsigned char>(text[i]) < 128 && i % every == 0;
    out += escape ? "\\u00" + hex_byte(text[i], upper) : json_escaped(text.substr(i, 1), false);
  }
  return out;
}

std::string percent_encoded(std::string_view text, bool upper, bool all) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    out += plain && !all ? std::string(1, c) : "%" + hex_byte(c, upper);
  }
  return out;
}

std::string base64url(std::string text) {
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

// A body with a secret in it, and where.
struct Planted {
  std::string name;
  std::string body;
  std::size_t begin = 0;  // of the bytes that must be masked
  std::size_t end = 0;
  std::string_view masks = "x";  // bytes that stand there afterwards
};

Planted plant(std::string name, std::string_view before, const std::string& spelt,
              std::string_view after, std::string_view masks = "x") {
  return {std::move(name), std::string(before) + spelt + std::string(after), before.size(),
          before.size() + spelt.size(), masks};
}

Planted plant_base64(const std::string& secret, std::size_t alignment, bool url) {
  const std::string before(alignment, '.');
  std::string encoded = base64(before + secret + "..");
  if (url) encoded = base64url(encoded);
  Planted planted = plant("base64", "data: \"", encoded, "\"\n\n", "eHh4x");
  planted.end = planted.begin + 8 * (alignment + secret.size()) / 6;
  planted.begin += (8 * alignment + 5) / 6;
  return planted;
}

std::vector<Planted> planted(const std::string& secret) {
  std::string upper_hex;
  std::string lower_hex;
  for (const char c : secret) upper_hex += hex_byte(c, true);
  for (const char c : secret) lower_hex += hex_byte(c, false);
  const std::string json = json_escaped(secret, false);
  std::vector<Planted> all = {
      plant("raw", "key: ", secret, "\n"),
      plant("json", "{\"a\":\"", json, "\"}"),
      plant("json with slashes", "{\"a\":\"", json_escaped(secret, true), "\"}"),
      plant("json in json", "{\"a\":\"{\\\"b\\\":\\\"", json_escaped(json, false), "\\\"}\"}"),
      plant("json in json with slashes", "(", json_escaped(json_escaped(secret, true), true), ")"),
      plant("some escapes", "\"", unicode_escaped(secret, false, 3), "\""),
      plant("all escapes", "\"", unicode_escaped(secret, true, 1), "\""),
      plant("percent", "/?q=", percent_encoded(secret, true, false), "&b"),
      plant("percent of all", "/?q=", percent_encoded(secret, false, true), "&b"),
      plant("hex", "<", lower_hex, ">", "78"),
      plant("upper hex", "<", upper_hex, ">", "78")};
  for (std::size_t alignment = 0; alignment < 3; ++alignment) {
    all.push_back(plant_base64(secret, alignment, false));
    all.push_back(plant_base64(secret, alignment, true));
    all.push_back(plant_base64(json_escaped(secret, true), alignment, false));
  }
  return all;
}

Patterns patterns_of(const std::vector<std::string>& values) {
  SecretSet secrets;
  for (const std::string& value : values) secrets.add(value, SecretOrigin::credential);
  return SecretPatterns::compile(secrets);
}

struct Masked {
  std::string stored;  // as it went to the disk
  std::string final;   // after the corrections
};

Masked mask_in(const Patterns& patterns, std::string_view body, std::vector<std::size_t> cuts,
               MaskerOptions options = {}) {
  Masker masker(patterns, options);
  Masked out;
  cuts.push_back(body.size());
  std::size_t begin = 0;
  for (const std::size_t cut : cuts) {
    out.stored += masker.mask(body.substr(begin, cut - begin));
    EXPECT_EQ(out.stored.size(), cut);
    begin = cut;
  }
  masker.finish();
  out.final = out.stored;
  apply_corrections(masker.corrections(), out.final);
  return out;
}

void expect_masked(const Planted& planted, const std::string& final, const std::string& secret) {
  ASSERT_EQ(final.size(), planted.body.size());
  EXPECT_EQ(final.substr(0, planted.begin), planted.body.substr(0, planted.begin));
  EXPECT_EQ(final.substr(planted.end), planted.body.substr(planted.end)) << planted.body;
  const std::string middle = final.substr(planted.begin, planted.end - planted.begin);
  const std::string allowed = std::string(planted.masks) + "x";
  EXPECT_EQ(middle.find_first_not_of(allowed), std::string::npos)
      << secret << " as " << planted.name << " became " << middle;
}

// In the stored bytes nothing but the first characters of the secret may stand.
void expect_little_stored(const Planted& planted, const std::string& stored,
                          const std::string& secret) {
  const std::size_t size = planted.end - planted.begin;
  const std::size_t telling = (kHarmlessCharacters + 2) * (size / secret.size() + 12);
  const std::string allowed = std::string(planted.masks) + "x";
  if (telling < size) {
    const std::string rest = stored.substr(planted.begin + telling, size - telling);
    ASSERT_EQ(rest.find_first_not_of(allowed), std::string::npos) << stored;
  }
  ASSERT_EQ(stored.find(secret), secret == "xxxxxxxx" ? stored.find(secret) : std::string::npos);
}

TEST(Masker, FindsEveryCanaryInEverySpelling) {
  ASSERT_GE(canaries().size(), 40U);
  for (const std::string& secret : canaries()) {
    const Patterns patterns = patterns_of({secret});
    for (const Planted& one : planted(secret)) {
      expect_masked(one, mask_in(patterns, one.body, {}).final, secret);
    }
  }
}

TEST(Masker, FindsThemAllAtOnce) {
  const Patterns patterns = patterns_of(canaries());
  std::string body;
  for (const std::string& secret : canaries()) body += " <" + secret + ">\n";
  const std::string final = mask_in(patterns, body, {}).final;
  for (const std::string& secret : canaries()) {
    if (secret == "xxxxxxxx") continue;
    EXPECT_EQ(final.find(secret), std::string::npos) << secret;
  }
}

TEST(Masker, MasksTheSameInTwoPieces) {
  for (const std::string& secret : canaries()) {
    const Patterns patterns = patterns_of({secret});
    for (const Planted& one : planted(secret)) {
      const std::string whole = mask_in(patterns, one.body, {}).final;
      for (std::size_t cut = 0; cut <= one.body.size(); ++cut) {
        const Masked masked = mask_in(patterns, one.body, {cut});
        ASSERT_EQ(masked.final, whole) << secret << " as " << one.name << " cut at " << cut;
        expect_little_stored(one, masked.stored, secret);
      }
    }
  }
}

TEST(Masker, MasksTheSameInThreePieces) {
  for (const std::string& secret : canaries()) {
    const Patterns patterns = patterns_of({secret});
    for (const Planted& one : planted(secret)) {
      const std::string whole = mask_in(patterns, one.body, {}).final;
      for (std::size_t first = one.begin; first <= one.end; ++first) {
        for (std::size_t second = first; second <= one.end; ++second) {
          const Masked masked = mask_in(patterns, one.body, {first, second});
          ASSERT_EQ(masked.final, whole) << secret << " as " << one.name;
        }
      }
    }
  }
}

TEST(Masker, MasksTheSameByteByByte) {
  const Patterns patterns = patterns_of(canaries());
  std::string body;
  std::vector<std::size_t> cuts;
  for (const std::string& secret : canaries()) {
    for (const Planted& one : planted(secret)) body += one.body;
  }
  for (std::size_t i = 1; i < body.size(); ++i) cuts.push_back(i);
  EXPECT_EQ(mask_in(patterns, body, cuts).final, mask_in(patterns, body, {}).final);
}

// Text made of what secrets are made of, and beginnings of secrets, but no secret.
TEST(Masker, LeavesHarmlessTextAlone) {
  const std::vector<std::string> secrets = {"sk-proj-Zk3vQ8rT1mW6yB4n", "abababababab/%\\9"};
  const Patterns patterns = patterns_of(secrets);
  Prng prng(7);
  for (int round = 0; round < 400; ++round) {
    std::string body;
    while (body.size() < 300) {
      const std::string& secret = secrets[prng.below(2)];
      const std::size_t begin = prng.below(4);
      body += unicode_escaped(secret.substr(begin, prng.below(7)), prng.chance(1, 2),
                              1 + prng.below(3));
      body += "#";
    }
    std::vector<std::size_t> cuts;
    for (std::size_t at = 0; at < body.size(); at += prng.below(20)) cuts.push_back(at);
    const Masked masked = mask_in(patterns, body, cuts);
    ASSERT_EQ(masked.final, body);
  }
}

TEST(Masker, StoresShortBeginningsAsTheyAre) {
  const Patterns patterns = patterns_of({"sk-proj-0123456789"});
  EXPECT_EQ(mask_in(patterns, "the sk-", {7}).stored, "the sk-");
  const Masked masked = mask_in(patterns, "the sk-p, no", {8});
  EXPECT_EQ(masked.stored, "the xxxx, no");
  EXPECT_EQ(masked.final, "the sk-p, no");
}

TEST(Masker, MasksTheBeginningThatWasStoredOnceItProvesSecret) {
  const Patterns patterns = patterns_of({"sk-proj-0123456789"});
  const Masked masked = mask_in(patterns, "the sk-proj-0123456789!", {7});
  EXPECT_EQ(masked.stored, "the sk-xxxxxxxxxxxxxxx!");
  EXPECT_EQ(masked.final, "the xxxxxxxxxxxxxxxxxx!");
}

TEST(Masker, KeepsALongBeginningMaskedAtTheEnd) {
  const Patterns patterns = patterns_of({"sk-proj-0123456789"});
  EXPECT_EQ(mask_in(patterns, "the sk-proj", {}).final, "the sk-proj");
  EXPECT_EQ(mask_in(patterns, "the sk-proj-", {}).final, "the xxxxxxxx");
}

TEST(Masker, LeavesBase64WellFormed) {
  const std::string secret = "sk-proj-Zk3vQ8rT1mW6yB4n";
  const Patterns patterns = patterns_of({secret});
  for (const std::string before : {"", ".", ".."}) {
    const std::string body = base64(before + secret + "!!");
    const std::string decoded = base64_decoded(mask_in(patterns, body, {}).final);
    ASSERT_EQ(decoded.size(), before.size() + secret.size() + 2);
    EXPECT_EQ(decoded.substr(before.size() + 1, secret.size() - 2),
              std::string(secret.size() - 2, 'x'));
    EXPECT_TRUE(std::all_of(decoded.begin(), decoded.end(),
                            [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }));
  }
}

TEST(Masker, FindsEveryPartOfALongSecret) {
  std::string secret;
  Prng prng(11);
  while (secret.size() < 1500) secret += static_cast<char>('!' + prng.below(94));
  const Patterns patterns = patterns_of({secret});
  for (const Planted& one : planted(secret)) {
    if (one.name == "base64" && one.body.find(base64(secret).substr(0, 8)) == std::string::npos) {
      continue;  // of the JSON spelling, whose pieces are cut elsewhere
    }
    expect_masked(one, mask_in(patterns, one.body, {one.body.size() / 2}).final, secret);
  }
  // A part of it leaves less than a piece on either side.
  const std::string masked = mask_in(patterns, secret.substr(300, 900), {}).final;
  const auto left = std::count_if(masked.begin(), masked.end(), [](char c) { return c != 'x'; });
  EXPECT_LT(static_cast<std::size_t>(left), 2 * SecretPatterns::kPieceBytes);
}

TEST(Masker, MasksEverythingWhereItCannotSearch) {
  const Patterns patterns = patterns_of({});
  const Masked masked = mask_in(patterns, "\x1F\x8B gzip", {3}, {.everything = true});
  EXPECT_EQ(masked.stored, "xxxxxxx");
  SecretSet many;
  for (std::size_t i = 0; i <= kSecretsMax; ++i) {
    many.add("secret-" + std::to_string(i), SecretOrigin::cookie);
  }
  EXPECT_EQ(masked_text(SecretPatterns::compile(many), "abc"), "xxx");
}

TEST(Masker, CountsPlaces) {
  Masker masker(patterns_of({"Bearer sk-0123456789", "sk-0123456789"}));
  masker.mask("a Bearer sk-0123");
  masker.mask("456789 and sk-0123456789");
  masker.finish();
  EXPECT_EQ(masker.places(), 2U);
}

TEST(Masker, AllocatesNothingWhereNothingIsFound) {
  const std::string chunk =
      "data: {\"choices\":[{\"delta\":{\"content\":\"so \\u00e4 \\\"k\\\" 100%\\n\"}}]}\n\n";
  Masker masker(patterns_of({"sk-proj-Zk3vQ8rT1mW6yB4n"}), {.event_stream = false});
  for (int i = 0; i < 10; ++i) masker.mask(chunk);
  const std::size_t before = allocations();
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(masker.mask(chunk).data(), chunk.data());
  EXPECT_EQ(allocations(), before);
}

// Hostile: a secret that repeats itself, and bytes that can be read in many ways. What would take
// too long is masked unseen.
TEST(Masker, GivesUpWhereTooManyPlacesMightBecomeASecret) {
  const Patterns patterns = patterns_of({std::string(200, '\\') + "end", "0123456789"});
  const std::string body = "before " + std::string(3000, '\\') + " after";
  for (const std::size_t cut : {5U, 8U, 400U, 2000U}) {
    Masker masker(patterns);
    std::string out(masker.mask(std::string_view(body).substr(0, cut)));
    out += masker.mask(std::string_view(body).substr(cut));
    masker.finish();
    apply_corrections(masker.corrections(), out);
    EXPECT_TRUE(masker.masks_everything());
    ASSERT_EQ(out.size(), body.size());
    EXPECT_TRUE(out.starts_with("before "));
    EXPECT_TRUE(out.ends_with("xxxxxxxxx"));
  }
}

// AWS event streams.

std::string big_endian(std::uint32_t value) {
  std::string out;
  for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(value >> shift & 0xFF);
  return out;
}

std::string message_of(const std::string& payload) {
  const std::string lengths =
      big_endian(static_cast<std::uint32_t>(payload.size() + 16)) + big_endian(0);
  std::string message = lengths + big_endian(wire::crc32(lengths)) + payload;
  return message + big_endian(wire::crc32(message));
}

TEST(Masker, KeepsChecksumsOfAnEventStreamRight) {
  const std::string secret = "bedrock-api-key-0123456789";
  const Patterns patterns = patterns_of({secret});
  const std::string body = message_of("{\"a\":1}") + message_of("{\"k\":\"" + secret + "\"}") +
                           message_of("{\"b\":\"" + base64(secret) + "\"}") + message_of("{}");
  for (std::size_t cut = 0; cut <= body.size(); ++cut) {
    const Masked masked = mask_in(patterns, body, {cut}, {.event_stream = true});
    wire::AwsEventStreamDecoder decoder;
    decoder.feed(masked.final);
    decoder.finish();
    std::vector<std::string> payloads;
    Frame frame;
    while (decoder.next(frame)) {
      EXPECT_EQ(frame.error, "") << cut;
      payloads.emplace_back(frame.data);
    }
    ASSERT_EQ(payloads.size(), 4U);
    EXPECT_EQ(payloads[1], "{\"k\":\"" + std::string(secret.size(), 'x') + "\"}");
    EXPECT_EQ(payloads[3], "{}");
  }
}

TEST(Masker, KeepsAWrongChecksumWrong) {
  const std::string secret = "bedrock-api-key-0123456789";
  std::string message = message_of("{\"k\":\"" + secret + "\"}");
  message.back() = static_cast<char>(message.back() ^ 1);
  const std::string final =
      mask_in(patterns_of({secret}), message, {}, {.event_stream = true}).final;
  const std::string_view covered = std::string_view(final).substr(0, final.size() - 4);
  std::string expected = big_endian(wire::crc32(covered));
  expected.back() = static_cast<char>(expected.back() ^ 1);
  EXPECT_EQ(final.substr(final.size() - 4), expected);
}

TEST(Masker, LeavesWhatIsNoEventStreamAlone) {
  const Patterns patterns = patterns_of({"bedrock-api-key-0123456789"});
  const std::string body = "{\"message\":\"bedrock-api-key-0123456789 is not allowed\"}";
  const std::string final = mask_in(patterns, body, {20}, {.event_stream = true}).final;
  EXPECT_EQ(final, "{\"message\":\"xxxxxxxxxxxxxxxxxxxxxxxxxx is not allowed\"}");
}

}  // namespace
}  // namespace playhead::recording
