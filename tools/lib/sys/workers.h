// Worker threads for work that is many independent pieces. They are started when there is work for
// them, and kept until the process ends. Where the system gives no further thread, those that there
// are do the work.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace relmk::sys {

// Calls work(0) … work(count - 1), each once, on as many threads as the machine has processors.
// Returns when all are done. After an exception no further piece is begun; that of the first piece
// which has thrown one is thrown again here.
void for_each_parallel(size_t count, const std::function<void(size_t)>& work);

// The same for pieces that are so small that each thread takes some of them together: work(first,
// end) is called for parts of 0 … count that follow one another.
void for_each_part_parallel(size_t count, const std::function<void(size_t, size_t)>& work);

// The same for pieces of which some are found while others are done: work(i) returns how many are
// known then.
void for_each_found(size_t count, const std::function<size_t(size_t)>& work);

// The same for pieces that wait rather than compute: each has a thread of its own.
void for_each_at_once(size_t count, const std::function<void(size_t)>& work);

// Something that a thread is to do, at most once.
class Task;
std::shared_ptr<Task> begin_task(std::function<void()> work);
// Returns when it is done; does it here where no thread has begun it.
void finish_task(Task& task);
// Returns when it is done, or is never going to be begun.
void drop_task(Task& task);

// Work that goes on beside that of the calling thread, if there is a processor for it.
template <typename Result>
class Beside {
 public:
  explicit Beside(std::function<Result()> work)
      : task_(begin_task([this, work = std::move(work)] {
          try {
            result_ = work();
          } catch (...) {
            exception_ = std::current_exception();
          }
        })) {}
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;
  ~Beside() { drop_task(*task_); }

  // Its result, once. Throws what the work has thrown.
  Result get() {
    finish_task(*task_);
    if (exception_) std::rethrow_exception(exception_);
    return std::move(*result_);
  }

 private:
  std::optional<Result> result_;
  std::exception_ptr exception_;
  std::shared_ptr<Task> task_;
};

}  // namespace relmk::sys
