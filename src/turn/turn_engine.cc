#include "turn/turn_engine.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "emit/ai_sdk_ui_writer.h"
#include "emit/openai_chat_writer.h"
#include "turn/prompts.h"
#include "turn/stale.h"
#include "turn/text.h"

namespace playhead::turn {
namespace {

std::unique_ptr<emit::Writer> make_writer(const TurnRequest& request, const Policy& policy) {
  if (request.downstream == DownstreamFormat::none) return nullptr;
  const bool ui = request.downstream == DownstreamFormat::ai_sdk_ui;
  const std::string key = request.model + std::to_string(request.seed);
  const emit::Envelope envelope{(ui ? "msg-" : "chatcmpl-") + hash64_hex(key), request.model,
                                request.created_s, policy.downstream.reasoning};
  if (ui) return std::make_unique<emit::AiSdkUiWriter>(envelope);
  return std::make_unique<emit::OpenAiChatWriter>(envelope);
}

std::vector<std::string> names_of(const std::vector<ToolCall>& calls) {
  std::vector<std::string> names;
  for (const ToolCall& call : calls) names.push_back(call.name);
  return names;
}

ToolRecord record_of(const ToolCall& call, int exchange) {
  return {call.id, call.name, call.effective_arguments(), exchange};
}

// The calls with each (name, arguments) once (SPEC 6).
std::vector<ToolCall> distinct(const std::vector<ToolCall>& calls) {
  std::vector<ToolCall> kept;
  for (const ToolCall& call : calls) {
    const bool seen = std::any_of(kept.begin(), kept.end(), [&](const ToolCall& other) {
      return other.name == call.name && other.effective_arguments() == call.effective_arguments();
    });
    if (!seen) kept.push_back(call);
  }
  return kept;
}

// What a reply that is asked for again had collected never leaks into the next attempt (SPEC 8).
bool keeps_reply(Action action) {
  return action != Action::repeat && action != Action::repeat_with_more &&
         action != Action::repeat_after_backoff;
}

void add_tool_fact(Instant at, const ToolRecord& call, ToolStatus status, Facts& facts) {
  facts.add({.at = at,
             .kind = FactKind::tool,
             .exchange = call.exchange,
             .status = status,
             .name = call.name,
             .detail = call.id,
             .text = call.arguments});
}

}  // namespace

TurnEngine::TurnEngine(const Policy& policy)
    : policy_(policy), keepalive_(milliseconds(policy.keepalive_ms)) {}

void TurnEngine::step(const Input& input, Facts& facts) {
  now_ = input.at;
  Reply* reply = reply_of(input.exchange);
  switch (input.kind) {
    case InputKind::start: start(*input.request, facts); break;
    case InputKind::response:
      if (reply != nullptr) reply->response(now_, input.status, input.retry_after, facts);
      break;
    case InputKind::chunk:
      if (reply == nullptr) break;
      reply->feed(now_, input.bytes, facts);
      pump(*reply, facts);
      break;
    case InputKind::end:
      if (reply == nullptr) break;
      reply->end(now_, input.end, false, facts);
      pump(*reply, facts);
      break;
    case InputKind::recording_exhausted:
      if (!over_) interrupt(code::kRecordingExhausted, facts);
      break;
    case InputKind::tool_result:
      if (!over_) tool_result(input, facts);
      break;
    case InputKind::client_closed:
      if (over_) break;
      cancel_tool(facts);
      interrupt(code::kClientDisconnected, facts);
      break;
    case InputKind::steer:
      if (!over_) steer(input.bytes, facts);
      break;
    case InputKind::interrupt:
      if (!over_) stop(code::kInterrupted, facts);
      break;
    case InputKind::stop:
      if (!over_) stop(code::kStopped, facts);
      break;
    case InputKind::timer: timer(input.timer, facts); break;
  }
  flush(facts);
}

std::optional<Wake> TurnEngine::wake() const {
  std::optional<Wake> earliest;
  const auto offer = [&earliest](std::optional<Instant> at, TimerKind kind) {
    if (at && (!earliest || *at < earliest->at)) earliest = Wake{*at, kind};
  };
  offer(cancel_until_, TimerKind::cancel);
  offer(backoff_until_, TimerKind::backoff);
  if (current_ != nullptr && stale_after_) {
    offer(current_->last_event() + *stale_after_, TimerKind::stale);
  }
  offer(keepalive_.due(), TimerKind::keepalive);
  return earliest;
}

void TurnEngine::timer(TimerKind kind, Facts& facts) {
  switch (kind) {
    case TimerKind::cancel:
      if (cancel_until_) interrupt(stop_code_, facts);
      break;
    case TimerKind::backoff:
      if (!backoff_until_) break;
      backoff_until_.reset();
      resend(facts);
      break;
    case TimerKind::stale:
      if (current_ == nullptr) break;
      current_->end(now_, EndReason::idle_timeout, true, facts);
      pump(*current_, facts);
      break;
    case TimerKind::keepalive:
      if (!keepalive_.due()) break;
      facts.add({.at = now_, .kind = FactKind::keepalive, .text = emit::kKeepalive});
      keepalive_.written(now_);
      break;
  }
}

void TurnEngine::start(const TurnRequest& request, Facts& facts) {
  request_ = request;
  history_.emplace(request);
  jitter_ = Prng(request.seed);
  writer_ = make_writer(request, policy_);
  if (writer_) writer_->begin(written_);
  flush(facts);
  send(RequestWhy::first, request.max_tokens, facts);
}

void TurnEngine::send(RequestWhy why, std::optional<std::int64_t> max_tokens, Facts& facts) {
  limit_sent_ = max_tokens;
  std::string body = history_->body(max_tokens);
  replies_.push_back(std::make_unique<Reply>(request_.protocol, policy_,
                                             static_cast<int>(replies_.size()) + 1, now_));
  current_ = replies_.back().get();
  stale_after_ =
      stale_after(policy_, request_.model, request_.endpoint, history_->estimated_tokens());
  delivered_ = false;
  if (writer_) writer_->next_reply(written_);
  flush(facts);
  facts.add({.at = now_,
             .kind = FactKind::request,
             .exchange = current_->index(),
             .number = max_tokens.value_or(-1),
             .name = name_of(why),
             .text = body});
  outcome_.requests.push_back({now_, why, max_tokens, history_->size(), std::move(body)});
}

// The same request once more because a stream failed or a call was cut: no new call of the API
// (SPEC 6).
void TurnEngine::resend(Facts& facts) {
  ++outcome_.retries;
  send(RequestWhy::retry, limit_sent_, facts);
}

Reply* TurnEngine::reply_of(int exchange) {
  if (exchange < 1 || static_cast<std::size_t>(exchange) > replies_.size()) return nullptr;
  return replies_[static_cast<std::size_t>(exchange) - 1].get();
}

void TurnEngine::pump(Reply& reply, Facts& facts) {
  while (reply.step(facts)) {
    if (&reply != current_) continue;
    deliver(reply, facts);
    if (reply.over()) conclude(reply, facts);
  }
  if (!reply.closed()) return;
  facts.add_exchange(now_, reply.report());
  replies_[static_cast<std::size_t>(reply.index()) - 1].reset();
}

void TurnEngine::deliver(const Reply& reply, Facts& facts) {
  if (writer_ && !reply.reasoning_piece().empty()) {
    writer_->reasoning(reply.reasoning_piece(), written_);
  }
  std::string_view visible = reply.visible();
  if (!any_text_sent_) visible = without_leading_blanks(visible);
  if (!visible.empty()) {
    if (!std::exchange(delivered_, true)) streamed_.clear();
    any_text_sent_ = true;
    streamed_.append(visible);
    facts.add({.at = now_, .kind = FactKind::visible, .exchange = reply.index(), .text = visible});
    if (writer_) writer_->text(visible, written_);
  }
  flush(facts);
}

Situation TurnEngine::situation_of(const Reply& reply) const {
  const Message& message = reply.message();
  Situation situation;
  situation.completion = &reply.completion();
  situation.end = reply.ended_by();
  situation.status = reply.status();
  situation.delivered = delivered_;
  situation.has_visible = !message.visible.empty();
  situation.has_tools = !message.tool_calls.empty();
  situation.opened_think = reply.saw_think_opener();
  for (const ToolCall& call : message.tool_calls) {
    if (call.state == ArgumentState::invalid) situation.has_invalid_arguments = true;
    const auto& known = request_.known_tools;
    if (known && std::find(known->begin(), known->end(), call.name) == known->end()) {
      situation.has_unknown_tool = true;
    }
  }
  return situation;
}

void TurnEngine::conclude(Reply& reply, Facts& facts) {
  current_ = nullptr;
  const Message& message = reply.message();
  outcome_.usage.add(message.usage);
  if (message.usage.input_tokens) outcome_.context_tokens = message.usage.input_tokens;
  const Decision decision = decide(situation_of(reply), policy_, counters_);
  if (!message.reasoning.empty() && keeps_reply(decision.action)) {
    outcome_.reasoning = message.reasoning;
  }
  record_calls(decision, reply, facts);
  act(decision, reply, facts);
}

// What became of the calls of a reply that are not run.
void TurnEngine::record_calls(const Decision& decision, const Reply& reply, Facts& facts) {
  if (decision.action == Action::run_tools) return;
  const auto& why = reply.completion().why;
  const bool whole = reply.completion().finish_reason != FinishReason::error &&
                     why != why::kStreamCut && why != why::kNoEndEvidence;
  const ToolStatus status = whole ? ToolStatus::refused : ToolStatus::dropped;
  for (const ToolCall& call : reply.message().tool_calls) {
    ToolRecord record = record_of(call, reply.index());
    record.arguments = call.arguments;
    add_tool_fact(now_, record, status, facts);
    (whole ? outcome_.refused : outcome_.dropped).push_back(std::move(record));
  }
}

void TurnEngine::act(const Decision& decision, const Reply& reply, Facts& facts) {
  switch (decision.action) {
    case Action::complete: return complete(reply, facts);
    case Action::run_tools: return run_tools(reply, facts);
    case Action::continue_reply: return continue_reply(decision, reply, facts);
    case Action::repeat_with_more:
      limit_sent_ = raised_limit(policy_, request_.max_tokens, counters_.tool_retries);
      return resend(facts);
    case Action::repeat_after_backoff: {
      const std::int64_t n = counters_.transport_retries;
      std::int64_t wait_ms = policy_.transport.backoff_ms << std::min<std::int64_t>(n - 1, 20);
      wait_ms = std::min(wait_ms, policy_.transport.backoff_max_ms);
      Duration wait = milliseconds(wait_ms);
      wait.us +=
          static_cast<std::int64_t>(jitter_.below(static_cast<std::uint64_t>(wait.us / 2) + 1));
      if (reply.retry_after()) {
        wait = std::min(*reply.retry_after(), milliseconds(policy_.transport.retry_after_max_ms));
      }
      backoff_until_ = now_ + wait;
      facts.add(
          {.at = now_, .kind = FactKind::backoff, .exchange = reply.index(), .number = wait.us});
      return;
    }
    case Action::repeat: return send(RequestWhy::retry, request_.max_tokens, facts);
    case Action::append_and_repeat:
      pieces_.append(reply.visible_text());
      streamed_.clear();
      history_->add_assistant(reply.message().visible, {});
      return send(RequestWhy::continuation, request_.max_tokens, facts);
    case Action::answer_with_errors: return answer_with_errors(reply, facts);
    case Action::finish_partial:
    case Action::finish_failed: return fail(decision, reply, facts);
    case Action::interrupt: return interrupt(decision.code, facts);
  }
}

void TurnEngine::continue_reply(const Decision& decision, const Reply& reply, Facts& facts) {
  const std::vector<std::string> dropped = names_of(reply.message().tool_calls);
  if (decision.notice) notice(dropped_tools_notice(dropped), facts);
  pieces_.append(reply.visible_text());
  streamed_.clear();
  history_->add_assistant(reply.visible_text(), {});
  std::string prompt = continuation_prompt(decision.kind, dropped);
  history_->add_user(prompt);
  facts.add({.at = now_,
             .kind = FactKind::continuation,
             .exchange = reply.index(),
             .name = name_of(decision.kind),
             .text = prompt});
  outcome_.continuations.push_back({decision.kind, std::move(prompt), dropped});
  const bool by_limit =
      decision.kind == ContinuationKind::length || decision.kind == ContinuationKind::length_tool;
  send(RequestWhy::continuation,
       by_limit ? raised_limit(policy_, request_.max_tokens, counters_.length_replies)
                : request_.max_tokens,
       facts);
}

void TurnEngine::run_tools(const Reply& reply, Facts& facts) {
  const std::vector<ToolCall>& all = reply.message().tool_calls;
  const std::vector<ToolCall> calls = distinct(all);
  history_->add_assistant(reply.message().visible, calls);
  for (const ToolCall& call : all) {
    const bool kept = std::any_of(calls.begin(), calls.end(),
                                  [&call](const ToolCall& other) { return other.id == call.id; });
    if (kept) continue;
    outcome_.refused.push_back(record_of(call, reply.index()));
    add_tool_fact(now_, outcome_.refused.back(), ToolStatus::refused, facts);
  }
  for (const ToolCall& call : calls) queue_.push_back(record_of(call, reply.index()));
  next_tool(facts);
}

// Tools of one reply run one after the other, in order; then their results are sent back.
void TurnEngine::next_tool(Facts& facts) {
  if (queue_.empty()) return send_results(facts);
  const ToolRecord& call = queue_.front();
  if (writer_) writer_->tool_running(call, written_);
  flush(facts);
  outcome_.executed.push_back(call);
  add_tool_fact(now_, call, ToolStatus::running, facts);
}

void TurnEngine::tool_result(const Input& input, Facts& facts) {
  if (queue_.empty() || queue_.front().id != input.id) return;
  const ToolRecord call = std::move(queue_.front());
  queue_.erase(queue_.begin());
  history_->add_tool_result(call.id, input.bytes);
  if (writer_ && input.failed) writer_->tool_failed(call, input.bytes, written_);
  if (writer_ && !input.failed) writer_->tool_completed(call, input.bytes, written_);
  flush(facts);
  add_tool_fact(now_, call, input.failed ? ToolStatus::failed : ToolStatus::completed, facts);
  if (cancel_until_) return interrupt(stop_code_, facts);
  next_tool(facts);
}

// Text given during the turn goes to the model with the last tool result (SPEC 10).
void TurnEngine::send_results(Facts& facts) {
  if (steer_) {
    history_->extend_last_result(steer_text(*steer_));
    facts.add({.at = now_, .kind = FactKind::steer, .name = kSteerDelivered, .text = *steer_});
    steer_.reset();
  }
  send(RequestWhy::tools, request_.max_tokens, facts);
}

void TurnEngine::steer(std::string_view text, Facts& facts) {
  facts.add({.at = now_, .kind = FactKind::steer, .name = kSteerWaiting, .text = text});
  if (steer_) {
    steer_->append("\n").append(text);
  } else {
    steer_ = text;
  }
}

void TurnEngine::answer_with_errors(const Reply& reply, Facts& facts) {
  const Message& message = reply.message();
  history_->add_assistant(message.visible, message.tool_calls);
  const std::vector<std::string> known = request_.known_tools.value_or(std::vector<std::string>());
  for (const ToolCall& call : message.tool_calls) {
    const bool unknown =
        request_.known_tools && std::find(known.begin(), known.end(), call.name) == known.end();
    const std::string result = unknown ? unknown_tool_result(call.name, known)
                               : call.state == ArgumentState::invalid
                                   ? invalid_arguments_result(call.name)
                                   : not_run_result();
    history_->add_tool_result(call.id, result);
    if (writer_) {
      writer_->tool_refused({call.id, call.name, call.arguments, reply.index()}, result, written_);
    }
  }
  send_results(facts);
}

void TurnEngine::notice(std::string text, Facts& facts) {
  if (writer_) writer_->notice(text, written_);
  facts.add({.at = now_, .kind = FactKind::notice, .text = text});
  outcome_.notices.push_back(std::move(text));
  flush(facts);
}

void TurnEngine::complete(const Reply& reply, Facts& facts) {
  outcome_.completed = true;
  outcome_.final_response = std::string(trimmed(pieces_ + reply.visible_text()));
  outcome_.finish_reason = "stop";
  finish(facts);
}

// A turn that ends at a limit or by a failure keeps the text it has; where there is none it may
// explain itself.
void TurnEngine::fail(const Decision& decision, const Reply& reply, Facts& facts) {
  outcome_.partial = decision.action == Action::finish_partial;
  outcome_.failed = !outcome_.partial;
  outcome_.finish_reason = outcome_.partial ? "length" : "error";
  TurnError error{decision.code, error_message(decision.code)};
  const auto& provider_error = reply.completion().error;
  if (provider_error && !provider_error->message.empty()) error.message = provider_error->message;
  if (decision.code == code::kContentPolicyBlocked && !reply.message().refusal.empty()) {
    error.message = reply.message().refusal;
  }
  outcome_.error = std::move(error);
  const std::string text(trimmed(pieces_ + reply.visible_text()));
  const std::string_view explained = explanation(decision.code);
  if (!text.empty()) {
    outcome_.final_response = text;
  } else if (!explained.empty()) {
    outcome_.final_response = std::string(explained);
  } else if (!reply.message().refusal.empty()) {
    outcome_.final_response = reply.message().refusal;
  }
  // The model's text was streamed as it came; words of ours and a refusal were not (SPEC 9.1).
  if (writer_ && text.empty() && outcome_.final_response) {
    writer_->text(*outcome_.final_response, written_);
  }
  finish(facts);
}

// Somebody wants the turn to end. A running tool is told so and gets a while to answer; a reply
// that is being read, and a wait, are given up at once (SPEC 9.3, 10).
void TurnEngine::stop(std::string_view code, Facts& facts) {
  if (cancel_until_) return;
  if (queue_.empty() || policy_.cancel_ms == 0) {
    cancel_tool(facts);
    return interrupt(code, facts);
  }
  stop_code_ = code;
  cancel_until_ = now_ + milliseconds(policy_.cancel_ms);
  cancel_tool(facts);
}

// The running tool is told to stop, once; what waits behind it is not run.
void TurnEngine::cancel_tool(Facts& facts) {
  if (queue_.empty() || std::exchange(tool_cancelled_, true)) return;
  add_tool_fact(now_, queue_.front(), ToolStatus::cancelled, facts);
  for (std::size_t i = 1; i < queue_.size(); ++i) {
    add_tool_fact(now_, queue_[i], ToolStatus::refused, facts);
    outcome_.refused.push_back(queue_[i]);
  }
  queue_.resize(1);
}

// The turn ends without a result: its client is gone, somebody stopped it, or nobody knows what
// would have come (SPEC 9.1, 9.4).
void TurnEngine::interrupt(std::string_view code, Facts& facts) {
  outcome_.interrupted = true;
  outcome_.error = TurnError{std::string(code), error_message(code)};
  const std::string text(trimmed(pieces_ + streamed_));
  if (!text.empty()) outcome_.final_response = text;
  const bool listens = code == code::kStopped || code == code::kInterrupted;
  if (writer_ && listens) writer_->stopped(*outcome_.error, written_);
  flush(facts);
  keepalive_.stop();
  Reply* reply = std::exchange(current_, nullptr);
  close_outcome(facts);
  if (reply == nullptr || code == code::kRecordingExhausted) return;
  reply->end(now_, EndReason::client_closed, true, facts);  // the upstream request is cancelled
  pump(*reply, facts);
}

void TurnEngine::finish(Facts& facts) {
  flush(facts);
  if (writer_) {
    writer_->finish({outcome_.completed, outcome_.partial, outcome_.failed, *outcome_.finish_reason,
                     &outcome_.error, outcome_.usage},
                    written_);
  }
  flush(facts);
  keepalive_.stop();
  close_outcome(facts);
}

void TurnEngine::close_outcome(Facts& facts) {
  over_ = true;
  current_ = nullptr;
  backoff_until_.reset();
  cancel_until_.reset();
  queue_.clear();
  outcome_.pending_steer = steer_;
  outcome_.api_calls = static_cast<std::int64_t>(outcome_.requests.size()) - outcome_.retries;
  facts.add_outcome(now_, outcome_);
}

// What the writer wrote becomes one fact, and starts the keepalive clock anew.
void TurnEngine::flush(Facts& facts) {
  if (written_.empty()) return;
  PLAYHEAD_CHECK(!over_);
  facts.add({.at = now_, .kind = FactKind::downstream, .text = written_});
  keepalive_.written(now_);
  written_.clear();
}

}  // namespace playhead::turn
