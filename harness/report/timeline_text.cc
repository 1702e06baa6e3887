// One walk over the facts: content is held in a run until something else comes, what comes beside
// it in runs of its own, and a silence until it shows what ended it.
#include "report/timeline_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "model/anomaly.h"
#include "report/printable.h"
#include "report/timeline_run.h"
#include "report/timeline_stream.h"

namespace playhead::report {
namespace {

constexpr Duration kLongSilence = seconds(10);  // from here on it stands out
constexpr std::int64_t kFirstFailingStatus = 400;

std::string counted(std::uint64_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

bool is_content(FactKind kind) {
  return kind == FactKind::text || kind == FactKind::reasoning || kind == FactKind::refusal ||
         kind == FactKind::tool_call;
}

// What a frame may say; a frame that says none of it is only a sign of life.
bool is_said_by_frame(FactKind kind) {
  return is_content(kind) || kind == FactKind::usage || kind == FactKind::finish ||
         kind == FactKind::error || kind == FactKind::anomaly || kind == FactKind::completion;
}

// What the client is sent, and marks, say nothing of how the provider's time passed.
bool passes_time(const Fact& fact) {
  const bool is_mark = fact.kind == FactKind::notice && !fact.name.empty();
  return fact.kind != FactKind::keepalive && fact.kind != FactKind::visible &&
         fact.kind != FactKind::downstream && fact.kind != FactKind::exchange && !is_mark;
}

bool is_comment(const Fact& fact) {
  return fact.kind == FactKind::frame && fact.detail == "comment";
}

std::string_view meaning_of_anomaly(std::string_view name) {
  const auto anomaly = find_in(kAnomalies, name);
  return anomaly ? kAnomalies[static_cast<std::size_t>(*anomaly)].meaning : std::string_view();
}

// What the turn waits for while nothing comes.
enum class Waiting : std::uint8_t { nothing, response, body, end, tool, backoff };

class Walk {
 public:
  explicit Walk(const Facts& facts) : facts_(facts), silence_(shortest_silence()) {
    for (const ExchangeReport& report : facts.exchanges()) {
      if (report.choices.empty()) continue;
      for (const ToolCall& call : report.choices.front().message.tool_calls) {
        streams_[report.index].unopened.push_back(&call);
      }
    }
  }

  std::vector<Line> lines() {
    for (at_ = 0; at_ < facts_.size(); ++at_) take(facts_[at_]);
    flush(false);
    if (outcome_) lines_.push_back(*std::move(outcome_));
    return std::move(lines_);
  }

 private:
  using Taker = void (Walk::*)(const Fact& fact);

  struct TakerRow {
    FactKind kind;
    Taker take;
  };

  Instant origin() const { return facts_.empty() ? Instant{} : facts_[0].at; }

  // The time since the fact before it. Facts of an exchange that a later one has replaced count for
  // nothing.
  Duration pass_time(const Fact& fact) {
    if (fact.exchange > 0 && fact.exchange < current_) return {};
    current_ = std::max(current_, fact.exchange);
    return fact.at - std::exchange(now_, std::max(fact.at, now_));
  }

  // The shortest silence that is listed, for kSilencesMax at most to be.
  Duration shortest_silence() {
    std::vector<Duration> silences;
    for (std::size_t i = 0; i < facts_.size(); ++i) {
      const Fact fact = facts_[i];
      if (!passes_time(fact)) continue;
      const Duration gap = pass_time(fact);
      const bool of_comment = i + 1 < facts_.size() && is_comment(facts_[i + 1]);
      if (gap >= kSilence && !of_comment) silences.push_back(gap);
    }
    now_ = origin();
    current_ = 0;
    if (silences.size() <= kSilencesMax) return kSilence;
    std::sort(silences.begin(), silences.end(), std::greater<>());
    return silences[kSilencesMax] + microseconds(1);
  }

  void take(const Fact& fact) {
    static constexpr std::array<TakerRow, 21> kTakers = {{
        {FactKind::request, &Walk::request}, {FactKind::response, &Walk::response},
        {FactKind::chunk, &Walk::chunk},     {FactKind::frame, &Walk::frame},
        {FactKind::text, &Walk::piece},      {FactKind::reasoning, &Walk::piece},
        {FactKind::refusal, &Walk::piece},   {FactKind::tool_call, &Walk::piece},
        {FactKind::usage, &Walk::usage},     {FactKind::finish, &Walk::finish},
        {FactKind::error, &Walk::error},     {FactKind::anomaly, &Walk::anomaly},
        {FactKind::end, &Walk::end},         {FactKind::completion, &Walk::completion},
        {FactKind::tool, &Walk::tool},       {FactKind::continuation, &Walk::continuation},
        {FactKind::backoff, &Walk::backoff}, {FactKind::notice, &Walk::notice},
        {FactKind::steer, &Walk::steer},     {FactKind::keepalive, &Walk::keepalive},
        {FactKind::outcome, &Walk::outcome},
    }};
    if (passes_time(fact)) {
      const int exchange = current_;
      const Duration gap = pass_time(fact);
      if (gap >= silence_) begin_silence(exchange, fact.at - gap, gap);
      // What a chunk holds shows in the facts behind it, what a frame is in frame().
      if (fact.kind != FactKind::chunk && fact.kind != FactKind::frame) settle();
    }
    for (const TakerRow& row : kTakers) {
      if (row.kind == fact.kind) (this->*row.take)(fact);
    }
  }

  // ---- what is held back

  void begin_silence(int exchange, Instant from, Duration gap) {
    settle();
    if (waiting_ == Waiting::backoff) return;  // its own line says how long
    const std::string span = span_text(gap);
    const auto words = [&]() -> std::string {
      switch (waiting_) {
        case Waiting::nothing: return span + " with nothing under way";
        case Waiting::response: return span + " until the response";
        case Waiting::body: return span + " of silence" + streams_[exchange].place();
        case Waiting::end: return span + " of silence; the reply is over";
        case Waiting::tool: return span + " while " + running_ + " runs";
        case Waiting::backoff: break;
      }
      return {};
    };
    const bool provider = waiting_ == Waiting::response || waiting_ == Waiting::body;
    waited_ = Line{.at = from,
                   .exchange = waiting_ == Waiting::nothing ? 0 : exchange,
                   .lane = Lane::wait,
                   .paint = provider && gap >= kLongSilence ? Paint::oddity : Paint::quiet,
                   .words = words()};
  }

  // The silence is one: what was before it is listed, and then itself.
  void settle() {
    if (waited_) flush(true);
  }

  void flush(bool before_silence) {
    const auto begin = static_cast<std::ptrdiff_t>(lines_.size());
    if (content_) lines_.push_back(content_->pieces_line());
    for (const Beside& beside : beside_) {
      const bool is_all = !content_ && beside.run.lasted() >= kSilence;
      const bool dull = beside.dull && !before_silence && !is_all;
      if (!dull) lines_.push_back(beside.run.repeated_line(beside.lane, beside.paint));
    }
    if (waited_) lines_.push_back(*std::move(waited_));
    content_.reset();
    beside_.clear();
    waited_.reset();
    std::stable_sort(lines_.begin() + begin, lines_.end(),
                     [](const Line& a, const Line& b) { return a.at < b.at; });
  }

  void add(const Fact& fact, Lane lane, Paint paint, std::string words,
           std::string_view sample = {}) {
    flush(false);
    lines_.push_back({.at = fact.at,
                      .exchange = fact.exchange,
                      .lane = lane,
                      .paint = paint,
                      .words = std::move(words),
                      .sample = std::string(sample)});
  }

  // What comes beside the content and does not interrupt it; once for each label.
  struct Beside {
    Run run;
    Lane lane;
    Paint paint;
    bool dull = false;  // listed only where there is nothing better to say
  };

  Beside* beside_with(const Fact& fact, const std::string& label) {
    const auto found = std::find_if(beside_.begin(), beside_.end(), [&](const Beside& beside) {
      return beside.run.kind() == fact.kind && beside.run.label() == label &&
             beside.run.exchange() == fact.exchange;
    });
    return found == beside_.end() ? nullptr : &*found;
  }

  void add_beside(const Fact& fact, const Beside& fresh) {
    Beside* beside = beside_with(fact, fresh.run.label());
    if (beside == nullptr) beside = &beside_.emplace_back(fresh);
    beside->run.add(fact);
  }

  // A sign of life that says nothing. Where only such come, the time between them is no silence.
  void add_life(const Fact& fact, const Beside& fresh) {
    if (!content_ && beside_with(fact, fresh.run.label()) != nullptr) waited_.reset();
    settle();
    add_beside(fact, fresh);
  }

  // ---- from the provider

  void response(const Fact& fact) {
    Stream& stream = streams_[fact.exchange];
    stream.failing = fact.number >= kFirstFailingStatus;
    if (fact.exchange == current_) waiting_ = Waiting::body;
    add(fact, Lane::reply, stream.failing ? Paint::broken : Paint::none,
        fmt::format("response {}", fact.number));
  }

  void chunk(const Fact& fact) {
    Stream& stream = streams_[fact.exchange];
    stream.bytes = fact.offset + fact.size;
    ++stream.chunks;
  }

  void frame(const Fact& fact) {
    streams_[fact.exchange].framed = fact.offset + fact.size;
    if (is_comment(fact)) {
      return add_life(fact, {Run(fact.kind, "comment", Sampled::last), Lane::reply, Paint::quiet});
    }
    if (fact.text == "[DONE]") {
      settle();
      return add(fact, Lane::reply, Paint::none, "[DONE]");
    }
    if (says_something()) return settle();
    const std::string label = fact.name.empty() ? "other frame" : "event " + name_text(fact.name);
    add_life(fact, {Run(fact.kind, label, Sampled::last), Lane::reply, Paint::quiet, true});
  }

  // Whether the frame at hand led to a fact of choice 0.
  bool says_something() const {
    for (std::size_t i = at_ + 1; i < facts_.size(); ++i) {
      if (is_said_by_frame(facts_[i].kind)) return true;
      if (passes_time(facts_[i])) return false;
    }
    return false;
  }

  void piece(const Fact& fact) {
    Stream& stream = streams_[fact.exchange];
    const bool is_call = fact.kind == FactKind::tool_call;
    const bool opens = is_call && stream.open_call(fact);
    if (!content_ || content_->kind() != fact.kind || content_->exchange() != fact.exchange ||
        opens) {
      flush(false);
      stream.sending = is_call ? stream.call : std::string(name_of(fact.kind));
      content_.emplace(fact.kind, stream.sending + (is_call && !opens ? " goes on" : ""),
                       Sampled::joined);
    }
    content_->add(fact);
  }

  void usage(const Fact& fact) {
    add_beside(fact, {Run(fact.kind, "usage", Sampled::last_unquoted), Lane::reply, Paint::quiet});
  }

  void finish(const Fact& fact) {
    streams_[fact.exchange].finished = true;
    add_beside(fact, {Run(fact.kind, "finish", Sampled::last), Lane::reply, Paint::none});
  }

  void error(const Fact& fact) {
    const std::string code = fact.name.empty() ? "" : " " + name_text(fact.name);
    add(fact, Lane::cut, Paint::broken, "error" + code, fact.text);
  }

  void anomaly(const Fact& fact) {
    const bool is_error = fact.name == name_of(Anomaly::error_in_stream);
    if (is_error && at_ > 0 && facts_[at_ - 1].kind == FactKind::error) return;  // has its line
    Fact shown = fact;
    const bool explained = shown.text.empty();
    if (explained) shown.text = meaning_of_anomaly(fact.name);
    const Sampled sampled = explained ? Sampled::last_unquoted : Sampled::last;
    add_beside(shown,
               {Run(fact.kind, name_text(fact.name), sampled), Lane::anomaly, Paint::oddity});
  }

  void end(const Fact& fact) {
    const Stream& stream = streams_[fact.exchange];
    const bool whole = fact.name == name_of(EndReason::complete);
    if (fact.exchange == current_ && waiting_ != Waiting::tool && waiting_ != Waiting::backoff) {
      waiting_ = Waiting::nothing;
    }
    if (whole && stream.finished && is_follow_up(fact)) return;
    const bool cut = !whole || ends_without_evidence(fact.exchange);
    const bool abandoned = fact.detail == kAbandoned;
    std::string words = abandoned ? "given up, " : whole && !cut ? "end: " : "";
    words += whole && cut ? "the response ends" : name_text(fact.name);
    words += " after " + counted(stream.bytes, "byte");
    words += cut ? stream.place() : " in " + counted(stream.chunks, "chunk");
    add(fact, cut ? Lane::cut : Lane::reply, cut ? Paint::broken : Paint::none, std::move(words),
        abandoned ? std::string_view() : fact.detail);
  }

  // A response that ends whole once nobody waits for it is not worth a line.
  bool is_follow_up(const Fact& end) const {
    return end.exchange < current_ || (outcome_ && end.at - outcome_->at < kSilence);
  }

  // Of a whole response, the judgement behind its end tells whether it was cut.
  bool ends_without_evidence(int exchange) const {
    for (std::size_t i = at_ + 1; i < facts_.size(); ++i) {
      const Fact fact = facts_[i];
      if (fact.exchange != exchange || fact.kind != FactKind::completion) continue;
      return fact.text == why::kNoEndEvidence || fact.text == why::kStreamCut;
    }
    return false;
  }

  // ---- the turn

  void request(const Fact& fact) {
    std::string words = "request";
    if (!fact.name.empty()) words += " (" + std::string(fact.name) + ")";
    if (!fact.detail.empty()) words += " " + fitted(fact.detail, 2 * kNameColumns);
    if (fact.number >= 0) words += fmt::format(", max_tokens {}", fact.number);
    if (!fact.text.empty()) words += fmt::format(", {} bytes", fact.text.size());
    waiting_ = Waiting::response;
    add(fact, Lane::request, Paint::none, std::move(words));
  }

  void completion(const Fact& fact) {
    streams_[fact.exchange].finished = true;
    if (waiting_ == Waiting::body) waiting_ = Waiting::end;
    std::string words = "reply is over: " + std::string(fact.name);
    if (!fact.text.empty()) words += ", " + name_text(fact.text);
    const bool bad =
        fact.name == name_of(FinishReason::length) || fact.name == name_of(FinishReason::error);
    add(fact, Lane::decision, bad ? Paint::broken : Paint::decided, std::move(words));
  }

  void tool(const Fact& fact) {
    const std::string name = fact.name.empty() ? "the tool" : name_text(fact.name);
    const auto took = [&] { return span_text(fact.at - started_); };
    const auto say = [&](Paint paint, std::string words, std::string_view sample = {}) {
      add(fact, Lane::decision, paint, std::move(words), sample);
    };
    if (fact.status == ToolStatus::running) {
      started_ = fact.at;
      running_ = name;
      waiting_ = Waiting::tool;
    } else if (waiting_ == Waiting::tool && fact.status != ToolStatus::cancelled) {
      waiting_ = Waiting::nothing;
    }
    switch (fact.status) {
      case ToolStatus::running: return say(Paint::decided, "runs " + name, fact.text);
      case ToolStatus::completed:
        if (fact.at == started_) return;  // its tool was none that takes time
        return say(Paint::decided, name + " returned after " + took());
      case ToolStatus::failed: return say(Paint::broken, name + " failed after " + took());
      case ToolStatus::cancelled: return say(Paint::oddity, name + " is told to stop");
      case ToolStatus::refused: return say(Paint::oddity, name + " is refused, not run");
      case ToolStatus::dropped: return say(Paint::oddity, name + " is dropped, its stream was cut");
    }
  }

  void continuation(const Fact& fact) {
    add(fact, Lane::decision, Paint::decided, "asks to go on (" + std::string(fact.name) + ")",
        fact.text);
  }

  void backoff(const Fact& fact) {
    waiting_ = Waiting::backoff;
    add(fact, Lane::decision, Paint::decided,
        "asks again in " + span_text(microseconds(std::max<std::int64_t>(fact.number, 0))));
  }

  void notice(const Fact& fact) {
    if (fact.name.empty()) {
      return add(fact, Lane::decision, Paint::decided, "tells the person", fact.text);
    }
    Fact mark = fact;
    mark.text = {};
    const std::string label = name_text(fact.name) + ": " + fitted(fact.text, kLineColumns);
    add_beside(mark, {Run(fact.kind, label, Sampled::last), Lane::mark, Paint::none});
  }

  void steer(const Fact& fact) {
    add(fact, Lane::decision, Paint::decided, "steer, " + name_text(fact.name), fact.text);
  }

  void keepalive(const Fact& fact) {
    Fact silent = fact;
    silent.text = {};
    add_beside(silent, {Run(fact.kind, "keepalive", Sampled::last), Lane::keepalive, Paint::quiet});
  }

  void outcome(const Fact& fact) {
    if (!facts_.outcome()) return;
    const Outcome& outcome = *facts_.outcome();
    std::string words = "outcome: " + std::string(outcome_word(outcome));
    if (outcome.error) words += ", " + name_text(outcome.error->code);
    const bool bad = outcome.failed || outcome.partial;
    outcome_ = {.at = fact.at,
                .lane = Lane::outcome,
                .paint = bad ? Paint::broken_heading : Paint::heading,
                .words = std::move(words),
                .sample = outcome.error ? outcome.error->message : ""};
  }

  const Facts& facts_;
  std::size_t at_ = 0;      // the fact at hand
  Instant now_ = origin();  // of the last fact that passed time
  int current_ = 0;         // the exchange asked for last
  Duration silence_;
  Waiting waiting_ = Waiting::nothing;
  std::string running_;  // the tool
  Instant started_;      // the tool
  std::map<int, Stream> streams_;
  std::optional<Run> content_;
  std::vector<Beside> beside_;
  std::optional<Line> waited_;
  std::optional<Line> outcome_;  // stands last, whatever comes after the turn
  std::vector<Line> lines_;
};

}  // namespace

std::string timeline_text(const Facts& facts, Style style) {
  std::string out;
  for (const Line& line : Walk(facts).lines()) out += line_text(line, style);
  return out;
}

std::string_view outcome_word(const std::optional<Outcome>& outcome) {
  if (!outcome) return "not over";
  return outcome->completed     ? "completed"
         : outcome->partial     ? "partial"
         : outcome->failed      ? "failed"
         : outcome->interrupted ? "interrupted"
                                : "not over";
}

}  // namespace playhead::report
