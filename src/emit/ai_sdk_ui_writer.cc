#include "emit/ai_sdk_ui_writer.h"

#include <algorithm>
#include <optional>

#include "base/check.h"
#include "base/json.h"
#include "emit/turn_end_json.h"

namespace playhead::emit {
namespace {

constexpr std::string_view kDone = "data: [DONE]\n\n";
constexpr UsageNames kUsageNames{"inputTokens", "outputTokens", "totalTokens"};

// A chunk of that type with texts as its members.
struct Member {
  std::string_view name;
  std::string_view text;
};

void append_chunk(std::string_view type, std::initializer_list<Member> members, std::string& out) {
  out.append("data: {\"type\":\"").append(type).append("\"");
  for (const Member& member : members) {
    out.append(",\"").append(member.name).append("\":");
    append_json_string(member.text, out);
  }
  out.append("}\n\n");
}

// Whether the client's parser refuses a text with this value for fear of a poisoned prototype:
// `__proto__` anywhere, however it is escaped; `constructor` with a member `prototype`, or null in
// the oldest versions. The whole stream fails then (measured, ci/conformance).
bool is_refused(const JsonValue& value) {
  if (value.IsArray()) {
    return std::any_of(value.Begin(), value.End(), is_refused);
  }
  if (!value.IsObject()) return false;
  for (const auto& entry : value.GetObject()) {
    const std::string_view name = text_of(entry.name);
    if (name == "__proto__" || is_refused(entry.value)) return true;
    if (name != "constructor") continue;
    if (entry.value.IsNull() || member(entry.value, "prototype") != nullptr) return true;
  }
  return false;
}

// Whether the text is one JSON object that may stand in a chunk as it is: also one level deeper it
// is not nested too deep for a reader with our limit (kJsonDepthMax).
bool is_plain_object(std::string_view arguments) {
  const auto document = parse_json("[" + std::string(arguments) + "]");
  if (!document || document->Size() != 1) return false;
  const JsonValue& value = (*document)[0];
  return value.IsObject() && !is_refused(value);
}

// As one line: in valid JSON both bytes stand only between tokens.
std::string one_line(std::string_view json) {
  std::string line(json);
  std::erase_if(line, [](char c) { return c == '\n' || c == '\r'; });
  return line;
}

std::string_view arguments_of(const ToolRecord& call) {
  const bool blank = call.arguments.find_first_not_of(" \t\r\n") == std::string::npos;
  return blank ? std::string_view("{}") : std::string_view(call.arguments);
}

}  // namespace

AiSdkUiWriter::AiSdkUiWriter(const Envelope& envelope)
    : id_(envelope.id), sends_reasoning_(!envelope.reasoning_field.empty()) {}

void AiSdkUiWriter::begin(std::string& out) {
  PLAYHEAD_CHECK(!finished_);
  append_chunk("start", {{"messageId", id_}}, out);
}

void AiSdkUiWriter::next_reply(std::string& out) {
  PLAYHEAD_CHECK(!finished_);
  close_step(out);
}

void AiSdkUiWriter::open_step(std::string& out) {
  PLAYHEAD_CHECK(!finished_);
  if (in_step_) return;
  in_step_ = true;
  append_chunk("start-step", {}, out);
}

void AiSdkUiWriter::open_block(Block block, std::string& out) {
  if (block_ == block) return;
  close_block(out);
  const bool is_text = block == Block::text;
  block_ = block;
  block_id_ = is_text ? "t" + std::to_string(++texts_) : "r" + std::to_string(++reasonings_);
  append_chunk(is_text ? "text-start" : "reasoning-start", {{"id", block_id_}}, out);
  delta_head_ = is_text ? "data: {\"type\":\"text-delta\",\"id\":\""
                        : "data: {\"type\":\"reasoning-delta\",\"id\":\"";
  delta_head_.append(block_id_).append("\",\"delta\":");
}

void AiSdkUiWriter::close_block(std::string& out) {
  if (block_ == Block::none) return;
  append_chunk(block_ == Block::text ? "text-end" : "reasoning-end", {{"id", block_id_}}, out);
  block_ = Block::none;
}

void AiSdkUiWriter::close_step(std::string& out) {
  close_block(out);
  if (!in_step_) return;
  in_step_ = false;
  append_chunk("finish-step", {}, out);
}

void AiSdkUiWriter::delta(Block block, std::string_view piece, std::string& out) {
  open_step(out);
  open_block(block, out);
  out.append(delta_head_);
  append_json_string(piece, out);
  out.append("}\n\n");
}

void AiSdkUiWriter::text(std::string_view visible, std::string& out) {
  delta(Block::text, visible, out);
}

void AiSdkUiWriter::reasoning(std::string_view piece, std::string& out) {
  if (sends_reasoning_) delta(Block::reasoning, piece, out);
}

// Clients know a call by its id over the whole message, and up to some version overwrite an earlier
// one; providers know it within one reply, and some begin anew with each.
std::string AiSdkUiWriter::call_id(std::string_view id) const {
  const auto found = calls_.find(id);
  std::string unique(id);
  if (found != calls_.end() && found->second > 1) unique += "#" + std::to_string(found->second);
  return unique;
}

void AiSdkUiWriter::begin_call(const ToolRecord& call, std::string& out) {
  open_step(out);
  close_block(out);
  ++calls_[call.id];
  unanswered_.push_back(call_id(call.id));
  append_chunk("tool-input-start", {{"toolCallId", unanswered_.back()}, {"toolName", call.name}},
               out);
}

void AiSdkUiWriter::input_available(const ToolRecord& call, std::string& out) {
  const std::string_view arguments = arguments_of(call);
  JsonWriter json;
  json.begin_object();
  json.key("type").string("tool-input-available");
  json.key("toolCallId").string(call_id(call.id));
  json.key("toolName").string(call.name);
  json.key("input");
  if (is_plain_object(arguments)) {
    json.raw(one_line(arguments));
  } else {
    json.string(arguments);
  }
  out.append("data: ").append(json.end_object().take()).append("\n\n");
}

void AiSdkUiWriter::tool_running(const ToolRecord& call, std::string& out) {
  begin_call(call, out);
  append_chunk("tool-input-delta",
               {{"toolCallId", call_id(call.id)}, {"inputTextDelta", arguments_of(call)}}, out);
  input_available(call, out);
}

void AiSdkUiWriter::tool_completed(const ToolRecord& call, std::string_view result,
                                   std::string& out) {
  PLAYHEAD_CHECK(!finished_);
  const std::string id = call_id(call.id);
  std::erase(unanswered_, id);
  append_chunk("tool-output-available", {{"toolCallId", id}, {"output", result}}, out);
}

void AiSdkUiWriter::output_error(std::string_view id, std::string_view error, std::string& out) {
  append_chunk("tool-output-error", {{"toolCallId", id}, {"errorText", error}}, out);
}

void AiSdkUiWriter::tool_failed(const ToolRecord& call, std::string_view error, std::string& out) {
  PLAYHEAD_CHECK(!finished_);
  const std::string id = call_id(call.id);
  std::erase(unanswered_, id);
  output_error(id, error, out);
}

void AiSdkUiWriter::tool_refused(const ToolRecord& call, std::string_view error, std::string& out) {
  begin_call(call, out);
  input_available(call, out);
  tool_failed(call, error, out);
}

// Belongs to no part, so it may stand anywhere.
void AiSdkUiWriter::notice(std::string_view text, std::string& out) {
  PLAYHEAD_CHECK(!finished_);
  JsonWriter json;
  json.begin_object().key("type").string("data-notice");
  json.key("data").begin_object().key("message").string(text).end_object();
  json.key("transient").boolean(true).end_object();
  out.append("data: ").append(json.take()).append("\n\n");
}

void AiSdkUiWriter::finish(const TurnEnd& end, std::string& out) {
  PLAYHEAD_CHECK(!finished_);
  close_step(out);
  finished_ = true;
  if (end.failed) {
    append_chunk("error", {{"errorText", *end.error ? (*end.error)->message : ""}}, out);
  }
  // Members of the chunk itself would be newer than the oldest clients.
  JsonWriter json;
  json.begin_object().key("type").string("finish").key("messageMetadata").begin_object();
  json.key("finishReason").string(end.finish_reason);
  append_usage(end.usage, kUsageNames, json);
  if (!end.completed) append_extension(end, json);
  json.end_object().end_object();
  out.append("data: ").append(json.take()).append("\n\n").append(kDone);
}

void AiSdkUiWriter::stopped(const TurnError& why, std::string& out) {
  PLAYHEAD_CHECK(!finished_);
  for (const std::string& id : unanswered_) output_error(id, why.message, out);
  close_step(out);
  finished_ = true;
  append_chunk("abort", {}, out);  // its reason would be newer than the oldest clients
  const std::optional<TurnError> error = why;
  JsonWriter json;
  json.begin_object().key("type").string("finish").key("messageMetadata").begin_object();
  append_extension({.finish_reason = {}, .error = &error, .usage = {}}, json);
  json.end_object().end_object();
  out.append("data: ").append(json.take()).append("\n\n").append(kDone);
}

}  // namespace playhead::emit
