// The encoder: bytes come back, and no beginning of a frame breaks the ratio that readers allow.
#include "recording/zstd_encoder.h"

#include <gtest/gtest.h>
#include <zstd.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/prng.h"
#include "recording/record_input.h"

namespace playhead::recording {
namespace {

constexpr std::size_t kMebibyte = std::size_t{1} << 20;

// Decompresses byte by byte. Empty where a beginning of it breaks the ratio.
std::string decompressed(std::string_view frames) {
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(),
                                                                     &ZSTD_freeDCtx);
  std::string all;
  std::string step(ZSTD_DStreamOutSize(), '\0');
  for (std::size_t size = 1; size <= frames.size(); ++size) {
    ZSTD_inBuffer in{&frames[size - 1], 1, 0};
    ZSTD_outBuffer out{};
    do {
      out = {step.data(), step.size(), 0};
      const std::size_t result = ZSTD_decompressStream(context.get(), &out, &in);
      if (ZSTD_isError(result) != 0) return ZSTD_getErrorName(result);
      all.append(step, 0, out.pos);
    } while (out.pos == out.size);
    if (all.size() > size * kRatioMax) return {};
  }
  return all;
}

std::string noise(std::size_t size) {
  Prng prng(7);
  std::string bytes;
  while (bytes.size() < size) bytes += static_cast<char>(prng.below(256));
  return bytes;
}

// The parts, each added by itself, as one frame.
std::string frame_of(ZstdEncoder& encoder, const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) EXPECT_TRUE(encoder.add(part, out).ok());
  encoder.end_frame(out);
  return out;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts) all += part;
  return all;
}

TEST(ZstdEncoder, KeepsTheRatioAtEveryByte) {
  const std::vector<std::vector<std::string>> cases = {
      {},
      {"a"},
      {std::string(3000, 'a')},
      {std::string(9 * kMebibyte, 'a')},
      {"begin\n", std::string(5 * kMebibyte, 'a'), "end\n", std::string(5 * kMebibyte, '\0')},
      {noise(3000), std::string(9 * kMebibyte, 'a'), noise(200'000), std::string(kMebibyte, 'b')},
      std::vector<std::string>(2000, "data: " + std::string(4000, 'a') + "\n\n"),
  };
  for (const int level : {1, 9, 19}) {
    for (std::size_t i = 0; i < cases.size(); ++i) {
      ZstdEncoder encoder(level);
      const std::string frame = frame_of(encoder, cases[i]);
      EXPECT_TRUE(decompressed(frame) == joined(cases[i])) << "case " << i << " level " << level;
    }
  }
}

TEST(ZstdEncoder, FramesKeepTheRatioOneBehindTheOther) {
  ZstdEncoder encoder(1);
  const std::vector<std::string> body = {std::string(100'000, 'a')};
  std::string frames = frame_of(encoder, {noise(100'000)});
  for (int i = 0; i < 200; ++i) {
    const std::string frame = frame_of(encoder, body);
    EXPECT_TRUE(decompressed(frame) == body[0]);
    frames += frame;
  }
  EXPECT_EQ(decompressed(frames).size(), 201U * 100'000U);
}

TEST(ZstdEncoder, CompressesWhatRepeatsItselfAndCostsNoiseLittle) {
  ZstdEncoder encoder(9);
  EXPECT_LT(frame_of(encoder, {std::string(8 * kMebibyte, 'a')}).size(), 20'000U);
  EXPECT_LT(frame_of(encoder, {noise(kMebibyte)}).size(), kMebibyte + 100);
}

TEST(ZstdEncoder, TakesAsMuchAsReadersDo) {
  ZstdEncoder encoder(1);
  const std::string part(64 * kMebibyte, 'a');
  std::string out;
  for (std::uint64_t taken = 0; taken < kDecompressedMax; taken += part.size()) {
    ASSERT_TRUE(encoder.add(part, out).ok());
  }
  const Status status = encoder.add("a", out);
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().message.find("more than 1073741824 bytes"), std::string::npos);
}

}  // namespace
}  // namespace playhead::recording
