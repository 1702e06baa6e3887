// The wires of Ollama, Gemini and Cohere, written from WIRE 6 and 8.
#include <algorithm>
#include <cstddef>
#include <utility>

#include "replay/testing.h"

namespace playhead::replay {
namespace {

// WIRE 8. Calls are whole, and their arguments objects.
class OllamaWire final : public WireEncoder {
 public:
  std::string text(std::string_view piece) override {
    return line(cat(R"("content":)", json_string(piece)), R"("done":false)");
  }
  std::string reasoning(std::string_view piece) override {
    return line(cat(R"("content":"","thinking":)", json_string(piece)), R"("done":false)");
  }
  std::string call(const CallSketch& call) override {
    return line(cat(R"("content":"","tool_calls":[{"id":)", json_string(call.id),
                    R"(,"function":{"index":)", number(calls_++), R"(,"name":)",
                    json_string(call.name), R"(,"arguments":)", call.whole(), "}}]"),
                R"("done":false)");
  }
  std::string finish(FinishReason reason, Counts counts, bool) override {
    const std::string_view word = reason == FinishReason::length ? "length" : "stop";
    std::string rest = cat(R"("done":true,"done_reason":)", json_string(word));
    if (any(counts)) {
      rest += cat(R"(,"prompt_eval_count":)", number(counts.input), R"(,"eval_count":)",
                  number(counts.output));
    }
    return line(R"("content":"")", rest);
  }
  std::string error(std::string_view message, bool) override {
    return error_document(message) + "\n";
  }
  std::string error_document(std::string_view message) override {
    return cat(R"({"error":)", json_string(message), "}");
  }

 private:
  static std::string line(std::string_view message, std::string_view rest) {
    return cat(R"({"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant",)",
               message, "},", rest, "}\n");
  }

  std::int64_t calls_ = 0;
};

// WIRE 6. Calls are whole, and their arguments objects.
class GeminiWire : public WireEncoder {
 public:
  std::string text(std::string_view piece) override {
    return parts(cat(R"({"text":)", json_string(piece), "}"));
  }
  std::string reasoning(std::string_view piece) override {
    return parts(cat(R"({"text":)", json_string(piece), R"(,"thought":true})"));
  }
  std::string call(const CallSketch& call) override {
    return parts(cat(R"({"functionCall":{"id":)", json_string(call.id), R"(,"name":)",
                     json_string(call.name), R"(,"args":)", call.whole(), "}}"));
  }
  std::string finish(FinishReason reason, Counts counts, bool) override {
    std::string usage;
    if (any(counts)) {
      usage = cat(
          R"("usageMetadata":)",
          usage_object(counts, "promptTokenCount", "candidatesTokenCount", "totalTokenCount"), ",");
    }
    return element(cat(R"({"candidates":[{"finishReason":)", json_string(word(reason)),
                       R"(,"index":0}],)", usage, kTail));
  }
  std::string error(std::string_view message, bool transient) override {
    return element(document(message, transient));
  }
  std::string error_document(std::string_view message) override { return document(message, true); }

 protected:
  virtual std::string element(std::string_view json) { return cat("data: ", json, "\r\n\r\n"); }
  std::string parts(std::string_view parts) {
    return element(cat(R"({"candidates":[{"content":{"role":"model","parts":[)", parts,
                       R"(]},"index":0}],)", kTail));
  }

 private:
  static constexpr std::string_view kTail = R"("modelVersion":"m","responseId":"r1"})";

  static std::string document(std::string_view message, bool transient) {
    return cat(R"({"error":{"code":)", transient ? "503" : "400", R"(,"message":)",
               json_string(message), R"(,"status":)",
               json_string(transient ? "UNAVAILABLE" : "INVALID_ARGUMENT"), "}}");
  }
  static std::string_view word(FinishReason reason) {
    switch (reason) {
      case FinishReason::length: return "MAX_TOKENS";
      case FinishReason::content_filter: return "SAFETY";
      default: return "STOP";
    }
  }
};

// Without `alt=sse`: the same responses as the elements of one array (WIRE 6.1).
class GeminiArrayWire final : public GeminiWire {
 public:
  std::string begin() override { return "["; }
  std::string end() override { return "\n]\n"; }

 protected:
  std::string element(std::string_view json) override {
    return cat(std::exchange(first_, false) ? "" : "\n,\r\n", json);
  }

 private:
  bool first_ = true;
};

// With `streamFunctionCallArguments`: texts come in pieces, one path each (WIRE 6.3). Of arguments
// it knows objects of texts without escapes.
class GeminiStreamedWire final : public GeminiWire {
 public:
  std::string call(const CallSketch& call) override {
    std::string out =
        piece(cat(R"("id":)", json_string(call.id), R"(,"name":)", json_string(call.name)));
    const std::string sent = call.sent();
    const auto whole = parse_json(call.whole());
    for (const auto& argument : whole->GetObject()) {
      const std::string opening = cat(json_string(text_of(argument.name)), ":\"");
      const std::size_t begin = sent.find(opening);
      if (begin == std::string::npos) break;
      const std::string_view text = std::string_view(sent).substr(begin + opening.size());
      const std::size_t size = std::min(text.find('"'), text.size());
      out += text_pieces(text_of(argument.name), text.substr(0, size), size < text.size());
    }
    if (call.missing.empty()) out += parts(R"({"functionCall":{}})");
    return out;
  }

