// The header line of a record: written, parsed, and told from a torn one.
#include "recording/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/ascii.h"
#include "base/check.h"
#include "base/utf8.h"

namespace playhead::recording {
namespace {

constexpr std::size_t kDigitsMax = 18;  // of any number in a header line; fits 64 bits
constexpr std::size_t kShownMax = 40;   // bytes of a file that a message repeats

// A whole number as the writer writes it: digits, no sign, no leading zero.
std::optional<std::int64_t> parse_number(std::string_view text) {
  if (text.empty() || text.size() > kDigitsMax) return std::nullopt;
  if (!std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// Cuts the first field off `rest`.
std::string_view take_field(std::string_view& rest) {
  const std::size_t space = rest.find(' ');
  const std::string_view field = rest.substr(0, space);
  rest = space == std::string_view::npos ? std::string_view{} : rest.substr(space + 1);
  return field;
}

Status check_header(const RecordHeader& header) {
  const std::string_view kind = name_of(header.kind);
  if (header.exchange < 0 || header.exchange > kExchangesMax) {
    return Error{fmt::format("a {} record of exchange {}: a recording has at most {} exchanges",
                             kind, header.exchange, kExchangesMax)};
  }
  if (header.kind == RecordKind::meta && header.exchange != 0) {
    return Error{
        fmt::format("a meta record of exchange {}: it belongs to exchange 0", header.exchange)};
  }
  if (header.exchange == 0 && header.kind != RecordKind::meta && header.kind != RecordKind::mark) {
    return Error{fmt::format("a {} record of exchange 0: exchanges count from 1", kind)};
  }
  if (header.at.us < 0 || header.at.us > kAtMaxUs) {
    return Error{fmt::format("a {} record at {} us: times lie between 0 and {} us", kind,
                             header.at.us, kAtMaxUs)};
  }
  if (header.size > payload_max(header.kind)) {
    return Error{fmt::format("a {} record of {} bytes is above the limit of {} bytes", kind,
                             header.size, payload_max(header.kind))};
  }
  return Done{};
}

RecordHeader header_of(const Record& record) {
  return {record.kind, record.exchange, record.at, record.payload.size()};
}

}  // namespace

Result<RecordHeader> parse_header(std::string_view line) {
  std::string_view rest = line;
  const std::string_view kind_name = take_field(rest);
  const auto kind = find_in(kRecordKinds, kind_name);
  if (!kind) return Error{fmt::format("unknown record kind {}", shown(kind_name))};
  const auto exchange = parse_number(take_field(rest));
  const auto at = parse_number(take_field(rest));
  const auto size = parse_number(rest);
  if (!exchange || !at || !size) {
    return Error{
        fmt::format("{} is no record header: it reads \"<kind> <exchange> <at_us> <size>\" "
                    "with whole numbers",
                    shown(line))};
  }
  if (*exchange > kExchangesMax) {
    return Error{fmt::format("a record of exchange {}: a recording has at most {} exchanges",
                             *exchange, kExchangesMax)};
  }
  const RecordHeader header{*kind, static_cast<int>(*exchange), Instant{*at},
                            static_cast<std::size_t>(*size)};
  if (Status status = check_header(header); !status.ok()) return status.error();
  return header;
}

bool may_begin_header(std::string_view tail) {
  std::string_view rest = tail;
  const std::string_view kind_name = take_field(rest);
  if (kind_name.size() == tail.size()) {  // no space yet
    return std::any_of(kRecordKinds.begin(), kRecordKinds.end(),
                       [&](const auto& row) { return row.name.starts_with(kind_name); });
  }
  if (!find_in(kRecordKinds, kind_name)) return false;
  for (int field = 0; field < 3 && !rest.empty(); ++field) {
    const std::size_t before = rest.size();
    const std::string_view number = take_field(rest);
    const bool is_last = number.size() == before;
    if (!parse_number(number) || (field == 2 && !is_last)) return false;
  }
  return rest.empty();
}

std::string header_line(const RecordHeader& header) {
  return fmt::format("{} {} {} {}\n", name_of(header.kind), header.exchange, header.at.us,
                     header.size);
}

Status check_record(const Record& record) {
  if (record.kind == RecordKind::mark && !is_utf8(record.payload)) {
    return Error{"a mark that is not UTF-8 text"};
  }
  return check_header(header_of(record));
}

void append_record(const Record& record, std::string& out) {
  PLAYHEAD_CHECK(check_record(record).ok());
  out += header_line(header_of(record));
  out += record.payload;
  out += '\n';
}

std::string shown(std::string_view text) {
  std::string out = "\"";
  for (const char c : text.substr(0, kShownMax)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte > 0x7e) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  out += text.size() > kShownMax ? "...\"" : "\"";
  return out;
}

}  // namespace playhead::recording
