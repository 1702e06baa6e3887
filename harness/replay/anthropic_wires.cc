// The wires of Anthropic and of Bedrock, which carries Anthropic's payloads too, from WIRE 5 and 7.
#include <cstddef>

#include "base/base64.h"
#include "replay/testing.h"
#include "wire/crc32.h"

namespace playhead::replay {
namespace {

// WIRE 5. A block is closed by what comes behind it.
class AnthropicWire : public WireEncoder {
 public:
  std::string begin() override {
    return event("message_start",
                 R"("message":{"id":"r1","type":"message","role":"assistant","model":"m",)"
                 R"("content":[],"stop_reason":null,"stop_sequence":null,)"
                 R"("usage":{"input_tokens":0,"output_tokens":0}})");
  }
  std::string text(std::string_view piece) override {
    std::string out = open("text", R"("text":"")");
    return out += delta("text_delta", "text", piece);
  }
  std::string reasoning(std::string_view piece) override {
    std::string out = open("thinking", R"("thinking":"","signature":"")");
    return out += delta("thinking_delta", "thinking", piece);
  }
  std::string call(const CallSketch& call) override {
    std::string out = close();
    out += open("tool_use", cat(R"("id":)", json_string(call.id), R"(,"name":)",
                                json_string(call.name), R"(,"input":{})"));
    out += delta("input_json_delta", "partial_json", "");
    for (const std::string& piece : call.pieces) {
      out += delta("input_json_delta", "partial_json", piece);
    }
    return out;
  }
  std::string finish(FinishReason reason, Counts counts, bool end_mark) override {
    const std::string usage = any(counts)
                                  ? usage_object(counts, "input_tokens", "output_tokens", "")
                                  : R"({"output_tokens":0})";
    std::string out = close();
    out += event("message_delta", cat(R"("delta":{"stop_reason":)", json_string(word(reason)),
                                      R"(,"stop_sequence":null},"usage":)", usage));
    if (end_mark) out += event("message_stop", "");
    return out;
  }
  std::string error(std::string_view message, bool transient) override {
    return named_event("error", document(message, transient));
  }
  std::string error_document(std::string_view message) override { return document(message, true); }

 protected:
  virtual std::string event(std::string_view type, std::string_view members) {
    return named_event(type, json(type, members));
  }
  static std::string json(std::string_view type, std::string_view members) {
    return cat(R"({"type":)", json_string(type), members.empty() ? "" : ",", members, "}");
  }

 private:
  static std::string document(std::string_view message, bool transient) {
    return cat(R"({"type":"error","error":{"type":)",
               json_string(transient ? "overloaded_error" : "invalid_request_error"),
               R"(,"message":)", json_string(message), R"(},"request_id":"q1"})");
  }
  static std::string_view word(FinishReason reason) {
    switch (reason) {
      case FinishReason::length: return "max_tokens";
      case FinishReason::tool_calls: return "tool_use";
      case FinishReason::content_filter: return "refusal";
      default: return "end_turn";
    }
  }
  std::string place() const { return cat(R"("index":)", number(index_)); }
  std::string open(std::string_view type, std::string_view members) {
    if (open_ == type) return {};
    std::string out = close();
    open_ = type;
    return out + event("content_block_start", cat(place(), R"(,"content_block":{"type":)",
                                                  json_string(type), ",", members, "}"));
  }
  std::string delta(std::string_view type, std::string_view member, std::string_view piece) {
    return event("content_block_delta", cat(place(), R"(,"delta":{"type":)", json_string(type), ",",
                                            json_string(member), ":", json_string(piece), "}"));
  }
  std::string close() {
    if (open_.empty()) return {};
    open_ = {};
    std::string out = event("content_block_stop", place());
    ++index_;
    return out;
  }

