// One table says which members each kind of fact has; both forms walk it.
#include "transcript/fact_line.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace playhead::transcript {
namespace {

// Names of a kind's members in JSON; an empty name: the kind has no such member.
struct Shape {
  std::string_view name;
  std::string_view detail;
  std::string_view text;
  std::string_view number;
  bool span = false;    // offset and size
  bool offset = false;  // offset alone
  bool status = false;
  bool text_in_line = true;
};

constexpr Shape shape_of(FactKind kind) {
  switch (kind) {
    case FactKind::request:
      return {.name = "why", .text = "body", .number = "max_tokens", .text_in_line = false};
    case FactKind::response: return {.number = "status"};
    case FactKind::chunk: return {.span = true};
    case FactKind::frame:
      return {.name = "event", .detail = "frame_kind", .text = "data", .span = true};
    case FactKind::text:
    case FactKind::reasoning:
    case FactKind::refusal:
    case FactKind::usage:
    case FactKind::finish:
    case FactKind::visible:
    case FactKind::notice:
    case FactKind::downstream: return {.text = "text"};
    case FactKind::steer: return {.name = "state", .text = "text"};
    case FactKind::keepalive: return {.text = "text", .text_in_line = false};
    case FactKind::tool_call: return {.name = "name", .detail = "id", .text = "arguments"};
    case FactKind::error: return {.name = "code", .text = "message"};
    case FactKind::anomaly: return {.name = "name", .text = "detail", .offset = true};
    case FactKind::end: return {.name = "reason", .detail = "detail"};
    case FactKind::completion: return {.name = "finish_reason", .text = "why"};
    case FactKind::tool:
      return {.name = "name", .detail = "id", .text = "arguments", .status = true};
    case FactKind::continuation: return {.name = "kind_of", .text = "prompt"};
    case FactKind::backoff: return {.number = "wait_us"};
    case FactKind::exchange:
    case FactKind::outcome: return {};
  }
  return {};
}

// A word as it is; in quotes where a blank or a control character would spoil the line.
void append_word(std::string& line, std::string_view word) {
  if (word.empty()) return;
  line.push_back(' ');
  const bool plain = std::all_of(word.begin(), word.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7F && c != '"';
  });
  if (plain) {
    line.append(word);
  } else {
    append_json_string(word, line);
  }
}

}  // namespace

std::string fact_line(const Fact& fact) {
  const Shape shape = shape_of(fact.kind);
  std::string line = "t=" + std::to_string(fact.at.us);
  if (fact.exchange > 0) line.append(" x").append(std::to_string(fact.exchange));
  append_word(line, name_of(fact.kind));
  if (shape.status) append_word(line, name_of(fact.status));
  if (shape.span) {
    append_word(line, "off=" + std::to_string(fact.offset) + ".." +
                          std::to_string(fact.offset + fact.size));
  }
  if (shape.offset) append_word(line, "off=" + std::to_string(fact.offset));
  const bool is_plain_event = fact.kind == FactKind::frame && fact.detail == "event";
  if (!is_plain_event) append_word(line, fact.detail);
  append_word(line, fact.name);
  if (!shape.number.empty() && fact.number >= 0) {
    append_word(line, std::string(shape.number) + "=" + std::to_string(fact.number));
  }
  const bool always = fact.kind == FactKind::frame || fact.kind == FactKind::tool_call;
  if (!shape.text.empty() && shape.text_in_line && (always || !fact.text.empty())) {
    line.push_back(' ');
    append_json_string(fact.text, line);
  }
  return line;
}

void write_fact(const Fact& fact, JsonWriter& json) {
  const Shape shape = shape_of(fact.kind);
  json.begin_object();
  json.key("at_us").number(fact.at.us);
  json.key("kind").string(name_of(fact.kind));
  if (fact.exchange > 0) json.key("exchange").number(fact.exchange);
  if (shape.span || shape.offset) {
    json.key("offset").number(static_cast<std::int64_t>(fact.offset));
  }
  if (shape.span) json.key("size").number(static_cast<std::int64_t>(fact.size));
  if (shape.status) json.key("status").string(name_of(fact.status));
  if (!shape.number.empty() && fact.number >= 0) json.key(shape.number).number(fact.number);
  if (!shape.name.empty() && !fact.name.empty()) json.key(shape.name).string(fact.name);
  if (!shape.detail.empty() && !fact.detail.empty()) json.key(shape.detail).string(fact.detail);
  if (!shape.text.empty()) json.key(shape.text).string(fact.text);
  json.end_object();
}

}  // namespace playhead::transcript
