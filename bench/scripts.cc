#include "bench/scripts.h"

#include <cstdint>

#include "base/check.h"
#include "base/json.h"
#include "bench/tokens.h"
#include "provider/catalog.h"
#include "wire/crc32.h"

namespace playhead::bench {
namespace {

Script responses() {
  return {
      Protocol::openai_responses,
      1,
      "\n",
      {{"response.created",
        R"({"type":"response.created","sequence_number":@number@,"response":{"id":"resp_68a1",)"
        R"("object":"response","created_at":1755439106,"status":"in_progress","error":null,)"
        R"("incomplete_details":null,"model":"gpt-4.1-mini-2025-04-14","output":[],)"
        R"("usage":null}})"},
       {"response.output_item.added",
        R"({"type":"response.output_item.added","sequence_number":@number@,"output_index":0,)"
        R"("item":{"id":"msg_0aab612a5c84edba00690799d9865081","type":"message",)"
        R"("status":"in_progress","content":[],"role":"assistant"}})"},
       {"response.content_part.added",
        R"({"type":"response.content_part.added","sequence_number":@number@,)"
        R"("item_id":"msg_0aab612a5c84edba00690799d9865081","output_index":0,"content_index":0,)"
        R"("part":{"type":"output_text","annotations":[],"logprobs":[],"text":""}})"}},
      {"response.output_text.delta",
       R"({"type":"response.output_text.delta","sequence_number":@number@,)"
       R"("item_id":"msg_0aab612a5c84edba00690799d9865081","output_index":0,"content_index":0,)"
       R"("delta":@text@,"logprobs":[],"obfuscation":"@pad@"})"},
      {{"response.output_text.done",
        R"({"type":"response.output_text.done","sequence_number":@number@,)"
        R"("item_id":"msg_0aab612a5c84edba00690799d9865081","output_index":0,"content_index":0,)"
        R"("text":@whole@,"logprobs":[]})"},
       {"response.output_item.done",
        R"({"type":"response.output_item.done","sequence_number":@number@,"output_index":0,)"
        R"("item":{"id":"msg_0aab612a5c84edba00690799d9865081","type":"message",)"
        R"("status":"completed","content":[{"type":"output_text","annotations":[],)"
        R"("logprobs":[],"text":@whole@}],"role":"assistant"}})"},
       {"response.completed",
        R"({"type":"response.completed","sequence_number":@number@,"response":{"id":"resp_68a1",)"
        R"("object":"response","created_at":1755439106,"status":"completed","error":null,)"
        R"("incomplete_details":null,"model":"gpt-4.1-mini-2025-04-14","output":[{)"
        R"("id":"msg_0aab612a5c84edba00690799d9865081","type":"message","status":"completed",)"
        R"("content":[{"type":"output_text","annotations":[],"logprobs":[],"text":@whole@}],)"
        R"("role":"assistant"}],"usage":{"input_tokens":9,"output_tokens":4000,)"
        R"("total_tokens":4009}}})"}}};
}

Script anthropic() {
  return {Protocol::anthropic_messages,
          1,
          "\n",
          {{"message_start",
            R"({"type":"message_start","message":{"model":"claude-sonnet-4-20250514",)"
            R"("id":"msg_01Djq4JkGX3XZzhCwVcSMMri","type":"message","role":"assistant",)"
            R"("content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":9,)"
            R"("output_tokens":1}}})"},
           {"content_block_start",
            R"({"type":"content_block_start","index":0,"content_block":{"type":"text",)"
            R"("text":""}})"}},
          {"content_block_delta",
           R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta",)"
           R"("text":@text@}})"},
          {{"content_block_stop", R"({"type":"content_block_stop","index":0})"},
           {"message_delta",
            R"({"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},)"
            R"("usage":{"output_tokens":4000}})"},
           {"message_stop", R"({"type":"message_stop"})"}}};
}

