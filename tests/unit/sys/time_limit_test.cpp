#include "sys/time_limit.h"

#include "catch.h"

namespace sys_time_limit_test {

using namespace relmk;
using namespace std::chrono_literals;

TEST_CASE("time limit: what the variable says, else what is given") {
  CHECK(sys::time_limit({{"LIMIT", "7"}}, "LIMIT", 300s).limit == 7s);
  CHECK(sys::time_limit({{"LIMIT", "0"}}, "LIMIT", 300s).limit == 0s);
  CHECK(sys::time_limit({{"LIMIT", ""}}, "LIMIT", 300s).limit == 300s);
  CHECK(sys::time_limit({}, "LIMIT", 300s).limit == 300s);
}

TEST_CASE("time limit: what is no number of seconds is refused") {
  for (const char* text : {"1h", "-1", " 1", "1.5", "100000001", "99999999999999999999"}) {
    CHECK_THROWS_WITH(sys::time_limit({{"LIMIT", text}}, "LIMIT", 300s),
                      std::string("error: LIMIT is no number of seconds: ") + text);
  }
}

TEST_CASE("time limit: what took longer, and what sets its time, is told") {
  CHECK(std::string(sys::too_slow("the hook", {"LIMIT", 5s}).what()) ==
        "error: the hook has not ended within 5 seconds\nhint: LIMIT sets this limit");
}

}  // namespace sys_time_limit_test
