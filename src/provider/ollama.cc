// Ollama: each line's members are walked once and sorted; what they mean is read from there.
#include "provider/ollama.h"

#include <algorithm>
#include <limits>

#include "base/utf8.h"
#include "provider/catalog.h"
#include "provider/deltas.h"

namespace playhead::provider {
namespace {

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

void read_count(const Member& count, std::string_view path, std::optional<std::int64_t>& slot,
                std::vector<Delta>& out) {
  if (!is_present(count)) return;
  if (!count->is_number()) return wrong_type(path, out);
  slot = count->integer();
}

}  // namespace

struct Ollama::Line {
  Member model, message, response, thinking, error, done, done_reason, prompt_eval_count,
      eval_count;

  explicit Line(const JsonView& root) {
    root.each_member([this](std::string_view name, const JsonView& value) { put(name, value); });
  }

 private:
  void put(std::string_view name, const JsonView& value) {
    switch (name.size()) {
      case 4:
        if (name == "done") done = value;
        return;
      case 5:
        if (name == "model") model = value;
        if (name == "error") error = value;
        return;
      case 7:
        if (name == "message") message = value;
        return;
      case 8:
        if (name == "response") response = value;
        if (name == "thinking") thinking = value;
        return;
      case 10:
        if (name == "eval_count") eval_count = value;
        return;
      case 11:
        if (name == "done_reason") done_reason = value;
        return;
      case 17:
        if (name == "prompt_eval_count") prompt_eval_count = value;
        return;
      default: return;
    }
  }
};

void Ollama::translate(const Frame& frame, Deltas& out) {
  owned_.clear();
  if (frame.kind == FrameKind::comment) return;
  const auto root = reader_.read(frame.data);
  if (!root) {
    if (is_blank(frame.data)) return note(Anomaly::empty_data, {}, out);
    return note(Anomaly::bad_json, own(quoted(frame.data), owned_), out);
  }
  if (reader_.repairs().bad_utf8) note(Anomaly::bad_utf8, {}, out);
  if (reader_.repairs().lone_surrogate) note(Anomaly::lone_surrogate, {}, out);
  if (!root->is_object()) return wrong_type("line", out);
  const Line line(*root);
  if (!line.error && !line.message && !line.response && !line.thinking && !line.done) {
    return note(Anomaly::unknown_event, own(quoted(frame.data), owned_), out);
  }
  read_line(line, out);
}

void Ollama::read_line(const Line& line, Deltas& out) {
  read_start(text_of(line.model, "model", out), out);
  if (is_object(line.message)) {
    read_message(*line.message, out);
  } else if (is_present(line.message)) {
    wrong_type("message", out);
  }
  add_text(DeltaKind::reasoning, text_of(line.thinking, "thinking", out), out);
  add_text(DeltaKind::text, text_of(line.response, "response", out), out);
  if (is_present(line.error)) {
    const bool is_empty = line.error->is_string() && line.error->text().empty();
    if (!is_empty) out.push_back(read_error(*line.error, owned_));
  }
  if (is_present(line.done) && !line.done->is_bool()) wrong_type("done", out);
  if (line.done && line.done->is_true()) read_end(line, out);
}

void Ollama::read_start(std::string_view model, Deltas& out) {
  if (model.empty() || model == last_model_) return;
  last_model_.assign(model);
  add(DeltaKind::start, out).name = model;
}

void Ollama::read_message(const JsonView& message, Deltas& out) {
  Member content, thinking, tool_calls;
  message.each_member([&](std::string_view name, const JsonView& value) {
    if (name == "content") content = value;
    if (name == "thinking") thinking = value;
    if (name == "tool_calls") tool_calls = value;
  });
  add_text(DeltaKind::reasoning, text_of(thinking, "message.thinking", out), out);
  add_text(DeltaKind::text, text_of(content, "message.content", out), out);
  if (is_present(tool_calls)) read_tool_calls(*tool_calls, out);
}

void Ollama::read_tool_calls(const JsonView& calls, Deltas& out) {
  if (!calls.is_array()) return wrong_type("message.tool_calls", out);
  calls.each_element([&](const JsonView& call) {
    if (call.is_object()) {
      read_tool_call(call, out);
    } else if (!call.is_null()) {
      wrong_type("message.tool_calls[]", out);
    }
  });
}

void Ollama::read_tool_call(const JsonView& call, Deltas& out) {
  Delta delta;
  delta.kind = DeltaKind::tool_call;
  delta.id = text_of(call.find("id"), "message.tool_calls[].id", out);
  const Member function = call.find("function");
  if (!is_object(function)) wrong_type("message.tool_calls[].function", out);
  std::optional<std::int64_t> sent;
  if (function) {
    delta.name = text_of(function->find("name"), "message.tool_calls[].function.name", out);
    read_count(function->find("index"), "message.tool_calls[].function.index", sent, out);
    const Member arguments = function->find("arguments");
    if (is_present(arguments)) {
      if (!arguments->is_object()) wrong_type("message.tool_calls[].function.arguments", out);
      delta.tool_has_arguments = true;
      delta.tool_arguments_object = true;
      delta.text = scalar_text(arguments, owned_);
    }
  }
  delta.index = own_index(sent, out);
  out.push_back(delta);
}

// An index that no call before has: calls of the same name without ids would be taken for one.
std::int64_t Ollama::own_index(std::optional<std::int64_t> sent, Deltas& out) {
  std::int64_t index = sent.value_or(next_index_);
  if (std::find(indexes_.begin(), indexes_.end(), index) != indexes_.end()) {
    note(Anomaly::tool_index_reused, own("index " + std::to_string(index), owned_), out);
    index = next_index_;
  }
  if (indexes_.size() < kOllamaCallsMax) indexes_.push_back(index);
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  next_index_ = std::max(next_index_, index < kMax ? index + 1 : kMax);
  return index;
}

// Counts may be missing where the prompt was cached; a reason, in old versions.
void Ollama::read_end(const Line& line, Deltas& out) {
  const std::string_view word = text_of(line.done_reason, "done_reason", out);
  if (add_text(DeltaKind::finish, word, out)) {
    out.back().finish = finish_reason_of(Protocol::ollama, word);
  }
  Usage usage;
  read_count(line.prompt_eval_count, "prompt_eval_count", usage.input_tokens, out);
  read_count(line.eval_count, "eval_count", usage.output_tokens, out);
  const bool any = usage.input_tokens.value_or(0) != 0 || usage.output_tokens.value_or(0) != 0;
  if (any) add(DeltaKind::usage, out).usage = usage;
  add(DeltaKind::done, out);
}

}  // namespace playhead::provider
