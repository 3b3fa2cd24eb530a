#include "sys/workers.h"

#include <atomic>
#include <stdexcept>

#include "catch.h"

namespace sys_workers_test {

using namespace relmk;
using namespace relmk::sys;

TEST_CASE("workers: every piece is done once") {
  std::atomic<int> sum{0};
  for_each_parallel(1000, [&](size_t i) { sum += static_cast<int>(i); });
  CHECK(sum == 499500);
}

TEST_CASE("workers: an exception comes back to the caller") {
  CHECK_THROWS_AS(for_each_parallel(10,
                                    [](size_t i) {
                                      if (i == 5) throw std::runtime_error("five");
                                    }),
                  std::runtime_error);
}

}  // namespace sys_workers_test
