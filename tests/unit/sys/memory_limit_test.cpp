#include "sys/memory_limit.h"

#include "catch.h"

namespace sys_memory_limit_test {

using namespace relmk::sys;

TEST_CASE("memory limit: a number of MiB, else what holds unless said") {
  CHECK(memory_limit({{"LIMIT", "7"}}, "LIMIT", 5).bytes == 7 * kMebibyte);
  CHECK(memory_limit({{"LIMIT", "0"}}, "LIMIT", 5).bytes == 0);
  CHECK(memory_limit({{"LIMIT", ""}}, "LIMIT", 5).bytes == 5);
  CHECK(memory_limit({}, "LIMIT", 5).bytes == 5);
}

TEST_CASE("memory limit: anything else is refused") {
  for (const char* text : {"1G", "-1", "1.5", " 1", "99999999999"}) {
    CHECK_THROWS_WITH(memory_limit({{"LIMIT", text}}, "LIMIT", 5),
                      std::string("error: LIMIT is no number of MiB: ") + text);
  }
}

TEST_CASE("memory limit: what took more is told with the limit and what sets it") {
  CHECK(too_large("it", {"LIMIT", 7 * kMebibyte}).text() ==
        "error: it takes more than 7 MiB of memory\nhint: LIMIT sets this limit");
}

}  // namespace sys_memory_limit_test
