#include "report/timeline_stream.h"

#include <algorithm>

#include "report/printable.h"

namespace playhead::report {
namespace {

constexpr std::uint64_t kLooseBytes = 2;  // a line end that its frame does not count as its own

}  // namespace

std::string name_text(std::string_view name) { return fitted(name, kNameColumns); }

std::string Stream::place() const {
  if (failing) return {};
  if (finished) return ", after the finish";
  const bool in_frame = framed > 0 && bytes > framed + kLooseBytes;
  if (sending.empty()) return in_frame ? ", in the middle of a frame" : ", before any content";
  return ", in the middle of " + sending + (in_frame ? " and of a frame" : "");
}

bool Stream::open_call(const Fact& piece) {
  const auto found =
      std::find_if(unopened.begin(), unopened.end(), [&piece](const ToolCall* wanted) {
        return piece.detail.empty() ? !piece.name.empty() && wanted->name == piece.name
                                    : wanted->id == piece.detail;
      });
  const bool known = found != unopened.end();
  if (!known && !call.empty()) return false;
  const std::string_view name = known ? std::string_view((*found)->name) : piece.name;
  call = name.empty() ? "tool call" : "tool call " + name_text(name);
  if (known) unopened.erase(found);
  return true;
}

}  // namespace playhead::report
