// Runs a fuzz target without libFuzzer: each file of the folders named on the command line, then a
// fixed number of seeded mutations of them, so that a target works as a test with every compiler.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr int kMutationsPerSeed = 200;
constexpr std::size_t kMutatedBytesMax = 4096;

std::uint64_t next(std::uint64_t& state) {  // SplitMix64
  state += 0x9e3779b97f4a7c15ULL;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

void run(const Bytes& bytes) {
  const Bytes exact(bytes);  // of exactly its size, so that a sanitizer sees an overrun
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

Bytes read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

std::vector<Bytes> read_seeds(int argc, char** argv) {
  std::vector<std::filesystem::path> paths;
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::exists(argv[i])) continue;
    if (!std::filesystem::is_directory(argv[i])) {
      paths.emplace_back(argv[i]);
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (entry.is_regular_file()) paths.push_back(entry.path());
    }
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Bytes> seeds{{}};
  for (const auto& path : paths) seeds.push_back(read_file(path));
  return seeds;
}

void mutate(Bytes& bytes, const std::vector<Bytes>& seeds, std::uint64_t& state) {
  const std::size_t at = bytes.empty() ? 0 : next(state) % bytes.size();
  const auto here = bytes.begin() + static_cast<std::ptrdiff_t>(at);
  switch (next(state) % 5) {
    case 0:
      if (!bytes.empty()) bytes[at] = static_cast<std::uint8_t>(next(state));
      break;
    case 1: bytes.insert(here, static_cast<std::uint8_t>(next(state))); break;
    case 2: bytes.resize(at); break;
    case 3:
      if (!bytes.empty()) {
        const std::size_t count = std::min(bytes.size() - at, next(state) % 16 + 1);
        bytes.erase(here, here + static_cast<std::ptrdiff_t>(count));
      }
      break;
    default: {
      const Bytes& other = seeds[next(state) % seeds.size()];
      bytes.resize(at);
      const std::size_t from = other.empty() ? 0 : next(state) % other.size();
      bytes.insert(bytes.end(), other.begin() + static_cast<std::ptrdiff_t>(from), other.end());
    }
  }
  if (bytes.size() > kMutatedBytesMax) bytes.resize(kMutatedBytesMax);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<Bytes> seeds = read_seeds(argc, argv);
  std::uint64_t state = 1;
  std::size_t runs = 0;
  for (const Bytes& seed : seeds) {
    run(seed);
    ++runs;
    Bytes bytes = seed;
    for (int i = 0; i < kMutationsPerSeed; ++i, ++runs) {
      if (i % 8 == 0) bytes = seed;
      mutate(bytes, seeds, state);
      run(bytes);
    }
  }
  std::printf("%zu seeds, %zu runs\n", seeds.size() - 1, runs);
  return EXIT_SUCCESS;
}
