#include "start/cookie_source.h"

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"

namespace start_cookie_source_test {

using namespace relmk;
using namespace relmk::start;

namespace {

std::string cookie_of(const std::string& text, unsigned mode = 0400) {
  const Scratch scratch;
  const fs::path file = scratch.path / ".erlang.cookie";
  sys::write_file(file, text, mode);
  return read_cookie_file(file);
}

}  // namespace

// auth:check_cookie/2
TEST_CASE("cookie source: cookie file may end in newlines") {
  CHECK(cookie_of("ABC") == "ABC");
  CHECK(cookie_of("ABC\r\n\n") == "ABC");
  CHECK(cookie_of("na#me \"x\"\n") == "na#me \"x\"");
}

TEST_CASE("cookie source: cookie file keeps spaces before its newline") {
  CHECK(cookie_of("AB C \n  ") == "AB C ");
}

TEST_CASE("cookie source: cookie file refuses other characters") {
  CHECK_THROWS_AS(cookie_of("AB\nCD\n"), Error);
  CHECK_THROWS_AS(cookie_of("A\tB"), Error);
  CHECK_THROWS_AS(cookie_of("\n"), Error);
}

TEST_CASE("cookie source: cookie file must be its owner's alone") {
  CHECK_THROWS_AS(cookie_of("ABC", 0440), Error);
  CHECK(cookie_of("ABC", 0600) == "ABC");
}

}  // namespace start_cookie_source_test
