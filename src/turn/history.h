// The conversation of a turn and the request bodies made from it.
#ifndef PLAYHEAD_TURN_HISTORY_H_
#define PLAYHEAD_TURN_HISTORY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/message.h"
#include "model/turn.h"

namespace playhead::turn {

// History holds visible text only: no reasoning, no think blocks (SPEC 3).
class History {
 public:
  explicit History(const TurnRequest& request);

  void add_assistant(std::string_view visible, const std::vector<ToolCall>& calls);
  void add_tool_result(std::string_view id, std::string_view result);
  // CHECKs that a tool result stands last.
  void extend_last_result(std::string_view text);
  void add_user(std::string_view text);

  // The body of the next request: the client's members in their order, then messages and
  // max_tokens.
  std::string body(std::optional<std::int64_t> max_tokens) const;
  std::int64_t size() const { return static_cast<std::int64_t>(messages_.size()); }
  // A quarter of the characters of the messages: an estimate of what they are as input.
  std::int64_t estimated_tokens() const;

 private:
  std::string model_;
  std::string limit_member_;
  std::vector<std::pair<std::string, std::string>> other_members_;
  std::vector<std::string> messages_;
  std::string last_result_id_;  // of the tool result that stands last
  std::string last_result_;
};

}  // namespace playhead::turn

#endif  // PLAYHEAD_TURN_HISTORY_H_
