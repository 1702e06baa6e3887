// The decisions of the scanner: what a tag means where it stands.
#include "think/think_scanner.h"

#include <algorithm>

#include "base/check.h"

namespace playhead::think {
namespace {

bool all_blank(std::string_view text) { return std::all_of(text.begin(), text.end(), is_blank); }

}  // namespace

// What the text says about the closer of an opener.
struct ThinkScanner::Closer {
  enum class State : std::uint8_t { found, absent, undecided };
  State state = State::undecided;
  std::size_t start = 0;  // both only where found, counted from the opener's '<'
  std::size_t end = 0;
};

ThinkScanner::ThinkScanner(ScanOptions options)
    : hold_bytes_(static_cast<std::size_t>(std::max<std::int64_t>(options.hold_bytes, 0))),
      tag_bytes_max_(std::clamp(hold_bytes_, kTagBytesMin, kTagBytesMax)),
      inside_(options.starts_inside) {}

void ThinkScanner::feed(std::string_view content) {
  PLAYHEAD_CHECK(!ended_);
  visible_.clear();
  if (held_start_ == held_.size()) {
    const std::size_t done = advance(content);
    held_.assign(content.substr(done));
    held_start_ = 0;
    return;
  }
  // Erasing only when half of it is decided keeps the copying linear.
  if (held_start_ > held_.size() / 2) {
    held_.erase(0, held_start_);
    held_start_ = 0;
  }
  held_.append(content);
  held_start_ += advance(std::string_view(held_).substr(held_start_));
}

void ThinkScanner::finish() {
  visible_.clear();
  if (ended_) return;
  ended_ = true;
  held_start_ += advance(std::string_view(held_).substr(held_start_));
  PLAYHEAD_CHECK(held_start_ == held_.size());
  if (inside_ && offset_ > 0) note(Anomaly::think_unterminated, block_at_);
}

// Decides as much of `text` as can be decided and returns how many bytes that was. The readers
// return the bytes they decided, 0 when they have to wait.
std::size_t ThinkScanner::advance(std::string_view text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const std::string_view rest = text.substr(done);
    const std::size_t step = inside_ ? read_block(rest) : read_text(rest);
    if (step == 0) break;
    done += step;
    offset_ += step;
  }
  return done;
}

std::size_t ThinkScanner::read_block(std::string_view rest) {
  const std::size_t text = std::min(rest.find('<'), rest.size());
  if (text > 0) {
    think(rest.substr(0, text));
    return text;
  }
  const Tag tag = read_closer(rest, kThinkNames, tag_bytes_max_);
  if (tag.kind == TagKind::closer) {
    inside_ = false;
    return tag.length;
  }
  if (tag.kind == TagKind::partial && !ended_) return 0;
  think(rest.substr(0, 1));
  return 1;
}

std::size_t ThinkScanner::read_text(std::string_view rest) {
  if (swallows_blanks_) {
    if (const std::size_t blanks = skip_blanks(rest); blanks > 0) return blanks;
  }
  const std::size_t text = std::min(rest.find('<'), rest.size());
  if (text > 0) {
    show(rest.substr(0, text));
    return text;
  }
  return read_candidate(rest);
}

std::size_t ThinkScanner::skip_blanks(std::string_view rest) {
  std::size_t blanks = 0;
  while (blanks < rest.size() && is_blank(rest[blanks])) ++blanks;
  swallows_blanks_ = blanks == rest.size();
  // They are gone from the visible text, but a fence behind them still begins a line.
  code_.pass(rest.substr(0, blanks));
  return blanks;
}

// `rest` begins with '<'.
std::size_t ThinkScanner::read_candidate(std::string_view rest) {
  code_.end_run();
  Tag tag;
  if (!code_.in_fence()) tag = read_tag(rest, tag_bytes_max_);
  if (tag.kind == TagKind::partial && !ended_) return 0;
  Place place = Place::code;
  if (tag.length > 0) place = code_.look_ahead(rest, offset_, hold_bytes_, ended_);
  if (place == Place::undecided) return 0;
  if (place == Place::code) {
    show(rest.substr(0, 1));
    return 1;
  }
  code_.settle();
  return take_tag(tag, rest);
}

