// Checks a Recording and lays it out as records.
#include "recording/serialize.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "recording/payload.h"

namespace playhead::recording {
namespace {

// One record to be: where its payload is found.
struct Row {
  Instant at;
  RecordKind kind = RecordKind::mark;
  const RecordedExchange* exchange = nullptr;  // nullptr: the recording as a whole
  std::size_t place = 0;  // of the chunk or mark; of the part of the request body
};

// Follows the times of an exchange and notes the first that goes back.
class TimeCheck {
 public:
  explicit TimeCheck(Instant begin) : last_(begin) {}

  void step(Instant at, std::string_view what) {
    if (at < last_ && problem_.empty()) {
      problem_ = fmt::format("its {} at {} us comes before {} us", what, at.us, last_.us);
    }
    last_ = std::max(last_, at);
  }
  const std::string& problem() const { return problem_; }

 private:
  Instant last_;
  std::string problem_;
};

std::string time_problem(const RecordedExchange& exchange) {
  TimeCheck times(exchange.requested_at);
  if (exchange.responded_at) times.step(*exchange.responded_at, "response");
  for (const RecordedChunk& chunk : exchange.chunks) times.step(chunk.at, "chunk");
  if (exchange.end.reason != EndReason::torn) times.step(exchange.end.at, "end");
  TimeCheck marks(exchange.requested_at);
  for (const RecordedMark& mark : exchange.marks) marks.step(mark.at, "mark");
  return times.problem().empty() ? marks.problem() : times.problem();
}

std::string chunk_problem(const RecordedExchange& exchange) {
  std::size_t offset = 0;
  for (const RecordedChunk& chunk : exchange.chunks) {
    if (chunk.offset != offset || chunk.size > exchange.body.size() - offset) {
      return fmt::format("its chunk at offset {} with {} bytes is not the next part of its body",
                         chunk.offset, chunk.size);
    }
    offset += chunk.size;
  }
  if (offset == exchange.body.size()) return {};
  return fmt::format("its chunks hold {} bytes, its body {}", offset, exchange.body.size());
}

std::string head_problem(const RecordedExchange& exchange) {
  for (const Status& status :
       {check_line("its method", exchange.method), check_line("its target", exchange.target),
        check_headers(exchange.request_headers), check_headers(exchange.response_headers),
        check_headers(exchange.trailers)}) {
    if (!status.ok()) return status.error().message;
  }
  if (exchange.responded_at) {
    const Status status = check_status(exchange.status);
    return status.ok() ? std::string{} : status.error().message;
  }
  if (exchange.chunks.empty() && exchange.trailers.empty()) return {};
  return "it has chunks or trailers but no response";
}

Status check_exchanges(const Recording& recording) {
  int expected = 1;
  Instant last{};
  for (const RecordedExchange& exchange : recording.exchanges) {
    const auto fail = [&](const std::string& what) {
      return Error{fmt::format("exchange {} cannot be written: {}", expected, what)};
    };
    if (exchange.index != expected) {
      return fail(fmt::format("its index is {}; count them from 1", exchange.index));
    }
    if (exchange.requested_at < last) return fail("it was requested before the one before it");
    for (const std::string& problem :
         {time_problem(exchange), chunk_problem(exchange), head_problem(exchange)}) {
      if (!problem.empty()) return fail(problem);
    }
    last = exchange.requested_at;
    ++expected;
  }
  return Done{};
}

void add_rows(const RecordedExchange& exchange, std::vector<Row>& rows) {
  rows.push_back({exchange.requested_at, RecordKind::request, &exchange});
  for (std::size_t begin = 0; begin < exchange.request_body.size(); begin += kRecordSizeMax) {
    rows.push_back({exchange.requested_at, RecordKind::request_body, &exchange, begin});
  }
  Instant last = exchange.requested_at;
  if (exchange.responded_at) {
    last = *exchange.responded_at;
    rows.push_back({last, RecordKind::response, &exchange});
  }
  for (std::size_t i = 0; i < exchange.chunks.size(); ++i) {
    last = exchange.chunks[i].at;
    rows.push_back({last, RecordKind::data, &exchange, i});
  }
  const bool is_torn = exchange.end.reason == EndReason::torn;
  if (!is_torn) last = exchange.end.at;
  if (!exchange.trailers.empty()) rows.push_back({last, RecordKind::trailers, &exchange});
  if (!is_torn) rows.push_back({last, RecordKind::end, &exchange});
  for (std::size_t i = 0; i < exchange.marks.size(); ++i) {
    rows.push_back({exchange.marks[i].at, RecordKind::mark, &exchange, i});
  }
}

std::vector<Row> rows_of(const Recording& recording, bool has_meta) {
  std::vector<Row> rows;
  if (has_meta) rows.push_back({Instant{}, RecordKind::meta});
  for (std::size_t i = 0; i < recording.marks.size(); ++i) {
    rows.push_back({recording.marks[i].at, RecordKind::mark, nullptr, i});
  }
  for (const RecordedExchange& exchange : recording.exchanges) add_rows(exchange, rows);
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.at < b.at; });
  return rows;
}

// The row's payload: of the recording, or made in `scratch`.
std::string_view payload_of(const Row& row, const Recording& recording, const std::string& meta,
                            std::string& scratch) {
  if (row.kind == RecordKind::meta) return meta;
  if (row.exchange == nullptr) return recording.marks[row.place].text;
  const RecordedExchange& exchange = *row.exchange;
  switch (row.kind) {
    case RecordKind::request:
      scratch = request_payload(exchange.method, exchange.target, exchange.request_headers);
      return scratch;
    case RecordKind::request_body:
      return std::string_view(exchange.request_body).substr(row.place, kRecordSizeMax);
    case RecordKind::response:
      scratch = response_payload(exchange.status, exchange.response_headers);
      return scratch;
    case RecordKind::data: return exchange.bytes_of(exchange.chunks[row.place]);
    case RecordKind::trailers: scratch = trailers_payload(exchange.trailers); return scratch;
    case RecordKind::end:
      scratch = end_payload(exchange.end.reason, exchange.end.detail, exchange.body.size());
      return scratch;
    default: return exchange.marks[row.place].text;
  }
}

}  // namespace

Status each_record(const Recording& recording, const RecordVisitor& visit) {
  if (Status status = check_exchanges(recording); !status.ok()) return status;
  const std::string meta = meta_payload(recording.meta);
  std::string scratch;
  for (const Row& row : rows_of(recording, meta != "{}")) {
    const int index = row.exchange == nullptr ? 0 : row.exchange->index;
    const Record record{row.kind, index, row.at, payload_of(row, recording, meta, scratch)};
    if (Status status = check_record(record); !status.ok()) {
      return Error{"the recording cannot be written: " + status.error().message};
    }
    if (Status status = visit(record); !status.ok()) return status;
  }
  return Done{};
}

Result<std::string> recording_text(const Recording& recording) {
  std::string text(kVersionLine);
  const Status status = each_record(recording, [&](const Record& record) -> Status {
    append_record(record, text);
    return Done{};
  });
  if (!status.ok()) return status.error();
  return text;
}

}  // namespace playhead::recording
