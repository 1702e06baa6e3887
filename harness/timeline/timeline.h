// Virtual time: an ordered queue. At equal instants the lower class comes first, within a class
// first in is first out (DESIGN 2).
#ifndef PLAYHEAD_TIMELINE_TIMELINE_H_
#define PLAYHEAD_TIMELINE_TIMELINE_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/instant.h"

namespace playhead::timeline {

// Classes in the order in which they happen at one instant. Timers of an engine come after all of
// them.
enum class Class : std::uint8_t { recorded, tool_result, client };

template <typename Item>
class Timeline {
 public:
  void add(Instant at, Class order, Item item) {
    entries_.push_back({at, order, next_++, std::move(item)});
    std::push_heap(entries_.begin(), entries_.end(), later);
  }

  // The instant of the next item, nothing when the queue is empty.
  std::optional<Instant> next_at() const {
    if (entries_.empty()) return std::nullopt;
    return entries_.front().at;
  }

  // Takes the next item and says when it happens. CHECKs that there is one.
  std::pair<Instant, Item> take() {
    PLAYHEAD_CHECK(!entries_.empty());
    std::pop_heap(entries_.begin(), entries_.end(), later);
    Entry entry = std::move(entries_.back());
    entries_.pop_back();
    return {entry.at, std::move(entry.item)};
  }

  // Drops every item that `unwanted` names.
  template <typename Unwanted>
  void drop(Unwanted&& unwanted) {
    std::erase_if(entries_, [&](const Entry& entry) { return unwanted(entry.item); });
    std::make_heap(entries_.begin(), entries_.end(), later);
  }

 private:
  struct Entry {
    Instant at;
    Class order;
    std::uint64_t sequence;
    Item item;
  };

  static bool later(const Entry& a, const Entry& b) {
    if (a.at != b.at) return a.at > b.at;
    if (a.order != b.order) return a.order > b.order;
    return a.sequence > b.sequence;
  }

  std::vector<Entry> entries_;  // a heap
  std::uint64_t next_ = 0;
};

}  // namespace playhead::timeline

#endif  // PLAYHEAD_TIMELINE_TIMELINE_H_
