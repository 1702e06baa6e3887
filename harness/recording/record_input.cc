// Plain bytes and zstd frames, told apart at borders; bombs refused, torn frames noted.
#include "recording/record_input.h"

#include <fmt/format.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <utility>

#include "base/check.h"

namespace playhead::recording {
namespace {

constexpr std::size_t kStepBytes = std::size_t{128} << 10;  // zstd's largest block
// Consumed bytes are dropped once there are this many, so that moving the rest stays cheap.
constexpr std::size_t kDropBytes = std::size_t{64} << 10;

// Magic numbers 0x184D2A50 to 0x184D2A5F, little endian: frames that carry nothing.
bool begins_skippable(std::string_view bytes) {
  return bytes.size() >= 4 && (static_cast<unsigned char>(bytes[0]) & 0xF0) == 0x50 &&
         bytes.substr(1, 3) == "\x2A\x4D\x18";
}

bool begins_frame(std::string_view bytes) {
  return bytes.starts_with(kZstdMagic) || begins_skippable(bytes);
}

void drop_consumed(std::string& bytes, std::size_t& begin) {
  if (begin < kDropBytes && begin < bytes.size()) return;
  bytes.erase(0, begin);
  begin = 0;
}

}  // namespace

void RecordInput::FreeDecoder::operator()(ZSTD_DCtx_s* decoder) const { ZSTD_freeDCtx(decoder); }

RecordInput::RecordInput(std::unique_ptr<ByteSource> source)
    : source_(std::move(source)), step_(kStepBytes) {}

RecordInput::~RecordInput() = default;

Status RecordInput::at_border() {
  if (compressed_) return Done{};
  if (Status status = need(kZstdMagic.size()); !status.ok()) return status;
  if (compressed_ || !begins_frame(view())) return Done{};
  if (!decoder_) {
    decoder_.reset(ZSTD_createDCtx());
    PLAYHEAD_CHECK(decoder_ != nullptr);
    ZSTD_DCtx_setParameter(decoder_.get(), ZSTD_d_windowLogMax, kWindowLogMax);
  }
  // In plain mode raw_ is empty: what was read ahead becomes the compressed input.
  raw_ = std::string(view());
  raw_begin_ = 0;
  ready_.clear();
  ready_begin_ = 0;
  ended_ = false;
  compressed_ = true;
  in_frame_ = false;
  return Done{};
}

Status RecordInput::need(std::size_t count) {
  while (view().size() < count && !ended_) {
    if (Status status = fill(); !status.ok()) return status;
  }
  return Done{};
}

void RecordInput::consume(std::size_t count) {
  PLAYHEAD_CHECK(count <= view().size());
  ready_begin_ += count;
  offset_ += count;
}

Status RecordInput::fill() {
  drop_consumed(ready_, ready_begin_);
  if (!compressed_) return fill_plain();
  return in_frame_ ? decompress() : begin_frame();
}

Status RecordInput::fill_plain() {
  if (Status status = read_raw(); !status.ok()) return status;
  ended_ = source_ended_;
  ready_ += raw_;
  raw_.clear();
  return Done{};
}

Status RecordInput::begin_frame() {
  while (raw().size() < kZstdMagic.size() && !source_ended_) {
    if (Status status = read_raw(); !status.ok()) return status;
  }
  frame_begin_ = source_bytes_ - raw().size();
  if (begins_frame(raw())) {
    in_frame_ = true;
    ZSTD_DCtx_reset(decoder_.get(), ZSTD_reset_session_only);
    return Done{};
  }
  if (source_ended_ && kZstdMagic.starts_with(raw())) {
    torn_ = !raw().empty();
    ended_ = true;
    return Done{};
  }
  // A plain recording stands behind the frames.
  compressed_ = false;
  ready_ += raw();
  raw_.clear();
  raw_begin_ = 0;
  return Done{};
}

Status RecordInput::decompress() {
  if (raw().empty() && !decoder_holds_more_) {
    if (Status status = read_raw(); !status.ok()) return status;
    if (source_ended_) {
      torn_ = true;
      ended_ = true;
      return Done{};
    }
  }
  ZSTD_inBuffer in{raw().data(), raw().size(), 0};
  ZSTD_outBuffer out{step_.data(), step_.size(), 0};
  const std::size_t result = ZSTD_decompressStream(decoder_.get(), &out, &in);
  raw_begin_ += in.pos;
  drop_consumed(raw_, raw_begin_);
  eaten_ += in.pos;
  produced_ += out.pos;
  if (ZSTD_isError(result) != 0) return damaged(ZSTD_getErrorName(result));
  ready_.append(step_.data(), out.pos);
  in_frame_ = result != 0;
  decoder_holds_more_ = in_frame_ && out.pos == out.size;
  return check_excess();
}

Status RecordInput::read_raw() {
  const Result<std::size_t> count = source_->read(step_.data(), step_.size());
  if (!count.ok()) return count.error();
  raw_.append(step_.data(), *count);
  source_bytes_ += *count;
  source_ended_ = *count == 0;
  return Done{};
}

Status RecordInput::check_excess() const {
  if (produced_ > kDecompressedMax) {
    return Error{
        fmt::format("decompresses to more than {} bytes: split the file", kDecompressedMax)};
  }
  if (produced_ > kRatioFreeBytes && produced_ / kRatioMax > eaten_) {
    return Error{
        fmt::format("decompresses to more than {} times its size: refused as a zstd bomb; "
                    "if it is honest, decompress it with zstd -d first",
                    kRatioMax)};
  }
  return Done{};
}

Error RecordInput::damaged(std::string_view why) const {
  return Error{
      fmt::format("damaged: the zstd frame that begins at byte {} of the file does not "
                  "decompress beyond byte {} of the recording ({}); take another copy, or "
                  "compress it with zstd -19 or less",
                  frame_begin_, produced_, why)};
}

}  // namespace playhead::recording
