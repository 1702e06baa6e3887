// The wires of OpenAI and of those that imitate its chat, written from WIRE 2 to 4.
#include <optional>

#include "replay/testing.h"

namespace playhead::replay {
namespace {

// WIRE 2.
class OpenAiChatWire : public WireEncoder {
 public:
  std::string begin() override { return chunk(R"({"role":"assistant","content":""})", "null"); }
  std::string text(std::string_view piece) override {
    return chunk(cat(R"({"content":)", json_string(piece), "}"), "null");
  }
  std::string reasoning(std::string_view piece) override {
    return chunk(cat(R"({"reasoning_content":)", json_string(piece), "}"), "null");
  }
  std::string call(const CallSketch& call) override {
    std::string out = call_piece(cat(R"(,"id":)", json_string(call.id), R"(,"type":"function")"),
                                 cat(R"("name":)", json_string(call.name), ","), "");
    for (const std::string& piece : call.pieces) out += call_piece("", "", piece);
    ++calls_;
    return out;
  }
  std::string finish(FinishReason reason, Counts counts, bool end_mark) override {
    std::string out = chunk("{}", json_string(name_of(reason)));
    if (any(counts)) {
      out += data_event(
          cat(kHead, R"("choices":[],"usage":)",
              usage_object(counts, "prompt_tokens", "completion_tokens", "total_tokens"), "}"));
    }
    if (end_mark) out += data_event("[DONE]");
    return out;
  }
  std::string error(std::string_view message, bool transient) override {
    const std::string_view code = transient ? "server_error" : "invalid_prompt";
    return data_event(cat(R"({"error":{"message":)", json_string(message), R"(,"type":"an_error",)",
                          R"("param":null,"code":)", json_string(code), "}}"));
  }
  std::string error_document(std::string_view message) override {
    return cat(R"({"error":{"message":)", json_string(message),
               R"(,"type":"an_error","code":null}})");
  }

 protected:
  std::string chunk(std::string_view delta, std::string_view finish) const {
    return data_event(cat(kHead, R"("choices":[{"index":0,"delta":)", delta, R"(,"finish_reason":)",
                          finish, "}]}"));
  }
  std::string call_piece(std::string_view identity, std::string_view name,
                         std::string_view arguments) const {
    return chunk(cat(R"({"tool_calls":[{"index":)", number(calls_), identity, R"(,"function":{)",
                     name, R"("arguments":)", json_string(arguments), "}}]}"),
                 "null");
  }
  void next_call() { ++calls_; }

 private:
  static constexpr std::string_view kHead =
      R"({"id":"r1","object":"chat.completion.chunk","created":1,"model":"m",)";
  std::int64_t calls_ = 0;
};

// WIRE 3.14: thinking is a part of the content, calls come whole.
class MistralWire final : public OpenAiChatWire {
 public:
  std::string reasoning(std::string_view piece) override {
    return chunk(cat(R"({"content":[{"type":"thinking","thinking":[{"type":"text","text":)",
                     json_string(piece), "}]}]}"),
                 "null");
  }
  std::string call(const CallSketch& call) override {
    std::string out = call_piece(cat(R"(,"id":)", json_string(call.id)),
                                 cat(R"("name":)", json_string(call.name), ","), call.sent());
    next_call();
    return out;
  }
};

// The older form of WIRE 2: text alone.
class OpenAiCompletionsWire final : public OpenAiChatWire {
 public:
  std::string begin() override { return {}; }
  std::string text(std::string_view piece) override { return choice(json_string(piece), "null"); }
  std::string finish(FinishReason reason, Counts counts, bool end_mark) override {
    std::string out = choice(R"("")", json_string(name_of(reason)));
    if (any(counts)) {
      out += data_event(
          cat(kHead, R"("choices":[],"usage":)",
              usage_object(counts, "prompt_tokens", "completion_tokens", "total_tokens"), "}"));
    }
    if (end_mark) out += data_event("[DONE]");
    return out;
  }

 private:
  static std::string choice(std::string_view text, std::string_view finish) {
    return data_event(cat(kHead, R"("choices":[{"text":)", text,
                          R"(,"index":0,"logprobs":null,"finish_reason":)", finish, "}]}"));
  }
  static constexpr std::string_view kHead =
      R"({"id":"r1","object":"text_completion","created":1,"model":"m",)";
};

// WIRE 4. An item is closed by what comes behind it.
class OpenAiResponsesWire final : public WireEncoder {
 public:
  std::string begin() override {
    const std::string members = cat(R"("response":)", response("in_progress", {}));
    std::string out = event("response.created", members);
    return out += event("response.in_progress", members);
  }
  std::string text(std::string_view piece) override { return piece_of(kTextItem, piece); }
  std::string reasoning(std::string_view piece) override { return piece_of(kReasoningItem, piece); }
  std::string call(const CallSketch& call) override {
    std::string out = close();
    out += open(item(call, "in_progress", ""));
    for (const std::string& piece : call.pieces) {
      out += event("response.function_call_arguments.delta",
                   cat(place(), R"(,"delta":)", json_string(piece)));
    }
    call_ = call;
    return out;
  }
  std::string finish(FinishReason reason, Counts counts, bool) override {
    std::string out = close();
    std::string rest;
    const bool incomplete =
        reason == FinishReason::length || reason == FinishReason::content_filter;
    if (incomplete) {
      const bool by_length = reason == FinishReason::length;
      rest = cat(R"(,"incomplete_details":{"reason":)",
                 json_string(by_length ? "max_output_tokens" : "content_filter"), "}");
    }
    if (any(counts)) {
      rest += cat(R"(,"usage":)",
                  usage_object(counts, "input_tokens", "output_tokens", "total_tokens"));
    }
    const std::string_view status = incomplete ? "incomplete" : "completed";
    return out + event(cat("response.", status), cat(R"("response":)", response(status, rest)));
  }
  std::string error(std::string_view message, bool transient) override {
    return event("error",
                 cat(R"("code":)", json_string(transient ? "server_error" : "invalid_prompt"),
                     R"(,"message":)", json_string(message), R"(,"param":null)"));
  }
  std::string error_document(std::string_view message) override {
    return OpenAiChatWire().error_document(message);
  }

