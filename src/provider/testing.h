// For the tests and fuzz targets of adapters: deltas as lines of text, and what holds for all.
#ifndef PLAYHEAD_PROVIDER_TESTING_H_
#define PLAYHEAD_PROVIDER_TESTING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "model/completion.h"
#include "model/delta.h"
#include "model/frame.h"
#include "provider/adapter.h"

namespace playhead::provider {

using DeltaLines = std::vector<std::string>;

inline std::string shown_count(const std::optional<std::int64_t>& count) {
  return count ? std::to_string(*count) : "-";
}

// input, output, reasoning, cached, total
inline std::string shown_usage(const Usage& usage) {
  return shown_count(usage.input_tokens) + " " + shown_count(usage.output_tokens) + " " +
         shown_count(usage.reasoning_tokens) + " " + shown_count(usage.cached_input_tokens) + " " +
         shown_count(usage.total_tokens);
}

// call INDEX #ID NAME free (ARGUMENTS), as far as the piece has them
inline std::string shown_call(const Delta& delta) {
  std::string text = "call " + shown_count(delta.index);
  if (!delta.id.empty()) text += " #" + std::string(delta.id);
  if (!delta.name.empty()) text += " " + std::string(delta.name);
  if (delta.tool_is_free_text) text += " free";
  if (delta.tool_has_arguments) text += delta.tool_arguments_object ? " json(" : " (";
  if (delta.tool_has_arguments) text += std::string(delta.text) + ")";
  return text;
}

inline std::string shown_block(std::string_view kind, const Delta& delta) {
  const std::string block = delta.index ? " " + std::to_string(*delta.index) : "";
  return std::string(kind) + block + " " + std::string(delta.text);
}

inline std::string shown_content(const Delta& delta) {
  const std::string text(delta.text);
  switch (delta.kind) {
    case DeltaKind::start: return "start " + std::string(delta.id) + "/" + std::string(delta.name);
    case DeltaKind::text: return shown_block("text", delta);
    case DeltaKind::text_final: return shown_block("text_final", delta);
    case DeltaKind::reasoning: return shown_block("reasoning", delta);
    case DeltaKind::signature: return shown_block("signature", delta);
    case DeltaKind::annotation: return shown_block("annotation", delta);
    case DeltaKind::refusal: return "refusal " + text;
    case DeltaKind::tool_call: return shown_call(delta);
    case DeltaKind::provider_tool:
      return "provider_tool #" + std::string(delta.id) + " " + std::string(delta.name);
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

inline std::string shown(const Delta& delta) {
  const std::string choice = delta.choice == 0 ? "" : std::to_string(delta.choice) + ": ";
  return choice + shown_content(delta);
}

inline DeltaLines translate_in(Adapter& adapter, const Frame& frame) {
  std::vector<Delta> deltas;
  adapter.translate(frame, deltas);
  DeltaLines lines;
  for (const Delta& delta : deltas) lines.push_back(shown(delta));
  return lines;
}

inline DeltaLines finish_in(Adapter& adapter) {
  std::vector<Delta> deltas;
  adapter.finish(deltas);
  DeltaLines lines;
  for (const Delta& delta : deltas) lines.push_back(shown(delta));
  return lines;
}

// Every byte of the deltas, so that a sanitizer sees views that dangle. What no adapter may give,
// whatever it reads, is a bug (CHECK).
inline std::string checked(const std::vector<Delta>& deltas) {
  std::string bytes;
  for (const Delta& delta : deltas) {
    const bool is_named = !delta.id.empty() || !delta.name.empty();
    switch (delta.kind) {
      case DeltaKind::text:
      case DeltaKind::reasoning:
      case DeltaKind::refusal:
      case DeltaKind::finish: PLAYHEAD_CHECK(!delta.text.empty()); break;
      case DeltaKind::start: PLAYHEAD_CHECK(is_named); break;
      case DeltaKind::usage: PLAYHEAD_CHECK(!delta.usage.empty()); break;
      default: break;
    }
    bytes += shown(delta) + std::string(delta.type) + "\n";
  }
  return bytes;
}

}  // namespace playhead::provider

#endif  // PLAYHEAD_PROVIDER_TESTING_H_
