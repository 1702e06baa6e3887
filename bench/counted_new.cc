// Counts every operator new of the program. In a file of its own: where the compiler sees both
// bodies, it takes the malloc of one and the free of the other for a mistake.
#include <atomic>
#include <cstdlib>
#include <new>

#include "bench/allocations.h"

namespace {

std::atomic<std::uint64_t> allocation_count{0};

void* counted(std::size_t size) {
  allocation_count.store(allocation_count.load(std::memory_order_relaxed) + 1,
                         std::memory_order_relaxed);
  return std::malloc(size == 0 ? 1 : size);
}

}  // namespace

void* operator new(std::size_t size) {
  if (void* memory = counted(size)) return memory;
  throw std::bad_alloc();
}
void* operator new[](std::size_t size) {
  if (void* memory = counted(size)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }

namespace playhead::bench {

std::uint64_t allocations() { return allocation_count.load(std::memory_order_relaxed); }

}  // namespace playhead::bench
