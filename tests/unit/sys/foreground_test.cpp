#include "sys/foreground.h"

#include "catch.h"
#include "sys/error.h"
#include "sys/files.h"
#include "sys/temporary_directory.h"

namespace sys_foreground_test {

using namespace relmk;

namespace {

const sys::Environment kEnvironment = {{"PATH", "/usr/bin:/bin"}, {"HOME", "a b"}};

}  // namespace

TEST_CASE("foreground: the exit code, or 128 and the signal that ended it") {
  CHECK(sys::run_in_foreground({"true"}, kEnvironment) == 0);
  CHECK(sys::run_in_foreground({"/bin/sh", "-c", "exit 7"}, kEnvironment) == 7);
  CHECK(sys::run_in_foreground({"sh", "-c", "kill -9 $$"}, kEnvironment) == 137);
}

TEST_CASE("foreground: the environment is the one given") {
  const sys::TemporaryDirectory directory("test");
  const std::string file = directory.path() / "file";
  CHECK(sys::run_in_foreground({"sh", "-c", "echo \"$HOME ${USER-none}\" > \"$0\"", file},
                               kEnvironment) == 0);
  CHECK(sys::read_file(file) == "a b none\n");
}

TEST_CASE("foreground: no signal is blocked in it that was not before") {
  CHECK(sys::run_in_foreground({"sh", "-c", "kill -TERM $$; exit 1"}, kEnvironment) == 128 + 15);
}

TEST_CASE("foreground: what cannot be run is an error") {
  CHECK_THROWS_WITH(sys::run_in_foreground({"no-such-program"}, kEnvironment),
                    "error: cannot run no-such-program: not found in PATH");
  CHECK_THROWS_WITH(sys::run_in_foreground({"/no/such"}, kEnvironment),
                    "error: cannot run /no/such: No such file or directory");
}

}  // namespace sys_foreground_test
