#include "emit/openai_chat_writer.h"

#include "base/check.h"
#include "base/json.h"
#include "emit/turn_end_json.h"

namespace playhead::emit {
namespace {

constexpr std::string_view kTail = ",\"finish_reason\":null}]}\n\n";
constexpr std::string_view kDone = "data: [DONE]\n\n";
constexpr UsageNames kUsageNames{"prompt_tokens", "completion_tokens", "total_tokens"};

}  // namespace

OpenAiChatWriter::OpenAiChatWriter(const Envelope& envelope) {
  JsonWriter json;
  json.begin_object();
  json.key("id").string(envelope.id);
  json.key("object").string("chat.completion.chunk");
  json.key("created").number(envelope.created_s);
  json.key("model").string(envelope.model);
  json.end_object();
  head_ = "data: " + json.take();
  head_.pop_back();  // the object goes on
  head_ += ",\"choices\":[{\"index\":0,\"delta\":";
  text_head_ = head_ + "{\"content\":";
  const std::string& field = envelope.reasoning_field;
  if (field.empty()) return;
  reasoning_head_ = head_ + "{";
  append_json_string(field, reasoning_head_);
  reasoning_head_ += ":";
}

void OpenAiChatWriter::delta(std::string_view head, std::string_view text, std::string& out) {
  PLAYHEAD_CHECK(!finished_);
  out.append(head);
  append_json_string(text, out);
  out.append("}").append(kTail);
}

void OpenAiChatWriter::begin(std::string& out) {
  PLAYHEAD_CHECK(!finished_);
  out.append(head_).append("{\"role\":\"assistant\",\"content\":\"\"}").append(kTail);
}

// The format has no borders between replies.
void OpenAiChatWriter::next_reply(std::string&) {}

void OpenAiChatWriter::text(std::string_view visible, std::string& out) {
  delta(text_head_, visible, out);
}

void OpenAiChatWriter::reasoning(std::string_view piece, std::string& out) {
  if (!reasoning_head_.empty()) delta(reasoning_head_, piece, out);
}

void OpenAiChatWriter::progress(const ToolRecord& call, std::string_view status, std::string& out) {
  PLAYHEAD_CHECK(!finished_);
  JsonWriter json;
  json.begin_object();
  json.key("tool").string(call.name);
  json.key("tool_call_id").string(call.id);
  json.key("status").string(status);
  out.append("event: tool.progress\ndata: ").append(json.end_object().take()).append("\n\n");
}

void OpenAiChatWriter::tool_running(const ToolRecord& call, std::string& out) {
  progress(call, "running", out);
}

void OpenAiChatWriter::tool_completed(const ToolRecord& call, std::string_view, std::string& out) {
  progress(call, "completed", out);
}

void OpenAiChatWriter::tool_failed(const ToolRecord& call, std::string_view, std::string& out) {
  progress(call, "completed", out);
}

// What never ran has no progress.
void OpenAiChatWriter::tool_refused(const ToolRecord&, std::string_view, std::string&) {}

void OpenAiChatWriter::notice(std::string_view text, std::string& out) {
  PLAYHEAD_CHECK(!finished_);
  JsonWriter json;
  json.begin_object().key("message").string(text).end_object();
  out.append("event: playhead.notice\ndata: ").append(json.take()).append("\n\n");
}

void OpenAiChatWriter::finish(const TurnEnd& end, std::string& out) {
  PLAYHEAD_CHECK(!finished_);
  finished_ = true;
  JsonWriter rest;
  rest.begin_object();
  append_usage(end.usage, kUsageNames, rest);
  if (end.failed && *end.error) {
    rest.key("error").begin_object();
    rest.key("message").string((*end.error)->message);
    rest.key("type").string((*end.error)->code).end_object();
  }
  if (!end.completed) append_extension(end, rest);
  const std::string members = rest.end_object().take();
  out.append(head_).append("{},\"finish_reason\":\"").append(end.finish_reason).append("\"}],");
  out.append(std::string_view(members).substr(1)).append("\n\n").append(kDone);
}

// Nothing more is written (SPEC 9.1).
void OpenAiChatWriter::stopped(const TurnError&, std::string&) {
  PLAYHEAD_CHECK(!finished_);
  finished_ = true;
}

}  // namespace playhead::emit
