#include "bench/parsers.h"

#include <rapidjson/reader.h>
#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "base/json_view.h"

namespace playhead::bench {
namespace {

// Follows the path choices[].delta.content and choices[].delta.tool_calls[].function.arguments.
class TextHandler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, TextHandler> {
 public:
  explicit TextHandler(Text& text) : text_(text) {}

  bool StartObject() { return down(); }
  bool EndObject(rapidjson::SizeType) { return up(); }
  bool StartArray() { return down(); }
  bool EndArray(rapidjson::SizeType) { return up(); }

  bool Key(const char* name, rapidjson::SizeType size, bool) {
    if (depth_ == matched_) next_ = step(std::string_view(name, size));
    return true;
  }
  bool Int(int value) { return index(value == 0); }
  bool Uint(unsigned value) { return index(value == 0); }
  bool String(const char* string, rapidjson::SizeType size, bool) {
    if (depth_ != matched_ || skip_) return true;
    if (next_ == Next::content) text_.content.append(string, size);
    if (next_ == Next::arguments) text_.arguments.append(string, size);
    return true;
  }

 private:
  enum class Next { other, enter, index, content, arguments };

  // Containers on the path: root, choices, choice, delta, tool_calls, call, function.
  Next step(std::string_view name) {
    switch (matched_) {
      case 1: return name == "choices" ? Next::enter : Next::other;
      case 3: return name == "delta" ? Next::enter : name == "index" ? Next::index : Next::other;
      case 4:
        return name == "content" ? Next::content : name == "tool_calls" ? Next::enter : Next::other;
      case 6: return name == "function" ? Next::enter : Next::other;
      case 7: return name == "arguments" ? Next::arguments : Next::other;
      default: return Next::other;
    }
  }

  bool down() {
    const bool element = matched_ == 0 || matched_ == 2 || matched_ == 5;
    if (depth_ == matched_ && (element || next_ == Next::enter)) ++matched_;
    ++depth_;
    if (matched_ == 3 && depth_ == 3) skip_ = false;
    next_ = Next::other;
    return true;
  }
  bool up() {
    if (depth_ == matched_) --matched_;
    --depth_;
    next_ = Next::other;
    return true;
  }
  bool index(bool zero) {
    if (depth_ == matched_ && next_ == Next::index) skip_ = !zero;
    return true;
  }

  Text& text_;
  int depth_ = 0;
  int matched_ = 0;  // containers of the path that are open
  Next next_ = Next::other;
  bool skip_ = false;
};

Extract rapidjson_dom() {
  return [extractor = std::make_shared<DomExtractor>()](std::string_view payload, Text& text) {
    extractor->extract(payload, text);
  };
}

Extract rapidjson_insitu_sax() {
  struct State {
    std::vector<char> copy;
    rapidjson::Reader reader;
  };
  return [state = std::make_shared<State>()](std::string_view payload, Text& text) {
    state->copy.resize(std::max(state->copy.size(), payload.size() + 1));
    std::memcpy(state->copy.data(), payload.data(), payload.size());
    state->copy[payload.size()] = '\0';
    rapidjson::InsituStringStream stream(state->copy.data());
    TextHandler handler(text);
    state->reader.Parse<rapidjson::kParseInsituFlag>(stream, handler);
  };
}

void extract_view(const JsonView& choice, Text& text) {
  if (choice.integer_at("index").value_or(0) != 0) return;
  const auto delta = choice.find("delta");
  if (!delta) return;
  text.content.append(delta->text_at("content"));
  const auto calls = delta->find("tool_calls");
  if (!calls) return;
  calls->each_element([&text](const JsonView& call) {
    if (const auto function = call.find("function")) {
      text.arguments.append(function->text_at("arguments"));
    }
  });
}

Extract simdjson_dom() {
  return [reader = std::make_shared<JsonReader>()](std::string_view payload, Text& text) {
    const auto root = reader->read(payload);
    const auto choices = root ? root->find("choices") : std::nullopt;
    if (!choices) return;
    choices->each_element([&text](const JsonView& choice) { extract_view(choice, text); });
  };
}

namespace ondemand = simdjson::ondemand;

void extract_choice(ondemand::object choice, Text& text) {
  std::int64_t index = 0;
  if (choice["index"].get(index) == simdjson::SUCCESS && index != 0) return;
  ondemand::object delta;
  if (choice["delta"].get(delta) != simdjson::SUCCESS) return;
  std::string_view string;
  if (delta["content"].get(string) == simdjson::SUCCESS) text.content.append(string);
  ondemand::array calls;
  if (delta["tool_calls"].get(calls) != simdjson::SUCCESS) return;
  for (auto call : calls) {
    if (call["function"]["arguments"].get(string) == simdjson::SUCCESS) {
      text.arguments.append(string);
    }
  }
}

Extract simdjson_ondemand() {
  struct State {
    std::vector<char> copy;
    ondemand::parser parser;
  };
  return [state = std::make_shared<State>()](std::string_view payload, Text& text) {
    const std::size_t wanted = payload.size() + simdjson::SIMDJSON_PADDING;
    state->copy.resize(std::max(state->copy.size(), wanted));
    std::memcpy(state->copy.data(), payload.data(), payload.size());
    ondemand::document document;
    const simdjson::padded_string_view view(state->copy.data(), payload.size(), wanted);
    if (state->parser.iterate(view).get(document) != simdjson::SUCCESS) return;
    ondemand::array choices;
    if (document["choices"].get(choices) != simdjson::SUCCESS) return;
    for (auto element : choices) {
      ondemand::object choice;
      if (element.get(choice) == simdjson::SUCCESS) extract_choice(choice, text);
    }
  };
}

}  // namespace

std::vector<Parser> parsers() {
  return {{"json/rapidjson_dom", rapidjson_dom},
          {"json/rapidjson_insitu_sax", rapidjson_insitu_sax},
          {"json/simdjson_dom", simdjson_dom},
          {"json/simdjson_ondemand", simdjson_ondemand}};
}

std::function<std::size_t(std::string_view)> parse_only() {
  return [reader = std::make_shared<JsonReader>()](std::string_view payload) -> std::size_t {
    return reader->read(payload) ? payload.size() : 0;
  };
}

}  // namespace playhead::bench
