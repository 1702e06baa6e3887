// Facts of one kind that a timeline folds into one line.
#ifndef PLAYHEAD_REPORT_TIMELINE_RUN_H_
#define PLAYHEAD_REPORT_TIMELINE_RUN_H_

#include <cstdint>
#include <string>
#include <utility>

#include "model/fact.h"
#include "report/timeline_line.h"

namespace playhead::report {

// What the line shows of the facts' texts.
enum class Sampled : std::uint8_t { joined, last, last_unquoted };

class Run {
 public:
  // `label` stands in front of the counts.
  Run(FactKind kind, std::string label, Sampled sampled)
      : kind_(kind), label_(std::move(label)), sampled_(sampled) {}

  void add(const Fact& fact);

  FactKind kind() const { return kind_; }
  const std::string& label() const { return label_; }
  int exchange() const { return exchange_; }
  Duration lasted() const { return last_ - first_; }

  // "text, 12 pieces, 1.20 s": for content.
  Line pieces_line() const;
  // "keepalive x3, every 30.0 s": for what comes beside the content. An anomaly says where.
  Line repeated_line(Lane lane, Paint paint) const;

 private:
  // How often: " x3, every 30.0 s" where it is regular, otherwise " x3, in 41.2 s"; nothing for
  // one.
  std::string rhythm() const;
  Line line(Lane lane, Paint paint) const;

  FactKind kind_;
  std::string label_;
  Sampled sampled_;
  int exchange_ = 0;
  std::uint64_t offset_ = 0;  // of the first
  Instant first_;
  Instant last_;
  Duration shortest_gap_;
  Duration longest_gap_;
  std::int64_t count_ = 0;
  std::string text_;  // of a long text only both ends
};

}  // namespace playhead::report

#endif  // PLAYHEAD_REPORT_TIMELINE_RUN_H_
