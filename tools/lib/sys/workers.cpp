#include "sys/workers.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace relmk::sys {

void for_each_parallel(size_t count, const std::function<void(size_t)>& work) {
  std::atomic<size_t> next{0};
  std::atomic<bool> stopped{false};
  std::exception_ptr first;
  std::mutex first_lock;
  const auto worker = [&] {
    for (size_t i; !stopped && (i = next++) < count;) {
      try {
        work(i);
      } catch (...) {
        stopped = true;
        const std::lock_guard hold(first_lock);
        if (!first) first = std::current_exception();
      }
    }
  };
  const size_t processors = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::thread> threads;
  for (size_t i = 1; i < std::min(processors, count); ++i)
    threads.emplace_back(worker);
  worker();
  for (std::thread& thread : threads)
    thread.join();
  if (first) std::rethrow_exception(first);
}

}  // namespace relmk::sys
