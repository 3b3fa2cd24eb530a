#include "sys/new_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"

namespace sys_new_file_test {

using namespace relmk;
using namespace relmk::sys;

namespace {

std::ptrdiff_t count(const fs::path& directory) {
  return std::distance(fs::directory_iterator(directory), {});
}

}  // namespace

TEST_CASE("new file: is seen when it takes its place, with its mode") {
  Scratch scratch;
  const fs::path path = scratch.path / "a";
  write_file(path, "old");
  {
    NewFile file(path);
    file.write("new ");
    file.write("file");
    CHECK(read_file(path) == "old");
    file.take_place(0604);
    CHECK(read_file(path) == "new file");
  }
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0604);
  CHECK(count(scratch.path) == 1);
}

TEST_CASE("new file: that does not take its place leaves nothing") {
  Scratch scratch;
  const fs::path path = scratch.path / "a";
  {
    NewFile file(path);
    file.write("new");
  }
  make_directories(path);
  {
    NewFile file(path);
    CHECK_THROWS_WITH(file.take_place(0644),
                      path.string() + ": error: cannot write: Is a directory");
  }
  CHECK(count(scratch.path) == 1);
  CHECK_THROWS_WITH(
      NewFile(scratch.path / "none/a"),
      scratch.path.string() + "/none/a: error: cannot write: No such file or directory");
}

TEST_CASE("new file: what it has replaced can be taken back") {
  Scratch scratch;
  const fs::path path = scratch.path / "a", absent = scratch.path / "b";
  write_file(path, "old");
  {
    NewFile file(path), other(absent);
    file.write("new");
    file.exchange(0644);
    other.exchange(0644);
    CHECK(read_file(path) == "new");
    CHECK(fs::exists(absent));
    file.take_back();
    other.take_back();
  }
  CHECK(read_file(path) == "old");
  CHECK(count(scratch.path) == 1);
}

TEST_CASE("new file: the longest name has one, too") {
  Scratch scratch;
  const fs::path path = scratch.path / std::string(255, 'n');
  write_file(path, "1");
  write_file(path, "2");
  CHECK(read_file(path) == "2");
  CHECK(count(scratch.path) == 1);
}

TEST_CASE("new file: what is left over is what nobody locks, and has such a name") {
  Scratch scratch;
  const fs::path path = scratch.path / "a", locked = scratch.path / ".a~abcdef";
  write_file(locked, "");
  write_file(scratch.path / ".a~ghijkl", "");
  write_file(scratch.path / ".a~ghijklm", "");
  write_file(scratch.path / ".a.ghijkl", "");
  {
    const Descriptor lock(::open(locked.c_str(), O_RDONLY | O_CLOEXEC));
    REQUIRE(::flock(lock.get(), LOCK_EX) == 0);
    remove_left_over(path);
    CHECK(fs::exists(locked));
    CHECK(count(scratch.path) == 3);
  }
  remove_left_over(path);
  CHECK_FALSE(fs::exists(locked));
  CHECK(count(scratch.path) == 2);
}

}  // namespace sys_new_file_test
