// Server-sent events: each byte is looked at twice by memchr and copied only where a chunk border
// or a second data line forces it.
#include "wire/sse_decoder.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/check.h"
#include "model/anomaly.h"

namespace playhead::wire {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kErrorField = "error";

// `text` from `from` on: where `wanted` stands before `end`, otherwise `end`.
std::size_t find_byte(std::string_view text, char wanted, std::size_t from, std::size_t end) {
  if (from >= end) return end;
  const void* found = std::memchr(text.data() + from, wanted, end - from);
  if (found == nullptr) return end;
  return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

// Whether `text` has brackets outside strings and all of them are closed.
bool brackets_balance(std::string_view text) {
  std::size_t depth = 0;
  bool any = false;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
      any = true;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return false;
      --depth;
    }
  }
  return any && depth == 0 && !in_string;
}

struct Field {
  std::string_view name;
  std::string_view value;
};

// WIRE 1, rule 5.
Field split_field(std::string_view line) {
  const std::size_t colon = find_byte(line, ':', 0, line.size());
  if (colon == line.size()) return {line, {}};
  std::string_view value = line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  return {line.substr(0, colon), value};
}

bool is_known(std::string_view name) {
  return name == "data" || name == "event" || name == "id" || name == "retry";
}

bool is_error_object(const Field& field) {
  return field.name == kErrorField && field.value.starts_with('{');
}

// Whether a line inside unframed JSON ends it: no line of a JSON document looks like that.
bool is_framing(std::string_view line) {
  if (line.starts_with(':')) return true;
  const Field field = split_field(line);
  return is_known(field.name) || is_error_object(field);
}

}  // namespace

void SseDecoder::feed(std::string_view chunk) {
  PLAYHEAD_CHECK(drained_ && !finished_);
  chunk_offset_ += chunk_.size();
  chunk_ = chunk;
  position_ = 0;
  next_lf_known_ = false;
  drained_ = false;
}

bool SseDecoder::next(Frame& frame) {
  release_last_frame();
  for (;;) {
    if (!line_waits_) {
      switch (take_line()) {
        case Taken::nothing:
          if (finished_) return take_rest(frame);
          keep_data();
          drained_ = true;
          return false;
        case Taken::oversized: return hand_out_oversized(frame);
        case Taken::line: break;
      }
    }
    line_waits_ = false;
    if (read_line(frame)) return true;
  }
}

SseDecoder::Taken SseDecoder::take_line() {
  if (line_in_held_) {
    held_.clear();
    line_in_held_ = false;
  }
  if (swallow_lf_ && position_ < chunk_.size()) {
    swallow_lf_ = false;
    if (chunk_[position_] == '\n') ++position_;
  }
  if (position_ == chunk_.size()) return Taken::nothing;
  const std::size_t end = find_line_end();
  if (end < chunk_.size()) return take_line_to(end);
  hold_rest();
  return Taken::nothing;
}

// The next LF is remembered, and a CR is only looked for in front of it, so that every byte is
// scanned once for each, whatever the line ends are.
std::size_t SseDecoder::find_line_end() {
  if (chunk_[position_] == '\n') return position_;  // the blank line behind every event
  if (!next_lf_known_ || next_lf_ < position_) {
    next_lf_ = find_byte(chunk_, '\n', position_, chunk_.size());
    next_lf_known_ = true;
  }
  return find_byte(chunk_, '\r', position_, next_lf_);
}

SseDecoder::Taken SseDecoder::take_line_to(std::size_t end) {
  const std::string_view rest = chunk_.substr(position_, end - position_);
  const bool oversized = line_oversized_ || held_.size() + rest.size() > kSseLineBytesMax;
  swallow_lf_ = chunk_[end] == '\r';
  position_ = end + 1;
  line_start_ = line_end_;
  line_end_ = here();
  if (oversized) {
    line_oversized_ = false;
    held_.clear();
    return Taken::oversized;
  }
  if (held_.empty()) {
    line_ = rest;
  } else {
    held_.append(rest);
    line_ = held_;
    line_in_held_ = true;
  }
  return Taken::line;
}

