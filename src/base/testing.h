// Counts what a test program allocates by operator new. Tests only.
//
// The operators it replaces cannot be inline: only one file of a test program may include it, with
// a second one the program does not link.
#ifndef PLAYHEAD_BASE_TESTING_H_
#define PLAYHEAD_BASE_TESTING_H_

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace playhead {

inline std::atomic<std::size_t> allocation_count{0};

// So far, by the whole program.
inline std::size_t allocations() { return allocation_count.load(); }

// Null when there is no memory.
inline void* counted_allocation(std::size_t size) noexcept {
  allocation_count.fetch_add(1, std::memory_order_relaxed);
  return std::malloc(size == 0 ? 1 : size);
}

inline void* counted_allocation_or_throw(std::size_t size) {
  if (void* memory = counted_allocation(size)) return memory;
  throw std::bad_alloc();
}

}  // namespace playhead

// Not inlined: GCC would see malloc() beside a delete expression and warn of a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) {
  return playhead::counted_allocation_or_throw(size);
}
[[gnu::noinline]] void* operator new[](std::size_t size) {
  return playhead::counted_allocation_or_throw(size);
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return playhead::counted_allocation(size);
}
[[gnu::noinline]] void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return playhead::counted_allocation(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

#endif  // PLAYHEAD_BASE_TESTING_H_
