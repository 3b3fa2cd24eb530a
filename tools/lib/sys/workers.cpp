#include "sys/workers.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "sys/memory.h"

namespace relmk::sys {
namespace {

size_t processors() {
  return std::max(1U, std::thread::hardware_concurrency());
}

// Runs `worker` on that many threads, this one among them, and waits for all.
void on_threads(size_t count, const std::function<void()>& worker) {
  std::vector<std::thread> threads;
  try {
    for (size_t i = 1; i < count; ++i)
      threads.emplace_back([&] {
        take_thread_memory();
        worker();
      });
  } catch (const std::system_error&) {  // there is no further one
  }
  worker();
  for (std::thread& thread : threads)
    thread.join();
}

// The first exception of several threads.
class FirstException {
 public:
  explicit operator bool() const { return is_there_; }
  void keep_current() {
    const std::lock_guard hold(lock_);
    if (!first_) first_ = std::current_exception();
    is_there_ = true;
  }
  void raise() const {
    if (first_) std::rethrow_exception(first_);
  }

 private:
  std::atomic<bool> is_there_{false};
  std::exception_ptr first_;
  std::mutex lock_;
};

void for_each_on(size_t threads, size_t count, const std::function<void(size_t)>& work) {
  std::atomic<size_t> next{0};
  FirstException exception;
  on_threads(std::min(threads, count), [&] {
    for (size_t i; !exception && (i = next++) < count;) {
      try {
        work(i);
      } catch (...) {
        exception.keep_current();
      }
    }
  });
  exception.raise();
}

// Pieces that are found while others are done, and how many are being done.
class FoundPieces {
 public:
  FoundPieces(size_t known, const std::function<size_t(size_t)>& work)
      : known_(known), work_(work) {}

  // Does pieces until no further one can be found.
  void work() {
    std::unique_lock hold(lock_);
    for (;;) {
      changed_.wait(hold, [&] { return next_ < known_ || busy_ == 0; });
      if (next_ >= known_ || exception_) break;
      const size_t piece = next_++;
      ++busy_;
      hold.unlock();
      const size_t known = known_after(piece);
      hold.lock();
      known_ = std::max(known_, known);
      if (--busy_ == 0 || next_ < known_) changed_.notify_all();
    }
  }

  void raise() const { exception_.raise(); }

 private:
  size_t known_after(size_t piece) {
    try {
      return work_(piece);
    } catch (...) {
      exception_.keep_current();
      return 0;
    }
  }

  size_t next_ = 0;
  size_t known_;
  size_t busy_ = 0;
  FirstException exception_;
  std::mutex lock_;
  std::condition_variable changed_;
  const std::function<size_t(size_t)>& work_;
};

}  // namespace

void for_each_parallel(size_t count, const std::function<void(size_t)>& work) {
  for_each_on(processors(), count, work);
}

void for_each_found(size_t count, const std::function<size_t(size_t)>& work) {
  FoundPieces pieces(count, work);
  on_threads(processors(), [&] { pieces.work(); });
  pieces.raise();
}

void for_each_at_once(size_t count, const std::function<void(size_t)>& work) {
  for_each_on(count, count, work);
}

}  // namespace relmk::sys
