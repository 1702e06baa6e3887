#include "turn/decoders.h"

#include <string>
#include <string_view>

#include "base/check.h"
#include "wire/aws_event_stream_decoder.h"
#include "wire/json_array_decoder.h"
#include "wire/ndjson_decoder.h"
#include "wire/sse_decoder.h"

namespace playhead::turn {
namespace {

std::unique_ptr<wire::FrameDecoder> decoder_of(provider::Framing framing) {
  switch (framing) {
    case provider::Framing::sse: return std::make_unique<wire::SseDecoder>();
    case provider::Framing::ndjson: return std::make_unique<wire::NdjsonDecoder>();
    case provider::Framing::json_array: return std::make_unique<wire::JsonArrayDecoder>();
    case provider::Framing::aws_event_stream:
      return std::make_unique<wire::AwsEventStreamDecoder>();
  }
  PLAYHEAD_CHECK(false);
}

// Waits for the byte that tells which of two framings a body has. Blanks before it are handed on.
class TwoFramings final : public wire::FrameDecoder {
 public:
  explicit TwoFramings(const provider::CatalogRow& row) : row_(row) {}

  void feed(std::string_view chunk) override {
    if (decoder_) return decoder_->feed(chunk);
    constexpr std::string_view kBlanks = " \t\r\n";
    const std::size_t mark = chunk.find_first_not_of(kBlanks);
    held_.append(chunk);
    if (mark == std::string_view::npos) return;
    choose(chunk[mark]);
  }

  bool next(Frame& frame) override { return decoder_ && decoder_->next(frame); }

  void finish() override {
    if (!decoder_) choose('\0');
    decoder_->finish();
  }

 private:
  void choose(char first) {
    const auto& other = row_.other_framing;
    decoder_ = decoder_of(other->first_byte == first ? other->framing : row_.framing);
    decoder_->feed(held_);  // held_ stays as it is from now on
  }

  const provider::CatalogRow& row_;
  std::unique_ptr<wire::FrameDecoder> decoder_;
  std::string held_;
};

}  // namespace

std::unique_ptr<wire::FrameDecoder> make_decoder(const provider::CatalogRow& row) {
  if (row.other_framing) return std::make_unique<TwoFramings>(row);
  return decoder_of(row.framing);
}

}  // namespace playhead::turn
