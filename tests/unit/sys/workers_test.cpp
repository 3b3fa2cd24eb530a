#include "sys/workers.h"

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

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

TEST_CASE("workers: of several exceptions that of the first piece comes back") {
  // Each thread waits until all have a piece, so that each throws.
  std::atomic<size_t> here{0};
  const size_t threads = std::max(1U, std::thread::hardware_concurrency());
  CHECK_THROWS_WITH(for_each_parallel(threads,
                                      [&](size_t i) {
                                        ++here;
                                        while (here < threads)
                                          std::this_thread::yield();
                                        // The first one is the last to throw.
                                        while (i == 0 && here < 2 * threads - 1)
                                          std::this_thread::yield();
                                        ++here;
                                        throw std::runtime_error(std::to_string(i));
                                      }),
                    "0");
}

TEST_CASE("workers: each thread may run on all processors that the process may") {
  cpu_set_t here;
  CPU_ZERO(&here);
  REQUIRE(::sched_getaffinity(0, sizeof here, &here) == 0);
  std::atomic<size_t> begun{0};
  std::atomic<bool> all_equal{true};
  const size_t threads = std::max(1U, std::thread::hardware_concurrency());
  for_each_parallel(threads, [&](size_t) {
    ++begun;
    while (begun < threads)
      std::this_thread::yield();
    cpu_set_t there;
    CPU_ZERO(&there);
    if (::sched_getaffinity(0, sizeof there, &there) != 0 || !CPU_EQUAL(&here, &there))
      all_equal = false;
  });
  CHECK(all_equal);
}

TEST_CASE("workers: parts of small pieces, which are together all of them") {
  std::vector<std::atomic<int>> done(1000);
  std::atomic<size_t> parts{0};
  for_each_part_parallel(done.size(), [&](size_t first, size_t end) {
    ++parts;
    for (size_t i = first; i < end; ++i)
      ++done[i];
  });
  CHECK(std::all_of(done.begin(), done.end(), [](const auto& times) { return times == 1; }));
  CHECK(parts < done.size() / 2);
  for_each_part_parallel(0, [](size_t, size_t) { throw std::runtime_error("there is none"); });
}

TEST_CASE("workers: pieces that others find are done, too, each once") {
  // Piece i finds 2i + 1 and 2i + 2, as in a heap.
  constexpr size_t kAll = 1000;
  std::vector<std::atomic<int>> done(kAll);
  std::atomic<size_t> known{1};
  for_each_found(1, [&](size_t i) {
    ++done[i];
    size_t before = known;
    const size_t found = std::min(2 * i + 3, kAll);
    while (before < found && !known.compare_exchange_weak(before, found)) {
    }
    return known.load();
  });
  CHECK(std::all_of(done.begin(), done.end(), [](const auto& times) { return times == 1; }));
  for_each_found(0, [&](size_t) -> size_t { throw std::runtime_error("there is none"); });
  CHECK_THROWS_AS(for_each_found(3,
                                 [](size_t i) -> size_t {
                                   if (i == 2) throw std::runtime_error("two");
                                   return 3;
                                 }),
                  std::runtime_error);
}

TEST_CASE("workers: pieces that wait for each other, each on a thread of its own") {
  std::atomic<int> here{0};
  for_each_at_once(20, [&](size_t) {
    ++here;
    while (here < 20)
      std::this_thread::yield();
  });
  CHECK(here == 20);
}

TEST_CASE("workers: what goes on beside, and its exception") {
  CHECK(Beside<int>([] { return 7; }).get() == 7);
  Beside<int> failing([]() -> int { throw std::runtime_error("beside"); });
  CHECK_THROWS_AS(failing.get(), std::runtime_error);
  // More of them than there are threads, each with work for all; nobody waits for those that are
  // not asked for.
  std::vector<std::unique_ptr<Beside<int>>> many;
  for (int i = 0; i < 50; ++i) {
    many.push_back(std::make_unique<Beside<int>>([i] {
      std::atomic<int> sum{0};
      for_each_parallel(10, [&](size_t) { sum += i; });
      return sum.load();
    }));
  }
  for (int i = 0; i < 50; i += 2)
    CHECK(many[static_cast<size_t>(i)]->get() == 10 * i);
}

TEST_CASE("workers: a process that is forked has threads of its own") {
  for_each_parallel(10, [](size_t) {});
  const pid_t child = ::fork();
  if (child == 0) {
    std::atomic<int> sum{0};
    for_each_parallel(100, [&](size_t) { ++sum; });
    ::_exit(sum == 100 ? 0 : 1);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}

}  // namespace sys_workers_test
