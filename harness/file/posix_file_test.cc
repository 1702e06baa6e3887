#include "file/posix_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "file/testing.h"

namespace playhead::file {
namespace {

TEST(PosixFile, IsPrivateAndNeverOverwritten) {
  const ScratchFolder scratch;
  const std::string path = scratch / "a";
  ASSERT_TRUE(write_file(path, "one"));
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  const Status again = write_file(path, "two");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().message, path + " exists already: name another file or remove it");
  EXPECT_EQ(*read_file(path, 3), "one");
}

TEST(PosixFile, ReadsUpToItsLimit) {
  const ScratchFolder scratch;
  const std::string path = scratch / "a";
  ASSERT_TRUE(write_file(path, "four"));
  EXPECT_TRUE(read_file(path, 4));
  EXPECT_EQ(read_file(path, 3).error().message, path + " is larger than the limit of 3 bytes");
  EXPECT_EQ(read_file(scratch.path(), 3).error().message,
            scratch.path() + " is a folder: name a file in it");
  EXPECT_EQ(read_file(scratch / "b", 3).error().message,
            "cannot open " + (scratch / "b") +
                ": No such file or directory; name a file in a folder that exists");
}

TEST(PosixFile, IsCutAndWrittenOn) {
  const ScratchFolder scratch;
  const std::string path = scratch / "a";
  auto file = PosixFile::create(path);
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->write("one two"));
  ASSERT_TRUE(file->cut(4));
  ASSERT_TRUE(file->write("three"));
  ASSERT_TRUE(file->sync());
  ASSERT_TRUE(file->close());
  EXPECT_EQ(*read_file(path, 100), "one three");
}

TEST(MoveOver, PutsTheNewFileInThePlaceOfTheOld) {
  const ScratchFolder scratch;
  ASSERT_TRUE(write_file(scratch / "a", "old"));
  auto file = PosixFile::create_beside(scratch / "a");
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->write("new"));
  ASSERT_TRUE(move_over(file->path(), scratch / "a"));
  EXPECT_EQ(*read_file(scratch / "a", 100), "new");
}

TEST(MoveOver, LeavesTheOldFileWhereItCannot) {
  const ScratchFolder scratch;
  ASSERT_TRUE(write_file(scratch / "a", "new"));
  const Status moved = move_over(scratch / "a", scratch / "none/b");
  ASSERT_FALSE(moved);
  EXPECT_TRUE(moved.error().message.starts_with("cannot rename a file to "))
      << moved.error().message;
  EXPECT_FALSE(read_file(scratch / "a", 100));  // nothing is left behind
}

}  // namespace
}  // namespace playhead::file
