// Processes that share a file, and processes that are killed: no update is lost.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/prng.h"
#include "session/sessions.h"
#include "session_store/file_store.h"
#include "session_store/testing.h"

namespace playhead::session_store {
namespace {

using session::Sessions;
using session::Table;

constexpr Instant kNoon{1'775'908'800'000'000};
constexpr int kUpdates = 50;
constexpr int kKills = 60;

void add_updates(const std::string& path, const std::string& name) {
  FileStore store(path);
  for (int i = 0; i < kUpdates; ++i) {
    const Status status = store.update([&](Table& table) {
      table[name + std::to_string(i)].id = "1";
      table["both"].id = "1";
      ++table["both"].deaths;
    });
    PLAYHEAD_CHECK(status.ok());
  }
}

TEST(SharedFile, KeepsEveryUpdateOfTwoProcesses) {
  const ScratchFolder scratch;
  const std::string path = scratch / "sessions.json";
  Worker a([&](const Worker::Say&) { add_updates(path, "a"); });
  Worker b([&](const Worker::Say&) { add_updates(path, "b"); });
  ASSERT_TRUE(a.join());
  ASSERT_TRUE(b.join());
  const Table table = FileStore(path).read().value();
  EXPECT_EQ(table.size(), 2U * kUpdates + 1);
  EXPECT_EQ(table.at("both").deaths, 2 * kUpdates);
}

TEST(SharedFile, GivesEveryTurnOneOwner) {
  constexpr int kTurns = 30;
  const ScratchFolder scratch;
  FileStore store(scratch / "sessions.json");
  const auto key_of = [](int i) { return "k" + std::to_string(i); };
  for (int i = 0; i < kTurns; ++i) {
    ASSERT_TRUE(Sessions(store, {}).began(key_of(i), "t", kNoon).ok());
  }
  const auto finish_all = [&](const Worker::Say& say) {
    Sessions sessions(store, {});
    for (int i = 0; i < kTurns; ++i) {
      if (owns_finish(sessions.ended(key_of(i), "t", kNoon, true).value())) say("f");
    }
  };
  Worker a(finish_all);
  Worker b(finish_all);
  EXPECT_EQ(a.hear_all().size() + b.hear_all().size(), std::size_t{kTurns});
  EXPECT_TRUE(a.join());
  EXPECT_TRUE(b.join());
}

// Some work that takes no time to speak of, and is not left out.
void dawdle(std::uint64_t steps) {
  volatile std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < steps; ++i) sum = sum + i;
}

// Says "c" in the middle of each update, and "a" when it was acknowledged.
void update_until_killed(const std::string& path, const std::string& name, const Worker::Say& say) {
  FileStore store(path);
  for (int i = 0;; ++i) {
    const Status status = store.update([&](Table& table) {
      table[name + std::to_string(i)].id = "1";
      say("c");
    });
    PLAYHEAD_CHECK(status.ok());
    say("a");
  }
}

TEST(KilledProcess, LosesNoAcknowledgedUpdate) {
  const ScratchFolder scratch;
  const std::string path = scratch / "sessions.json";
  std::size_t sure = 0;  // sessions that must be there
  for (std::uint64_t seed = 0; seed < kKills; ++seed) {
    Prng prng(seed);
    const std::string name = std::to_string(seed) + ".";
    Worker worker([&](const Worker::Say& say) { update_until_killed(path, name, say); });
    std::size_t acknowledged = 0;
    for (std::uint64_t wanted = 1 + prng.below(12); wanted > 0; --wanted) {
      char said = 0;
      ASSERT_TRUE(worker.hear(said));
      if (said == 'a') ++acknowledged;
    }
    dawdle(prng.below(2'000'000));
    worker.kill();
    for (const char said : worker.hear_all()) acknowledged += said == 'a' ? 1 : 0;

    const Result<Table> table = FileStore(path).read();
    ASSERT_TRUE(table.ok()) << "seed " << seed << ": " << table.error().message;
    for (std::size_t i = 0; i < acknowledged; ++i) {
      ASSERT_TRUE(table->contains(name + std::to_string(i))) << "seed " << seed;
    }
    // The update that was under way is there or is not.
    ASSERT_GE(table->size(), sure + acknowledged) << "seed " << seed;
    ASSERT_LE(table->size(), sure + acknowledged + 1) << "seed " << seed;
    sure = table->size();
  }
}

}  // namespace
}  // namespace playhead::session_store
