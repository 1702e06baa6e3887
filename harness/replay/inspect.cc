#include "replay/inspect.h"

#include <algorithm>

#include "provider/catalog.h"
#include "turn/reply.h"

namespace playhead::replay {
namespace {

void drain(turn::Reply& reply, Facts& facts) {
  while (reply.step(facts)) {
  }
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
  if (!wanted) {
    return Error{recording.path + ": nothing says which protocol this is; name it with --protocol"};
  }
  if (provider::find_row(*wanted) == nullptr) {
    return Error{recording.path + ": this version of playhead cannot read " +
                 std::string(name_of(*wanted)) + " yet"};
  }
  return *wanted;
}

ExchangeReport inspect(const RecordedExchange& exchange, Protocol protocol, const Policy& policy,
                       Facts& facts) {
  turn::Reply reply(protocol, policy, exchange.index, Instant{});
  const auto when = [&exchange](Instant at) {
    return Instant{std::max(at - exchange.requested_at, Duration{}).us};
  };
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

}  // namespace playhead::replay
