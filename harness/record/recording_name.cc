#include "record/recording_name.h"

#include <algorithm>
#include <array>

namespace playhead::record {
namespace {

constexpr std::array<std::string_view, 2> kEndings = {".rec.zst", ".rec"};

bool is_plain(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_name_character(char c) { return is_plain(c) || c == '.' || c == '_' || c == '-'; }

std::string_view ending_of(std::string_view path) {
  for (const std::string_view ending : kEndings) {
    if (path.ends_with(ending)) return ending;
  }
  return {};
}

}  // namespace

Status check_name(std::string_view name) {
  const bool fits = !name.empty() && name.size() <= kNameBytesMax && is_plain(name.front()) &&
                    std::all_of(name.begin(), name.end(), is_name_character) &&
                    name.find("..") == std::string_view::npos;
  if (fits) return Done{};
  // It is not repeated: in the wrong header, a key may be taken for a name.
  return Error{
      "the recording's name is not usable; write 1 to 128 of a-z 0-9 . _ -, a letter or digit "
      "first, and no .."};
}

Output output_of(std::string_view text, std::string_view started) {
  if (!text.empty()) {
    std::string path(text);
    const bool folder = ending_of(text).empty();
    while (folder && path.size() > 1 && path.ends_with('/')) path.pop_back();
    return {std::move(path), folder};
  }
  std::string instant(started);
  std::replace(instant.begin(), instant.end(), ':', '-');
  return {std::string(kDefaultName) + "-" + instant + ".rec.zst", false};
}

std::string numbered(std::string_view path, int number) {
  if (number <= 1) return std::string(path);
  const std::string_view ending = ending_of(path);
  std::string name(path.substr(0, path.size() - ending.size()));
  return name.append("-").append(std::to_string(number)).append(ending);
}

}  // namespace playhead::record
