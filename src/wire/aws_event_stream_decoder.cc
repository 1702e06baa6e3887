// AWS event stream: a message that lies in one chunk is read where it lies, others are held.
#include "wire/aws_event_stream_decoder.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/base64.h"
#include "base/check.h"
#include "base/utf8.h"
#include "wire/crc32.h"

namespace playhead::wire {
namespace {

constexpr std::size_t kPreludeBytes = 12;
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kMessageBytesMin = kPreludeBytes + kChecksumBytes;
constexpr std::string_view kTrue = "true";
constexpr std::string_view kFalse = "false";

// Header value types (WIRE 7.1).
enum class ValueType : std::uint8_t {
  bool_true,
  bool_false,
  int8,
  int16,
  int32,
  int64,
  bytes,
  string,
  timestamp,
  uuid,
};

// Bytes of a value of each type on the wire; of bytes and string, those of their length.
constexpr std::array<std::size_t, 10> kValueBytes = {0, 0, 1, 2, 4, 8, 2, 2, 8, 16};

// An unsigned big-endian number of at most eight bytes.
std::uint64_t number(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

std::size_t length_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::size_t>(number(bytes.substr(at, 4)));
}

std::string_view prelude_error(std::string_view prelude) {
  if (crc32(prelude.substr(0, 8)) != number(prelude.substr(8, 4))) {
    return aws_error::kPreludeCrcMismatch;
  }
  const std::size_t total = length_at(prelude, 0);
  const std::size_t headers = length_at(prelude, 4);
  if (total < kMessageBytesMin) return aws_error::kMessageTooShort;
  if (total > kAwsMessageBytesMax) return aws_error::kMessageTooLong;
  if (headers > kAwsHeadersBytesMax) return aws_error::kHeadersTooLong;
  if (headers > total - kMessageBytesMin) return aws_error::kHeadersLengthOutOfRange;
  return {};
}

void append_hex(std::string_view bytes, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const char c : bytes) {
    out.push_back(kDigits[static_cast<unsigned char>(c) >> 4U]);
    out.push_back(kDigits[static_cast<unsigned char>(c) & 15U]);
  }
}

void append_signed(std::string_view bytes, std::string& out) {
  const auto unused_bits = static_cast<unsigned>(64 - 8 * bytes.size());
  const auto value = static_cast<std::int64_t>(number(bytes) << unused_bits) >> unused_bits;
  out.append(std::to_string(value));
}

// Reads from the front of the headers. Nothing where they end too early.
class HeaderReader {
 public:
  explicit HeaderReader(std::string_view bytes) : rest_(bytes) {}

  bool done() const { return rest_.empty(); }

