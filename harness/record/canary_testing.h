// Secret canaries: one for each place where a credential can stand, every spelling of them, and a
// search that finds six characters of any of them in any spelling. For tests only.
#ifndef PLAYHEAD_RECORD_CANARY_TESTING_H_
#define PLAYHEAD_RECORD_CANARY_TESTING_H_

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "base/prng.h"
#include "recording/recording.h"
#include "recording/redaction_secrets.h"

namespace playhead::record {

enum class CanaryPlace : std::uint8_t {
  header,       // of the request
  hop_header,   // of the request, meant for the proxy: upstream gets it in the body only
  parameter,    // of its target
  environment,  // of the recorder; the client sends it in the body
  set_cookie,   // of the response
};

// `before` and `after` stand around the value: "Authorization: Bearer ".
struct Canary {
  CanaryPlace place;
  std::string before;
  std::string value;
  std::string after;
  std::string sent;  // the value as it stands in that place
};

inline std::string percent_encoded(std::string_view text, bool upper = true) {
  const std::string_view digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out.append("%").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
  }
  return out;
}

inline std::string json_unicode(std::string_view text) {
  std::string out;
  for (const char c : text) out += "\\u00" + percent_encoded(std::string_view(&c, 1)).substr(1);
  return out;
}

inline std::string json_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == '/') out += '\\';
    out += c;
  }
  return out;
}

inline std::string hex(std::string_view text) {
  std::string out = percent_encoded(text, false);
  std::erase(out, '%');
  return out;
}

inline std::string base64url(std::string_view text) {
  std::string out = base64(text);
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  return out;
}

// The value in every form, each behind its own name.
inline std::vector<std::pair<std::string, std::string>> spellings(const std::string& value) {
  std::vector<std::pair<std::string, std::string>> all = {
      {"raw", value},
      {"json", json_escaped(value)},
      {"json twice", json_escaped(json_escaped(value))},
      {"json unicode", json_unicode(value)},
      {"percent", percent_encoded(value)},
      {"percent small", percent_encoded(value, false)},
      {"hex", hex(value)}};
  for (const std::string before : {"", "a", "bc"}) {
    all.emplace_back("base64 " + before, base64(before + value + "~~"));
    all.emplace_back("base64url " + before, base64url(before + value + "~~"));
  }
  return all;
}

// Letters and digits; with `hard`, also what encodings escape.
inline std::string random_value(Prng& prng, std::size_t size, bool hard) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  constexpr std::string_view kHard = "/+=\\\"-_.~&<";
  std::string out;
  for (std::size_t i = 0; i < size; ++i) {
    const bool special = hard && i % 4 == 3 && i + 1 < size;
    const std::string_view from = special ? kHard : kLetters;
    out += from[prng.below(from.size())];
  }
  return out;
}

// 44 of them, the same in every run.
inline std::vector<Canary> make_canaries() {
  Prng prng(5);
  std::vector<Canary> all;
  const auto add = [&](CanaryPlace place, const std::string& before, bool hard = false,
                       const std::string& after = "", std::size_t size = 0) {
    const std::string value = random_value(prng, size == 0 ? 24 + all.size() % 9 : size, hard);
    all.push_back({place, before, value, after, value});
  };
  using Place = CanaryPlace;
  add(Place::header, "Authorization: Bearer ", true);
  for (const char* name :
       {"X-Api-Key", "api-key", "x-goog-api-key", "X-Amz-Security-Token", "X-Auth-Token",
        "Ocp-Apim-Subscription-Key", "OpenAI-Organization", "X-Client-Data", "X-Session-Id-Secret",
        "X-Goog-IAM-Authorization-Token"}) {
    add(Place::header, std::string(name) + ": ", all.size() % 2 == 1);
  }
  add(Place::header, "Helicone-Auth: Bearer ", true);
  add(Place::header, "CF-AIG-Authorization: Bearer ");
  add(Place::header, "Authorization: AWS4-HMAC-SHA256 Credential=", false, "/20260101/us/bedrock");
  add(Place::header, "Authorization: AWS4-HMAC-SHA256 SignedHeaders=host, Signature=");
  for (const char* pair : {"user:", ":"}) {
    add(Place::header, "Authorization: Basic ", true);
    const bool is_user = std::string_view(pair) == ":";
    all.back().sent = base64(is_user ? all.back().value + ":" : pair + all.back().value);
  }
  add(Place::hop_header, "Proxy-Authorization: Basic ");
  all.back().sent = base64("proxy:" + all.back().value);
  add(Place::header, "Cookie: session=");
  add(Place::header, "Cookie: a=1; id=\"", false, "\"; b=2");
  add(Place::header, "Cookie: escaped=");
  all.back().sent = percent_encoded(all.back().value);
  for (const char* name :
       {"key", "api_key", "access_token", "token", "sig", "code", "client_secret",
        "X-Amz-Signature", "X-Amz-Credential", "X-Amz-Security-Token"}) {
    const bool hard = all.size() % 2 == 1;
    add(Place::parameter, std::string(name) + "=", hard);
    if (hard) all.back().sent = percent_encoded(all.back().value);
  }
  for (const std::size_t size : {8u, 20u, 32u, 51u, 64u, 100u, 600u}) {
    add(Place::environment, "", size % 4 == 0, "", size);
  }
  add(Place::set_cookie, "Set-Cookie: sid=", false, "; Path=/; HttpOnly");
  add(Place::set_cookie, "Set-Cookie: __cf_bm=", false, "; Secure");
  add(Place::set_cookie, "Set-Cookie: quoted=\"", false, "\"");
  add(Place::set_cookie, "set-cookie: plain=");
  add(Place::set_cookie, "SET-COOKIE: refresh=", false, "; Max-Age=9");
  add(Place::set_cookie, "Set-Cookie: last=");
  return all;
}

