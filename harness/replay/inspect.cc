#include "replay/inspect.h"

#include <algorithm>

#include "base/check.h"
#include "completion/completion_judge.h"
#include "provider/catalog.h"
#include "provider/detect.h"
#include "provider/member_census.h"
#include "turn/decoders.h"
#include "turn/reply.h"

namespace playhead::replay {
namespace {

void drain(turn::Reply& reply, Facts& facts) {
  while (reply.step(facts)) {
  }
}

Instant since_request(const RecordedExchange& exchange, Instant at) {
  return Instant{std::max(at - exchange.requested_at, Duration{}).us};
}

std::optional<Protocol> detected(const RecordedExchange& exchange) {
  return provider::detect({.path = exchange.target,
                           .host = header_value(exchange.request_headers, "host"),
                           .content_type = header_value(exchange.response_headers, "content-type"),
                           .body = exchange.body});
}

}  // namespace

Result<Protocol> protocol_of(const Recording& recording, std::optional<Protocol> wanted) {
  if (!wanted && !recording.meta.protocol.empty()) {
    wanted = protocol_named(recording.meta.protocol);
    if (!wanted) {
      return Error{recording.path + ": unknown protocol \"" + recording.meta.protocol +
                   "\"; name one with --protocol"};
    }
  }
  for (const RecordedExchange& exchange : recording.exchanges) {
    if (!wanted) wanted = detected(exchange);
  }
  if (!wanted && recording.exchanges.empty()) return Protocol::openai_chat;  // nothing to read
  if (!wanted) {
    return Error{recording.path + ": nothing says which protocol this is; name it with --protocol"};
  }
  return *wanted;
}

Protocol protocol_of(const Recording& recording, const RecordedExchange& exchange,
                     std::optional<Protocol> wanted, Protocol whole) {
  if (wanted || !recording.meta.protocol.empty()) return whole;
  return detected(exchange).value_or(whole);
}

ExchangeReport inspect(const RecordedExchange& exchange, Protocol protocol, const Policy& policy,
                       Facts& facts) {
  turn::Reply reply(protocol, policy, exchange.index, Instant{});
  const auto when = [&exchange](Instant at) { return since_request(exchange, at); };
  if (exchange.responded_at) {
    reply.response(when(*exchange.responded_at), exchange.status, {}, facts);
  }
  for (const RecordedChunk& chunk : exchange.chunks) {
    reply.feed(when(chunk.at), exchange.bytes_of(chunk), facts);
    drain(reply, facts);
  }
  reply.end(when(exchange.end.at), exchange.end.reason, false, facts);
  drain(reply, facts);
  return reply.report();
}

void each_frame(const RecordedExchange& exchange, Protocol protocol,
                const std::function<void(Instant at, const Frame& frame)>& visit) {
  if (exchange.status >= completion::kFirstFailingStatus) return;
  const provider::CatalogRow* row = provider::find_row(protocol);
  PLAYHEAD_CHECK(row != nullptr);
  const auto decoder = turn::make_decoder(*row);
  const auto drain_at = [&](Instant at) {
    for (Frame frame; decoder->next(frame);) visit(since_request(exchange, at), frame);
  };
  for (const RecordedChunk& chunk : exchange.chunks) {
    decoder->feed(exchange.bytes_of(chunk));
    drain_at(chunk.at);
  }
  decoder->finish();
  drain_at(exchange.end.at);
}

std::map<std::string, std::uint64_t> unknown_members(const RecordedExchange& exchange,
                                                     Protocol protocol) {
  provider::MemberCensus census(protocol);
  each_frame(exchange, protocol, [&census](Instant, const Frame& frame) {
    if (frame.kind != FrameKind::comment && !frame.unterminated) census.count(frame);
  });
  return census.unknown();
}

}  // namespace playhead::replay
