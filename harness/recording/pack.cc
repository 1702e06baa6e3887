// Unpacks a recording to plain files and packs them again.
#include "recording/pack.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/json.h"
#include "file/posix_file.h"
#include "recording/import.h"
#include "recording/payload.h"
#include "recording/record.h"
#include "recording/serialize.h"

namespace playhead::recording {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kPrivateFolder = 0700;

constexpr std::array<std::string_view, 8> kExchangeFiles = {
    "request.json", "request-body",  "response.json", "body",
    "chunks",       "trailers.json", "end.json",      "marks"};

// ---- out of a recording

std::string pretty(Instant at, const std::string& payload) {
  const std::string text = fmt::format("{{\"at_us\":{},{}", at.us, payload.substr(1));
  const Result<JsonDocument> document = parse_json(text);
  PLAYHEAD_CHECK(document.ok());
  return json_pretty(*document) + "\n";
}

std::string pretty_end(const RecordedEnd& end) {
  JsonWriter out;
  out.begin_object().key("reason").string(name_of(end.reason));
  if (!end.detail.empty()) out.key("detail").string(end.detail);
  return pretty(end.at, out.end_object().take());
}

std::string mark_lines(const std::vector<RecordedMark>& marks) {
  std::string text;
  for (const RecordedMark& mark : marks) {
    text += fmt::format("{} ", mark.at.us);
    append_json_string(mark.text, text);
    text += '\n';
  }
  return text;
}

std::string chunk_lines(const std::vector<RecordedChunk>& chunks) {
  std::string text;
  for (const RecordedChunk& chunk : chunks) text += fmt::format("{} {}\n", chunk.at.us, chunk.size);
  return text;
}

// Files of one folder; after the first failure nothing more is written.
class FolderOutput {
 public:
  explicit FolderOutput(std::string folder) : folder_(std::move(folder)) {
    if (::mkdir(folder_.c_str(), kPrivateFolder) != 0 && !fs::is_directory(folder_)) {
      status_ = file::system_error("create the folder", folder_);
    }
  }

  void put(std::string_view name, std::string_view bytes) {
    if (status_.ok()) status_ = file::write_file(fmt::format("{}/{}", folder_, name), bytes);
  }
  void put_unless_empty(std::string_view name, std::string_view bytes) {
    if (!bytes.empty()) put(name, bytes);
  }
  const Status& status() const { return status_; }

 private:
  std::string folder_;
  Status status_ = Done{};
};

Status unpack_exchange(const RecordedExchange& exchange, const std::string& folder) {
  FolderOutput out(folder);
  out.put("request.json",
          pretty(exchange.requested_at,
                 request_payload(exchange.method, exchange.target, exchange.request_headers)));
  out.put_unless_empty("request-body", exchange.request_body);
  if (exchange.responded_at) {
    out.put("response.json", pretty(*exchange.responded_at,
                                    response_payload(exchange.status, exchange.response_headers)));
    out.put("body", exchange.body);
    out.put("chunks", chunk_lines(exchange.chunks));
  }
  if (!exchange.trailers.empty()) {
    out.put("trailers.json", trailers_payload(exchange.trailers) + "\n");
  }
  if (exchange.end.reason != EndReason::torn) out.put("end.json", pretty_end(exchange.end));
  out.put_unless_empty("marks", mark_lines(exchange.marks));
  return out.status();
}

// ---- into a recording

Error in_file(const fs::path& path, const std::string& what) {
  return Error{path.string() + ": " + what};
}

bool is_hidden_or_backup(const std::string& name) {
  return name.starts_with('.') || name.ends_with('~');
}

// The names in a folder, sorted.
Result<std::vector<std::string>> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code failure;
  for (fs::directory_iterator it(folder, failure), end; !failure && it != end;
       it.increment(failure)) {
    const std::string name = it->path().filename().string();
    if (!is_hidden_or_backup(name)) names.push_back(name);
  }
  if (failure) return in_file(folder, "cannot read the folder: " + failure.message());
  std::sort(names.begin(), names.end());
  return names;
}

// The file's bytes, or nothing where there is no such file.
Result<std::optional<std::string>> read_if_there(const fs::path& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return std::optional<std::string>{};
  Result<std::string> bytes = file::read_file(path.string(), kBodyMax);
  if (!bytes.ok()) return bytes.error();
  return std::optional<std::string>(std::move(bytes).value());
}

Result<Instant> at_of(std::string_view json) {
  const Result<JsonDocument> document = parse_json(json);
  if (!document.ok()) return document.error();
  const auto at = int_member(*document, "at_us");
  if (!at) return Error{"the member \"at_us\" is missing or no whole number"};
  return Instant{*at};
}

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number < 0 || number > kAtMaxUs ? std::nullopt : std::optional(number);
}

struct TimedLine {
  Instant at;
  std::string_view rest;  // borrowed from the text
};