std::size_t ThinkScanner::take_tag(const Tag& tag, std::string_view rest) {
  if (tag.kind == TagKind::empty) return tag.length;
  if (tag.kind == TagKind::closer) {
    note(Anomaly::think_orphan_closer, offset_);
    swallows_blanks_ = true;
    gap_ = true;
    return tag.length;
  }
  if ((tag.name & kThinkNames) != 0) {
    saw_opener_ = true;
    if (line_is_blank_) {
      inside_ = true;
      block_at_ = offset_;
      return tag.length;
    }
  }
  return take_pair(tag, rest);
}

std::size_t ThinkScanner::take_pair(const Tag& tag, std::string_view rest) {
  const Closer closer = find_closer(tag, rest);
  if (closer.state == Closer::State::undecided) return 0;
  if (closer.state == Closer::State::absent) {
    // Prose. No tag begins inside a tag, so going on behind the '<' is going on behind the tag.
    show(rest.substr(0, 1));
    return 1;
  }
  if ((tag.name & kThinkNames) != 0) {
    think(rest.substr(tag.length, closer.start - tag.length));
  } else {
    note(Anomaly::tool_markup_in_content, offset_);
    gap_ = true;
  }
  return closer.end;
}

// A closer counts when it ends within hold_bytes_ from the opener's '<'.
ThinkScanner::Closer ThinkScanner::find_closer(const Tag& tag, std::string_view rest) {
  const bool is_think = (tag.name & kThinkNames) != 0;
  std::size_t row = 0;
  while (!is_think && (tag.name >> (kFirstToolName + row)) != 0) ++row;
  std::uint64_t& no_closer_before = no_closer_before_.at(row);
  const TagNames names = is_think ? kThinkNames : tag.name;

  const std::string_view ahead = rest.substr(0, hold_bytes_);
  std::size_t at = tag.length;
  if (no_closer_before > offset_ + at) at = static_cast<std::size_t>(no_closer_before - offset_);
  while ((at = std::min(ahead.find('<', at), std::max(at, ahead.size()))) < ahead.size()) {
    const Tag found = read_closer(ahead.substr(at), names, tag_bytes_max_);
    if (found.kind == TagKind::partial) break;
    if (found.kind == TagKind::closer) {
      no_closer_before = offset_ + at;
      return {Closer::State::found, at, at + found.length};
    }
    ++at;
  }
  no_closer_before = offset_ + at;
  const bool whole = ended_ || rest.size() >= hold_bytes_;
  return {whole ? Closer::State::absent : Closer::State::undecided, 0, 0};
}

void ThinkScanner::show(std::string_view text) {
  visible_.append(text);
  code_.pass(text);
  const std::size_t newline = text.rfind('\n');
  const std::size_t line = newline == std::string_view::npos ? 0 : newline + 1;
  line_is_blank_ = (line_is_blank_ || line > 0) && all_blank(text.substr(line));
  gap_ = gap_ || !all_blank(text);
}

void ThinkScanner::think(std::string_view text) {
  if (text.empty()) return;
  saw_opener_ = true;
  if (gap_ && !reasoning_.empty()) reasoning_.append("\n\n");
  gap_ = false;
  reasoning_.append(text);
}

void ThinkScanner::note(Anomaly anomaly, std::uint64_t offset) {
  if (notes_.size() < kScanNotesMax) notes_.push_back({anomaly, offset});
}

ScanResult scan(std::string_view content, ScanOptions options) {
  ThinkScanner scanner(options);
  scanner.feed(content);
  ScanResult result;
  result.visible = scanner.visible();
  scanner.finish();
  result.visible += scanner.visible();
  result.reasoning = scanner.reasoning();
  result.saw_opener = scanner.saw_opener();
  result.notes = scanner.notes();
  return result;
}

}  // namespace playhead::think
