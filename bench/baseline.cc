#include "bench/baseline.h"

#include <array>

namespace playhead::bench {
namespace {

using Value = rapidjson::Value;

const Value* find(const Value& object, const char* name) {
  if (!object.IsObject()) return nullptr;
  const auto found = object.FindMember(name);
  return found == object.MemberEnd() ? nullptr : &found->value;
}

void append(const Value* string, std::string& out) {
  if (string != nullptr && string->IsString()) {
    out.append(string->GetString(), string->GetStringLength());
  }
}

// Where the text stands: members one inside the other; of arrays on the way, all elements. Lists of
// names end at the first nullptr.
struct TextPath {
  Protocol protocol;
  const char* type;  // what the payload's member `type` must be; nullptr: anything
  std::string Text::*text;
  std::array<const char*, 6> names;
};

constexpr std::array kTextPaths = {
    TextPath{Protocol::openai_responses, "response.output_text.delta", &Text::content, {"delta"}},
    TextPath{Protocol::openai_responses,
             "response.function_call_arguments.delta",
             &Text::arguments,
             {"delta"}},
    TextPath{Protocol::anthropic_messages, nullptr, &Text::content, {"delta", "text"}},
    TextPath{Protocol::anthropic_messages, nullptr, &Text::content, {"content_block", "text"}},
    TextPath{Protocol::anthropic_messages, nullptr, &Text::arguments, {"delta", "partial_json"}},
    TextPath{Protocol::gemini, nullptr, &Text::content, {"candidates", "content", "parts", "text"}},
    TextPath{Protocol::bedrock_converse, nullptr, &Text::content, {"delta", "text"}},
    TextPath{Protocol::bedrock_converse, nullptr, &Text::arguments, {"delta", "toolUse", "input"}},
    TextPath{Protocol::bedrock_invoke, nullptr, &Text::content, {"bytes"}},
    TextPath{Protocol::ollama, nullptr, &Text::content, {"message", "content"}},
    TextPath{Protocol::ollama, nullptr, &Text::content, {"response"}},
    TextPath{Protocol::cohere, nullptr, &Text::content, {"delta", "message", "content", "text"}},
    TextPath{Protocol::cohere,
             nullptr,
             &Text::arguments,
             {"delta", "message", "tool_calls", "function", "arguments"}},
    TextPath{Protocol::cohere, nullptr, &Text::content, {"text"}},
    TextPath{Protocol::openai_completions, nullptr, &Text::content, {"choices", "text"}},
};

void walk(const Value& value, const char* const* names, std::string& out) {
  if (value.IsArray()) {
    for (const Value& element : value.GetArray()) walk(element, names, out);
  } else if (*names == nullptr) {
    append(&value, out);
  } else if (const Value* member = find(value, *names)) {
    walk(*member, names + 1, out);
  }
}

void extract_by_paths(Protocol protocol, const Value& root, Text& text) {
  for (const TextPath& path : kTextPaths) {
    if (path.protocol != protocol) continue;
    if (path.type != nullptr) {
      const Value* type = find(root, "type");
      if (type == nullptr || *type != path.type) continue;
    }
    walk(root, path.names.data(), text.*path.text);
  }
}

void extract_chat(const Value& root, Text& text) {
  const Value* choices = find(root, "choices");
  if (choices == nullptr || !choices->IsArray()) return;
  for (const Value& choice : choices->GetArray()) {
    const Value* index = find(choice, "index");
    if (index != nullptr && index->IsInt() && index->GetInt() != 0) continue;
    const Value* delta = find(choice, "delta");
    if (delta == nullptr) continue;
    append(find(*delta, "content"), text.content);
    const Value* calls = find(*delta, "tool_calls");
    if (calls == nullptr || !calls->IsArray()) continue;
    for (const Value& call : calls->GetArray()) {
      if (const Value* function = find(call, "function")) {
        append(find(*function, "arguments"), text.arguments);
      }
    }
  }
}

}  // namespace

void DomExtractor::extract(std::string_view payload, Text& text) {
  document_.SetNull();
  pool_.Clear();
  document_.Parse(payload.data());
  if (document_.HasParseError()) return;
  const bool is_chat = protocol_ == Protocol::openai_chat || protocol_ == Protocol::mistral;
  if (is_chat) return extract_chat(document_, text);
  extract_by_paths(protocol_, document_, text);
}

}  // namespace playhead::bench
