// application/vnd.amazon.eventstream: binary messages with checksums (WIRE 7.1 and 7.2).
#ifndef PLAYHEAD_WIRE_AWS_EVENT_STREAM_DECODER_H_
#define PLAYHEAD_WIRE_AWS_EVENT_STREAM_DECODER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wire/frame_decoder.h"

namespace playhead::wire {

// Limits of the format (WIRE 7.1), in bytes.
inline constexpr std::size_t kAwsMessageBytesMax = std::size_t{24} * 1024 * 1024;
inline constexpr std::size_t kAwsHeadersBytesMax = std::size_t{128} * 1024;

// Why a stream is broken: the `error` of its last frame, in the order in which it is looked for. No
// length is believed before the checksum over it is right, and nothing is allocated for one that is
// out of its limits.
namespace aws_error {
inline constexpr std::string_view kPreludeCrcMismatch = "prelude_crc_mismatch";
inline constexpr std::string_view kMessageTooShort = "message_too_short";
inline constexpr std::string_view kMessageTooLong = "message_too_long";
inline constexpr std::string_view kHeadersTooLong = "headers_too_long";
inline constexpr std::string_view kHeadersLengthOutOfRange = "headers_length_out_of_range";
inline constexpr std::string_view kMessageCrcMismatch = "message_crc_mismatch";
// Of the headers, whichever comes first; names are compared when all are read.
inline constexpr std::string_view kEmptyHeaderName = "empty_header_name";
inline constexpr std::string_view kHeaderTruncated = "header_truncated";
inline constexpr std::string_view kUnknownHeaderType = "unknown_header_type";
inline constexpr std::string_view kInvalidUtf8 = "invalid_utf8";
inline constexpr std::string_view kDuplicateHeader = "duplicate_header";
}  // namespace aws_error

// Each message is a frame of kind message: `data` is its payload, `headers` are in their order,
// their values as text (true and false, integers and timestamps in decimal, bytes in base64, a uuid
// in hex), `event` is the value of `:event-type`, else of `:exception-type`, else of `:error-code`.
//
// A message that breaks a rule of the format is a frame with `error` and nothing else; the stream
// has no marks to find the next one by, so that nothing follows it. It spans what was looked at:
// the prelude, or the message. A message that the body cuts short is an empty frame,
// `unterminated`.
class AwsEventStreamDecoder final : public FrameDecoder {
 public:
  void feed(std::string_view chunk) override;
  bool next(Frame& frame) override;
  void finish() override { finished_ = true; }

 private:
  bool gather(std::size_t size, std::string_view& bytes);
  bool read_message(std::string_view message, Frame& frame);
  std::string_view read_headers(std::string_view bytes, Frame& frame);
  bool has_duplicate(const Frame& frame);
  void begin_frame(std::size_t size, Frame& frame);
  bool hand_out_broken(std::size_t size, std::string_view error, Frame& frame);
  bool hand_out_cut(Frame& frame);

  std::string_view chunk_;
  std::size_t position_ = 0;  // first byte of the chunk not yet read
  bool drained_ = true;       // next() has returned false since the last feed()
  bool finished_ = false;
  bool broken_ = false;

  std::string held_;               // the beginning of a message whose end has not come yet
  bool held_handed_out_ = false;   // held_ is borrowed until the next call
  std::uint64_t frame_start_ = 0;  // offset in the body where the last frame ended
  std::string texts_;              // header values that are not text on the wire
  std::vector<std::string_view> names_;
};

}  // namespace playhead::wire

#endif  // PLAYHEAD_WIRE_AWS_EVENT_STREAM_DECODER_H_
