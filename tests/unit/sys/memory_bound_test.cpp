#include "sys/memory_bound.h"

#include <new>
#include <string>

#include "catch.h"
#include "sys/memory_limit.h"
#include "sys/subprocess.h"

namespace sys_memory_bound_test {

using namespace relmk::sys;

namespace {

constexpr size_t kMuch = 64 * kMebibyte;

}  // namespace

#ifndef __SANITIZE_ADDRESS__  // see sys/memory_bound.cpp
TEST_CASE("memory bound: more is not to be had while it lives, and for no child of ours") {
  rlimit before{}, after{};
  REQUIRE(::getrlimit(RLIMIT_DATA, &before) == 0);
  {
    const MemoryBound bound(kMuch);
    CHECK_THROWS_AS(std::string(2 * kMuch, 'x'), std::bad_alloc);
    CHECK(std::string(kMuch / 4, 'x').size() == kMuch / 4);
    const Finished child = run_command({{"sh", "-c", "ulimit -d"}, {}, {}, {}});
    CHECK(child.output == run_command({{"sh", "-c", "ulimit -Hd"}, {}, {}, {}}).output);
  }
  CHECK(std::string(2 * kMuch, 'x').size() == 2 * kMuch);
  REQUIRE(::getrlimit(RLIMIT_DATA, &after) == 0);
  CHECK(before.rlim_cur == after.rlim_cur);
}
#endif

TEST_CASE("memory bound: 0 is none") {
  const MemoryBound none(0);
  CHECK(std::string(2 * kMuch, 'x').size() == 2 * kMuch);
}

}  // namespace sys_memory_bound_test
