// For the tests and fuzz targets of adapters: deltas as lines of text, streams read to their end,
// and what holds for all.
#ifndef PLAYHEAD_PROVIDER_TESTING_H_
#define PLAYHEAD_PROVIDER_TESTING_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/base64.h"
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

// call INDEX #ID NAME free all (ARGUMENTS), as far as the piece has them
inline std::string shown_call(const Delta& delta) {
  std::string text = "call " + shown_count(delta.index);
  if (!delta.id.empty()) text += " #" + std::string(delta.id);
  if (!delta.name.empty()) text += " " + std::string(delta.name);
  if (delta.tool_is_free_text) text += " free";
  if (!delta.tool_has_arguments) return text;
  if (delta.tool_arguments_final) text += " all";
  text += delta.tool_arguments_object ? " json(" : " (";
  return text + std::string(delta.text) + ")";
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

inline DeltaLines shown(const std::vector<Delta>& deltas) {
  DeltaLines lines;
  for (const Delta& delta : deltas) lines.push_back(shown(delta));
  return lines;
}

// Borrows the texts.
inline Frame frame_of(std::string_view data, FrameKind kind, std::string_view event = {}) {
  Frame frame;
  frame.kind = kind;
  frame.data = data;
  frame.event = event;
  return frame;
}

inline DeltaLines translate_in(Adapter& adapter, const Frame& frame) {
  std::vector<Delta> deltas;
  adapter.translate(frame, deltas);
  return shown(deltas);
}

inline DeltaLines translate_in(Adapter& adapter, std::string_view data,
                               FrameKind kind = FrameKind::event, std::string_view event = {}) {
  return translate_in(adapter, frame_of(data, kind, event));
}

// A whole stream, then its end.
template <typename AdapterType>
DeltaLines read_frames(const std::vector<Frame>& frames) {
  AdapterType adapter;
  DeltaLines lines;
  for (const Frame& frame : frames) {
    for (std::string& line : translate_in(adapter, frame)) lines.push_back(std::move(line));
  }
  std::vector<Delta> deltas;
  adapter.finish(deltas);
  for (std::string& line : shown(deltas)) lines.push_back(std::move(line));
  return lines;
}

// The same of a stream that has one payload a frame, all of one kind.
template <typename AdapterType, typename Payload>
DeltaLines read_stream(const std::vector<Payload>& payloads, FrameKind kind = FrameKind::event) {
  std::vector<Frame> frames;
  for (const Payload& payload : payloads) frames.push_back(frame_of(payload, kind));
  return read_frames<AdapterType>(frames);
}

// --- For fuzz targets.

// What no adapter may give, whatever it reads, is a bug (CHECK).
inline void check_sane(const Delta& delta) {
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

// One stream of any bytes. Its deltas are checked, and every byte of them is read, so that a
// sanitizer sees views that dangle.
template <typename AdapterType>
class CheckedStream {
 public:
  // The deltas of this frame, borrowed until the next call.
  const std::vector<Delta>& translate(const Frame& frame) {
    deltas_.clear();
    adapter_.translate(frame, deltas_);
    read_deltas();
    return deltas_;
  }

  // The bytes of all deltas, those of the end too. Called once.
  std::string finish() {
    deltas_.clear();
    adapter_.finish(deltas_);
    read_deltas();
    return std::move(bytes_);
  }

 private:
  void read_deltas() {
    for (const Delta& delta : deltas_) {
      check_sane(delta);
      bytes_.append(shown(delta)).append(delta.text).append(delta.id).append(delta.name);
      bytes_.append(delta.type).push_back('\n');
    }
  }

  AdapterType adapter_;
  std::vector<Delta> deltas_;
  std::string bytes_;
};

// Behind the last line feed there is one more, empty or not.
inline std::vector<std::string_view> lines_of(std::string_view body) {
  std::vector<std::string_view> lines;
  for (std::size_t at = 0; at <= body.size();) {
    const std::size_t end = std::min(body.find('\n', at), body.size());
    lines.push_back(body.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

// All lines as one reply, each as an event and as a line; then its end.
template <typename AdapterType>
std::string read_lines(std::string_view body) {
  CheckedStream<AdapterType> stream;
  for (const std::string_view line : lines_of(body)) {
    stream.translate(frame_of(line, FrameKind::event));
    stream.translate(frame_of(line, FrameKind::line));
  }
  return stream.finish();
}

// What a target does with its input: `read` twice, which must give the same. Returns 0.
inline int check_repeats(std::string (*read)(std::string_view), const std::uint8_t* data,
                         std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  PLAYHEAD_CHECK(read(body) == read(body));
  return 0;
}

}  // namespace playhead::provider

#endif  // PLAYHEAD_PROVIDER_TESTING_H_