void SseDecoder::hold_rest() {
  const std::string_view rest = chunk_.substr(position_);
  position_ = chunk_.size();
  if (line_oversized_ || held_.size() + rest.size() > kSseLineBytesMax) {
    line_oversized_ = true;
    held_.clear();
    return;
  }
  held_.append(rest);
}

// The body has ended and all whole lines are read.
bool SseDecoder::take_rest(Frame& frame) {
  switch (take_cut_line()) {
    case Taken::oversized: return hand_out_oversized(frame);
    case Taken::line:
      if (read_line(frame)) return true;
      break;
    case Taken::nothing: break;
  }
  if (collecting_) return hand_out_document(here(), frame);
  const bool begun = has_data_ || block_oversized_ || !event_.empty() || (line_cut_ && block_open_);
  line_cut_ = false;
  if (begun) return hand_out_event(true, frame);
  reset_block();
  return false;
}

SseDecoder::Taken SseDecoder::take_cut_line() {
  if (held_.empty() && !line_oversized_) return Taken::nothing;
  line_start_ = line_end_;
  line_end_ = here();
  line_cut_ = true;
  if (line_oversized_) {
    line_oversized_ = false;
    return Taken::oversized;
  }
  line_ = held_;
  line_in_held_ = true;
  return Taken::line;
}

bool SseDecoder::read_line(Frame& frame) {
  if (first_line_) {
    first_line_ = false;
    if (line_.starts_with(kByteOrderMark)) line_.remove_prefix(kByteOrderMark.size());
  }
  if (collecting_) {
    if (!is_framing(line_)) {
      collect();
      return false;
    }
    line_waits_ = true;
    return hand_out_document(line_start_, frame);
  }
  if (line_.empty()) return dispatch(frame);
  switch (line_.front()) {
    case ':': return hand_out_line(FrameKind::comment, line_.substr(1), frame);
    case '{':
    case '[': return read_bare_json(frame);
    default: return read_field(frame);
  }
}

bool SseDecoder::read_field(Frame& frame) {
  constexpr std::string_view kData = "data:";
  if (line_.starts_with(kData)) {
    open_block();
    const std::size_t space = line_.size() > kData.size() && line_[kData.size()] == ' ' ? 1 : 0;
    add_data(line_.substr(kData.size() + space));
    return false;
  }
  const Field field = split_field(line_);
  if (is_known(field.name)) {
    open_block();
    read_known_field(field.name, field.value);
  } else if (is_error_object(field)) {
    hand_out_line(FrameKind::line, field.value, frame);
    frame.event = kErrorField;
    return true;
  } else if (line_cut_) {
    open_block();  // "dat": what it would have become is lost, and that is said
  }
  return false;
}

void SseDecoder::read_known_field(std::string_view name, std::string_view value) {
  if (name == "data") {
    add_data(value);
  } else if (name == "event") {
    event_.assign(value);
  } else if (name == "id") {
    if (value.find('\0') != std::string_view::npos) return;
    id_buffer_.assign(value);
    id_changed_ = true;
  } else {
    read_retry(value);
  }
}

void SseDecoder::read_retry(std::string_view value) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
  if (value.empty()) return;
  std::uint64_t retry = 0;
  for (const char c : value) {
    if (c < '0' || c > '9') return;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    retry = retry > (kMax - digit) / 10 ? kMax : retry * 10 + digit;
  }
  if (!line_cut_) retry_ms_ = retry;  // of a cut line the digits may be cut as well
  block_retry_ms_ = retry;
}

void SseDecoder::add_data(std::string_view value) {
  if (!has_data_) {
    has_data_ = true;
    data_view_ = value;
    if (line_in_held_) keep_data();  // held_ is needed for the lines that follow
    return;
  }
  keep_data();
  if (block_oversized_ || data_.size() + 1 + value.size() > kSseEventBytesMax) {
    block_oversized_ = true;
    data_.clear();
    return;
  }
  data_.push_back('\n');
  data_.append(value);
}

