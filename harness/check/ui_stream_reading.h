// UiStreamReading: whether the parts of a UI message stream are ones that every published client
// reads, in an order that none of them fails on (SPEC 9.3, WIRE 10).
#ifndef PLAYHEAD_CHECK_UI_STREAM_READING_H_
#define PLAYHEAD_CHECK_UI_STREAM_READING_H_

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "base/json.h"

namespace playhead::check {

class UiStreamReading {
 public:
  // Reads the next part; null stands for what is no JSON. What breaks the format is kept in
  // breach(), the first time.
  void part(const JsonValue& part);

  const std::string& breach() const { return breach_; }

 private:
  using Ids = std::set<std::string, std::less<>>;  // grow with the text that is read

  void block(std::string_view type, std::string_view id, Ids& open);
  void call(std::string_view type, std::string_view id);
  void frame(std::string_view type);
  void breaks(std::string_view type, std::string_view what);

  Ids texts_;       // open blocks of the step
  Ids reasonings_;  // the same
  Ids started_;     // calls whose input has begun
  Ids available_;   // calls whose input is whole
  bool in_step_ = false;
  std::string breach_;
};

}  // namespace playhead::check

#endif  // PLAYHEAD_CHECK_UI_STREAM_READING_H_
