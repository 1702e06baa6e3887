#include "turn/history.h"

#include "base/check.h"
#include "base/json.h"

namespace playhead::turn {

History::History(const TurnRequest& request)
    : model_(request.model),
      limit_member_(request.limit_member),
      other_members_(request.other_members),
      messages_(request.messages) {}

void History::add_assistant(std::string_view visible, const std::vector<ToolCall>& calls) {
  JsonWriter json;
  json.begin_object();
  json.key("role").string("assistant");
  json.key("content").string(visible);
  if (!calls.empty()) {
    json.key("tool_calls").begin_array();
    for (const ToolCall& call : calls) {
      json.begin_object();
      json.key("id").string(call.id);
      json.key("type").string("function");
      json.key("function").begin_object();
      json.key("name").string(call.name);
      json.key("arguments").string(call.effective_arguments());
      json.end_object().end_object();
    }
    json.end_array();
  }
  messages_.push_back(json.end_object().take());
}

void History::add_tool_result(std::string_view id, std::string_view result) {
  last_result_id_ = id;
  last_result_ = result;
  JsonWriter json;
  json.begin_object();
  json.key("role").string("tool");
  json.key("tool_call_id").string(id);
  json.key("content").string(result);
  messages_.push_back(json.end_object().take());
}

void History::extend_last_result(std::string_view text) {
  PLAYHEAD_CHECK(!last_result_id_.empty() && !messages_.empty());
  messages_.pop_back();
  add_tool_result(std::string(last_result_id_), last_result_ + std::string(text));
}

void History::add_user(std::string_view text) {
  JsonWriter json;
  json.begin_object();
  json.key("role").string("user");
  json.key("content").string(text);
  messages_.push_back(json.end_object().take());
}

std::int64_t History::estimated_tokens() const {
  std::size_t bytes = 0;
  for (const std::string& message : messages_) bytes += message.size();
  return static_cast<std::int64_t>(bytes / 4);
}

std::string History::body(std::optional<std::int64_t> max_tokens) const {
  JsonWriter json;
  json.begin_object();
  if (!model_.empty()) json.key("model").string(model_);
  for (const auto& [name, value] : other_members_) json.key(name).raw(value);
  json.key("messages").begin_array();
  for (const std::string& message : messages_) json.raw(message);
  json.end_array();
  if (max_tokens) json.key(limit_member_).number(*max_tokens);
  return json.end_object().take();
}

}  // namespace playhead::turn
