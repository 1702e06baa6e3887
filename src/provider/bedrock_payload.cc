// Bedrock's payloads and failures.
#include "provider/bedrock_payload.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/utf8.h"

namespace playhead::provider {
namespace {

// No provider counts beyond it; sums of such counts cannot overflow.
constexpr std::int64_t kCountMax = std::int64_t{1} << 60;

std::string_view header(const Frame& frame, std::string_view wanted) {
  for (const auto& [name, value] : frame.headers) {
    if (name == wanted) return value;
  }
  return {};
}

std::string_view message_of(const JsonView& payload) {
  const std::string_view message = payload.text_at("message");
  return message.empty() ? payload.text_at("Message") : message;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

BedrockCounts::Count sum(const BedrockCounts::Count& a, const BedrockCounts::Count& b) {
  const auto addable = [](const BedrockCounts::Count& count) {
    return std::clamp<std::int64_t>(count.value_or(0), 0, kCountMax);
  };
  return addable(a) + addable(b);
}

}  // namespace

bool read_bedrock_failure(const Frame& frame, JsonReader& reader, OwnedTexts& owned,
                          std::vector<Delta>& out) {
  const std::string_view type = header(frame, ":message-type");
  if (type == "error") {
    Delta& delta = add(DeltaKind::error, out);
    delta.name = header(frame, ":error-code");
    delta.text = header(frame, ":error-message");
    return true;
  }
  if (type != "exception") return false;
  if (const auto payload = reader.read(frame.data)) {
    add_bedrock_exception(frame.event, *payload, owned, out);
    return true;
  }
  Delta& delta = add(DeltaKind::error, out);
  delta.name = frame.event;
  delta.text = own(to_utf8(frame.data), owned);
  return true;
}

void add_bedrock_exception(std::string_view name, const JsonView& payload, OwnedTexts& owned,
                           std::vector<Delta>& out) {
  Delta& delta = add(DeltaKind::error, out);
  delta.name = name;
  delta.type = scalar_text(payload.find("originalStatusCode"), owned);
  delta.text = message_of(payload);
}

bool read_bedrock_document(const JsonView& root, std::vector<Delta>& out) {
  const std::string_view type = root.text_at("__type");
  const std::string_view message = message_of(root);
  if (type.empty() && message.empty()) return false;
  Delta& delta = add(DeltaKind::error, out);
  delta.type = type;
  delta.text = message;
  return true;
}

std::optional<JsonView> read_bedrock_object(std::string_view payload, JsonReader& reader,
                                            OwnedTexts& owned, std::vector<Delta>& out) {
  const auto root = reader.read(payload);
  if (!root) {
    if (is_blank(payload)) {
      note(Anomaly::empty_data, {}, out);
    } else {
      note(Anomaly::bad_json, own(quoted(payload), owned), out);
    }
    return std::nullopt;
  }
  if (reader.repairs().bad_utf8) note(Anomaly::bad_utf8, {}, out);
  if (reader.repairs().lone_surrogate) note(Anomaly::lone_surrogate, {}, out);
  if (root->is_object()) return root;
  wrong_type("payload", out);
  return std::nullopt;
}

// Nova names the cached parts apart in InvokeModel, and the metrics name all counts so (WIRE 7.2).
void BedrockCounts::read(const JsonView& counts) {
  static constexpr std::pair<std::string_view, Count BedrockCounts::*> kSlots[] = {
      {"inputTokens", &BedrockCounts::input},
      {"inputTokenCount", &BedrockCounts::input},
      {"outputTokens", &BedrockCounts::output},
      {"outputTokenCount", &BedrockCounts::output},
      {"totalTokens", &BedrockCounts::total},
      {"cacheReadInputTokens", &BedrockCounts::cache_read},
      {"cacheReadInputTokenCount", &BedrockCounts::cache_read},
      {"cacheWriteInputTokens", &BedrockCounts::cache_write},
      {"cacheWriteInputTokenCount", &BedrockCounts::cache_write},
  };
  counts.each_member([this](std::string_view name, const JsonView& value) {
    for (const auto& [known, slot] : kSlots) {
      if (known == name && !(this->*slot)) this->*slot = value.integer();
    }
  });
}

Usage BedrockCounts::usage() const {
  const std::array<Count, 5> counts = {input, output, total, cache_read, cache_write};
  const bool any = std::any_of(counts.begin(), counts.end(),
                               [](const Count& count) { return count.value_or(0) != 0; });
  if (!any) return {};
  Usage usage;
  if (input) usage.input_tokens = sum(input, sum(cache_read, cache_write));
  usage.output_tokens = output;
  usage.cached_input_tokens = cache_read;
  usage.total_tokens = total;
  return usage;
}

}  // namespace playhead::provider