// Lines "<at_us> <rest>"; empty ones are skipped.
Result<std::vector<TimedLine>> timed_lines(std::string_view text, const fs::path& path) {
  std::vector<TimedLine> lines;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t line_end = text.find('\n');
    std::string_view line = text.substr(0, line_end);
    text = line_end == std::string_view::npos ? std::string_view{} : text.substr(line_end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    const std::size_t space = line.find(' ');
    const auto at = number_of(line.substr(0, space));
    if (!at || space == std::string_view::npos) {
      return in_file(path, fmt::format("line {}: {} does not begin with a time in microseconds "
                                       "and a space",
                                       number, shown(line)));
    }
    lines.push_back({Instant{*at}, line.substr(space + 1)});
  }
  return lines;
}

Status read_marks(const fs::path& path, std::vector<RecordedMark>& marks) {
  const auto text = read_if_there(path);
  if (!text.ok()) return text.error();
  if (!*text) return Done{};
  const auto lines = timed_lines(**text, path);
  if (!lines.ok()) return lines.error();
  for (const TimedLine& line : *lines) {
    const Result<JsonDocument> mark = parse_json(line.rest);
    if (!mark.ok() || !mark->IsString()) {
      return in_file(
          path, fmt::format("mark {}: {} is no JSON string", marks.size() + 1, shown(line.rest)));
    }
    marks.push_back({line.at, std::string(text_of(*mark))});
  }
  return Done{};
}

Status read_request(const fs::path& folder, RecordedExchange& exchange) {
  const fs::path path = folder / "request.json";
  const Result<std::string> json = file::read_file(path.string(), kTextPayloadMax);
  if (!json.ok()) return json.error();
  Result<RequestHead> head = parse_request(*json);
  if (!head.ok()) return in_file(path, head.error().message);
  const Result<Instant> at = at_of(*json);
  if (!at.ok()) return in_file(path, at.error().message);
  exchange.requested_at = *at;
  exchange.method = std::move(head->method);
  exchange.target = std::move(head->target);
  exchange.request_headers = std::move(head->headers);
  Result<std::optional<std::string>> body = read_if_there(folder / "request-body");
  if (!body.ok()) return body.error();
  exchange.request_body = std::move(*body).value_or("");
  return Done{};
}

Status read_chunks(const fs::path& path, RecordedExchange& exchange) {
  const auto text = read_if_there(path);
  if (!text.ok()) return text.error();
  if (!*text) {
    if (!exchange.body.empty()) {
      exchange.chunks.push_back({*exchange.responded_at, 0, exchange.body.size()});
    }
    return Done{};
  }
  const auto lines = timed_lines(**text, path);
  if (!lines.ok()) return lines.error();
  std::size_t offset = 0;
  for (const TimedLine& line : *lines) {
    const auto size = number_of(line.rest);
    if (!size) return in_file(path, shown(line.rest) + " is no number of bytes");
    exchange.chunks.push_back({line.at, offset, static_cast<std::size_t>(*size)});
    offset += static_cast<std::size_t>(*size);
    if (offset > exchange.body.size()) break;
  }
  if (offset == exchange.body.size()) return Done{};
  return in_file(path, fmt::format("the sizes do not add up to the {} bytes of the body beside it; "
                                   "correct one of them, or remove this file to make the body one "
                                   "chunk",
                                   exchange.body.size()));
}

Status read_response(const fs::path& folder, RecordedExchange& exchange) {
  const fs::path path = folder / "response.json";
  const auto json = read_if_there(path);
  if (!json.ok()) return json.error();
  if (!*json) {
    for (const std::string_view part : {"body", "chunks", "trailers.json"}) {
      std::error_code ignored;
      if (fs::exists(folder / part, ignored)) {
        return in_file(folder / part, "stands without a response.json");
      }
    }
    return Done{};
  }
  Result<ResponseHead> head = parse_response(**json);
  if (!head.ok()) return in_file(path, head.error().message);
  const Result<Instant> at = at_of(**json);
  if (!at.ok()) return in_file(path, at.error().message);
  exchange.responded_at = *at;
  exchange.status = head->status;
  exchange.response_headers = std::move(head->headers);
  Result<std::optional<std::string>> body = read_if_there(folder / "body");
  if (!body.ok()) return body.error();
  exchange.body = std::move(*body).value_or("");
  return read_chunks(folder / "chunks", exchange);
}

Status read_trailers(const fs::path& path, RecordedExchange& exchange) {
  const auto json = read_if_there(path);
  if (!json.ok()) return json.error();
  if (!*json) return Done{};
  Result<std::vector<Header>> headers = parse_trailers(**json);
  if (!headers.ok()) return in_file(path, headers.error().message);
  exchange.trailers = std::move(headers).value();
  return Done{};
}

