// Worker threads for work that is many independent pieces.
#pragma once

#include <cstddef>
#include <functional>

namespace relmk::sys {

// Calls work(0) … work(count - 1), each once, on as many threads as the machine has processors.
// Returns when all are done. After the first exception no further piece is begun, and that
// exception is thrown again here.
void for_each_parallel(size_t count, const std::function<void(size_t)>& work);

}  // namespace relmk::sys