  std::optional<std::string_view> take(std::size_t size) {
    if (rest_.size() < size) return std::nullopt;
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

 private:
  std::string_view rest_;
};

// Nearly all are ASCII, which is told faster here than there.
bool is_text(std::string_view bytes) {
  const bool is_ascii =
      std::none_of(bytes.begin(), bytes.end(), [](char c) { return (c & 0x80) != 0; });
  return is_ascii || is_utf8(bytes);
}

struct Header {
  std::string_view name;
  ValueType type = ValueType::bool_true;
  std::string_view value;  // as on the wire, without length
};

// An error, or nothing: `header` is read.
std::string_view read_header(HeaderReader& reader, Header& header) {
  const std::size_t name_size = number(reader.take(1).value_or(""));
  if (name_size == 0) return aws_error::kEmptyHeaderName;
  const auto name = reader.take(name_size);
  if (!name) return aws_error::kHeaderTruncated;
  if (!is_text(*name)) return aws_error::kInvalidUtf8;
  const auto type = reader.take(1);
  if (!type) return aws_error::kHeaderTruncated;
  const std::size_t type_number = number(*type);
  if (type_number >= kValueBytes.size()) return aws_error::kUnknownHeaderType;
  header.name = *name;
  header.type = static_cast<ValueType>(type_number);
  auto value = reader.take(kValueBytes[type_number]);
  const bool has_length = header.type == ValueType::bytes || header.type == ValueType::string;
  if (value && has_length) value = reader.take(number(*value));
  if (!value) return aws_error::kHeaderTruncated;
  header.value = *value;
  const bool is_bad_text = header.type == ValueType::string && !is_text(header.value);
  return is_bad_text ? aws_error::kInvalidUtf8 : std::string_view();
}

// The value as text, appended to `texts` where the wire has it in another form.
std::string_view value_text(const Header& header, std::string& texts) {
  const std::size_t start = texts.size();
  switch (header.type) {
    case ValueType::bool_true: return kTrue;
    case ValueType::bool_false: return kFalse;
    case ValueType::string: return header.value;
    case ValueType::bytes: texts.append(base64(header.value)); break;
    case ValueType::uuid: append_hex(header.value, texts); break;
    default: append_signed(header.value, texts); break;
  }
  return std::string_view(texts).substr(start);
}

bool is_text_on_the_wire(ValueType type) {
  return type == ValueType::string || type == ValueType::bool_true || type == ValueType::bool_false;
}

std::string_view header_value(const Frame& frame, std::string_view wanted) {
  for (const auto& [name, value] : frame.headers) {
    if (name == wanted) return value;
  }
  return {};
}

std::string_view event_of(const Frame& frame) {
  for (const std::string_view name : {":event-type", ":exception-type", ":error-code"}) {
    const std::string_view value = header_value(frame, name);
    if (!value.empty()) return value;
  }
  return {};
}

}  // namespace

void AwsEventStreamDecoder::feed(std::string_view chunk) {
  PLAYHEAD_CHECK(drained_ && !finished_);
  chunk_ = chunk;
  position_ = 0;
  drained_ = false;
}

bool AwsEventStreamDecoder::next(Frame& frame) {
  if (held_handed_out_) {
    held_.clear();
    held_handed_out_ = false;
  }
  std::string_view bytes;
  if (!broken_ && gather(kPreludeBytes, bytes)) {
    const std::string_view error = prelude_error(bytes);
    if (!error.empty()) return hand_out_broken(kPreludeBytes, error, frame);
    if (gather(length_at(bytes, 0), bytes)) return read_message(bytes, frame);
  }
  if (finished_ && !broken_) return hand_out_cut(frame);
  drained_ = true;
  return false;
}

// The first `size` bytes of the message; they are taken from the chunk only where it ends before
// them. False: more are needed.
bool AwsEventStreamDecoder::gather(std::size_t size, std::string_view& bytes) {
  const std::size_t there = chunk_.size() - position_;
  if (held_.empty() && there >= size) {
    bytes = chunk_.substr(position_, size);
    return true;
  }
  if (held_.size() < size) {
    const std::size_t taken = std::min(there, size - held_.size());
    held_.append(chunk_.substr(position_, taken));
    position_ += taken;
  }
  bytes = std::string_view(held_).substr(0, size);
  return bytes.size() == size;
}

bool AwsEventStreamDecoder::read_message(std::string_view message, Frame& frame) {
  if (held_.empty()) {
    position_ += message.size();
  } else {
    held_handed_out_ = true;
  }
  const std::string_view checked = message.substr(0, message.size() - kChecksumBytes);
  if (crc32(checked) != number(message.substr(checked.size()))) {
    return hand_out_broken(message.size(), aws_error::kMessageCrcMismatch, frame);
  }
  const std::size_t headers_size = length_at(message, 4);
  frame.headers.clear();
  const std::string_view error = read_headers(checked.substr(kPreludeBytes, headers_size), frame);
  if (!error.empty()) return hand_out_broken(message.size(), error, frame);
  begin_frame(message.size(), frame);
  frame.data = checked.substr(kPreludeBytes + headers_size);
  frame.event = event_of(frame);
  return true;
}

// An error, or nothing: the frame has its headers.
std::string_view AwsEventStreamDecoder::read_headers(std::string_view bytes, Frame& frame) {
  texts_.clear();
  HeaderReader reader(bytes);
  while (!reader.done()) {
    Header header;
    const std::string_view error = read_header(reader, header);
    if (!error.empty()) return error;
    // No text is longer than twice its header, so that views of the texts before stay where they
    // are.
    if (!is_text_on_the_wire(header.type)) texts_.reserve(2 * bytes.size());
    frame.headers.emplace_back(header.name, value_text(header, texts_));
  }
  return has_duplicate(frame) ? aws_error::kDuplicateHeader : std::string_view();
}

// Sorted, for there may be thousands.
bool AwsEventStreamDecoder::has_duplicate(const Frame& frame) {
  names_.clear();
  for (const auto& [name, value] : frame.headers) names_.push_back(name);
  std::sort(names_.begin(), names_.end());
  return std::adjacent_find(names_.begin(), names_.end()) != names_.end();
}

void AwsEventStreamDecoder::begin_frame(std::size_t size, Frame& frame) {
  frame.kind = FrameKind::message;
  frame.offset = frame_start_;
  frame.size = size;
  frame.event = {};
  frame.id = {};
  frame.retry.reset();
  frame.data = {};
  frame.unterminated = false;
  frame.error = {};
  frame_start_ += size;
}

bool AwsEventStreamDecoder::hand_out_broken(std::size_t size, std::string_view error,
                                            Frame& frame) {
  broken_ = true;
  begin_frame(size, frame);
  frame.headers.clear();
  frame.error = error;
  return true;
}

bool AwsEventStreamDecoder::hand_out_cut(Frame& frame) {
  const std::size_t size = held_.size() + (chunk_.size() - position_);
  if (size == 0) return false;
  position_ = chunk_.size();
  held_handed_out_ = true;
  begin_frame(size, frame);
  frame.headers.clear();
  frame.unterminated = true;
  return true;
}

}  // namespace playhead::wire
