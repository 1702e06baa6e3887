// Fuzzes the masker: secret, body and cuts; no spelling of the secret is left, sizes stay, and the
// cuts make no difference.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "base/check.h"
#include "recording/redaction_masker.h"

namespace {

using namespace playhead;
using namespace playhead::recording;

struct Masked {
  std::string bytes;
  bool gave_up = false;
};

Masked mask(const std::shared_ptr<const SecretPatterns>& patterns, std::string_view body,
            const std::vector<std::size_t>& sizes, MaskerOptions options) {
  Masker masker(patterns, options);
  std::string out;
  std::size_t begin = 0;
  for (std::size_t i = 0; begin < body.size(); ++i) {
    const std::size_t size =
        sizes.empty() ? body.size() : std::max<std::size_t>(1, sizes[i % sizes.size()]);
    const std::string_view chunk = body.substr(begin, size);
    const std::string_view stored = masker.mask(chunk);
    PLAYHEAD_CHECK(stored.size() == chunk.size());
    out += stored;
    begin += chunk.size();
  }
  masker.finish();
  apply_corrections(masker.corrections(), out);
  PLAYHEAD_CHECK(out.size() == body.size());
  return {std::move(out), masker.masks_everything()};
}

// The characters of base64 that the secret alone decides.
std::string base64_core(std::string_view secret, std::size_t alignment) {
  const std::string encoded = base64(std::string(alignment, '\0').append(secret));
  const std::size_t begin = (8 * alignment + 5) / 6;
  return encoded.substr(begin, 8 * (alignment + secret.size()) / 6 - begin);
}

std::string percent(std::string_view secret) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : secret) {
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return out;
}

// Whether the text stands in `masked` where it stood in `body`. Where it did not, masks made it by
// chance; and what consists of masks alone may stand anywhere.
bool is_left(std::string_view text, std::string_view body, std::string_view masked) {
  if (text.find_first_not_of("xeHh478") == std::string_view::npos) return false;
  for (std::size_t at = masked.find(text); at != std::string_view::npos;
       at = masked.find(text, at + 1)) {
    if (body.substr(at, text.size()) == text) return true;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  // First line: the secret. Second: sizes of the pieces, a byte each. Then the body, in which `@`
  // stands for the secret, `~` for its base64 and `^` for its percent-encoding.
  const std::size_t first = std::min(bytes.find('\n'), size);
  const std::size_t second = std::min(bytes.find('\n', std::min(first + 1, size)), size);
  SecretSet secrets;
  secrets.add(bytes.substr(0, first), SecretOrigin::credential);
  const std::string secret = secrets.secrets().empty() ? "" : secrets.secrets().front().value;
  std::vector<std::size_t> sizes;
  for (std::size_t i = first + 1; i < second; ++i) sizes.push_back(data[i] % 64U);
  std::string body;
  for (std::size_t i = second + 1; i < size; ++i) {
    switch (bytes[i]) {
      case '@': body += secret; break;
      case '~': body += base64(secret); break;
      case '^': body += percent(secret); break;
      default: body += bytes[i];
    }
  }
  const auto patterns = SecretPatterns::compile(secrets);
  const auto [masked, gave_up] = mask(patterns, body, sizes, {});
  const Masked whole = mask(patterns, body, {}, {});
  // Where a masker gives up may depend on the cuts.
  PLAYHEAD_CHECK(gave_up || whole.gave_up || masked == whole.bytes);
  mask(patterns, body, sizes, {.event_stream = true});
  if (secret.empty()) {
    PLAYHEAD_CHECK(masked == body);
    return 0;
  }
  if (secret.size() > SecretPatterns::kPieceBytes) return 0;
  std::vector<std::string> spellings = {secret, percent(secret)};
  for (std::size_t alignment = 0; alignment < 3; ++alignment)
    spellings.push_back(base64_core(secret, alignment));
  for (const std::string& spelling : spellings) {
    PLAYHEAD_CHECK(!is_left(spelling, body, masked));
  }
  return 0;
}
