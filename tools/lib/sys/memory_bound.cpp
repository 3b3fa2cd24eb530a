// RLIMIT_DATA counts what is mapped to be written to, also where nothing has been written yet: the
// stacks that threads have are part of what there is when the bound is set.
#include "sys/memory_bound.h"

#include "sys/process_tree.h"

namespace relmk::sys {
namespace {

// AddressSanitizer has much memory of its own, and ends a program that can't have more.
#ifdef __SANITIZE_ADDRESS__
constexpr bool kCanBind = false;
#else
constexpr bool kCanBind = true;
#endif

rlimit unbound{};
bool is_bound = false;

}  // namespace

MemoryBound::MemoryBound(size_t bytes) {
  const size_t mapped = own_mapped_memory();
  if (!kCanBind || bytes == 0 || mapped == 0 || ::getrlimit(RLIMIT_DATA, &unbound) != 0) return;
  rlimit bound = unbound;
  bound.rlim_cur = mapped + bytes;
  if (bound.rlim_cur >= unbound.rlim_cur) return;  // RLIM_INFINITY is the largest number
  is_bound = is_set_ = ::setrlimit(RLIMIT_DATA, &bound) == 0;
}

MemoryBound::~MemoryBound() {
  if (is_set_) lift();
  is_bound = is_bound && !is_set_;
}

void MemoryBound::lift() {
  if (is_bound) ::setrlimit(RLIMIT_DATA, &unbound);
}

}  // namespace relmk::sys
