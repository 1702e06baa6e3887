// A body, its chunk lengths and times, to a recording of one exchange.
#include "recording/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "base/json.h"
#include "file/posix_file.h"
#include "model/protocol.h"
#include "recording/payload.h"
#include "recording/record.h"

namespace playhead::recording {
namespace {

constexpr std::array<std::string_view, 6> kRawBodyEndings = {".sse",  ".ndjson",    ".eventstream",
                                                             ".json", ".jsonarray", ".chunks"};

using Numbers = std::vector<std::int64_t>;

Error bad_number(const std::string& path, std::size_t place) {
  return Error{
      fmt::format("{}: entry {} is no whole number from 0 to {}; give a JSON array or one "
                  "number a line",
                  path, place, kAtMaxUs)};
}

Result<Numbers> json_numbers(std::string_view text, const std::string& path) {
  const Result<JsonDocument> list = parse_json(text);
  if (!list.ok()) return Error{fmt::format("{}:{}", path, list.error().message)};
  if (!list->IsArray()) return Error{path + ": no JSON array of numbers"};
  Numbers numbers;
  for (const JsonValue& value : list->GetArray()) {
    if (!value.IsInt64() || value.GetInt64() < 0 || value.GetInt64() > kAtMaxUs) {
      return bad_number(path, numbers.size() + 1);
    }
    numbers.push_back(value.GetInt64());
  }
  return numbers;
}

Result<Numbers> line_numbers(std::string_view text, const std::string& path) {
  Numbers numbers;
  while (!text.empty()) {
    const std::size_t line_end = text.find('\n');
    std::string_view line = text.substr(0, line_end);
    text = line_end == std::string_view::npos ? std::string_view{} : text.substr(line_end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(line.data(), line.data() + line.size(), number);
    const bool is_whole = failure == std::errc{} && end == line.data() + line.size();
    if (!is_whole || number < 0 || number > kAtMaxUs) return bad_number(path, numbers.size() + 1);
    numbers.push_back(number);
  }
  return numbers;
}

Result<Numbers> read_numbers(const std::string& path) {
  const Result<std::string> text = file::read_file(path, kBodyMax);
  if (!text.ok()) return text.error();
  const std::size_t begin = text->find_first_not_of(" \t\r\n");
  const bool is_json = begin != std::string::npos && (*text)[begin] == '[';
  return is_json ? json_numbers(*text, path) : line_numbers(*text, path);
}

// One chunk, or as many as records can hold.
Numbers whole_lengths(std::size_t size) {
  Numbers lengths;
  while (size > 0) {
    const std::size_t length = std::min(size, kRecordSizeMax);
    lengths.push_back(static_cast<std::int64_t>(length));
    size -= length;
  }
  return lengths;
}

Status cut_at(const Numbers& lengths, const std::string& path, RecordedExchange& exchange) {
  std::size_t offset = 0;
  for (const std::int64_t length : lengths) {
    const auto size = static_cast<std::size_t>(length);
    if (size > exchange.body.size() - offset) {
      return Error{fmt::format("{}: the lengths add up to more than the {} bytes of the body", path,
                               exchange.body.size())};
    }
    exchange.chunks.push_back({exchange.requested_at, offset, size});
    offset += size;
  }
  if (offset == exchange.body.size()) return Done{};
  return Error{fmt::format("{}: the lengths add up to {} bytes, the body has {}", path, offset,
                           exchange.body.size())};
}

Status set_times(const std::string& path, RecordedExchange& exchange) {
  const Result<Numbers> times = read_numbers(path);
  if (!times.ok()) return times.error();
  if (times->size() != exchange.chunks.size()) {
    return Error{
        fmt::format("{}: {} times for {} chunks; times need chunk lengths of the same number", path,
                    times->size(), exchange.chunks.size())};
  }
  if (!std::is_sorted(times->begin(), times->end())) {
    return Error{path + ": the times decrease; they count microseconds since the request"};
  }
  for (std::size_t i = 0; i < times->size(); ++i) exchange.chunks[i].at = Instant{(*times)[i]};
  if (!times->empty()) exchange.responded_at = Instant{times->front()};
  return Done{};
}

// `given`, or `<stem><ending>` beside the body where that is wanted and there.
std::string path_beside(const std::string& given, const std::string& body, std::string_view ending,
                        const ImportOptions& options) {
  if (!given.empty() || !options.look_beside) return given;
  std::filesystem::path beside(body);
  beside.replace_extension();
  beside += ending;
  std::error_code ignored;
  return std::filesystem::is_regular_file(beside, ignored) ? beside.string() : std::string{};
}

RecordingMeta imported_meta(const std::string& path, const ImportOptions& options) {
  RecordingMeta meta;
  meta.title =
      options.title.empty() ? std::filesystem::path(path).filename().string() : options.title;
  meta.protocol = options.protocol.empty() ? protocol_of_path(path) : options.protocol;
  meta.origin = "imported";
  meta.source = options.source;
  meta.timing = "none";
  meta.borders = "none";
  return meta;
}

Status cut_body(const std::string& boundaries, RecordedExchange& exchange) {
  if (boundaries.empty()) return cut_at(whole_lengths(exchange.body.size()), "body", exchange);
  const Result<Numbers> lengths = read_numbers(boundaries);
  return lengths.ok() ? cut_at(*lengths, boundaries, exchange) : Status(lengths.error());
}

}  // namespace

bool is_raw_body(std::string_view path) {
  return std::any_of(kRawBodyEndings.begin(), kRawBodyEndings.end(),
                     [&](std::string_view ending) { return path.ends_with(ending); });
}

std::string protocol_of_path(std::string_view path) {
  std::string nearest;
  for (const auto& part : std::filesystem::path(path).parent_path()) {
    if (protocol_named(part.string())) nearest = part.string();
  }
  return nearest;
}

Result<Recording> import_body(const std::string& path, const ImportOptions& options) {
  if (Status status = check_status(options.status); !status.ok()) return status.error();
  Result<std::string> body = file::read_file(path, kBodyMax);
  if (!body.ok()) return body.error();
  Recording recording;
  recording.path = path;
  recording.meta = imported_meta(path, options);
  RecordedExchange& exchange = recording.exchanges.emplace_back();
  exchange.index = 1;
  exchange.method = "POST";
  exchange.target = "/";
  exchange.responded_at = Instant{};
  exchange.status = options.status;
  exchange.body = std::move(body).value();
  const std::string boundaries =
      path_beside(options.boundaries_path, path, ".boundaries.json", options);
  if (Status status = cut_body(boundaries, exchange); !status.ok()) return status.error();
  if (!boundaries.empty()) recording.meta.borders = "read";
  if (!options.times_path.empty()) {
    if (Status status = set_times(options.times_path, exchange); !status.ok())
      return status.error();
    recording.meta.timing = "read";
  }
  const std::string request = path_beside(options.request_path, path, ".request.json", options);
  if (!request.empty()) {
    Result<std::string> text = file::read_file(request, kBodyMax);
    if (!text.ok()) return text.error();
    exchange.request_body = std::move(text).value();
  }
  const Instant last = exchange.chunks.empty() ? *exchange.responded_at : exchange.chunks.back().at;
  exchange.end = RecordedEnd{last, options.end, {}};
  recording.torn = options.end == EndReason::torn;
  recording.meta.json = meta_payload(recording.meta);
  return recording;
}

}  // namespace playhead::recording
