// The grammar: [status N] [header name: value]... [+<time> <text>]... [= <end reason> [+<time>]].
#include "check/stream_block.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "base/ascii.h"

namespace playhead::check {
namespace {

constexpr int kDefaultStatus = 200;
constexpr std::string_view kChunkForm =
    "write a chunk as `+<ms>ms <text>`, e.g. `+12.5ms data: {}\\n\\n`";

struct TimeUnit {
  std::string_view name;
  std::size_t decimals;  // how many a microsecond leaves room for
};
constexpr std::array<TimeUnit, 3> kTimeUnits = {{{"ms", 3}, {"us", 0}, {"s", 6}}};

std::string_view take_digits(std::string_view& text) {
  const auto stop = std::find_if_not(text.begin(), text.end(), is_digit);
  const std::string_view digits = text.substr(0, static_cast<std::size_t>(stop - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

// Takes `+<time>` off the text: `+5ms`, `+0.25ms`, `+10us`, `+1.5s`.
std::optional<Duration> take_time(std::string_view& text) {
  constexpr std::size_t kDigitsMax = 13;  // those of kStreamStepMaxUs
  if (!text.starts_with('+')) return std::nullopt;
  std::string_view rest = text.substr(1);
  const std::string_view whole = take_digits(rest);
  std::string_view fraction;
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    fraction = take_digits(rest);
    if (fraction.empty()) return std::nullopt;
  }
  const auto* unit = std::find_if(kTimeUnits.begin(), kTimeUnits.end(),
                                  [&](const TimeUnit& u) { return rest.starts_with(u.name); });
  if (unit == kTimeUnits.end() || whole.empty() || fraction.size() > unit->decimals) {
    return std::nullopt;
  }
  std::string digits = std::string(whole) + std::string(fraction);
  digits.append(unit->decimals - fraction.size(), '0');
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  std::int64_t us = 0;
  if (digits.size() > kDigitsMax) return std::nullopt;
  std::from_chars(digits.data(), digits.data() + digits.size(), us);
  if (us > kStreamStepMaxUs) return std::nullopt;
  text = rest.substr(unit->name.size());
  return Duration{us};
}

std::optional<unsigned> hex_value(std::string_view digits) {
  unsigned value = 0;
  const auto end = digits.data() + digits.size();
  const auto result = std::from_chars(digits.data(), end, value, 16);
  if (digits.size() != 2 || result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return value;
}

// Takes one escape, from its backslash on, off the text.
std::optional<char> take_escape(std::string_view& text) {
  const char letter = text.size() > 1 ? text[1] : '\0';
  const std::string_view digits = text.substr(std::min<std::size_t>(2, text.size()), 2);
  text.remove_prefix(std::min<std::size_t>(2, text.size()));
  switch (letter) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case '\\': return '\\';
    case 'x': {
      const std::optional<unsigned> value = hex_value(digits);
      if (!value) return std::nullopt;
      text.remove_prefix(2);
      return static_cast<char>(*value);
    }
    default: return std::nullopt;
  }
}

bool is_header_name(std::string_view name) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";  // RFC 9110 5.6.2
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

class StreamParser {
 public:
  StreamParser(const std::string& path, int index, Instant requested_at)
      : path_(path), at_(requested_at) {
    exchange_.index = index;
    exchange_.requested_at = requested_at;
    exchange_.method = "POST";
  }

  Status line(std::string_view text, int number) {
    number_ = number;
    if (trimmed(text).empty()) return Done{};
    if (ended_) return fail("nothing may follow the end; move this line above the line `= ...`");
    if (text.starts_with('+')) return chunk(text);
    if (text.starts_with('=')) return end(trimmed(text.substr(1)));
    std::string_view rest = text;
    const std::string_view word = take_word(rest);
    if (word == "status" || word == "header") {
      if (!exchange_.chunks.empty()) {
        return fail(fmt::format("`{}` stands behind a chunk; move it above the first chunk", word));
      }
      return word == "status" ? status(trimmed(rest)) : header(rest);
    }
    return fail(fmt::format("neither `status`, `header`, a chunk nor an end; {}", kChunkForm));
  }

  RecordedExchange take() {
    if (!ended_) exchange_.end = {at_, EndReason::complete, {}};
    const bool nothing_came = !status_ && exchange_.response_headers.empty() &&
                              exchange_.chunks.empty() &&
                              exchange_.end.reason != EndReason::complete;
    if (!nothing_came) {
      exchange_.status = status_.value_or(kDefaultStatus);
      exchange_.responded_at =
          exchange_.chunks.empty() ? exchange_.end.at : exchange_.chunks.front().at;
    }
    return std::move(exchange_);
  }

 private:
  Error fail(std::string_view what) const { return error_at(path_, number_, what); }

  Status status(std::string_view text) {
    int code = 0;
    const auto end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, code);
    if (result.ec != std::errc() || result.ptr != end || code < 100 || code > 599) {
      return fail(fmt::format("`{}` is no HTTP status; write e.g. `status 429`", text));
    }
    if (status_) return fail("a second status; one response has one, remove this line");
    status_ = code;
    return Done{};
  }

  Status header(std::string_view text) {
    const std::size_t colon = text.find(':');
    const std::string_view name = text.substr(0, colon);
    if (colon == std::string_view::npos || !is_header_name(name)) {
      return fail("not a header; write e.g. `header retry-after: 5`");
    }
    exchange_.response_headers.emplace_back(name, trimmed(text.substr(colon + 1)));
    return Done{};
  }

  Status chunk(std::string_view text) {
    const std::optional<Duration> step = take_time(text);
    if (!step) return bad_time();
    if (text.size() < 2 || text.front() != ' ') {
      return fail(
          fmt::format("a chunk needs one space behind its time and some text; {}", kChunkForm));
    }
    at_ = at_ + *step;
    RecordedChunk chunk{.at = at_, .offset = exchange_.body.size(), .size = 0};
    for (text.remove_prefix(1); !text.empty();) {
      if (text.front() != '\\') {
        const std::string_view plain = text.substr(0, text.find('\\'));
        exchange_.body.append(plain);
        text.remove_prefix(plain.size());
        continue;
      }
      const std::string escape(text.substr(0, 2));
      const std::optional<char> c = take_escape(text);
      if (!c) {
        return fail(
            fmt::format("unknown escape `{}`; known are \\n \\r \\t \\\\ and \\xHH, and a "
                        "backslash itself is written \\\\",
                        escape));
      }
      exchange_.body.push_back(*c);
    }
    chunk.size = exchange_.body.size() - chunk.offset;
    exchange_.chunks.push_back(chunk);
    return Done{};
  }

  Status end(std::string_view text) {
    const std::string_view name = take_word(text);
    const std::optional<EndReason> reason = end_reason_named(name);
    if (!reason) return fail(fmt::format("unknown end reason `{}`; known: {}", name, known_ends()));
    if (!text.empty()) {
      const std::optional<Duration> step = take_time(text);
      if (!step || !text.empty()) return bad_time();
      at_ = at_ + *step;
    }
    exchange_.end = {at_, *reason, {}};
    ended_ = true;
    return Done{};
  }

  Error bad_time() const {
    return fail(
        "bad time; write `+<number>ms` (or us, s) with decimals down to the microsecond, at most "
        "11 "
        "days, e.g. `+12.5ms`");
  }

  static std::string known_ends() {
    std::string names;
    for (const auto& row : kEndReasons) fmt::format_to(std::back_inserter(names), " {}", row.name);
    return names.substr(1);
  }

  const std::string& path_;
  Instant at_;  // of the last line
  RecordedExchange exchange_;
  std::optional<int> status_;
  bool ended_ = false;
  int number_ = 0;
};

}  // namespace

Result<RecordedExchange> parse_stream_block(const std::string& path, const Block& block, int index,
                                            Instant requested_at) {
  StreamParser parser(path, index, requested_at);
  Line line;
  for (int number = block.line + 1; next_line(block.text, line); ++number) {
    if (Status status = parser.line(line.text, number); !status) return status.error();
  }
  return parser.take();
}

}  // namespace playhead::check