inline const std::vector<Canary>& canaries() {
  static const std::vector<Canary> kCanaries = make_canaries();
  return kCanaries;
}

inline std::vector<std::string> values_in(CanaryPlace place) {
  std::vector<std::string> values;
  for (const Canary& one : canaries()) {
    if (one.place == place) values.push_back(one.value);
  }
  return values;
}

inline std::string header_lines(CanaryPlace place) {
  std::string lines;
  for (const Canary& one : canaries()) {
    if (one.place == place) lines += one.before + one.sent + one.after + "\r\n";
  }
  return lines;
}

// "/v1/x?key=...&..."
inline std::string target_with_canaries(const std::string& path) {
  std::string target = path + "?alt=sse";
  for (const Canary& one : canaries()) {
    if (one.place == CanaryPlace::parameter) target += "&" + one.before + one.sent;
  }
  return target;
}

// Every spelling of every canary of the request, or of all, one a line.
inline std::string all_spellings(bool of_response) {
  std::string all;
  for (const Canary& one : canaries()) {
    if (one.place == CanaryPlace::set_cookie && !of_response) continue;
    for (const auto& [name, text] : spellings(one.value)) all += "<" + text + ">\n";
  }
  return all;
}

// Looks for any six characters of any canary: in clear, in JSON or percent escapes (these are
// undone), in base64 of any alignment and alphabet, in hex.
class CanarySearch {
 public:
  CanarySearch() {
    for (std::size_t i = 0; i < canaries().size(); ++i) {
      const std::string& value = canaries()[i].value;
      add(clear_, kClear, value, i);
      add(hex_, 2 * kClear, hex(value), i);
      for (std::size_t before = 0; before < 3; ++before) {
        const std::string encoded = base64(std::string(before, 'a') + value);
        const std::size_t begin = (before * 8 + 5) / 6;
        const std::size_t end = (before + value.size()) * 8 / 6;
        add(base64_, kBase64, encoded.substr(begin, end - begin), i);
      }
    }
  }

  // The places in canaries() of those that are found in the text.
  std::set<std::size_t> found_in(const std::string& text) const {
    std::set<std::size_t> found;
    look(clear_, kClear, text, found);
    look(clear_, kClear, recording::percent_decoded(text), found);
    look(clear_, kClear, unescaped(text), found);
    look(clear_, kClear, unescaped(unescaped(text)), found);
    look(hex_, 2 * kClear, lower_case(text), found);
    std::string plain = text;
    std::replace(plain.begin(), plain.end(), '-', '+');
    std::replace(plain.begin(), plain.end(), '_', '/');
    look(base64_, kBase64, plain, found);
    return found;
  }
  // Their values, for a message; empty: the text is clean.
  std::string leaks(const std::string& text) const {
    std::string all;
    for (const std::size_t place : found_in(text)) {
      all += canaries()[place].before + canaries()[place].value + "\n";
    }
    return all;
  }

 private:
  using Needles = std::unordered_map<std::string, std::size_t>;
  static constexpr std::size_t kClear = 6;
  static constexpr std::size_t kBase64 = 8;

  static void add(Needles& needles, std::size_t size, const std::string& text, std::size_t canary) {
    for (std::size_t at = 0; at + size <= text.size(); ++at) {
      needles.emplace(text.substr(at, size), canary);
    }
  }
  static void look(const Needles& needles, std::size_t size, const std::string& text,
                   std::set<std::size_t>& found) {
    for (std::size_t at = 0; at + size <= text.size(); ++at) {
      const auto hit = needles.find(text.substr(at, size));
      if (hit != needles.end()) found.insert(hit->second);
    }
  }
  static std::string unescaped(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool is_unicode = text.compare(i, 4, "\\u00") == 0 && i + 6 <= text.size();
      if (is_unicode) {
        out += recording::percent_decoded("%" + text.substr(i + 4, 2));
        i += 5;
      } else if (text[i] == '\\' && i + 1 < text.size()) {
        out += text[++i];
      } else {
        out += text[i];
      }
    }
    return out;
  }

  Needles clear_;
  Needles hex_;
  Needles base64_;
};

// All that a recording says, behind its compression and its frames.
inline std::string text_of(const Recording& recording) {
  std::string all = recording.meta.json + "\n";
  const auto add_headers = [&all](const std::vector<Header>& headers) {
    for (const auto& [name, value] : headers) all += name + ": " + value + "\n";
  };
  for (const RecordedMark& mark : recording.marks) all += mark.text + "\n";
  for (const RecordedExchange& exchange : recording.exchanges) {
    all += exchange.method + " " + exchange.target + "\n";
    add_headers(exchange.request_headers);
    all += exchange.request_body + "\n";
    add_headers(exchange.response_headers);
    all += exchange.body + "\n";
    add_headers(exchange.trailers);
    for (const RecordedMark& mark : exchange.marks) all += mark.text + "\n";
    all += exchange.end.detail + "\n";
  }
  return all;
}

}  // namespace playhead::record

#endif  // PLAYHEAD_RECORD_CANARY_TESTING_H_
