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
  explicit Reading(Protocol protocol) : reply_(protocol, policy_, 1, Instant{}) {
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

struct Body {
  fs::path path;
  Protocol protocol;
};

std::string whole(Protocol protocol, std::string_view body) {
  Reading reading(protocol);
  reading.feed(body);
  return reading.finish();
}

std::string bytewise(Protocol protocol, std::string_view body) {
  Reading reading(protocol);
  for (std::size_t i = 0; i < body.size(); ++i) reading.feed(body.substr(i, 1));
  return reading.finish();
}

std::string split(Protocol protocol, std::string_view body, std::size_t at) {
  Reading reading(protocol);
  reading.feed(body.substr(0, at));
  reading.feed(body.substr(at));
  return reading.finish();
}

// The bodies below folders that are named after a protocol.
std::vector<Body> bodies_below(const fs::path& corpus) {
  constexpr std::string_view kEndings[] = {".sse", ".ndjson", ".eventstream", ".jsonarray"};
  std::vector<Body> found;
  for (const auto& entry : fs::recursive_directory_iterator(corpus)) {
    const fs::path& path = entry.path();
    const std::string ending = path.extension().string();
    if (std::find(std::begin(kEndings), std::end(kEndings), ending) == std::end(kEndings)) continue;
    const auto protocol = protocol_named(path.parent_path().filename().string());
    if (protocol && entry.is_regular_file()) found.push_back({path, *protocol});
  }
  std::sort(found.begin(), found.end(),
            [](const Body& a, const Body& b) { return a.path < b.path; });
  return found;
}

TEST(Corpus, FactsOfEveryBodyAreTheSameInEveryCut) {
  const char* corpus = std::getenv("PLAYHEAD_CORPUS");
  if (corpus == nullptr) GTEST_SKIP() << "PLAYHEAD_CORPUS is not set";
  Prng random(1);
  std::size_t bytes = 0;
  const std::vector<Body> bodies = bodies_below(corpus);
  ASSERT_FALSE(bodies.empty()) << corpus << ": no body below a folder named after a protocol";
  for (const auto& [path, protocol] : bodies) {
    std::ifstream in(path, std::ios::binary);
    const std::string body(std::istreambuf_iterator<char>(in), {});
    bytes += body.size();
    const std::string expected = whole(protocol, body);
    EXPECT_EQ(bytewise(protocol, body), expected) << path << ": byte by byte";
    for (std::size_t i = 0; i < kSplits; ++i) {
      const auto at = static_cast<std::size_t>(random.below(body.size() + 1));
      EXPECT_EQ(split(protocol, body, at), expected) << path << ": cut at byte " << at;
    }
  }
  RecordProperty("bodies", static_cast<int>(bodies.size()));
  std::cout << bodies.size() << " bodies, " << bytes << " bytes, each in " << kSplits + 2
            << " cuts\n";
}

}  // namespace
}  // namespace playhead::turn