 private:
  // An item that is made of one part, and what its events and members are called.
  struct PartItem {
    std::string_view type, list, part_event, part_type, text_event, part_index;
  };
  static constexpr PartItem kTextItem = {"message",     "content",     "content_part",
                                         "output_text", "output_text", "content_index"};
  static constexpr PartItem kReasoningItem = {
      "reasoning",    "summary", "reasoning_summary_part", "summary_text", "reasoning_summary_text",
      "summary_index"};

  std::string event(std::string_view type, std::string_view members) {
    return named_event(type, cat(R"({"type":)", json_string(type), R"(,"sequence_number":)",
                                 number(sequence_++), ",", members, "}"));
  }
  std::string response(std::string_view status, std::string_view rest) const {
    return cat(R"({"id":"r1","object":"response","status":)", json_string(status),
               R"(,"model":"m","output":[)", output_, "]", rest, "}");
  }
  std::string id() const { return cat("item_", number(index_)); }
  std::string place() const {
    return cat(R"("item_id":)", json_string(id()), R"(,"output_index":)", number(index_));
  }
  std::string item(const CallSketch& call, std::string_view status,
                   std::string_view arguments) const {
    return cat(R"({"id":)", json_string(id()), R"(,"type":"function_call","status":)",
               json_string(status), R"(,"call_id":)", json_string(call.id), R"(,"name":)",
               json_string(call.name), R"(,"arguments":)", json_string(arguments), "}");
  }
  std::string open(const std::string& item) {
    return event("response.output_item.added",
                 cat(R"("output_index":)", number(index_), R"(,"item":)", item));
  }
  std::string part_place(const PartItem& kind) const {
    return cat(place(), ",", json_string(kind.part_index), ":0");
  }
  static std::string part(const PartItem& kind, std::string_view text) {
    return cat(R"({"type":)", json_string(kind.part_type), R"(,"text":)", json_string(text), "}");
  }
  std::string item(const PartItem& kind, std::string_view parts) const {
    return cat(R"({"id":)", json_string(id()), R"(,"type":)", json_string(kind.type), ",",
               json_string(kind.list), ":[", parts, "]}");
  }
  std::string piece_of(const PartItem& kind, std::string_view piece) {
    std::string out;
    if (part_ != &kind) {
      out = close();
      out += open(item(kind, ""));
      out += event(cat("response.", kind.part_event, ".added"),
                   cat(part_place(kind), R"(,"part":)", part(kind, "")));
      part_ = &kind;
    }
    whole_ += piece;
    return out + event(cat("response.", kind.text_event, ".delta"),
                       cat(part_place(kind), R"(,"delta":)", json_string(piece)));
  }
  std::string close() {
    std::string out;
    std::string closed;
    if (part_ != nullptr) {
      const std::string whole = part(*part_, whole_);
      out += event(cat("response.", part_->text_event, ".done"),
                   cat(part_place(*part_), R"(,"text":)", json_string(whole_)));
      out += event(cat("response.", part_->part_event, ".done"),
                   cat(part_place(*part_), R"(,"part":)", whole));
      closed = item(*part_, whole);
    } else if (call_) {
      out += event("response.function_call_arguments.done",
                   cat(place(), R"(,"arguments":)", json_string(call_->sent())));
      closed = item(*call_, "completed", call_->sent());
    } else {
      return {};
    }
    out += event("response.output_item.done",
                 cat(R"("output_index":)", number(index_), R"(,"item":)", closed));
    output_ += cat(output_.empty() ? "" : ",", closed);
    part_ = nullptr;
    call_.reset();
    whole_.clear();
    ++index_;
    return out;
  }

  std::int64_t sequence_ = 0;
  std::int64_t index_ = 0;
  const PartItem* part_ = nullptr;  // the open item, where it is one of parts
  std::optional<CallSketch> call_;  // the open item, where it is a call
  std::string whole_;               // the open part's text
  std::string output_;              // all closed items
};

}  // namespace

std::unique_ptr<WireEncoder> make_openai_chat() { return std::make_unique<OpenAiChatWire>(); }
std::unique_ptr<WireEncoder> make_openai_completions() {
  return std::make_unique<OpenAiCompletionsWire>();
}
std::unique_ptr<WireEncoder> make_mistral() { return std::make_unique<MistralWire>(); }
std::unique_ptr<WireEncoder> make_openai_responses() {
  return std::make_unique<OpenAiResponsesWire>();
}

}  // namespace playhead::replay