Script gemini() {
  return {
      Protocol::gemini,
      12,
      "\r\n",
      {},
      {"", R"({"candidates":[{"content":{"parts":[{"text":@text@}],"role":"model"},"index":0}],)"
           R"("usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":@number@,)"
           R"("totalTokenCount":1033,"promptTokensDetails":[{"modality":"TEXT",)"
           R"("tokenCount":9}]},"modelVersion":"gemini-2.5-flash",)"
           R"("responseId":"kIbMaNbDBPrMnsEPnuiC0Q"})"},
      {{"", R"({"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},)"
            R"("finishReason":"STOP","index":0}],"modelVersion":"gemini-2.5-flash"})"}}};
}

Script converse() {
  return {
      Protocol::bedrock_converse,
      1,
      "",
      {{"messageStart", R"({"p":"@pad@","role":"assistant"})"}},
      {"contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"text":@text@},"p":"@pad@@pad@"})"},
      {{"contentBlockStop", R"({"contentBlockIndex":0,"p":"@pad@"})"},
       {"messageStop", R"({"p":"@pad@","stopReason":"end_turn"})"},
       {"metadata", R"({"metrics":{"latencyMs":9000},"p":"@pad@","usage":{"inputTokens":9,)"
                    R"("outputTokens":4000,"totalTokens":4009}})"}}};
}

Script ollama() {
  return {Protocol::ollama,
          1,
          "\n",
          {},
          {"", R"({"model":"qwen3:4b","created_at":"2026-08-04T19:59:11.820116Z",)"
               R"("message":{"role":"assistant","content":@text@},"done":false})"},
          {{"", R"({"model":"qwen3:4b","created_at":"2026-08-04T19:59:11.820116Z",)"
                R"("message":{"role":"assistant","content":""},"done":true,"done_reason":"stop",)"
                R"("prompt_eval_count":9,"eval_count":4000})"}}};
}

Script mistral() {
  return {Protocol::mistral,
          1,
          "\n",
          {},
          {"", R"({"id":"d663cffc326049acb5df51b0a1d60fb6","object":"chat.completion.chunk",)"
               R"("created":1757759493,"model":"mistral-tiny","choices":[{"index":0,)"
               R"("delta":{"content":@text@},"finish_reason":null}],"p":"@pad@@pad@"})"},
          {{"", R"({"id":"d663cffc326049acb5df51b0a1d60fb6","object":"chat.completion.chunk",)"
                R"("created":1757759493,"model":"mistral-tiny","choices":[{"index":0,)"
                R"("delta":{"content":""},"finish_reason":"stop"}]})"},
           {"", "[DONE]"}}};
}

Script cohere() {
  return {
      Protocol::cohere,
      1,
      "\n",
      {{"message-start", R"({"id":"6cd6ce61-bb3b-46f6-907e-fcfab45e51b6","type":"message-start",)"
                         R"("delta":{"message":{"role":"assistant","content":[],"tool_plan":"",)"
                         R"("tool_calls":[],"citations":[]}}})"},
       {"content-start",
        R"({"type":"content-start","index":0,"delta":{"message":{"content":{"type":"text",)"
        R"("text":""}}}})"}},
      {"content-delta", R"({"type":"content-delta","index":0,"delta":{"message":{"content":{)"
                        R"("text":@text@}}}})"},
      {{"content-end", R"({"type":"content-end","index":0})"},
       {"message-end",
        R"({"type":"message-end","delta":{"finish_reason":"COMPLETE","usage":{"tokens":{)"
        R"("input_tokens":9,"output_tokens":4000}}}})"},
       {"", "[DONE]"}}};
}

Script completions() {
  return {Protocol::openai_completions,
          1,
          "\n",
          {},
          {"", R"({"id":"cmpl-6cd6ce61bb3b46f6907efcfab45e51b6","object":"text_completion",)"
               R"("created":1755439106,"choices":[{"text":@text@,"index":0,"logprobs":null,)"
               R"("finish_reason":null}],"model":"gpt-3.5-turbo-instruct"})"},
          {{"", R"({"id":"cmpl-6cd6ce61bb3b46f6907efcfab45e51b6","object":"text_completion",)"
                R"("created":1755439106,"choices":[{"text":"","index":0,"logprobs":null,)"
                R"("finish_reason":"stop"}],"model":"gpt-3.5-turbo-instruct"})"},
           {"", "[DONE]"}}};
}

