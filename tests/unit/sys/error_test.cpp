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

TEST_CASE("error: a long text is told without its middle, in whole characters") {
  const std::string few(8192, 'x');
  CHECK(Error(few).text() == "error: " + few);
  std::string many;
  for (int i = 0; i < 100000; ++i)
    many += "ä";
  const std::string text = Error("f", "bad version: a" + many + "!").with_hint(many).text();
  CHECK(text.size() < 20000);
  CHECK(text.starts_with("f: error: bad version: aä"));
  CHECK(text.find("ä… (191824 bytes more) …ä") != std::string::npos);
  CHECK(text.find("ä!\nhint: ä") != std::string::npos);
  CHECK(warning_line("f", {}, many).size() < 10000);
}

}  // namespace sys_error_test
