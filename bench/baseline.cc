#include "bench/baseline.h"

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

}  // namespace

void DomExtractor::extract(std::string_view payload, Text& text) {
  document_.SetNull();
  pool_.Clear();
  document_.Parse(payload.data());
  if (document_.HasParseError()) return;
  const Value* choices = find(document_, "choices");
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

}  // namespace playhead::bench
