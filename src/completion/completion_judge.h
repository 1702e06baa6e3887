// What an ended message means (SPEC 5): the table of conditions, first row that fits.
#ifndef PLAYHEAD_COMPLETION_COMPLETION_JUDGE_H_
#define PLAYHEAD_COMPLETION_COMPLETION_JUDGE_H_

#include <optional>
#include <string>
#include <vector>

#include "model/anomaly.h"
#include "model/completion.h"
#include "model/end_reason.h"
#include "model/message.h"

namespace playhead::completion {

// A response from this status on holds no reply: redirects are not followed, the rest are errors.
inline constexpr int kFirstFailingStatus = 300;

// All that is known of one choice when its reply is over.
struct Evidence {
  const Message* message = nullptr;  // tool calls judged; borrowed
  bool received = false;      // any delta of text, reasoning, refusal, tool call, or a finish
  bool end_evidence = false;  // the protocol's own end came (SPEC 2)
  std::optional<FinishReason> finish;
  std::optional<std::string> finish_word;
  std::optional<ProviderError> error;   // the provider's own word
  int status = 200;                     // HTTP
  EndReason end = EndReason::complete;  // complete also where the reply ended before its transport
};

struct Judgement {
  Completion completion;
  std::vector<Anomaly> anomalies;
};

Judgement judge(const Evidence& evidence);

// Whether asking again may help (SPEC 5, "Transient"). `completion` has finish reason error, or why
// stream_cut.
bool is_transient(const Completion& completion, int status, EndReason end);

}  // namespace playhead::completion

#endif  // PLAYHEAD_COMPLETION_COMPLETION_JUDGE_H_
