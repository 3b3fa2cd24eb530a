// Worker threads for work that is many independent pieces. Where the system gives no further
// thread, those that there are do the work.
#pragma once

#include <cstddef>
#include <functional>
#include <future>

#include "sys/memory.h"

namespace relmk::sys {

// Begins `work` on a thread of its own. The result's get() waits for it, and so does its
// destructor.
template <typename Work>
auto beside(Work work) {
  return std::async([work = std::move(work)] {
    take_thread_memory();
    return work();
  });
}

// Calls work(0) … work(count - 1), each once, on as many threads as the machine has processors.
// Returns when all are done. After the first exception no further piece is begun, and that
// exception is thrown again here.
void for_each_parallel(size_t count, const std::function<void(size_t)>& work);

// The same for pieces of which some are found while others are done: work(i) returns how many are
// known then.
void for_each_found(size_t count, const std::function<size_t(size_t)>& work);

// The same for pieces that wait rather than compute: each has a thread of its own.
void for_each_at_once(size_t count, const std::function<void(size_t)>& work);

}  // namespace relmk::sys
