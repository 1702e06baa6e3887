// Every recorded body of a corpus through a reply, in many cuts: the facts must be the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/prng.h"
#include "turn/reply.h"

namespace playhead::turn {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSplits = 16;

// What one cut of a body led to. Facts are hashed as they come, so that memory stays small.
class Reading {
 public:
  Reading() : reply_(Protocol::openai_chat, policy_, 1, Instant{}) {
    facts_.keep_only(~Facts::bit(FactKind::chunk));
    reply_.response(Instant{}, 200, {}, facts_);
  }
  void feed(std::string_view bytes) {
    if (bytes.empty()) return;
    reply_.feed(Instant{}, bytes, facts_);
    drain();
  }
  std::string finish() {
    reply_.end(Instant{}, EndReason::complete, false, facts_);
    drain();
    add(std::to_string(reply_.report().frames));
    add(reply_.message().content);
    add(reply_.message().visible);
    add(reply_.message().reasoning);
    for (const ToolCall& call : reply_.message().tool_calls) add(call.id + call.arguments);
    return hash_.hex() + " " + shown_.hex();
  }

 private:
  void add(std::string_view text) {
    hash_.add(text);
    hash_.add(std::string_view("\0", 1));
  }
  void drain() {
    while (reply_.step(facts_)) {
      shown_.add(reply_.visible());
      shown_.add(reply_.reasoning_piece());
    }
    for (std::size_t i = 0; i < facts_.size(); ++i) {
      const Fact fact = facts_[i];
      const std::uint64_t numbers[] = {static_cast<std::uint64_t>(fact.kind), fact.offset,
                                       fact.size, static_cast<std::uint64_t>(fact.number)};
      hash_.add({reinterpret_cast<const char*>(numbers), sizeof numbers});
      add(fact.name);
      add(fact.detail);
      add(fact.text);
    }
    facts_.clear();
  }

  Policy policy_;
  Facts facts_;
  Reply reply_;
  StreamHash hash_;
  StreamHash shown_;
};

std::string whole(std::string_view body) {
  Reading reading;
  reading.feed(body);
  return reading.finish();
}

std::string bytewise(std::string_view body) {
  Reading reading;
  for (std::size_t i = 0; i < body.size(); ++i) reading.feed(body.substr(i, 1));
  return reading.finish();
}

std::string split(std::string_view body, std::size_t at) {
  Reading reading;
  reading.feed(body.substr(0, at));
  reading.feed(body.substr(at));
  return reading.finish();
}

// The bodies of the protocol: below a folder of its name, ending in .sse.
std::vector<fs::path> bodies_below(const fs::path& corpus) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(corpus)) {
    const fs::path& path = entry.path();
    if (path.extension() != ".sse" || !entry.is_regular_file()) continue;
    const bool is_chat = std::find(path.begin(), path.end(), "openai-chat") != path.end();
    if (is_chat) found.push_back(path);
  }
  std::sort(found.begin(), found.end());
  return found;
}

TEST(Corpus, FactsOfEveryBodyAreTheSameInEveryCut) {
  const char* corpus = std::getenv("PLAYHEAD_CORPUS");
  if (corpus == nullptr) GTEST_SKIP() << "PLAYHEAD_CORPUS is not set";
  Prng random(1);
  std::size_t bytes = 0;
  const std::vector<fs::path> paths = bodies_below(corpus);
  ASSERT_FALSE(paths.empty()) << corpus << ": no .sse file below a folder openai-chat";
  for (const fs::path& path : paths) {
    std::ifstream in(path, std::ios::binary);
    const std::string body(std::istreambuf_iterator<char>(in), {});
    bytes += body.size();
    const std::string expected = whole(body);
    EXPECT_EQ(bytewise(body), expected) << path << ": byte by byte";
    for (std::size_t i = 0; i < kSplits; ++i) {
      const auto at = static_cast<std::size_t>(random.below(body.size() + 1));
      EXPECT_EQ(split(body, at), expected) << path << ": cut at byte " << at;
    }
  }
  RecordProperty("bodies", static_cast<int>(paths.size()));
  std::cout << paths.size() << " bodies, " << bytes << " bytes, each in " << kSplits + 2
            << " cuts\n";
}

}  // namespace
}  // namespace playhead::turn