  std::int64_t index_ = 0;
  std::string_view open_;  // type of the open block
};

void append_u32(std::size_t value, std::string& out) {
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    out.push_back(static_cast<char>(value >> shift & 0xFFU));
  }
}

// One message of the AWS event stream (WIRE 7.1); all its headers are strings.
std::string aws_message(const std::vector<Header>& headers, std::string_view payload) {
  constexpr std::size_t kFixed = 16;  // two lengths and two checksums
  constexpr char kString = 7;
  std::string head;
  for (const auto& [name, value] : headers) {
    head.push_back(static_cast<char>(name.size()));
    head.append(name).push_back(kString);
    head.push_back(static_cast<char>(value.size() >> 8U));
    head.push_back(static_cast<char>(value.size() & 0xFFU));
    head.append(value);
  }
  std::string out;
  append_u32(kFixed + head.size() + payload.size(), out);
  append_u32(head.size(), out);
  append_u32(wire::crc32(out), out);
  out.append(head).append(payload);
  append_u32(wire::crc32(out), out);
  return out;
}

std::string aws_event(std::string_view type, std::string_view payload) {
  return aws_message({{":event-type", std::string(type)},
                      {":content-type", "application/json"},
                      {":message-type", "event"}},
                     payload);
}

std::string aws_exception(std::string_view message, bool transient) {
  return aws_message(
      {{":exception-type", transient ? "internalServerException" : "validationException"},
       {":content-type", "application/json"},
       {":message-type", "exception"}},
      cat(R"({"message":)", json_string(message), "}"));
}

// WIRE 7.2, with Anthropic's payloads.
class BedrockInvokeWire final : public AnthropicWire {
 public:
  std::string error(std::string_view message, bool transient) override {
    return aws_exception(message, transient);
  }
  std::string error_document(std::string_view message) override {
    return cat(R"({"message":)", json_string(message), "}");
  }

 protected:
  std::string event(std::string_view type, std::string_view members) override {
    return aws_event("chunk",
                     cat(R"({"bytes":")", base64(json(type, members)), R"(","p":"abcdefgh"})"));
  }
};

// WIRE 7. Only blocks of calls have a start.
class BedrockConverseWire final : public WireEncoder {
 public:
  std::string begin() override {
    return aws_event("messageStart", R"({"role":"assistant","p":"ab"})");
  }
  std::string text(std::string_view piece) override {
    std::string out = change("text");
    return out += delta(cat(R"("text":)", json_string(piece)));
  }
  std::string reasoning(std::string_view piece) override {
    std::string out = change("reasoning");
    return out += delta(cat(R"("reasoningContent":{"text":)", json_string(piece), "}"));
  }
  std::string call(const CallSketch& call) override {
    std::string out = change("");
    out += change("call");
    out += aws_event("contentBlockStart",
                     cat(R"({"start":{"toolUse":{"toolUseId":)", json_string(call.id),
                         R"(,"name":)", json_string(call.name), "}},", place(), R"(,"p":"abc"})"));
    for (const std::string& piece : call.pieces) {
      out += delta(cat(R"("toolUse":{"input":)", json_string(piece), "}"));
    }
    return out;
  }
  std::string finish(FinishReason reason, Counts counts, bool end_mark) override {
    std::string out = change("");
    out += aws_event("messageStop",
                     cat(R"({"p":"abcd","stopReason":)", json_string(word(reason)), "}"));
    if (!end_mark) return out;
    std::string usage;
    if (any(counts)) {
      usage = cat(R"("usage":)", usage_object(counts, "inputTokens", "outputTokens", "totalTokens"),
                  ",");
    }
    return out + aws_event("metadata", cat("{", usage, R"("metrics":{"latencyMs":9},"p":"a"})"));
  }
  std::string error(std::string_view message, bool transient) override {
    return aws_exception(message, transient);
  }
  std::string error_document(std::string_view message) override {
    return cat(R"({"message":)", json_string(message), "}");
  }

 private:
  static std::string_view word(FinishReason reason) {
    switch (reason) {
      case FinishReason::length: return "max_tokens";
      case FinishReason::tool_calls: return "tool_use";
      case FinishReason::content_filter: return "content_filtered";
      default: return "end_turn";
    }
  }
  std::string place() const { return cat(R"("contentBlockIndex":)", number(index_)); }
  std::string delta(std::string_view piece) const {
    return aws_event("contentBlockDelta",
                     cat("{", place(), R"(,"delta":{)", piece, R"(},"p":"abcde"})"));
  }
  // Ends the open block where it is of another kind.
  std::string change(std::string_view kind) {
    if (open_ == kind) return {};
    std::string out;
    if (!open_.empty()) {
      out = aws_event("contentBlockStop", cat("{", place(), R"(,"p":"a"})"));
      ++index_;
    }
    open_ = kind;
    return out;
  }

  std::int64_t index_ = 0;
  std::string_view open_;  // kind of the open block
};

}  // namespace

std::unique_ptr<WireEncoder> make_anthropic_messages() { return std::make_unique<AnthropicWire>(); }
std::unique_ptr<WireEncoder> make_bedrock_invoke() { return std::make_unique<BedrockInvokeWire>(); }
std::unique_ptr<WireEncoder> make_bedrock_converse() {
  return std::make_unique<BedrockConverseWire>();
}

}  // namespace playhead::replay
