// What the detail of an end `client_closed` tells about the rest of the answer: written and read.
#include "recording/client_left.h"

#include <algorithm>

namespace playhead::recording {
namespace {

constexpr std::string_view kLeft = "the client closed after ";
constexpr std::string_view kBytes = " bytes of the body";
constexpr std::string_view kWhole = "; the rest was received whole";
constexpr std::string_view kThen = "; then upstream: ";
constexpr std::string_view kDetail = ": ";

bool take(std::string_view& text, std::string_view begin) {
  if (!text.starts_with(begin)) return false;
  text.remove_prefix(begin.size());
  return true;
}

}  // namespace

std::string client_left_text(std::uint64_t bytes) {
  return std::string(kLeft) + std::to_string(bytes) + std::string(kBytes);
}

std::string rest_text(EndReason reason, std::string_view detail) {
  if (reason == EndReason::complete) return std::string(kWhole);
  std::string text(kThen);
  text += name_of(reason);
  if (!detail.empty()) text.append(kDetail).append(detail);
  return text;
}

EndReason end_of_rest(const RecordedEnd& end) {
  std::string_view text = end.detail;
  if (end.reason != EndReason::client_closed || !take(text, kLeft)) return EndReason::client_closed;
  text.remove_prefix(std::min(text.find_first_not_of("0123456789"), text.size()));
  if (!take(text, kBytes)) return EndReason::client_closed;
  if (text == kWhole) return EndReason::complete;
  if (!take(text, kThen)) return EndReason::client_closed;
  return end_reason_named(text.substr(0, text.find(kDetail))).value_or(EndReason::client_closed);
}

}  // namespace playhead::recording
