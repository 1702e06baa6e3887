// Latencies by size, without allocation: buckets less than 1 % wide.
#ifndef PLAYHEAD_BENCH_RELAY_HISTOGRAM_H_
#define PLAYHEAD_BENCH_RELAY_HISTOGRAM_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace playhead::bench {

// Each power of two in kSteps equal buckets; below kSteps a bucket for each value.
class Histogram {
 public:
  void add(std::int64_t nanoseconds) {
    const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(nanoseconds, 0));
    ++buckets_[bucket_of(value)];
    ++count_;
    max_ = std::max(max_, value);
  }

  std::uint64_t count() const { return count_; }
  // Nanoseconds.
  std::uint64_t max() const { return max_; }

  // The upper border of the bucket where `share` (0 to 1) of all values is reached, in
  // nanoseconds; 0 where there are none.
  std::uint64_t quantile(double share) const {
    const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(count_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      seen += buckets_[i];
      if (seen > wanted) return std::min(upper_border(i), max_);
    }
    return max_;
  }

 private:
  static constexpr unsigned kStepBits = 7;
  static constexpr std::size_t kSteps = std::size_t{1} << kStepBits;

  static std::size_t bucket_of(std::uint64_t value) {
    if (value < kSteps) return value;
    const auto power = static_cast<unsigned>(std::bit_width(value)) - 1 - kStepBits;
    return (std::size_t{power} << kStepBits) + (value >> power);
  }

  static std::uint64_t upper_border(std::size_t bucket) {
    if (bucket < kSteps) return bucket;
    const std::size_t power = (bucket >> kStepBits) - 1;
    const std::uint64_t step = bucket - (power << kStepBits);
    return ((step + 1) << power) - 1;
  }

  std::array<std::uint64_t, (64 - kStepBits + 1) * kSteps> buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace playhead::bench

#endif  // PLAYHEAD_BENCH_RELAY_HISTOGRAM_H_
