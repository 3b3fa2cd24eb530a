// A bound on this process's own memory.
#pragma once

#include <sys/resource.h>

#include <cstddef>

namespace relmk::sys {

// While it lives, this process can take about `bytes` more than it has (0: any number):
// std::bad_alloc is thrown instead. One at a time; subprocesses that run_command() starts have no
// part in it.
class MemoryBound {
 public:
  explicit MemoryBound(size_t bytes);
  ~MemoryBound();
  MemoryBound(const MemoryBound&) = delete;
  MemoryBound& operator=(const MemoryBound&) = delete;

  // For a child between fork and exec: its bound is what ours was before.
  static void lift();

 private:
  bool is_set_ = false;
};

}  // namespace relmk::sys
