// Blocks of a size that what was given so far can pay for.
#include "recording/zstd_encoder.h"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>

#include "base/check.h"
#include "recording/record_input.h"

namespace playhead::recording {
namespace {

constexpr std::size_t kBlockMax = std::size_t{128} << 10;  // zstd's largest
// The smallest block takes 4 bytes: 3 of its header, and the byte that it repeats (RFC 8878,
// 3.1.1.2). So a block of so many bytes never breaks the ratio.
constexpr std::size_t kBlockMin = std::size_t{2} << 10;
static_assert(kBlockMin <= 4 * kRatioMax);

}  // namespace

void ZstdEncoder::Free::operator()(ZSTD_CCtx_s* context) const { ZSTD_freeCCtx(context); }

ZstdEncoder::ZstdEncoder(int level)
    : context_(ZSTD_createCCtx()), step_(ZSTD_CStreamOutSize(), '\0') {
  PLAYHEAD_CHECK(context_ != nullptr);
  ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
}

Status ZstdEncoder::add(std::string_view bytes, std::string& out) {
  if (bytes.size() > kDecompressedMax - all_taken_) {
    return Error{fmt::format(
        "more than {} bytes are not compressed into one file, since readers refuse it: write a "
        "plain one (a name without .zst), or several",
        kDecompressedMax)};
  }
  all_taken_ += bytes.size();
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, block_size() - pending_.size());
    pending_ += part;
    bytes.remove_prefix(part.size());
    if (pending_.size() == block_size()) put_block(false, out);
  }
  return Done{};
}

void ZstdEncoder::end_frame(std::string& out) {
  put_block(true, out);
  taken_ = 0;
  given_ = 0;
}

// Of the next block: as much as keeps the ratio however well it compresses.
std::size_t ZstdEncoder::block_size() const {
  const std::uint64_t paid = given_ * kRatioMax;
  const std::uint64_t free = paid > taken_ ? paid - taken_ : 0;
  return static_cast<std::size_t>(std::clamp<std::uint64_t>(free, kBlockMin, kBlockMax));
}

void ZstdEncoder::put_block(bool ends_frame, std::string& out) {
  ZSTD_inBuffer in{pending_.data(), pending_.size(), 0};
  std::size_t rest = 0;
  do {
    ZSTD_outBuffer step{step_.data(), step_.size(), 0};
    rest = ZSTD_compressStream2(context_.get(), &step, &in, ends_frame ? ZSTD_e_end : ZSTD_e_flush);
    PLAYHEAD_CHECK(ZSTD_isError(rest) == 0);
    out.append(step_.data(), step.pos);
    given_ += step.pos;
  } while (rest != 0);
  taken_ += pending_.size();
  pending_.clear();
}

}  // namespace playhead::recording
