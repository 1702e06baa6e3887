// For tests of adapters: deltas as lines of text, and frames from payloads.
#ifndef PLAYHEAD_PROVIDER_DELTA_TESTING_H_
#define PLAYHEAD_PROVIDER_DELTA_TESTING_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "model/completion.h"
#include "model/delta.h"
#include "model/frame.h"
#include "provider/adapter.h"

namespace playhead::provider::testing {

using Lines = std::vector<std::string>;

inline std::string shown_usage(const Usage& usage) {
  const auto count = [](const std::optional<std::int64_t>& value) {
    return value ? std::to_string(*value) : std::string("-");
  };
  return count(usage.input_tokens) + " " + count(usage.output_tokens) + " " +
         count(usage.reasoning_tokens) + " " + count(usage.cached_input_tokens) + " " +
         count(usage.total_tokens);
}

inline std::string shown_call(const Delta& delta) {
  std::string text = "call";
  text += delta.index ? " " + std::to_string(*delta.index) : " -";
  if (!delta.id.empty()) text += " #" + std::string(delta.id);
  if (!delta.name.empty()) text += " " + std::string(delta.name);
  if (delta.tool_is_free_text) text += " free";
  if (!delta.tool_has_arguments) return text;
  if (delta.tool_arguments_final) text += " all";
  text += delta.tool_arguments_object ? " json(" : " (";
  return text + std::string(delta.text) + ")";
}

// The kind, the block where there is one, and the text: `text 1 Hi`, `call 0 #a f ({})`.
inline std::string shown(const Delta& delta) {
  const std::string text(delta.text);
  const std::string block = delta.index ? std::to_string(*delta.index) + " " : "";
  switch (delta.kind) {
    case DeltaKind::start: return "start " + std::string(delta.id) + "/" + std::string(delta.name);
    case DeltaKind::text: return "text " + block + text;
    case DeltaKind::text_final: return "text_final " + block + text;
    case DeltaKind::reasoning: return "reasoning " + block + text;
    case DeltaKind::refusal: return "refusal " + text;
    case DeltaKind::signature: return "signature " + block + text;
    case DeltaKind::annotation: return "annotation " + text;
    case DeltaKind::tool_call: return shown_call(delta);
    case DeltaKind::provider_tool:
      return "provider_tool " + std::string(delta.name) + " #" + std::string(delta.id);
    case DeltaKind::provider_result: return "provider_result #" + std::string(delta.id);
    case DeltaKind::usage: return "usage " + shown_usage(delta.usage);
    case DeltaKind::finish: return "finish " + text + "=" + std::string(name_of(delta.finish));
    case DeltaKind::error:
      return "error [" + std::string(delta.name) + "] [" + std::string(delta.type) + "] " + text;
    case DeltaKind::done: return "done";
    case DeltaKind::anomaly:
      return "!" + std::string(name_of(delta.anomaly)) + (text.empty() ? "" : " " + text);
  }
  return "?";
}

inline void append_shown(const std::vector<Delta>& deltas, Lines& lines) {
  for (const Delta& delta : deltas) lines.push_back(shown(delta));
}

inline Lines translate_in(Adapter& adapter, std::string_view data,
                          FrameKind kind = FrameKind::event, std::string_view event = {}) {
  Frame frame;
  frame.kind = kind;
  frame.data = data;
  frame.event = event;
  std::vector<Delta> deltas;
  adapter.translate(frame, deltas);
  Lines lines;
  append_shown(deltas, lines);
  return lines;
}

// A whole stream: one payload an event, then its end.
template <typename AdapterType>
Lines read_stream(const std::vector<std::string>& payloads) {
  AdapterType adapter;
  Lines lines;
  for (const std::string& payload : payloads) {
    for (std::string& line : translate_in(adapter, payload)) lines.push_back(std::move(line));
  }
  std::vector<Delta> deltas;
  adapter.finish(deltas);
  append_shown(deltas, lines);
  return lines;
}

// For fuzz targets: every byte of a delta, so that a sanitizer sees views that dangle.
inline void append_bytes(const Delta& delta, std::string& out) {
  out.append(std::to_string(static_cast<int>(delta.kind))).push_back(' ');
  out.append(std::to_string(delta.index.value_or(-1))).push_back(' ');
  out.append(delta.text).append(delta.id).append(delta.name).append(delta.type).push_back('\n');
}

// What every adapter promises of its deltas, whatever it was given.
inline void check_sane(const std::vector<Delta>& deltas) {
  for (const Delta& delta : deltas) {
    switch (delta.kind) {
      case DeltaKind::text:
      case DeltaKind::text_final:
      case DeltaKind::reasoning:
      case DeltaKind::refusal:
      case DeltaKind::signature:
      case DeltaKind::finish: PLAYHEAD_CHECK(!delta.text.empty()); break;
      case DeltaKind::provider_result: PLAYHEAD_CHECK(!delta.id.empty()); break;
      case DeltaKind::start: PLAYHEAD_CHECK(!delta.id.empty() || !delta.name.empty()); break;
      case DeltaKind::usage: PLAYHEAD_CHECK(!delta.usage.empty()); break;
      default: break;
    }
  }
}

// All lines of `body` as the payloads of one reply, each in the given forms; then its end.
template <typename AdapterType>
std::string read_lines(std::string_view body) {
  AdapterType adapter;
  std::string shown_bytes;
  std::vector<Delta> deltas;
  const auto take = [&] {
    check_sane(deltas);
    for (const Delta& delta : deltas) append_bytes(delta, shown_bytes);
    deltas.clear();
  };
  for (std::size_t at = 0; at <= body.size();) {
    const std::size_t end = std::min(body.find('\n', at), body.size());
    for (const FrameKind kind : {FrameKind::event, FrameKind::line}) {
      Frame frame;
      frame.kind = kind;
      frame.data = body.substr(at, end - at);
      adapter.translate(frame, deltas);
      take();
    }
    at = end + 1;
  }
  adapter.finish(deltas);
  take();
  return shown_bytes;
}

}  // namespace playhead::provider::testing

#endif  // PLAYHEAD_PROVIDER_DELTA_TESTING_H_
