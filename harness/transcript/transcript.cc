#include "transcript/transcript.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/hash.h"
#include "base/json.h"
#include "transcript/fact_line.h"

namespace playhead::transcript {
namespace {

// The payload of an SSE block as our writers write it: the rest of its `data: ` line.
std::string_view data_of(std::string_view block) {
  constexpr std::string_view kData = "data: ";
  const std::size_t at = block.starts_with(kData) ? 0 : block.find("\ndata: ");
  if (at == std::string_view::npos) return {};
  return block.substr(at == 0 ? kData.size() : at + 1 + kData.size());
}

void read_block(std::string_view block, Downstream& downstream) {
  if (block.empty() || block.starts_with(':')) return;
  ++downstream.frames;
  const std::string_view data = data_of(block);
  if (data == "[DONE]") {
    downstream.done = true;
    return;
  }
  if (data.find("finish") == std::string_view::npos) return;
  const auto document = parse_json(data);
  if (!document) return;
  const JsonValue* choices = member(*document, "choices");
  if (choices != nullptr && choices->IsArray() && !choices->Empty()) {
    if (const auto reason = text_member((*choices)[0], "finish_reason")) {
      downstream.finish_reason = *reason;
      ++downstream.finishes;
    }
  } else if (text_member(*document, "type") == "finish") {
    const JsonValue* metadata = member(*document, "messageMetadata");
    const auto reason =
        metadata == nullptr ? std::nullopt : text_member(*metadata, "finishReason");
    downstream.finish_reason = reason.value_or("");
    ++downstream.finishes;
  }
}

void read_blocks(Downstream& downstream) {
  std::string_view rest = downstream.text;
  while (!rest.empty()) {
    const std::size_t end = rest.find("\n\n");
    read_block(rest.substr(0, end), downstream);
    if (end == std::string_view::npos) return;
    rest.remove_prefix(end + 2);
  }
}

}  // namespace

Instant end_of_turn(const Transcript& transcript) {
  const Facts& facts = transcript.facts;
  Instant last;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const Fact fact = facts[i];
    if (fact.kind == FactKind::outcome) return fact.at;
    last = fact.at;
  }
  return last;
}

Downstream downstream_of(const Transcript& transcript) {
  Downstream downstream;
  std::optional<Instant> last_write;
  const Facts& facts = transcript.facts;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const Fact fact = facts[i];
    const bool ends = fact.kind == FactKind::outcome;
    if (fact.kind != FactKind::downstream && fact.kind != FactKind::keepalive && !ends) continue;
    if (last_write) {
      downstream.longest_silence = std::max(downstream.longest_silence, fact.at - *last_write);
    }
    if (ends) break;
    last_write = fact.at;
    if (fact.kind == FactKind::keepalive) downstream.keepalives.push_back(fact.at);
    downstream.text.append(fact.text);
  }
  read_blocks(downstream);
  return downstream;
}

std::string fingerprint(const Facts& facts, bool chunks) {
  StreamHash hash;
  JsonWriter json;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const Fact fact = facts[i];
    if (fact.kind == FactKind::chunk && !chunks) continue;
    write_fact(fact, json);
    hash.add(json.take());
    hash.add("\n");
  }
  return hash.hex();
}

}  // namespace playhead::transcript