// The last time that the exchange itself shows: where it is torn.
Instant last_of(const RecordedExchange& exchange) {
  Instant last = exchange.requested_at;
  if (exchange.responded_at) last = std::max(last, *exchange.responded_at);
  if (!exchange.chunks.empty()) last = std::max(last, exchange.chunks.back().at);
  if (!exchange.marks.empty()) last = std::max(last, exchange.marks.back().at);
  return last;
}

Status read_end(const fs::path& path, RecordedExchange& exchange) {
  const auto json = read_if_there(path);
  if (!json.ok()) return json.error();
  if (!*json) {
    exchange.end = RecordedEnd{last_of(exchange), EndReason::torn, {}};
    return Done{};
  }
  Result<EndNote> note = parse_end(**json);
  if (!note.ok()) return in_file(path, note.error().message);
  const Result<Instant> at = at_of(**json);
  if (!at.ok()) return in_file(path, at.error().message);
  exchange.end = RecordedEnd{*at, note->reason, std::move(note->detail)};
  return Done{};
}

Status pack_exchange(const fs::path& folder, RecordedExchange& exchange) {
  const auto names = names_in(folder);
  if (!names.ok()) return names.error();
  for (const std::string& name : *names) {
    if (std::find(kExchangeFiles.begin(), kExchangeFiles.end(), name) == kExchangeFiles.end()) {
      return in_file(folder / name,
                     "no file of an exchange; these are request.json, request-body, "
                     "response.json, body, chunks, trailers.json, end.json, marks");
    }
  }
  if (Status status = read_request(folder, exchange); !status.ok()) return status;
  if (Status status = read_response(folder, exchange); !status.ok()) return status;
  if (Status status = read_trailers(folder / "trailers.json", exchange); !status.ok())
    return status;
  if (Status status = read_marks(folder / "marks", exchange.marks); !status.ok()) return status;
  return read_end(folder / "end.json", exchange);
}

// How many exchange folders there are. Fails on names that are neither theirs nor ours.
Result<int> count_exchanges(const fs::path& folder) {
  const auto names = names_in(folder);
  if (!names.ok()) return names.error();
  int count = 0;
  std::int64_t largest = 0;
  for (const std::string& name : *names) {
    if (name == "meta.json" || name == "marks") continue;
    const auto number = number_of(name);
    if (!number || *number < 1 || name.front() == '0') {
      return in_file(folder / name,
                     "no part of a recording; these are meta.json, marks, and a "
                     "folder for each exchange: 1, 2, ...");
    }
    ++count;
    largest = std::max(largest, *number);
  }
  if (largest != count) return in_file(folder, "the exchange folders do not count 1, 2, ...");
  return count;
}

Status read_meta(const fs::path& path, RecordingMeta& meta) {
  const auto json = read_if_there(path);
  if (!json.ok()) return json.error();
  if (!*json) return Done{};
  std::string_view text = **json;
  if (text.ends_with('\n')) text.remove_suffix(1);
  Result<RecordingMeta> read = parse_meta(text);
  if (!read.ok()) return in_file(path, read.error().message);
  meta = std::move(read).value();
  return Done{};
}

}  // namespace

Status unpack(const Recording& recording, const std::string& folder) {
  const Status is_whole = each_record(recording, [](const Record&) -> Status { return Done{}; });
  if (!is_whole.ok()) return is_whole;
  std::error_code ignored;
  if (fs::exists(folder, ignored) && !fs::is_empty(folder, ignored)) {
    return Error{folder + " exists and is not empty: name another folder"};
  }
  FolderOutput out(folder);
  const std::string meta = meta_payload(recording.meta);
  if (meta != "{}") out.put("meta.json", meta + "\n");
  out.put_unless_empty("marks", mark_lines(recording.marks));
  if (!out.status().ok()) return out.status();
  for (const RecordedExchange& exchange : recording.exchanges) {
    const Status status = unpack_exchange(exchange, fmt::format("{}/{}", folder, exchange.index));
    if (!status.ok()) return status;
  }
  return Done{};
}

Result<Recording> pack(const std::string& folder) {
  Recording recording;
  recording.path = folder;
  const Result<int> count = count_exchanges(folder);
  if (!count.ok()) return count.error();
  if (Status status = read_meta(fs::path(folder) / "meta.json", recording.meta); !status.ok()) {
    return status.error();
  }
  if (Status status = read_marks(fs::path(folder) / "marks", recording.marks); !status.ok()) {
    return status.error();
  }
  for (int index = 1; index <= *count; ++index) {
    RecordedExchange& exchange = recording.exchanges.emplace_back();
    exchange.index = index;
    const Status status = pack_exchange(fs::path(folder) / std::to_string(index), exchange);
    if (!status.ok()) return status.error();
    recording.torn = recording.torn || exchange.end.reason == EndReason::torn;
  }
  const Status is_whole = each_record(recording, [](const Record&) -> Status { return Done{}; });
  if (!is_whole.ok()) return Error{folder + ": " + is_whole.error().message};
  return recording;
}

}  // namespace playhead::recording
