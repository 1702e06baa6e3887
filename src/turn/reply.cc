#include "turn/reply.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"
#include "completion/completion_judge.h"
#include "provider/catalog.h"
#include "provider/payload.h"
#include "repair/tool_arguments.h"
#include "turn/decoders.h"

namespace playhead::turn {
namespace {

think::ScanOptions scan_options(const Policy& policy) {
  return {policy.think.hold_bytes, policy.think.starts_inside};
}

const provider::CatalogRow& catalog_row(Protocol protocol) {
  const provider::CatalogRow* row = provider::find_row(protocol);
  PLAYHEAD_CHECK(row != nullptr);
  return *row;
}

// Reasoning fields first, then think blocks; a block that repeats the fields is left out (SPEC 3).
std::string joined_reasoning(std::string_view fields, std::string_view blocks) {
  fields = trimmed(fields);
  blocks = trimmed(blocks);
  if (fields.empty() || fields == blocks) return std::string(blocks);
  if (blocks.empty()) return std::string(fields);
  return std::string(fields) + "\n\n" + std::string(blocks);
}

}  // namespace

Reply::Reply(Protocol protocol, const Policy& policy, int index, Instant requested_at)
    : policy_(policy),
      requested_at_(requested_at),
      now_(requested_at),
      last_event_(requested_at),
      decoder_(make_decoder(catalog_row(protocol))),
      adapter_(provider::make_adapter(protocol)),
      scanner_(scan_options(policy)) {
  report_.index = index;
  report_.protocol = protocol;
  report_.choices.resize(1);
}

void Reply::response(Instant at, int status, std::optional<Duration> retry_after, Facts& facts) {
  now_ = at;
  report_.status = status;
  retry_after_ = retry_after;
  facts.add({.at = at, .kind = FactKind::response, .exchange = index(), .number = status});
}

void Reply::feed(Instant at, std::string_view bytes, Facts& facts) {
  now_ = at;
  const Instant since_request{(at - requested_at_).us};
  if (!report_.first_byte) report_.first_byte = since_request;
  if (report_.last_byte) {
    report_.longest_gap = std::max(report_.longest_gap, since_request - *report_.last_byte);
  }
  report_.last_byte = since_request;
  facts.add({.at = at,
             .kind = FactKind::chunk,
             .exchange = index(),
             .offset = report_.bytes,
             .size = bytes.size()});
  report_.bytes += bytes.size();
  ++report_.chunks;
  if (!is_error_body()) {
    decoder_->feed(bytes);
  } else if (error_body_.size() < kErrorBodyMax) {
    error_body_.append(bytes.substr(0, kErrorBodyMax - error_body_.size()));
  }
}

void Reply::end(Instant at, EndReason reason, bool abandoned, Facts& facts) {
  now_ = at;
  ended_ = true;
  report_.end = reason;
  facts.add({.at = at,
             .kind = FactKind::end,
             .exchange = index(),
             .name = name_of(reason),
             .detail = abandoned ? kAbandoned : std::string_view()});
  decoder_->finish();
}

bool Reply::step(Facts& facts) {
  visible_.clear();
  reasoning_.clear();
  if (decoder_->next(frame_)) {
    translate(frame_, facts);
    return true;
  }
  if (!ended_ || over_) return false;
  conclude(facts);
  return true;
}

void Reply::translate(const Frame& frame, Facts& facts) {
  frame_offset_ = frame.offset;
  if (!frame.error.empty()) {
    const bool too_long = frame.error == name_of(Anomaly::oversized_line);
    note(too_long ? Anomaly::oversized_line : Anomaly::framing_error, frame.offset, frame.error,
         facts);
    return;
  }
  const bool is_comment = frame.kind == FrameKind::comment;
  if (frame.unterminated && !is_comment && !accept_unterminated(frame, facts)) return;
  facts.add({.at = now_,
             .kind = FactKind::frame,
             .exchange = index(),
             .offset = frame.offset,
             .size = frame.size,
             .name = frame.event,
             .detail = name_of(frame.kind),
             .text = frame.data});
  if (is_comment) {
    ++report_.comments;
    return;
  }
  ++report_.frames;
  last_event_ = now_;
  if (over_) {
    note(Anomaly::data_after_done, frame.offset, frame.event, facts);
    return;
  }
  deltas_.clear();
  adapter_->translate(frame, deltas_);
  for (const Delta& delta : deltas_) apply(delta, frame, facts);
  if (accumulator_.done()) {
    done_ = true;
    conclude(facts);
  }
}

bool Reply::accept_unterminated(const Frame& frame, Facts& facts) {
  const bool whole = report_.end == EndReason::complete && provider::is_whole_payload(frame.data);
  if (frame.kind == FrameKind::line && whole) return true;  // a document needs no blank line
  note(whole ? Anomaly::unterminated_event : Anomaly::event_cut, frame.offset, {}, facts);
  return whole;
}

bool Reply::is_error_body() const { return report_.status >= completion::kFirstFailingStatus; }

void Reply::apply(const Delta& delta, const Frame& frame, Facts& facts) {
  if (delta.kind == DeltaKind::anomaly && delta.anomaly == Anomaly::lone_surrogate) {
    // Whether the half stays alone shows only when the reply is over (SPEC 11).
    if (!surrogate_offset_) surrogate_offset_ = frame.offset;
    return;
  }
  if (delta.choice == 0) add_delta_fact(delta, facts);
  oddities_.clear();
  accumulator_.apply(delta, oddities_);
  for (const assemble::Oddity& oddity : oddities_) {
    // An error document is no error inside a stream.
    if (is_error_body() && oddity.anomaly == Anomaly::error_in_stream) continue;
    note(oddity.anomaly, frame.offset, oddity.detail, facts);
  }
  if (delta.choice != 0) return;
  if (!accumulator_.appended().empty()) show(content_pieces_.add(accumulator_.appended()));
  if (delta.kind != DeltaKind::reasoning) return;
  reasoning_.append(reasoning_pieces_.add(delta.text));
}

void Reply::add_delta_fact(const Delta& delta, Facts& facts) const {
  static constexpr std::pair<DeltaKind, FactKind> kKinds[] = {
      {DeltaKind::text, FactKind::text},       {DeltaKind::reasoning, FactKind::reasoning},
      {DeltaKind::refusal, FactKind::refusal}, {DeltaKind::tool_call, FactKind::tool_call},
      {DeltaKind::finish, FactKind::finish},   {DeltaKind::error, FactKind::error},
  };
  for (const auto& [delta_kind, fact_kind] : kKinds) {
    if (delta_kind != delta.kind) continue;
    facts.add({.at = now_,
               .kind = fact_kind,
               .exchange = index(),
               .name = delta.name,
               .detail = delta.id,
               .text = delta.text});
  }
  if (delta.kind == DeltaKind::usage && facts.keeps(FactKind::usage)) {
    facts.add({.at = now_,
               .kind = FactKind::usage,
               .exchange = index(),
               .text = usage_text(delta.usage)});
  }
}

void Reply::show(std::string_view content) {
  scanner_.feed(content);
  visible_.append(scanner_.visible());
  visible_text_.append(scanner_.visible());
  const std::string& reasoning = scanner_.reasoning();
  reasoning_.append(reasoning, reasoning_shown_, std::string::npos);
  reasoning_shown_ = reasoning.size();
}

void Reply::note(Anomaly anomaly, std::uint64_t offset, std::string_view detail, Facts& facts) {
  facts.add({.at = now_,
             .kind = FactKind::anomaly,
             .exchange = index(),
             .offset = offset,
             .name = name_of(anomaly),
             .text = detail});
  if (report_.anomalies.size() >= kAnomaliesMax) return;
  report_.anomalies.push_back(
      {anomaly, Instant{(now_ - requested_at_).us}, offset, to_utf8(detail)});
}

void Reply::read_error_body(Facts& facts) {
  Frame frame;
  frame.kind = FrameKind::line;
  frame.size = error_body_.size();
  frame.data = error_body_;
  deltas_.clear();
  adapter_->translate(frame, deltas_);
  for (const Delta& delta : deltas_) {
    if (delta.kind == DeltaKind::error) apply(delta, frame, facts);
  }
}

// What only the end of the reply can tell.
void Reply::finish_adapter(Facts& facts) {
  Frame end;
  end.offset = frame_offset_;
  deltas_.clear();
  adapter_->finish(deltas_);
  for (const Delta& delta : deltas_) apply(delta, end, facts);
}

void Reply::conclude(Facts& facts) {
  over_ = true;
  if (is_error_body()) read_error_body(facts);
  finish_adapter(facts);
  show(content_pieces_.finish());
  reasoning_.append(reasoning_pieces_.finish());
  scanner_.finish();
  visible_.append(scanner_.visible());
  visible_text_.append(scanner_.visible());
  reasoning_.append(scanner_.reasoning(), reasoning_shown_, std::string::npos);
  for (const think::ScanNote& scan_note : scanner_.notes()) {
    note(scan_note.anomaly, frame_offset_, "content byte " + std::to_string(scan_note.offset),
         facts);
  }
  oddities_.clear();
  accumulator_.close(catalog_row(report_.protocol).object_arguments, oddities_);
  for (const assemble::Oddity& oddity : oddities_) {
    const bool is_half = oddity.anomaly == Anomaly::lone_surrogate;
    note(oddity.anomaly, is_half ? surrogate_offset_.value_or(frame_offset_) : frame_offset_,
         oddity.detail, facts);
  }
  report_.choices.clear();
  for (assemble::ChoiceState& state : accumulator_.choices()) {
    report_.choices.push_back(conclude_choice(state, facts));
  }
  facts.add({.at = now_,
             .kind = FactKind::completion,
             .exchange = index(),
             .name = name_of(completion().finish_reason),
             .text = completion().why.value_or("")});
}

bool Reply::has_end_evidence(const assemble::ChoiceState& state) const {
  EndEvidence wanted = policy_.end_evidence;
  if (wanted == EndEvidence::by_protocol) {
    wanted = catalog_row(report_.protocol).end_evidence;
  }
  if (state.finish) return true;
  if (wanted == EndEvidence::finish) return false;
  if (accumulator_.done()) return true;
  return wanted == EndEvidence::eof && ended_by() == EndReason::complete;
}

Choice Reply::conclude_choice(assemble::ChoiceState& state, Facts& facts) {
  Choice choice;
  choice.index = state.index;
  choice.message = std::move(state.message);
  Message& message = choice.message;
  const bool other_than_length = state.finish && *state.finish != FinishReason::length;
  for (ToolCall& call : message.tool_calls) {
    if (call.free_text) continue;
    repair::JudgedArguments judged = repair::judge_arguments(call.arguments, other_than_length);
    call.state = judged.state;
    call.repaired_arguments = std::move(judged.repaired);
    if (call.state == ArgumentState::repaired) {
      note(Anomaly::tool_arguments_repaired, frame_offset_, call.name, facts);
    }
  }
  if (state.index == 0 && !state.content_rewritten) {
    message.visible = trimmed(visible_text_);
    message.reasoning = joined_reasoning(message.reasoning, scanner_.reasoning());
  } else {
    const think::ScanResult scanned = think::scan(message.content, scan_options(policy_));
    if (state.index == 0) visible_text_ = scanned.visible;
    message.visible = trimmed(scanned.visible);
    message.reasoning = joined_reasoning(message.reasoning, scanned.reasoning);
  }
  completion::Evidence evidence;
  evidence.message = &message;
  evidence.received = state.received || state.finish.has_value();
  evidence.end_evidence = has_end_evidence(state);
  evidence.finish = state.finish;
  evidence.finish_word = state.finish_word;
  evidence.error = accumulator_.error();
  evidence.status = report_.status;
  evidence.end = ended_by();
  completion::Judgement judgement = completion::judge(evidence);
  for (const Anomaly anomaly : judgement.anomalies) note(anomaly, frame_offset_, {}, facts);
  choice.completion = std::move(judgement.completion);
  return choice;
}

}  // namespace playhead::turn