void add_number(std::size_t number, int bytes, std::string& out) {
  while (bytes-- > 0) out.push_back(static_cast<char>((number >> (8 * bytes)) & 0xFF));
}

// A message of the AWS event stream (WIRE 7.1).
void add_aws_message(const ScriptFrame& frame, std::string_view data, std::string& out) {
  constexpr char kString = 7;
  constexpr std::size_t kAround = 16;  // the prelude and both checksums
  std::string headers;
  const auto add_header = [&headers](std::string_view name, std::string_view value) {
    add_number(name.size(), 1, headers);
    headers.append(name).push_back(kString);
    add_number(value.size(), 2, headers);
    headers.append(value);
  };
  add_header(":event-type", frame.event);
  add_header(":content-type", "application/json");
  add_header(":message-type", "event");
  std::string message;
  add_number(kAround + headers.size() + data.size(), 4, message);
  add_number(headers.size(), 4, message);
  add_number(wire::crc32(message), 4, message);
  message.append(headers).append(data);
  add_number(wire::crc32(message), 4, message);
  out += message;
}

// Writes the frames of one script, one behind the other.
class ScriptWriter {
 public:
  ScriptWriter(const Script& script, Prng& random)
      : script_(script), random_(random), row_(provider::find_row(script.protocol)) {
    PLAYHEAD_CHECK(row_ != nullptr);
  }

  void write(const ScriptFrame& frame) {
    const std::string data = fill(frame.data);
    ++number_;
    if (row_->framing == provider::Framing::aws_event_stream) {
      return add_aws_message(frame, data, body_);
    }
    if (row_->framing == provider::Framing::sse) {
      if (!frame.event.empty()) {
        body_.append("event: ").append(frame.event).append(script_.line_end);
      }
      body_.append("data: ").append(data).append(script_.line_end).append(script_.line_end);
      return;
    }
    body_.append(data).append(script_.line_end);
  }

  std::string take() { return std::move(body_); }

 private:
  std::string fill(std::string_view rest) {
    std::string out;
    for (std::size_t at = rest.find('@'); at != std::string_view::npos; at = rest.find('@')) {
      out.append(rest.substr(0, at));
      const std::size_t end = rest.find('@', at + 1);
      add_word(rest.substr(at + 1, end - at - 1), out);
      rest.remove_prefix(end + 1);
    }
    return out.append(rest);
  }

  void add_word(std::string_view word, std::string& out) {
    constexpr std::size_t kPadMax = 16;
    if (word == "number") {
      out += std::to_string(number_);
    } else if (word == "pad") {
      out += letters(random_, 1 + static_cast<std::size_t>(random_.below(kPadMax)));
    } else if (word == "whole") {
      append_json_string(whole_, out);
    } else {
      std::string text;
      for (int i = 0; i < script_.tokens_per_piece; ++i) text += token(random_);
      append_json_string(text, out);
      whole_ += text;
    }
  }

  const Script& script_;
  Prng& random_;
  const provider::CatalogRow* row_;
  std::size_t number_ = 0;
  std::string whole_;
  std::string body_;
};

}  // namespace

std::span<const Script> scripts() {
  static const std::vector<Script> all = {responses(), anthropic(), gemini(), converse(),
                                          ollama(),    mistral(),   cohere(), completions()};
  return all;
}

std::string scripted_body(const Script& script, Prng& random) {
  ScriptWriter writer(script, random);
  for (const ScriptFrame& frame : script.head) writer.write(frame);
  for (std::size_t i = 0; i < kFramesPerStream; ++i) writer.write(script.piece);
  for (const ScriptFrame& frame : script.tail) writer.write(frame);
  return writer.take();
}

}  // namespace playhead::bench