 private:
  std::string piece(std::string_view members) {
    return parts(cat(R"({"functionCall":{)", members, R"(,"willContinue":true}})"));
  }
  std::string text_pieces(std::string_view name, std::string_view text, bool whole) {
    const auto value = [&](std::string_view piece_text, bool more) {
      return piece(cat(R"("partialArgs":[{"jsonPath":)", json_string(cat("$.", name)),
                       R"(,"stringValue":)", json_string(piece_text), R"(,"willContinue":)",
                       more ? "true" : "false", "}]"));
    };
    const std::size_t half = text.size() / 2;
    return value(text.substr(0, half), true) + value(text.substr(half), !whole);
  }
};

// Version 2 of its chat. A block is closed by what comes behind it.
class CohereWire final : public WireEncoder {
 public:
  std::string begin() override {
    return event("message-start", R"("id":"r1","delta":{"message":{"role":"assistant"}})");
  }
  std::string text(std::string_view piece) override { return piece_of("text", piece); }
  std::string reasoning(std::string_view piece) override { return piece_of("thinking", piece); }
  std::string call(const CallSketch& call) override {
    std::string out = close();
    out += tool("tool-call-start",
                cat(R"("id":)", json_string(call.id), R"(,"type":"function","function":{"name":)",
                    json_string(call.name), R"(,"arguments":""})"));
    for (const std::string& piece : call.pieces) {
      out += tool("tool-call-delta", cat(R"("function":{"arguments":)", json_string(piece), "}"));
    }
    open_ = "tool-call";
    return out;
  }
  std::string finish(FinishReason reason, Counts counts, bool end_mark) override {
    std::string usage;
    if (any(counts)) {
      usage = cat(R"(,"usage":{"tokens":)",
                  usage_object(counts, "input_tokens", "output_tokens", ""), "}");
    }
    std::string out = close();
    out += event("message-end",
                 cat(R"("delta":{"finish_reason":)", json_string(word(reason)), usage, "}"));
    if (end_mark) out += data_event("[DONE]");
    return out;
  }
  std::string error(std::string_view message, bool) override {
    return event("message-end",
                 cat(R"("delta":{"error":)", json_string(message), R"(,"finish_reason":"ERROR"})"));
  }
  std::string error_document(std::string_view message) override {
    return cat(R"({"message":)", json_string(message), "}");
  }

 private:
  static std::string_view word(FinishReason reason) {
    switch (reason) {
      case FinishReason::length: return "MAX_TOKENS";
      case FinishReason::tool_calls: return "TOOL_CALL";
      default: return "COMPLETE";
    }
  }
  static std::string event(std::string_view type, std::string_view members) {
    return named_event(type, cat(R"({"type":)", json_string(type), ",", members, "}"));
  }
  std::string place() const { return cat(R"("index":)", number(index_)); }
  std::string tool(std::string_view type, std::string_view members) const {
    return event(type, cat(place(), R"(,"delta":{"message":{"tool_calls":{)", members, "}}}"));
  }
  std::string content(std::string_view type, std::string_view members) const {
    return event(type, cat(place(), R"(,"delta":{"message":{"content":{)", members, "}}}"));
  }
  std::string piece_of(std::string_view kind, std::string_view piece) {
    std::string out;
    if (open_ != kind) {
      out = close();
      out += content("content-start",
                     cat(R"("type":)", json_string(kind), ",", json_string(kind), R"(:"")"));
      open_ = kind;
    }
    return out + content("content-delta", cat(json_string(kind), ":", json_string(piece)));
  }
  std::string close() {
    if (open_.empty()) return {};
    const bool is_tool = open_ == "tool-call";
    open_ = {};
    std::string out = event(is_tool ? "tool-call-end" : "content-end", place());
    ++index_;
    return out;
  }

  std::int64_t index_ = 0;
  std::string_view open_;  // kind of the open block
};

}  // namespace

std::unique_ptr<WireEncoder> make_ollama() { return std::make_unique<OllamaWire>(); }
std::unique_ptr<WireEncoder> make_gemini() { return std::make_unique<GeminiWire>(); }
std::unique_ptr<WireEncoder> make_gemini_array() { return std::make_unique<GeminiArrayWire>(); }
std::unique_ptr<WireEncoder> make_gemini_streamed() {
  return std::make_unique<GeminiStreamedWire>();
}
std::unique_ptr<WireEncoder> make_cohere() { return std::make_unique<CohereWire>(); }

}  // namespace playhead::replay
