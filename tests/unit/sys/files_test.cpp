#include "sys/files.h"

#include <sys/stat.h>

#include "catch.h"
#include "killed_process.h"
#include "scratch.h"
#include "skip.h"
#include "sys/error.h"

namespace sys_files_test {

using namespace relmk;
using namespace relmk::sys;

TEST_CASE("file: written bytes are read back, with the mode asked for") {
  Scratch scratch;
  const fs::path path = scratch.path / "a";
  write_file(path, std::string("x\0y", 3), 0600);
  CHECK(read_file(path) == std::string("x\0y", 3));
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
}

TEST_CASE("file: a failed write leaves nothing behind and names the file") {
  Scratch scratch;
  const fs::path path = scratch.path / "none" / "a";
  CHECK_THROWS_WITH(write_file(path, "x"),
                    path.string() + ": error: cannot write: No such file or directory");
  CHECK(fs::is_empty(scratch.path));
}

TEST_CASE("file: of several files none is replaced when one cannot be") {
  Scratch scratch;
  const fs::path first = scratch.path / "a", second = scratch.path / "b";
  write_file(first, "old");
  CHECK_THROWS_AS(write_files({{first, "new"}, {scratch.path / "none" / "b", "new"}}), Error);
  make_directories(second);
  CHECK_THROWS_AS(write_files({{first, "new"}, {second, "new"}}), Error);
  CHECK(read_file(first) == "old");
  CHECK(std::distance(fs::directory_iterator(scratch.path), {}) == 2);
  fs::remove(second);
  write_files({{first, "new"}, {second, "new"}});
  CHECK(read_file(first) + read_file(second) == "newnew");
}

TEST_CASE("file: of several the last is the last to be new, whenever the process is killed") {
  long number = 0;
  for (Killed killed = Killed::Yes; killed == Killed::Yes; ++number) {
    Scratch scratch;
    const fs::path first = scratch.path / "a", last = scratch.path / "b";
    const auto write = [&](const char* bytes) { write_files({{first, bytes}, {last, bytes}}); };
    write("old");
    killed = kill_at_call(number, [&] { write("new"); });
    if (killed == Killed::Impossible) return skip("no process may trace another one here");
    INFO("killed at call " << number);
    CHECK((read_file(first) == "new" || read_file(last) == "old"));
    write("newer");
    CHECK(read_file(first) + read_file(last) == "newernewer");
    CHECK(std::distance(fs::directory_iterator(scratch.path), {}) == 2);
  }
  CHECK(number > 10);
}

TEST_CASE("file: what only looks like left over stays") {
  Scratch scratch;
  write_file(scratch.path / ".a~", "");
  write_file(scratch.path / ".a~backup.txt", "");
  write_file(scratch.path / ".ab~backup", "");
  write_files({{scratch.path / "a", "new"}});
  CHECK(std::distance(fs::directory_iterator(scratch.path), {}) == 4);
}

TEST_CASE("file: equal content is not written again") {
  Scratch scratch;
  const fs::path path = scratch.path / "a";
  CHECK(write_file_if_different(path, "x"));
  CHECK_FALSE(write_file_if_different(path, "x"));
  CHECK(write_file_if_different(path, "y"));
}

TEST_CASE("file: a copy keeps content, mode and time") {
  Scratch scratch;
  const fs::path from = scratch.path / "from";
  write_file(from, std::string(300000, 'z'), 0751);
  const timespec times[2] = {{1000000000, 5}, {1000000000, 7}};
  REQUIRE(::utimensat(AT_FDCWD, from.c_str(), times, 0) == 0);
  const CopiedFile copied = copy_regular_file(from, scratch.path / "to");
  struct stat status {};
  REQUIRE(::stat((scratch.path / "to").c_str(), &status) == 0);
  CHECK(copied.from.st_mtim.tv_nsec == 7);
  CHECK(copied.to.st_ino == status.st_ino);
  CHECK(copied.to.st_ctim.tv_nsec == status.st_ctim.tv_nsec);
  CHECK((status.st_mode & 07777) == 0751);
  CHECK(status.st_mtim.tv_sec == 1000000000);
  CHECK(read_file(scratch.path / "to") == read_file(from));
}

TEST_CASE("file: a copy keeps of its mode what it is to keep") {
  const Scratch scratch;
  write_file(scratch.path / "from", "x", 06755);
  CHECK((copy_regular_file(scratch.path / "from", scratch.path / "to", 01777).to.st_mode & 07777) ==
        0755);
}

TEST_CASE("file: a new file has the mode and the times that it is to have, and tells them") {
  const Scratch scratch;
  write_file(scratch.path / "source", "abc");
  const timespec times[2] = {{1000000000, 5}, {1000000000, 7}};
  REQUIRE(::utimensat(AT_FDCWD, (scratch.path / "source").c_str(), times, 0) == 0);
  const ReadFile read = read_file_and_status(scratch.path / "source");
  CHECK(read.bytes == "abc");
  CHECK(read.status.st_size == 3);
  const struct stat made = create_file(scratch.path / "new", "x", 0640, &read.status);
  struct stat status {};
  REQUIRE(::stat((scratch.path / "new").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0640);
  CHECK(status.st_mtim.tv_nsec == 7);
  CHECK(made.st_ino == status.st_ino);
  CHECK(made.st_ctim.tv_nsec == status.st_ctim.tv_nsec);
  CHECK_THROWS_AS(create_file(scratch.path / "new", "y"), Error);
  CHECK(read_file(scratch.path / "new") == "x");
}

TEST_CASE("file: a pipe is refused, not waited for") {
  Scratch scratch;
  const fs::path pipe = scratch.path / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const std::string refused =
      pipe.native() + ": error: cannot read: a pipe, socket or device, and no regular file";
  CHECK_THROWS_WITH(read_file(pipe), refused);
  CHECK_THROWS_WITH(copy_regular_file(pipe, scratch.path / "copy"), refused);
}

TEST_CASE("file: a tree is removed whose directories nobody may write to") {
  Scratch scratch;
  make_directories(scratch.path / "a/b");
  write_file(scratch.path / "a/b/c", "");
  ::chmod((scratch.path / "a/b").c_str(), 0500);
  ::chmod((scratch.path / "a").c_str(), 0500);
  remove_tree(scratch.path / "a");
  CHECK(fs::is_empty(scratch.path));
}

}  // namespace sys_files_test
