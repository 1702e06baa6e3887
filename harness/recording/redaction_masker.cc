// A set of threads walks along the bytes, each a place that may become a secret.
#include "recording/redaction_masker.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/check.h"

namespace playhead::recording {
namespace {

// Below it threads are not looked through for doubles.
constexpr std::size_t kPruneAtLeast = 64;
// A random secret has a thread or two for each of its patterns at a time. Only one that repeats
// itself all along has more than this in a body that does so too; each byte would cost all of them.
constexpr std::size_t kThreadsMin = 128;
constexpr std::size_t kThreadsPerPattern = 4;
// A stream keeps no more memory than that for bytes that are not decided, once they are.
constexpr std::size_t kKeptCapacity = 1024;
// "xxx" in base64, and "x" in hex.
constexpr std::string_view kBase64Mask = "eHh4";
constexpr std::string_view kHexMask = "78";

}  // namespace

void apply_corrections(const std::vector<MaskCorrection>& corrections, std::string& body) {
  for (const MaskCorrection& correction : corrections) {
    if (correction.offset >= body.size()) continue;
    const auto offset = static_cast<std::size_t>(correction.offset);
    const std::size_t size = std::min(correction.bytes.size(), body.size() - offset);
    std::copy_n(correction.bytes.begin(), size, body.begin() + static_cast<std::ptrdiff_t>(offset));
  }
}

Masker::Masker(std::shared_ptr<const SecretPatterns> patterns, MaskerOptions options)
    : patterns_(std::move(patterns)), prune_at_(kPruneAtLeast) {
  PLAYHEAD_CHECK(patterns_ != nullptr);
  everything_ = options.everything || patterns_->mask_everything();
  if (options.event_stream) seal_.emplace();
}

std::string_view Masker::mask(std::string_view chunk) {
  const std::uint64_t begin = end_;
  end_ += chunk.size();
  if (everything_) {
    places_ = std::max<std::uint64_t>(places_, 1);
    out_.assign(chunk.size(), kMaskByte);
    return out_;
  }
  found_.clear();
  scan(chunk, begin);
  const std::uint64_t from = undecided_from();
  if (found_.empty() && from >= begin) {
    if (!original_.empty()) decide(begin);
    if (!seal_ || !seal_->in_masked_message()) return keep(chunk, begin, from);
  }
  original_ += chunk;
  final_ += chunk;
  blot_found();
  seal(from);
  out_.assign(final_, stored_.size());
  mask_tail(begin);
  stored_ += out_;
  release(from);
  return out_;
}

// A chunk with nothing to change before `from`.
std::string_view Masker::keep(std::string_view chunk, std::uint64_t begin, std::uint64_t from) {
  const auto size = static_cast<std::size_t>(from - begin);
  if (seal_) seal_->pass(chunk.substr(0, size));
  decided_ = from;
  const std::string_view tail = chunk.substr(size);
  original_ = tail;
  final_ = tail;
  stored_ = tail;
  if (mask_from(begin) == end_) return chunk;
  out_.assign(chunk);
  mask_tail(begin);
  stored_.assign(out_, size);
  return out_;
}

void Masker::finish() {
  if (everything_) return;
  found_.clear();
  for (const Thread& thread : live_) {
    if (thread.pattern->characters(thread.unit) < kSecretBytesMin) continue;
    found_.push_back({thread.pattern, thread.unit, thread.begin, end_});
  }
  live_.clear();
  blot_found();
  decide(end_);
}

void Masker::scan(std::string_view chunk, std::uint64_t offset) {
  std::size_t at = 0;
  while (true) {
    if (live_.empty()) at = patterns_->next_start(chunk, at);
    if (at >= chunk.size()) return;
    start(chunk.substr(at), offset + at);
    step(chunk[at], offset + at);
    if (live_.size() > kThreadsMin + kThreadsPerPattern * patterns_->size()) {
      give_up();
      return;
    }
    ++at;
  }
}

// From the earliest place that may become a secret on, all is masked.
void Masker::give_up() {
  found_.push_back({live_.front().pattern, 0, undecided_from(), end_});
  live_.clear();
  everything_ = true;
}

void Masker::start(std::string_view rest, std::uint64_t offset) {
  starting_.clear();
  patterns_->each_start(rest,
                        [this](const SecretPattern& pattern) { starting_.push_back(&pattern); });
  std::sort(starting_.begin(), starting_.end());
  starting_.erase(std::unique(starting_.begin(), starting_.end()), starting_.end());
  for (const SecretPattern* pattern : starting_) live_.push_back({pattern, 0, 0, nullptr, offset});
}

void Masker::step(char c, std::uint64_t offset) {
  next_.clear();
  for (const Thread& thread : live_) {
    if (thread.spelling != nullptr) {
      if (thread.spelling->matches(thread.at, c)) {
        go_on(thread, *thread.spelling, thread.at + 1, offset);
      }
      continue;
    }
    for (const Spelling& spelling : *thread.pattern->units[thread.unit]) {
      if (spelling.matches(0, c)) go_on(thread, spelling, 1, offset);
    }
  }
  std::swap(live_, next_);
  if (live_.size() > prune_at_) prune();
}

// The thread after the first `at` bytes of the spelling, the last of them at `offset`.
void Masker::go_on(const Thread& thread, const Spelling& spelling, std::uint32_t at,
                   std::uint64_t offset) {
  Thread next = thread;
  if (at < spelling.bytes.size()) {
    next.spelling = &spelling;
    next.at = at;
    next_.push_back(next);
    return;
  }
  next.spelling = nullptr;
  next.at = 0;
  ++next.unit;
  if (next.unit < thread.pattern->units.size()) {
    next_.push_back(next);
  } else {
    found_.push_back({thread.pattern, next.unit, thread.begin, offset + 1});
  }
}

// Characters that can be read in two ways ("%25", "\\\\") make threads that differ in their
// beginning only: the earliest is enough.
void Masker::prune() {
  const auto place = [](const Thread& t) {
    return std::tuple(t.pattern, t.unit, t.spelling, t.at);
  };
  std::sort(live_.begin(), live_.end(), [&place](const Thread& a, const Thread& b) {
    return place(a) != place(b) ? place(a) < place(b) : a.begin < b.begin;
  });
  const auto same = [&place](const Thread& a, const Thread& b) { return place(a) == place(b); };
  live_.erase(std::unique(live_.begin(), live_.end(), same), live_.end());
  prune_at_ = std::max(kPruneAtLeast, 2 * live_.size());
}

// In an order that no cut changes, and of the places that end alike in one pattern the earliest:
// whether the others were still there depends on when prune() last ran.
void Masker::blot_found() {
  const auto key = [](const Found& f) { return std::tuple(f.end, f.pattern, f.begin); };
  std::sort(found_.begin(), found_.end(),
            [&key](const Found& a, const Found& b) { return key(a) < key(b); });
  const auto same = [](const Found& a, const Found& b) {
    return a.end == b.end && a.pattern == b.pattern;
  };
  found_.erase(std::unique(found_.begin(), found_.end(), same), found_.end());
  for (const Found& found : found_) blot(found);
}

void Masker::blot(const Found& found) {
  const auto begin = static_cast<std::size_t>(found.begin - decided_);
  const auto size = static_cast<std::size_t>(found.end - found.begin);
  const SecretPattern& pattern = *found.pattern;
  // Where a character is spelt longer, its neighbours' places are not known: then nothing decodes.
  const bool base64 = pattern.form == SecretForm::base64 && size == found.units;
  const bool hex = pattern.form == SecretForm::hex && size == 2 * found.units;
  for (std::size_t i = 0; i < size; ++i) {
    final_[begin + i] = base64 ? kBase64Mask[(pattern.phase + i) % 4]
                        : hex  ? kHexMask[i % 2]
                               : kMaskByte;
  }
  if (found.begin >= last_found_end_) ++places_;
  last_found_end_ = std::max(last_found_end_, found.end);
}

std::uint64_t Masker::undecided_from() const {
  std::uint64_t from = end_;
  for (const Thread& thread : live_) from = std::min(from, thread.begin);
  return from;
}

void Masker::decide(std::uint64_t up_to) {
  seal(up_to);
  release(up_to);
}

void Masker::seal(std::uint64_t up_to) {
  const auto size = static_cast<std::size_t>(up_to - decided_);
  if (seal_) seal_->pass(std::string_view(original_).substr(0, size), final_.data());
}

// Bytes before `up_to` change no more: where others went out, a correction has them.
void Masker::release(std::uint64_t up_to) {
  const auto size = static_cast<std::size_t>(up_to - decided_);
  for (std::size_t i = 0; i < size; ++i) {
    if (stored_[i] != final_[i]) correct(decided_ + i, final_[i]);
  }
  decided_ = up_to;
  for (std::string* bytes : {&original_, &stored_, &final_}) {
    bytes->erase(0, size);
    if (bytes->capacity() > kKeptCapacity) bytes->shrink_to_fit();
  }
}

// Where the tail begins that could be the beginning of a secret and tells too much of it.
std::uint64_t Masker::mask_from(std::uint64_t chunk_begin) const {
  std::uint64_t from = end_;
  for (const Thread& thread : live_) {
    if (thread.pattern->characters(thread.unit) > kHarmlessCharacters) {
      from = std::min(from, thread.begin);
    }
  }
  return std::max(from, chunk_begin);
}

void Masker::mask_tail(std::uint64_t chunk_begin) {
  const auto from = static_cast<std::ptrdiff_t>(mask_from(chunk_begin) - chunk_begin);
  std::fill(out_.begin() + from, out_.end(), kMaskByte);
}

void Masker::correct(std::uint64_t offset, char byte) {
  if (!corrections_.empty() &&
      corrections_.back().offset + corrections_.back().bytes.size() == offset) {
    corrections_.back().bytes += byte;
  } else {
    corrections_.push_back({offset, std::string(1, byte)});
  }
}

std::string masked_text(const std::shared_ptr<const SecretPatterns>& patterns,
                        std::string_view text) {
  Masker masker(patterns);
  std::string out(masker.mask(text));
  masker.finish();
  apply_corrections(masker.corrections(), out);
  return out;
}

}  // namespace playhead::recording
