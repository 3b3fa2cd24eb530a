#include "eval/evaluate/stack.h"

#include <pthread.h>

#include <cstddef>
#include <cstdint>
#include <exception>

#include "eval/evaluate/failure.h"
#include "sys/error.h"

namespace relmk::eval {
namespace {

#ifdef __SANITIZE_ADDRESS__
// AddressSanitizer loses count of what is live on a stack of more than 64 MiB.
constexpr size_t kStackBytes = size_t{48} << 20;
#else
constexpr size_t kStackBytes = size_t{256} << 20;
#endif
constexpr size_t kReserveBytes = size_t{1} << 20;
// Other threads are left well within the usual 8 MiB.
constexpr size_t kSmallStackBytes = size_t{4} << 20;

thread_local uintptr_t stack_base = 0;
thread_local size_t stack_bytes = kSmallStackBytes;

uintptr_t stack_address() {
  return reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
}

struct Work {
  const std::function<void()>* run;
  std::exception_ptr failure;
};

void* start(void* argument) {
  auto* work = static_cast<Work*>(argument);
  stack_base = stack_address();
  stack_bytes = kStackBytes - kReserveBytes;
  try {
    (*work->run)();
  } catch (...) {
    work->failure = std::current_exception();
  }
  return nullptr;
}

}  // namespace

void run_on_large_stack(const std::function<void()>& work) {
  Work shared{&work, nullptr};
  pthread_attr_t attributes;
  pthread_t thread{};
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStackBytes);
  const int error = pthread_create(&thread, &attributes, start, &shared);
  pthread_attr_destroy(&attributes);
  if (error != 0) throw sys::system_error("", "cannot start a thread", error);
  pthread_join(thread, nullptr);
  if (shared.failure) std::rethrow_exception(shared.failure);
}

void check_stack(const char* what) {
  const uintptr_t here = stack_address();
  if (stack_base == 0) stack_base = here;
  if (stack_base > here && stack_base - here > stack_bytes) throw UnknownToEvaluator(what);
}

}  // namespace relmk::eval
