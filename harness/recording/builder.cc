// The order that records must keep: request, then response, then data, then trailers, then end.
#include "recording/builder.h"

#include <fmt/format.h>

#include <utility>

#include "recording/payload.h"

namespace playhead::recording {
namespace {

Error in_record(const Record& record, const std::string& what) {
  return Error{
      fmt::format("{} record of exchange {}: {}", name_of(record.kind), record.exchange, what)};
}

}  // namespace

RecordingBuilder::RecordingBuilder(std::string path) { recording_.path = std::move(path); }

Status RecordingBuilder::add(const Record& record) {
  if (++records_ > kRecordsMax) {
    return Error{fmt::format("more than {} records in one recording: split it", kRecordsMax)};
  }
  if (record.kind == RecordKind::meta) return add_meta(record.payload);
  if (record.kind == RecordKind::request) return add_request(record);
  if (record.exchange == 0) {
    recording_.marks.push_back({record.at, std::string(record.payload)});
    return Done{};
  }
  if (static_cast<std::size_t>(record.exchange) > recording_.exchanges.size()) {
    return in_record(record, "no request of that exchange comes before it");
  }
  return add_to_exchange(record);
}

Recording RecordingBuilder::take(bool torn) {
  recording_.torn = torn;
  for (std::size_t i = 0; i < progress_.size(); ++i) {
    if (progress_[i].has_end) continue;
    recording_.exchanges[i].end = RecordedEnd{progress_[i].last, EndReason::torn, {}};
    recording_.torn = true;
  }
  progress_.clear();
  records_ = 0;
  has_meta_ = false;
  return std::exchange(recording_, Recording{});
}

Status RecordingBuilder::add_meta(std::string_view payload) {
  if (has_meta_) return Error{"a second meta record in one recording"};
  if (!recording_.exchanges.empty()) return Error{"a meta record after the first request"};
  Result<RecordingMeta> meta = parse_meta(payload);
  if (!meta.ok()) return Error{"meta record: " + meta.error().message};
  recording_.meta = std::move(meta).value();
  has_meta_ = true;
  return Done{};
}

Status RecordingBuilder::add_request(const Record& record) {
  const std::size_t expected = recording_.exchanges.size() + 1;
  if (static_cast<std::size_t>(record.exchange) != expected) {
    return in_record(record, fmt::format("exchanges count from 1 in order of request, so this one "
                                         "is {}",
                                         expected));
  }
  Result<RequestHead> head = parse_request(record.payload);
  if (!head.ok()) return in_record(record, head.error().message);
  RecordedExchange& exchange = recording_.exchanges.emplace_back();
  exchange.index = record.exchange;
  exchange.requested_at = record.at;
  exchange.method = std::move(head->method);
  exchange.target = std::move(head->target);
  exchange.request_headers = std::move(head->headers);
  progress_.push_back({record.at});
  return Done{};
}

Status RecordingBuilder::add_to_exchange(const Record& record) {
  const std::size_t place = static_cast<std::size_t>(record.exchange) - 1;
  RecordedExchange& exchange = recording_.exchanges[place];
  Progress& progress = progress_[place];
  progress.last = record.at;
  if (record.kind == RecordKind::mark) {
    exchange.marks.push_back({record.at, std::string(record.payload)});
    return Done{};
  }
  if (progress.has_end) return in_record(record, "it comes after the exchange's end");
  switch (record.kind) {
    case RecordKind::request_body: exchange.request_body += record.payload; return Done{};
    case RecordKind::response: return add_response(record, exchange);
    case RecordKind::data: return add_data(record, exchange);
    case RecordKind::trailers: return add_trailers(record, exchange);
    default: return add_end(record, exchange);
  }
}

Status RecordingBuilder::add_response(const Record& record, RecordedExchange& exchange) {
  if (exchange.responded_at) return in_record(record, "the exchange has a response already");
  Result<ResponseHead> head = parse_response(record.payload);
  if (!head.ok()) return in_record(record, head.error().message);
  exchange.responded_at = record.at;
  exchange.status = head->status;
  exchange.response_headers = std::move(head->headers);
  return Done{};
}

Status RecordingBuilder::add_data(const Record& record, RecordedExchange& exchange) {
  if (!exchange.responded_at) return in_record(record, "it comes before the exchange's response");
  if (progress_[static_cast<std::size_t>(record.exchange) - 1].has_trailers) {
    return in_record(record, "it comes after the exchange's trailers");
  }
  exchange.chunks.push_back({record.at, exchange.body.size(), record.payload.size()});
  exchange.body += record.payload;
  return Done{};
}

Status RecordingBuilder::add_trailers(const Record& record, RecordedExchange& exchange) {
  Progress& progress = progress_[static_cast<std::size_t>(record.exchange) - 1];
  if (!exchange.responded_at) return in_record(record, "it comes before the exchange's response");
  if (progress.has_trailers) return in_record(record, "the exchange has trailers already");
  Result<std::vector<Header>> headers = parse_trailers(record.payload);
  if (!headers.ok()) return in_record(record, headers.error().message);
  exchange.trailers = std::move(headers).value();
  progress.has_trailers = true;
  return Done{};
}

Status RecordingBuilder::add_end(const Record& record, RecordedExchange& exchange) {
  Result<EndNote> note = parse_end(record.payload);
  if (!note.ok()) return in_record(record, note.error().message);
  const auto bytes = static_cast<std::int64_t>(exchange.body.size());
  if (note->bytes && *note->bytes != bytes) {
    return in_record(record, fmt::format("it says that the body has {} bytes, the data records "
                                         "hold {}",
                                         *note->bytes, bytes));
  }
  exchange.end = RecordedEnd{record.at, note->reason, std::move(note->detail)};
  progress_[static_cast<std::size_t>(record.exchange) - 1].has_end = true;
  return Done{};
}

}  // namespace playhead::recording
