#include "match/canonical.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "base/ascii.h"
#include "base/base64.h"
#include "match/json_node.h"
#include "recording/redaction_masker.h"
#include "recording/redaction_secrets.h"

namespace playhead::match {
namespace {

struct VolatileQuery {
  std::string_view name;  // lower case
  std::string_view why;
};

constexpr std::array kVolatileQueries = std::to_array<VolatileQuery>({
    {"x-amz-date", "the second in which a URL was signed"},
    {"x-goog-date", "the second in which a URL was signed"},
    {"request_id", "made anew for each request, as the headers of that name (WIRE 11.1)"},
    {"requestid", "the same"},
});

// A mask repeats `cycle`, and is at least `bytes_min` long.
struct MaskKind {
  std::string cycle;
  std::size_t bytes_min = 0;
};

std::array<MaskKind, 3> mask_kinds() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr auto kByte = static_cast<unsigned char>(recording::kMaskByte);
  const std::string base64 = playhead::base64(std::string(3, recording::kMaskByte));
  const std::string hex{kDigits[kByte >> 4], kDigits[kByte & 15]};
  return {{{std::string(1, recording::kMaskByte), recording::kSecretBytesMin},
           {base64, recording::kSecretBytesMin},
           {hex, 2 * recording::kSecretBytesMin}}};
}

struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// Appends the runs of `cycle` that begin with its character `phase`.
void find_runs(std::string_view text, const MaskKind& kind, std::size_t phase,
               std::vector<Range>& out) {
  const auto cycle_at = [&](std::size_t i) { return kind.cycle[(i + phase) % kind.cycle.size()]; };
  std::string least;
  while (least.size() < kind.bytes_min) least += cycle_at(least.size());
  for (std::size_t begin = text.find(least); begin != std::string_view::npos;) {
    std::size_t end = begin + least.size();
    while (end < text.size() && text[end] == cycle_at(end - begin)) ++end;
    out.push_back({begin, end});
    begin = text.find(least, end);
  }
}

bool is_unreserved(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '_' ||
         c == '~';
}

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

// The byte that the percent escape at the start of `text` stands for.
std::optional<char> escaped_byte(std::string_view text) {
  if (text.size() < 3 || text[0] != '%') return std::nullopt;
  const auto high = hex_digit(text[1]);
  const auto low = hex_digit(text[2]);
  if (!high || !low) return std::nullopt;
  return static_cast<char>(*high * 16 + *low);
}

char upper(char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); }

std::string normal_escapes(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = escaped_byte(text.substr(i));
    if (!byte) {
      // A bare percent sign must not become an escape when what is behind it is decoded.
      if (text[i] == '%') {
        out += "%25";
      } else {
        out += text[i];
      }
      continue;
    }
    if (is_unreserved(*byte)) {
      out += *byte;
    } else {
      out += {'%', upper(text[i + 1]), upper(text[i + 2])};
    }
    i += 2;
  }
  return out;
}

std::string sorted_query(std::string_view query) {
  std::vector<std::string> pairs;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    std::string pair = normal_escapes(query.substr(0, end));
    query.remove_prefix(std::min(end + 1, query.size()));
    if (!pair.empty() && !is_ignored_query(pair.substr(0, pair.find('=')))) {
      pairs.push_back(std::move(pair));
    }
  }
  std::sort(pairs.begin(), pairs.end());
  std::string out;
  for (const std::string& pair : pairs) out += (out.empty() ? "" : "&") + pair;
  return out;
}

bool holds_quote(std::string_view text) { return text.find('"') != std::string_view::npos; }

}  // namespace

std::string canonical_body(std::string_view body) { return text_of(read_node(body)); }

std::string CanonicalTarget::text() const { return query.empty() ? path : path + "?" + query; }

CanonicalTarget canonical_target(std::string_view target) {
  const std::size_t end = std::min(target.find('?'), target.size());
  return {normal_escapes(target.substr(0, end)),
          sorted_query(target.substr(std::min(end + 1, target.size())))};
}

bool is_ignored_query(std::string_view name) {
  if (recording::is_credential_parameter(name)) return true;
  const std::string lowered = lower_case(name);
  return std::any_of(kVolatileQueries.begin(), kVolatileQueries.end(),
                     [&](const VolatileQuery& row) { return row.name == lowered; });
}

std::vector<MaskSpan> mask_spans(std::string_view recorded) {
  if (recorded.size() < recording::kSecretBytesMin) return {};
  std::vector<Range> ranges;
  for (const MaskKind& kind : mask_kinds()) {
    for (std::size_t phase = 0; phase < kind.cycle.size(); ++phase) {
      find_runs(recorded, kind, phase, ranges);
    }
  }
  std::sort(ranges.begin(), ranges.end(),
            [](const Range& a, const Range& b) { return a.begin < b.begin; });
  std::vector<MaskSpan> spans;
  std::size_t end = 0;  // of the last span
  for (const Range& range : ranges) {
    // A run that begins later in a cycle is the same run, but for its first characters.
    const bool joins = !spans.empty() && range.begin < end;
    const std::size_t begin = joins ? std::max(end, range.begin) : range.begin;
    if (!joins) spans.push_back({begin, ""});
    if (range.end > begin) spans.back().bytes += recorded.substr(begin, range.end - begin);
    end = std::max(end, range.end);
  }
  return spans;
}

std::string masked_at(const std::vector<MaskSpan>& spans, std::string_view sent, bool in_json) {
  std::string out(sent);
  for (const MaskSpan& span : spans) {
    const std::size_t size = span.bytes.size();
    if (span.begin > out.size() || size > out.size() - span.begin) return {};
    if (in_json && holds_quote(sent.substr(span.begin, size))) return {};
    out.replace(span.begin, size, span.bytes);
  }
  return out;
}

}  // namespace playhead::match
