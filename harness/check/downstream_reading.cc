// One data line at a time; named events and unknown parts say nothing here.
#include "check/downstream_reading.h"

#include "base/json.h"
#include "check/markdown.h"
#include "check/ui_stream_reading.h"

namespace playhead::check {
namespace {

void read_chat_chunk(const JsonValue& chunk, DownstreamReading& reading) {
  const JsonValue* choices = member(chunk, "choices");
  if (choices == nullptr || !choices->IsArray()) return;
  for (const JsonValue& choice : choices->GetArray()) {
    if (text_member(choice, "finish_reason")) ++reading.finishes;
    const JsonValue* delta = member(choice, "delta");
    if (delta == nullptr) continue;
    if (const auto content = text_member(*delta, "content")) reading.content.append(*content);
  }
}

void read_ui_part(const JsonValue& part, DownstreamReading& reading) {
  const auto type = text_member(part, "type");
  if (type == "finish") ++reading.finishes;
  if (type != "text-delta") return;
  if (const auto delta = text_member(part, "delta")) reading.content.append(*delta);
}

void read_data(DownstreamFormat format, std::string_view data, UiStreamReading& ui,
               DownstreamReading& reading) {
  const auto json = parse_json(data);
  if (format == DownstreamFormat::openai_chat) {
    if (json) read_chat_chunk(*json, reading);
  } else if (format == DownstreamFormat::ai_sdk_ui) {
    if (!json) return ui.part(JsonValue());
    ui.part(*json);
    read_ui_part(*json, reading);
  }
}

}  // namespace

DownstreamReading read_downstream(DownstreamFormat format, std::string_view text) {
  constexpr std::string_view kData = "data: ";
  DownstreamReading reading;
  UiStreamReading ui;
  bool named = false;  // the event has a name of its own: progress, notices
  Line line;
  while (next_line(text, line)) {
    if (line.text.empty()) {
      named = false;
      continue;
    }
    if (reading.dones > 0) reading.wrote_after_done = true;
    if (line.text.starts_with("event:")) named = true;
    if (named || !line.text.starts_with(kData)) continue;
    const std::string_view data = line.text.substr(kData.size());
    if (data == "[DONE]") {
      ++reading.dones;
    } else {
      read_data(format, data, ui, reading);
    }
  }
  reading.breach = ui.breach();
  return reading;
}

}  // namespace playhead::check
