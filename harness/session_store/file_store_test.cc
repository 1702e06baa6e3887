// The file: round trips, modes, what failures say, and that they leave the sessions as they were.
#include "session_store/file_store.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <string>

#include "session/session_json.h"
#include "session/sessions.h"
#include "session_store/testing.h"

namespace playhead::session_store {
namespace {

using session::Sessions;
using session::Table;

constexpr Instant kNoon{1'775'908'800'000'000};

std::string bytes_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void put_file(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

std::size_t files_in(const ScratchFolder& folder) {
  const std::filesystem::directory_iterator files(folder.path());
  return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

unsigned mode_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mode & 0777U;
}

Status add(session::Store& store, const std::string& key) {
  return store.update([&](Table& table) { table[key].id = "1"; });
}

// What adding a session fails with.
std::string failure(FileStore store) {
  const Status status = add(store, "more");
  return status.ok() ? "no failure" : status.error().message;
}

TEST(FileStore, KeepsSessionsForTheNextProcess) {  // SS04: persisted
  const ScratchFolder scratch;
  FileStore first(scratch / "sessions.json");
  Sessions sessions(first, {});
  const std::string id = sessions.access("k", kNoon)->id;
  ASSERT_TRUE(sessions.began("k", "t", kNoon).ok());
  ASSERT_TRUE(sessions.suspend("k").value());

  FileStore second(scratch / "sessions.json");
  const Table table = second.read().value();
  EXPECT_EQ(table, first.read().value());
  EXPECT_EQ(table.at("k").id, id);
  EXPECT_TRUE(table.at("k").suspended);
  EXPECT_EQ(bytes_of_file(scratch / "sessions.json"), session::sessions_json(table));
}

TEST(FileStore, CountsOfDeathsSurviveRestarts) {  // ST08: ours survive
  const ScratchFolder scratch;
  Instant now = kNoon;
  for (std::int64_t deaths = 0; deaths < 4; ++deaths) {
    FileStore store(scratch / "sessions.json");
    Sessions sessions(store, {});
    EXPECT_EQ(sessions.start_up(now)->stuck.size(), deaths == 3 ? 1U : 0U);
    ASSERT_TRUE(sessions.began("k", "t", now).ok());
    EXPECT_EQ(store.read()->at("k").deaths, deaths);
    now = now + seconds(121);
  }
}

TEST(FileStore, ReadsNoFileAsNoSessions) {
  const ScratchFolder scratch;
  FileStore store(scratch / "sessions.json");
  EXPECT_EQ(store.read().value(), Table{});
  EXPECT_EQ(files_in(scratch), 0U);
}

TEST(FileStore, IsPrivateAndLeavesNothingBehindButItsLock) {
  const ScratchFolder scratch;
  FileStore store(scratch / "sessions.json");
  ASSERT_TRUE(add(store, "k").ok());
  EXPECT_EQ(mode_of(scratch / "sessions.json"), 0600U);
  EXPECT_EQ(mode_of(scratch / "sessions.json.lock"), 0600U);
  EXPECT_EQ(files_in(scratch), 2U);
}

TEST(FileStore, WritesNothingWhereNothingChanges) {
  const ScratchFolder scratch;
  FileStore store(scratch / "sessions.json");
  ASSERT_TRUE(store.update([](Table&) {}).ok());
  EXPECT_EQ(files_in(scratch), 1U);  // the lock
  ASSERT_TRUE(add(store, "k").ok());
  std::filesystem::create_directory(scratch / "sessions.json.new");  // a write would fail
  EXPECT_TRUE(add(store, "k").ok());
}

TEST(FileStore, ReplacesWhatAKilledProcessLeft) {
  const ScratchFolder scratch;
  FileStore store(scratch / "sessions.json");
  ASSERT_TRUE(add(store, "k").ok());
  put_file(scratch / "sessions.json.new", "{\"version\":1,\"sess");
  EXPECT_EQ(store.read()->size(), 1U);
  ASSERT_TRUE(add(store, "l").ok());
  EXPECT_EQ(store.read()->size(), 2U);
  EXPECT_EQ(mode_of(scratch / "sessions.json"), 0600U);
  EXPECT_EQ(files_in(scratch), 2U);
}

TEST(FileStore, StandsInTheFolderOfTheProcessWhereNoneIsNamed) {
  const ScratchFolder scratch;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(scratch.path());
  FileStore store("sessions.json");
  EXPECT_EQ(store.read().value(), Table{});
  EXPECT_TRUE(add(store, "k").ok());
  std::filesystem::current_path(before);
  EXPECT_EQ(files_in(scratch), 2U);
}

TEST(FileStore, NamesAFolderThatIsMissing) {
  const ScratchFolder scratch;
  const std::string path = scratch / "none/sessions.json";
  EXPECT_EQ(failure(FileStore(path)), "cannot create " + path +
                                          ".lock: No such file or directory; name a file in a "
                                          "folder that exists");
  EXPECT_EQ(
      FileStore(path).read().error().message,
      "cannot open " + path + ": No such file or directory; name a file in a folder that exists");
}

TEST(FileStore, RefusesAFolder) {
  const ScratchFolder scratch;
  EXPECT_EQ(failure(FileStore(scratch.path())), scratch.path() + " is a folder: name a file in it");
  std::filesystem::remove(scratch.path() + ".lock");
}

TEST(FileStore, SaysWhatStandsInTheWay) {
  const ScratchFolder scratch;
  std::filesystem::create_directory(scratch / "a.lock");
  EXPECT_EQ(failure(FileStore(scratch / "a")),
            "cannot create " + (scratch / "a.lock: Is a directory; name a file, not a folder"));
  std::filesystem::create_directory(scratch / "b.new");
  EXPECT_EQ(failure(FileStore(scratch / "b")),
            (scratch / "b.new") + " exists already: name another file or remove it");
  put_file(scratch / "c", "");
  EXPECT_EQ(failure(FileStore(scratch / "c/d")),
            "cannot create " +
                (scratch / "c/d.lock: Not a directory; name a file in a folder that exists"));
}

TEST(FileStore, LeavesACorruptFileAsItIs) {
  const ScratchFolder scratch;
  const std::string path = scratch / "sessions.json";
  for (const std::string_view bytes :
       {"", "{\"version\":1,\"sessions\":{", "{\"version\":7,\"sessions\":{}}", "\xff\xff"}) {
    put_file(path, bytes);
    const std::string message = failure(FileStore(path));
    EXPECT_TRUE(message.starts_with(path + ": ")) << message;
    EXPECT_TRUE(message.ends_with("; repair the file, or move it away to begin anew")) << message;
    EXPECT_EQ(FileStore(path).read().error().message, message);
    EXPECT_EQ(bytes_of_file(path), bytes);
  }
}

TEST(FileStore, HoldsAFileUpToItsLimit) {
  const ScratchFolder scratch;
  const std::string path = scratch / "sessions.json";
  const std::string text(kFileBytesMax, '[');  // refused soon, and not for its size
  put_file(path, text);
  EXPECT_EQ(failure(FileStore(path)),
            path +
                ": 1:129: nested deeper than 128 levels; repair the file, or move it away to "
                "begin anew");
  put_file(path, text + "[");
  EXPECT_EQ(failure(FileStore(path)), path + " is larger than the limit of 67108864 bytes");
}

TEST(FileStore, HoldsAsManySessionsAsThereMayBe) {
  Table table;
  session::Entry entry;
  entry.id = std::string(16, 'f');
  entry.updated_at = session::kTimeMax;
  entry.resume_pending = {session::ResumeReason::restart_interrupted, session::kTimeMax};
  for (std::size_t i = 0; i < session::kTurnsMax; ++i) {
    std::string turn(session::kTurnBytesMax, '"');
    turn.replace(0, 2, std::to_string(10 + i));
    entry.turns[turn] = {session::kTimeMax, false};
  }
  for (std::size_t i = 0; i < 100; ++i) {
    std::string key(session::kKeyBytesMax, '"');
    key.replace(0, 2, std::to_string(10 + i));
    table[key] = entry;
  }
  const std::size_t most = session::sessions_json(table).size() / table.size();
  EXPECT_LT(most * session::kEntriesMax, kFileBytesMax);
}

TEST(FileStore, RefusesWhatItCouldNotReadAgain) {
  const ScratchFolder scratch;
  const std::string path = scratch / "sessions.json";
  FileStore store(path);
  ASSERT_TRUE(add(store, "k").ok());
  EXPECT_EQ(store.update([](Table& table) { table["l"]; }).error().message,
            path + " could not be read again: sessions.l.id: wants a text; nothing was written");
  EXPECT_EQ(add(store, "\xff").error().message,
            path + " could not be read again: two names become one; nothing was written");
  EXPECT_EQ(store.read()->size(), 1U);
}

TEST(FileStore, LeavesTheSessionsOnAFullDisk) {
  const ScratchFolder scratch;
  const std::string path = scratch / "sessions.json";
  FileStore store(path);
  ASSERT_TRUE(add(store, "k").ok());
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  rlimit limit = before;
  limit.rlim_cur = 16;  // files of this process cannot grow beyond it
  ::setrlimit(RLIMIT_FSIZE, &limit);
  const std::string message = failure(FileStore(path));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(message, "cannot write to " + path + ".new: File too large; make room on the disk");
  EXPECT_EQ(store.read()->size(), 1U);
  EXPECT_EQ(files_in(scratch), 2U);
}

TEST(FileStore, SaysWhereItMayNotReadOrWrite) {
  const ScratchFolder scratch;
  const std::string path = scratch / "sessions.json";
  FileStore store(path);
  ASSERT_TRUE(add(store, "k").ok());
  ASSERT_EQ(::chmod(scratch.path().c_str(), 0500), 0);
  const Worker stranger([&](const Worker::Say& say) {
    if (::geteuid() == 0) {
      PLAYHEAD_CHECK(::setuid(65534) == 0);  // root may read everything
    } else {
      ::chmod(path.c_str(), 0);
    }
    say(FileStore(path).read().error().message);
  });
  EXPECT_EQ(stranger.hear_all(),
            "cannot open " + path +
                ": Permission denied; let this user read and write the file and its folder");
  if (::geteuid() != 0) {
    ::chmod(path.c_str(), 0600);
    EXPECT_EQ(failure(FileStore(path)),
              "cannot create " + path +
                  ".new: Permission denied; let this user read and write the file and its folder");
  }
  EXPECT_EQ(::chmod(scratch.path().c_str(), 0700), 0);
  EXPECT_EQ(store.read()->size(), 1U);
}

}  // namespace
}  // namespace playhead::session_store