bool SseDecoder::read_bare_json(Frame& frame) {
  if (brackets_balance(line_)) return hand_out_line(FrameKind::line, line_, frame);
  if (block_open_)
    return false;  // collecting would swallow the blank line that the event waits for
  collecting_ = true;
  document_.assign(line_);
  return false;
}

void SseDecoder::collect() {
  if (document_oversized_ || document_.size() + 1 + line_.size() > kSseEventBytesMax) {
    document_oversized_ = true;
    document_.clear();
    return;
  }
  document_.push_back('\n');
  document_.append(line_);
}

// WIRE 1, rule 7.
bool SseDecoder::dispatch(Frame& frame) {
  if (id_changed_) {
    last_event_id_.assign(id_buffer_);
    id_changed_ = false;
  }
  if (has_data_) return hand_out_event(false, frame);
  reset_block();
  return false;
}

bool SseDecoder::hand_out_event(bool unterminated, Frame& frame) {
  begin_frame(FrameKind::event, block_open_ ? block_start_ : frame_start_,
              unterminated ? here() : line_end_, frame);
  frame.event = event_;
  frame.id = id_buffer_;
  frame.retry = block_retry_ms_;
  frame.unterminated = unterminated;
  if (block_oversized_) {
    frame.error = name_of(Anomaly::oversized_line);
  } else if (has_data_) {
    frame.data = data_kept_ ? std::string_view(data_) : data_view_;
  }
  block_done_ = true;
  return true;
}

bool SseDecoder::hand_out_line(FrameKind kind, std::string_view data, Frame& frame) {
  begin_frame(kind, block_open_ ? line_start_ : frame_start_, line_end_, frame);
  frame.data = data;
  frame.unterminated = line_cut_ && (kind == FrameKind::comment || !brackets_balance(data));
  line_cut_ = false;
  return true;
}

bool SseDecoder::hand_out_oversized(Frame& frame) {
  begin_frame(FrameKind::line, block_open_ ? line_start_ : frame_start_, line_end_, frame);
  frame.unterminated = line_cut_;
  line_cut_ = false;
  frame.error = name_of(Anomaly::oversized_line);
  return true;
}

bool SseDecoder::hand_out_document(std::uint64_t end, Frame& frame) {
  begin_frame(FrameKind::line, frame_start_, end, frame);
  collecting_ = false;
  document_done_ = true;
  if (document_oversized_) {
    document_oversized_ = false;
    frame.error = name_of(Anomaly::oversized_line);
    return true;
  }
  frame.data = std::string_view(document_).substr(0, document_.find_last_not_of('\n') + 1);
  frame.unterminated = !brackets_balance(frame.data);
  return true;
}

void SseDecoder::begin_frame(FrameKind kind, std::uint64_t begin, std::uint64_t end, Frame& frame) {
  frame.kind = kind;
  frame.offset = begin;
  frame.size = end - begin;
  frame.event = {};
  frame.id = {};
  frame.retry.reset();
  frame.data = {};
  frame.unterminated = false;
  frame.headers.clear();
  frame.error = {};
  frame_start_ = end;
}

void SseDecoder::open_block() {
  if (block_open_) return;
  block_open_ = true;
  block_start_ = frame_start_;
}

void SseDecoder::keep_data() {
  if (!has_data_ || data_kept_) return;
  data_.assign(data_view_);
  data_kept_ = true;
}

void SseDecoder::release_last_frame() {
  if (block_done_) reset_block();
  if (document_done_) {
    document_.clear();
    document_done_ = false;
  }
}

void SseDecoder::reset_block() {
  block_open_ = false;
  block_done_ = false;
  block_oversized_ = false;
  has_data_ = false;
  data_kept_ = false;
  data_.clear();
  event_.clear();
  block_retry_ms_.reset();
}

}  // namespace playhead::wire
