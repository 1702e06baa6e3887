#include "completion/completion_judge.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace playhead::completion {
namespace {

Completion completed(const Evidence& evidence, FinishReason reason,
                     std::optional<std::string> why = std::nullopt) {
  Completion completion;
  completion.finish_reason = reason;
  completion.provider_finish_reason = evidence.finish_word;
  completion.truncated = reason == FinishReason::length;
  completion.why = std::move(why);
  return completion;
}

Completion failed(const Evidence& evidence, ProviderError error) {
  Completion completion = completed(evidence, FinishReason::error, error.code);
  completion.error = std::move(error);
  return completion;
}

bool has_state(const Message& message, ArgumentState state) {
  return std::any_of(message.tool_calls.begin(), message.tool_calls.end(),
                     [state](const ToolCall& call) { return call.state == state; });
}

bool is_bare_refusal(const Message& message) {
  return !message.refusal.empty() && message.content.empty() && message.tool_calls.empty();
}

// The reply failed: by the provider's word, its status, or its transport before anything usable
// came.
std::optional<Completion> failure(const Evidence& evidence) {
  if (evidence.status >= kFirstFailingStatus) {
    const std::string code = "http_" + std::to_string(evidence.status);
    ProviderError error = evidence.error.value_or(ProviderError{code, "", ""});
    Completion completion = failed(evidence, error);
    completion.why = code;
    return completion;
  }
  if (evidence.error) return failed(evidence, *evidence.error);
  const Message& message = *evidence.message;
  const bool nothing_usable = message.content.empty() && message.tool_calls.empty();
  const bool cut = evidence.end != EndReason::complete && !evidence.end_evidence;
  if (cut && nothing_usable) {
    return failed(evidence, {std::string(name_of(evidence.end)), "", ""});
  }
  if (!evidence.received) {
    const bool clean = evidence.end == EndReason::complete;
    return failed(evidence, {std::string(clean ? why::kEmptyStream : name_of(evidence.end)), "",
                             clean ? "the stream ended without any content" : ""});
  }
  return std::nullopt;
}

Completion by_finish(const Evidence& evidence, std::vector<Anomaly>& anomalies) {
  const Message& message = *evidence.message;
  const bool has_tools = !message.tool_calls.empty();
  if (!evidence.finish) anomalies.push_back(Anomaly::no_finish_reason);
  const FinishReason finish =
      evidence.finish.value_or(has_tools ? FinishReason::tool_calls : FinishReason::stop);
  if (finish == FinishReason::length) {
    return completed(evidence, finish, std::string(why::kOutputLimit));
  }
  if (has_state(message, ArgumentState::truncated)) {
    return completed(evidence, FinishReason::length, std::string(why::kToolArgumentsCut));
  }
  if (finish == FinishReason::content_filter || is_bare_refusal(message)) {
    return completed(evidence, FinishReason::content_filter, std::string(why::kRefused));
  }
  if (finish == FinishReason::stop && has_tools) {
    anomalies.push_back(Anomaly::stop_with_tools);
    return completed(evidence, FinishReason::tool_calls);
  }
  if (finish == FinishReason::error) {
    return failed(evidence, {evidence.finish_word.value_or("error"), "", ""});
  }
  if (finish == FinishReason::other || (finish == FinishReason::tool_calls && !has_tools)) {
    anomalies.push_back(Anomaly::odd_finish);
  }
  return completed(evidence, finish);
}

// Codes of errors that may go away (SPEC 5), and what AWS calls the same.
constexpr std::array<std::string_view, 10> kTransientCodes = {"rate_limit_exceeded",
                                                              "overloaded_error",
                                                              "api_error",
                                                              "server_error",
                                                              "timeout_error",
                                                              "throttlingException",
                                                              "serviceUnavailableException",
                                                              "internalServerException",
                                                              "modelStreamErrorException",
                                                              "modelTimeoutException"};

bool is_transient_status(int status) {
  return status == 408 || status == 409 || status == 425 || status == 429 ||
         (status >= 500 && status <= 599);
}

bool is_transient_code(std::string_view code) {
  int number = 0;
  const auto [end, error] = std::from_chars(code.data(), code.data() + code.size(), number);
  if (error == std::errc{} && end == code.data() + code.size()) return is_transient_status(number);
  return code == why::kEmptyStream ||
         std::find(kTransientCodes.begin(), kTransientCodes.end(), code) != kTransientCodes.end();
}

}  // namespace

Judgement judge(const Evidence& evidence) {
  Judgement judgement;
  // A transport that fails after the end evidence changes nothing about the reply.
  if (evidence.end_evidence && is_transport_failure(evidence.end)) {
    judgement.anomalies.push_back(Anomaly::cut_after_finish);
  }
  if (auto error = failure(evidence)) {
    judgement.completion = *std::move(error);
  } else if (evidence.end_evidence) {
    judgement.completion = by_finish(evidence, judgement.anomalies);
  } else {
    const bool clean = evidence.end == EndReason::complete;
    judgement.completion = completed(evidence, FinishReason::length,
                                     std::string(clean ? why::kNoEndEvidence : why::kStreamCut));
  }
  return judgement;
}

bool is_transient(const Completion& completion, int status, EndReason end) {
  if (status >= kFirstFailingStatus) return is_transient_status(status);
  if (completion.error &&
      (is_transient_code(completion.error->code) || is_transient_code(completion.error->type))) {
    return true;
  }
  return is_transport_failure(end) && (!completion.error || completion.error->code == name_of(end));
}

}  // namespace playhead::completion
