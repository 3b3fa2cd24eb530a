#include "sys/descriptor.h"

#include <fcntl.h>

#include <cerrno>

#include "catch.h"
#include "scratch.h"
#include "sys/files.h"

namespace sys_descriptor_test {

using namespace relmk;
using namespace relmk::sys;

namespace {

bool is_open(int fd) {
  return ::fcntl(fd, F_GETFD) >= 0;
}

}  // namespace

TEST_CASE("descriptor: is closed by its last owner, and once") {
  int number = -1;
  {
    Descriptor first(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    number = first.get();
    REQUIRE(is_open(number));
    Descriptor second(std::move(first));
    CHECK(first.get() == -1);  // NOLINT(bugprone-use-after-move): that is what is asked
    Descriptor third;
    third = std::move(second);
    CHECK(third.get() == number);
    CHECK(is_open(number));
  }
  CHECK_FALSE(is_open(number));
  Descriptor closed(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  CHECK(closed.close() == 0);
  CHECK(closed.get() == -1);
}

TEST_CASE("descriptor: all is written, or the reason is told") {
  Scratch scratch;
  const fs::path path = scratch.path / "a";
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  const std::string much(3'000'000, 'x');
  CHECK(write_all(file.get(), much) == 0);
  CHECK(read_file(path) == much);
  const Descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  CHECK(write_all(full.get(), "x") == ENOSPC);
}

}  // namespace sys_descriptor_test
