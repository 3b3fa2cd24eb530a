#include "sys/memory.h"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <climits>
#include <cstdint>
#include <cstdlib>

namespace relmk::sys {
namespace {

std::atomic<size_t> thread_bytes{0};

// One block of the calling thread's heap, which is free again for all that comes.
bool populate(size_t bytes) {
#ifdef MADV_POPULATE_WRITE
  void* block = std::malloc(bytes);
  if (block == nullptr) return false;
  const auto page = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  const uintptr_t begin = (reinterpret_cast<uintptr_t>(block) + page - 1) / page * page;
  const uintptr_t end = (reinterpret_cast<uintptr_t>(block) + bytes) / page * page;
  const bool is_taken = end > begin && ::madvise(reinterpret_cast<void*>(begin), end - begin,
                                                 MADV_POPULATE_WRITE) == 0;
  std::free(block);
  return is_taken;
#else
  return bytes == 0;
#endif
}

}  // namespace

bool take_memory(size_t bytes, size_t bytes_of_thread) {
  // None of it is given back.
  ::mallopt(M_MMAP_THRESHOLD, INT_MAX);
  ::mallopt(M_TRIM_THRESHOLD, INT_MAX);
  if (!populate(bytes)) return false;
  thread_bytes = bytes_of_thread;
  return true;
}

void take_more_memory(size_t bytes) {
  if (thread_bytes != 0) populate(bytes);
}

void take_thread_memory() {
  if (const size_t bytes = thread_bytes; bytes != 0) populate(bytes);
}

}  // namespace relmk::sys
