#include "report/recording_text.h"

#include <fmt/format.h>

#include <string_view>

#include "base/base64.h"
#include "base/utf8.h"
#include "report/printable.h"
#include "transcript/documents.h"
#include "transcript/fact_line.h"

namespace playhead::report {
namespace {

constexpr std::size_t kShownTextMax = 400;  // bytes of a text in a summary for people

std::string shortened(const std::string& text) {
  std::string out;
  if (text.size() <= kShownTextMax) {
    append_json_string(text, out);
    return out;
  }
  append_json_string(to_utf8(std::string_view(text).substr(0, kShownTextMax)), out);
  return fmt::format("{} ... ({} bytes)", out, text.size());
}

std::string count(const std::optional<std::int64_t>& number) {
  return number ? std::to_string(*number) : "?";
}

std::string completion_line(const Completion& completion) {
  std::string out(name_of(completion.finish_reason));
  if (completion.provider_finish_reason)
    out += " (sent: " + *completion.provider_finish_reason + ")";
  if (completion.why) out += ", " + *completion.why;
  if (completion.error && !completion.error->message.empty()) {
    out += ": " + completion.error->message;
  }
  return out;
}

void add_choice(std::string& out, const Choice& choice) {
  const Message& message = choice.message;
  add_text(out, "text", message.visible);
  add_text(out, "reasoning", message.reasoning);
  add_text(out, "refusal", message.refusal);
  for (const ToolCall& call : message.tool_calls) {
    add_line(out, "tool call",
             fmt::format("{} {} [{}] {}", call.name, call.id, name_of(call.state),
                         shortened(call.arguments)));
  }
  for (const std::string& tool : message.provider_tools) add_line(out, "ran", tool);
  add_line(out, "usage", usage_line(message.usage));
  add_line(out, "finish", completion_line(choice.completion));
}

std::string exchange_text(const ExchangeReport& report) {
  std::string out = exchange_head(report) + "\n";
  add_line(out, "bytes",
           fmt::format("{} in {} chunks, {} frames, {} comments", report.bytes, report.chunks,
                       report.frames, report.comments));
  if (report.first_byte) {
    add_line(out, "time",
             fmt::format("first byte {:.3f} s, last {:.3f} s, longest gap {:.3f} s",
                         static_cast<double>(report.first_byte->us) / 1e6,
                         static_cast<double>(report.last_byte->us) / 1e6,
                         static_cast<double>(report.longest_gap.us) / 1e6));
  }
  for (const Choice& choice : report.choices) {
    if (report.choices.size() > 1) out += fmt::format(" choice {}\n", choice.index);
    add_choice(out, choice);
  }
  for (const AnomalyNote& note : report.anomalies) {
    add_line(out, "anomaly",
             fmt::format("{} at byte {}{}{}", name_of(note.anomaly), note.offset,
                         note.detail.empty() ? "" : ": ", note.detail));
  }
  return out;
}

// Text, or what is no text as {"base64": ...}.
void write_bytes(std::string_view bytes, JsonWriter& json) {
  if (is_utf8(bytes)) {
    json.string(bytes);
  } else {
    json.begin_object().key("base64").string(base64(bytes)).end_object();
  }
}

}  // namespace

void add_line(std::string& out, std::string_view label, std::string_view text) {
  if (!text.empty()) out += fmt::format("  {:<11}{}\n", label, printable(text));
}

void add_text(std::string& out, std::string_view label, const std::string& text) {
  if (!text.empty()) add_line(out, label, shortened(text));
}

std::string usage_line(const Usage& usage) {
  if (usage.empty()) return {};
  std::string out =
      fmt::format("{} in, {} out", count(usage.input_tokens), count(usage.output_tokens));
  if (usage.cached_input_tokens) out += fmt::format(", {} cached", *usage.cached_input_tokens);
  if (usage.reasoning_tokens) out += fmt::format(", {} reasoning", *usage.reasoning_tokens);
  return out;
}

std::string recording_head(const Recording& recording) {
  const RecordingMeta& meta = recording.meta;
  std::string out = printable(recording.path) + "\n";
  add_line(out, "title", meta.title);
  add_line(out, "provider", meta.provider);
  add_line(out, "model", meta.model);
  add_line(out, "origin", meta.origin);
  add_line(out, "source", meta.source);
  for (const RecordedMark& mark : recording.marks) add_line(out, "mark", mark.text);
  return out;
}

std::string exchange_head(const ExchangeReport& report) {
  return fmt::format("exchange {}: {}, status {}, {}", report.index, name_of(report.protocol),
                     report.status, name_of(report.end));
}

std::string frame_json(Instant at, const Frame& frame) {
  JsonWriter json;
  json.begin_object();
  json.key("at_us").number(at.us);
  json.key("offset").number(static_cast<std::int64_t>(frame.offset));
  json.key("size").number(static_cast<std::int64_t>(frame.size));
  json.key("kind").string(name_of(frame.kind));
  json.key("event").string(frame.event);
  json.key("id").string(frame.id);
  json.key("retry");
  if (frame.retry) {
    json.raw(std::to_string(*frame.retry));
  } else {
    json.null();
  }
  json.key("data");
  write_bytes(frame.data, json);
  if (frame.kind == FrameKind::message) {
    json.key("headers").begin_object();
    for (const auto& [name, value] : frame.headers) json.key(name).string(value);
    json.end_object();
  }
  json.key("error");
  if (!frame.error.empty() || frame.unterminated) {
    json.string(frame.error.empty() ? std::string_view("unterminated") : frame.error);
  } else {
    json.null();
  }
  return json.end_object().take();
}

std::string recording_text(const Recording& recording, const std::vector<Shown>& exchanges) {
  std::string out = recording_head(recording);
  for (const Shown& shown : exchanges) {
    out += exchange_text(shown.report);
    for (const auto& [path, times] : shown.unknown_members) {
      add_line(out, "unknown", fmt::format("{} ({} times)", path, times));
    }
  }
  return out;
}

std::string frames_text(const Shown& shown) {
  std::string out;
  for (std::size_t i = 0; i < shown.facts.size(); ++i) {
    if (shown.facts[i].kind != FactKind::frame) continue;
    out += transcript::fact_line(shown.facts[i]) + "\n";
  }
  return out;
}

void write_recording(const Recording& recording, const std::vector<Shown>& exchanges,
                     bool with_frames, JsonWriter& json) {
  json.begin_object();
  json.key("recording").string(recording.path);
  json.key("meta").raw(recording.meta.json);
  json.key("exchanges").begin_array();
  for (const Shown& shown : exchanges) {
    transcript::write_exchange(shown.report, json, [&](JsonWriter& out) {
      out.key("unknown_members").begin_object();
      for (const auto& [path, times] : shown.unknown_members) {
        out.key(path).number(static_cast<std::int64_t>(times));
      }
      out.end_object();
      if (!with_frames) return;
      out.key("frames_list").begin_array();
      for (const std::string& frame : shown.frames) out.raw(frame);
      out.end_array();
    });
  }
  json.end_array().end_object();
}

}  // namespace playhead::report
