// Reply: one exchange from bytes to message and completion. Composes wire, provider, think,
// assemble, repair and completion; decides nothing about the turn.
//
// Depth first: feed() or end() hand over input, then step() carries one frame at a time through to
// its visible text, until it returns false.
#ifndef PLAYHEAD_TURN_REPLY_H_
#define PLAYHEAD_TURN_REPLY_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assemble/accumulator.h"
#include "base/instant.h"
#include "model/delta.h"
#include "model/exchange.h"
#include "model/fact.h"
#include "model/policy.h"
#include "provider/adapter.h"
#include "think/think_scanner.h"
#include "turn/text.h"
#include "wire/frame_decoder.h"

namespace playhead::turn {

// Limits of our choice: an error document is read up to the first, anomalies are kept up to the
// second.
inline constexpr std::size_t kErrorBodyMax = 1024 * 1024;
inline constexpr std::size_t kAnomaliesMax = 1000;

class Reply {
 public:
  // `policy` is borrowed for the life of the reply. `index` counts the requests of the turn from 1.
  Reply(Protocol protocol, const Policy& policy, int index, Instant requested_at);

  void response(Instant at, int status, std::optional<Duration> retry_after, Facts& facts);
  // Bytes of the body, borrowed until step() has returned false.
  void feed(Instant at, std::string_view bytes, Facts& facts);
  // The transport ended. `abandoned`: it was we who gave up waiting.
  void end(Instant at, EndReason reason, bool abandoned, Facts& facts);
  // Carries one frame through, or brings the reply to its end. False: more input is needed, or all
  // is done.
  bool step(Facts& facts);

  // What the last step() made visible, and what it added to the reasoning. Borrowed until the next
  // step.
  std::string_view visible() const { return visible_; }
  std::string_view reasoning_piece() const { return reasoning_; }

  // The reply is complete: choices() and completion() are final. Frames may still follow; they are
  // noted.
  bool over() const { return over_; }
  // The transport has ended as well and step() has returned false: report() is final.
  bool closed() const { return over_ && ended_; }

  const ExchangeReport& report() const { return report_; }
  const Message& message() const { return report_.choices.front().message; }
  const Completion& completion() const { return report_.choices.front().completion; }
  int index() const { return report_.index; }
  int status() const { return report_.status; }
  std::optional<Duration> retry_after() const { return retry_after_; }
  // How the reply itself ended: complete where its own end came before that of the transport.
  EndReason ended_by() const { return done_ ? EndReason::complete : report_.end; }
  // The visible text of the reply, untrimmed: pieces of a continued reply join exactly (SPEC 6).
  const std::string& visible_text() const { return visible_text_; }
  bool saw_think_opener() const { return scanner_.saw_opener(); }
  // When the last frame other than a comment came; the request where none did (SPEC 8).
  Instant last_event() const { return last_event_; }

 private:
  void translate(const Frame& frame, Facts& facts);
  void apply(const Delta& delta, const Frame& frame, Facts& facts);
  void add_delta_fact(const Delta& delta, Facts& facts) const;
  void show(std::string_view content);
  bool accept_unterminated(const Frame& frame, Facts& facts);
  void note(Anomaly anomaly, std::uint64_t offset, std::string_view detail, Facts& facts);
  void finish_adapter(Facts& facts);
  bool is_error_body() const;
  void conclude(Facts& facts);
  void read_error_body(Facts& facts);
  Choice conclude_choice(assemble::ChoiceState& state, Facts& facts);
  bool has_end_evidence(const assemble::ChoiceState& state) const;

  const Policy& policy_;
  Instant requested_at_;
  Instant now_;
  Instant last_event_;
  std::optional<Duration> retry_after_;
  ExchangeReport report_;
  std::unique_ptr<wire::FrameDecoder> decoder_;
  std::unique_ptr<provider::Adapter> adapter_;
  assemble::Accumulator accumulator_;
  think::ThinkScanner scanner_;
  std::string error_body_;
  PieceJoiner content_pieces_;
  PieceJoiner reasoning_pieces_;  // of the reasoning fields
  std::string visible_;
  std::string visible_text_;
  std::string reasoning_;
  std::size_t reasoning_shown_ = 0;                // of the scanner's reasoning
  std::optional<std::uint64_t> surrogate_offset_;  // of the first frame with half a surrogate pair
  Frame frame_;  // of the step at hand: making one for each costs more than reading it
  std::uint64_t frame_offset_ = 0;
  std::vector<Delta> deltas_;
  std::vector<assemble::Oddity> oddities_;
  bool done_ = false;
  bool over_ = false;
  bool ended_ = false;
};

}  // namespace playhead::turn

#endif  // PLAYHEAD_TURN_REPLY_H_
