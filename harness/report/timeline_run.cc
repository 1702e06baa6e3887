#include "report/timeline_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.h"
#include "report/printable.h"
#include "report/timeline_text.h"

namespace playhead::report {
namespace {

constexpr Duration kShownSpan = milliseconds(1);

}  // namespace

void Run::add(const Fact& fact) {
  if (count_ == 0) {
    first_ = fact.at;
    exchange_ = fact.exchange;
    offset_ = fact.offset;
  } else {
    const Duration gap = fact.at - last_;
    shortest_gap_ = count_ == 1 ? gap : std::min(shortest_gap_, gap);
    longest_gap_ = std::max(longest_gap_, gap);
  }
  last_ = fact.at;
  ++count_;
  if (sampled_ != Sampled::joined) text_.clear();
  append_joined(fact.text, text_);
  if (text_.size() > 8 * kFittedEdge) {
    text_.erase(kFittedEdge, text_.size() - 2 * kFittedEdge);
  }
}

Line Run::line(Lane lane, Paint paint) const {
  return {.at = first_,
          .exchange = exchange_,
          .lane = lane,
          .paint = paint,
          .sample = text_,
          .quoted = sampled_ != Sampled::last_unquoted};
}

Line Run::pieces_line() const {
  Line out = line(Lane::reply, Paint::none);
  out.words = fmt::format("{}, {} piece{}", label_, count_, count_ == 1 ? "" : "s");
  if (lasted() >= kShownSpan) out.words += ", " + span_text(lasted());
  if (longest_gap_ >= kSilence) out.words += ", gaps up to " + span_text(longest_gap_);
  return out;
}

std::string Run::rhythm() const {
  if (count_ < 2) return {};
  const Duration mean{lasted().us / (count_ - 1)};
  const bool regular = longest_gap_.us - shortest_gap_.us <= mean.us / 4;
  if (regular && mean >= kSilence) return fmt::format(" x{}, every {}", count_, span_text(mean));
  if (lasted() < kShownSpan) return fmt::format(" x{}", count_);
  return fmt::format(" x{}, in {}", count_, span_text(lasted()));
}

Line Run::repeated_line(Lane lane, Paint paint) const {
  Line out = line(lane, paint);
  out.words = label_ + rhythm();
  if (kind_ == FactKind::anomaly) out.words += fmt::format(", byte {}", offset_);
  return out;
}

}  // namespace playhead::report
