#include "sys/error.h"

#include "catch.h"

namespace sys_error_test {

using namespace relmk;
using namespace relmk::sys;

TEST_CASE("error: as much of the position as is known") {
  CHECK(Error("m").text() == "error: m");
  CHECK(Error("f", "m").text() == "f: error: m");
  CHECK(Error("f", {3, 0}, "m").text() == "f:3: error: m");
  CHECK(Error("f", {3, 4}, "m").text() == "f:3:4: error: m");
}

TEST_CASE("error: a hint is a line of its own, and a message stays on one") {
  CHECK(Error("f", "a\nb").with_hint("h").text() == "f: error: a\\nb\nhint: h");
}

}  // namespace sys_error_test
