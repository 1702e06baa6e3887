#include "provider/member_census.h"

#include <array>
#include <utility>

#include "base/check.h"

namespace playhead::provider {
namespace {

// Members that an adapter reads, and documented ones that it passes over (WIRE 2 to 8). Paths stand
// between blanks; what is below a member that names no further path is not looked at.
constexpr std::string_view kOpenAi =
    " id object created model system_fingerprint service_tier obfuscation provider usage "
    "error code message detail citations x_groq prompt_filter_results prompt_annotations "
    "moderation choices choices[].index choices[].delta choices[].message choices[].text "
    "choices[].finish_reason choices[].native_finish_reason choices[].logprobs "
    "choices[].error choices[].usage choices[].content_filter_results "
    "choices[].content_filter_offsets choices[].delta.role choices[].delta.content "
    "choices[].delta.refusal choices[].delta.reasoning_content choices[].delta.reasoning "
    "choices[].delta.reasoning_details choices[].delta.thinking "
    "choices[].delta.tool_calls choices[].delta.function_call "
    "choices[].delta.annotations choices[].delta.audio choices[].delta.images "
    "choices[].message.role choices[].message.content choices[].message.refusal "
    "choices[].message.reasoning_content choices[].message.reasoning "
    "choices[].message.reasoning_details choices[].message.thinking "
    "choices[].message.tool_calls choices[].message.function_call "
    "choices[].message.annotations choices[].message.audio choices[].message.images ";

constexpr std::string_view kResponses =
    " type sequence_number response item part item_id output_index content_index "
    "summary_index delta text arguments input refusal annotation annotation_index "
    "logprobs obfuscation code message param error status partial_image_b64 "
    "partial_image_index command command_index id object created_at model output usage ";

constexpr std::string_view kAnthropic =
    " type message index content_block delta usage error request_id id role model "
    "content stop_reason stop_sequence message.id message.type message.role "
    "message.model message.content message.stop_reason message.stop_sequence "
    "message.stop_details message.usage message.container message.context_management "
    "content_block.type content_block.text content_block.thinking "
    "content_block.signature content_block.id content_block.name content_block.input "
    "content_block.data content_block.citations content_block.content "
    "content_block.tool_use_id content_block.caller content_block.server_name "
    "content_block.is_error delta.type delta.text delta.thinking delta.signature "
    "delta.partial_json delta.citation delta.stop_reason delta.stop_sequence "
    "delta.stop_details delta.container delta.content delta.encrypted_content "
    "delta.estimated_tokens ";

constexpr std::string_view kGemini =
    " candidates promptFeedback usageMetadata modelVersion responseId createTime "
    "modelStatus error candidates[].content candidates[].finishReason "
    "candidates[].finishMessage candidates[].index candidates[].safetyRatings "
    "candidates[].citationMetadata candidates[].groundingMetadata "
    "candidates[].urlContextMetadata candidates[].avgLogprobs "
    "candidates[].logprobsResult candidates[].tokenCount candidates[].content.role "
    "candidates[].content.parts candidates[].content.parts[].text "
    "candidates[].content.parts[].thought candidates[].content.parts[].thoughtSignature "
    "candidates[].content.parts[].functionCall "
    "candidates[].content.parts[].functionResponse candidates[].content.parts[].toolCall "
    "candidates[].content.parts[].toolResponse "
    "candidates[].content.parts[].executableCode "
    "candidates[].content.parts[].codeExecutionResult "
    "candidates[].content.parts[].inlineData candidates[].content.parts[].fileData ";

constexpr std::string_view kConverse =
    " p role contentBlockIndex start delta stopReason additionalModelResponseFields "
    "usage metrics trace performanceConfig serviceTier message originalStatusCode "
    "originalMessage ";

constexpr std::string_view kInvoke = " bytes p message originalStatusCode originalMessage ";

constexpr std::string_view kOllama =
    " model created_at message response thinking done done_reason context images "
    "tool_calls logprobs total_duration load_duration prompt_eval_count "
    "prompt_eval_duration eval_count eval_duration remote_model remote_host error "
    "signin_url message.role message.content message.thinking message.tool_calls "
    "message.images message.tool_name message.tool_call_id ";

constexpr std::string_view kCohere =
    " type id index delta event_type is_finished text finish_reason response "
    "generation_id tool_calls tool_call_delta citations documents search_queries "
    "search_results message error delta.message delta.finish_reason delta.usage "
    "delta.error ";

constexpr std::array<std::pair<Protocol, std::string_view>, 10> kKnown = {{
    {Protocol::openai_chat, kOpenAi},
    {Protocol::openai_responses, kResponses},
    {Protocol::anthropic_messages, kAnthropic},
    {Protocol::gemini, kGemini},
    {Protocol::bedrock_converse, kConverse},
    {Protocol::bedrock_invoke, kInvoke},
    {Protocol::ollama, kOllama},
    {Protocol::mistral, kOpenAi},
    {Protocol::cohere, kCohere},
    {Protocol::openai_completions, kOpenAi},
}};

bool contains(std::string_view known, const std::string& text) {
  return known.find(text) != std::string_view::npos;
}

}  // namespace

MemberCensus::MemberCensus(Protocol protocol) {
  for (const auto& [row, known] : kKnown) {
    if (row == protocol) known_ = known;
  }
  PLAYHEAD_CHECK(!known_.empty());
}

void MemberCensus::count(const Frame& frame) {
  const auto root = reader_.read(frame.data);
  if (root) walk(*root, "");
}

void MemberCensus::walk(const JsonView& value, const std::string& path) {
  if (value.is_array()) {
    const std::string below = path + "[]";
    if (!path.empty() && !contains(known_, " " + below + ".")) return;
    value.each_element([&](const JsonView& element) {
      if (element.is_object()) walk(element, below);
    });
    return;
  }
  value.each_member([&](std::string_view name, const JsonView& member) {
    std::string below = path.empty() ? "" : path + ".";
    below.append(name);
    if (contains(known_, " " + below + " ")) {
      const bool goes_on = contains(known_, " " + below + ".") || member.is_array();
      if (goes_on) walk(member, below);
    } else if (unknown_.size() < kUnknownMembersMax || unknown_.contains(below)) {
      ++unknown_[below];
    }
  });
}

}  // namespace playhead::provider
