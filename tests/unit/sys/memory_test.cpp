#include "sys/memory.h"

#include <sys/resource.h>

#include <memory>
#include <vector>

#include "catch.h"
#include "skip.h"

namespace sys_memory_test {

using namespace relmk;

namespace {

long page_faults() {
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_minflt;
}

}  // namespace

TEST_CASE("memory: what was taken at once is not asked for page by page") {
  constexpr size_t kSize = 1000;
  constexpr size_t kCount = 4000;
  if (!sys::take_memory(2 * kSize * kCount, kSize)) return skip("an older kernel");
#ifndef __SANITIZE_ADDRESS__
  const long before = page_faults();
  std::vector<std::unique_ptr<char[]>> blocks;
  for (size_t i = 0; i < kCount; ++i)
    blocks.push_back(std::make_unique<char[]>(kSize));
  // 4 MB are a thousand pages.
  CHECK(page_faults() - before < 200);
#else
  CHECK(page_faults() > 0);
#endif
}

}  // namespace sys_memory_test
