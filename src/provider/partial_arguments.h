// Arguments of a Gemini call that come in pieces, each for one path of the object (WIRE 6.3).
#ifndef PLAYHEAD_PROVIDER_PARTIAL_ARGUMENTS_H_
#define PLAYHEAD_PROVIDER_PARTIAL_ARGUMENTS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_view.h"

namespace playhead::provider {

// Limits of our choice, far above what a call has: values of one call that came in pieces, the
// elements that its array indexes leave out included, and steps of one path.
inline constexpr std::size_t kPartialValuesMax = 16384;
inline constexpr std::size_t kPartialStepsMax = 64;

class PartialArguments {
 public:
  // Takes arguments that came whole; pieces go on top of them.
  void set(const JsonView& arguments);

  // Takes one element of `partialArgs`. Strings of one path append, other values replace. False:
  // it names no path or no value, or is above a limit; then nothing has changed.
  bool add(const JsonView& piece);

  // The object, as compact JSON. Members stand in the order in which they came.
  std::string json() const;

  // The same of a call that nothing has ended: where more of a text was announced
  // (`willContinue`), the JSON ends within that text, so that nobody takes it for whole.
  std::string json_so_far() const;

 private:
  enum class Kind : std::uint8_t { scalar, text, object, array };

  // One value. An object has as many keys as values.
  struct Node {
    Kind kind = Kind::scalar;
    std::string text = "null";  // of a scalar its JSON, of a text the text itself
    bool is_open = false;       // a text of which more was announced
    std::vector<std::string> keys;
    std::vector<Node> values;
  };

  // One step of a path: into the member `key`, or to the element `position`.
  struct Step {
    Kind into = Kind::object;
    std::string key;
    std::size_t position = 0;
  };

  static Node node_of(const JsonView& value);
  // False: it has ended within an open text, as `may_end_within` lets it.
  static bool append_json(const Node& node, bool may_end_within, std::string& out);
  static bool read_path(std::string_view path, std::vector<Step>& steps);
  static bool read_bracket(std::string_view& path, Step& step);
  static void become(Kind kind, Node& node);
  Node* reach(const std::vector<Step>& steps);
  Node* step_into(Node& node, const Step& step);

  Node root_ = {Kind::object, {}, false, {}, {}};
  std::size_t values_ = 0;  // made by pieces
  std::vector<Step> steps_;
};

}  // namespace playhead::provider

#endif  // PLAYHEAD_PROVIDER_PARTIAL_ARGUMENTS_H_
