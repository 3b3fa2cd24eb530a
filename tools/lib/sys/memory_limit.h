// How much memory something that is waited for may take, as a variable of the environment says.
#pragma once

#include <cstddef>
#include <string>

#include "sys/environment.h"
#include "sys/error.h"

namespace relmk::sys {

struct MemoryLimit {
  std::string variable;  // that sets it: RELMK_SCRIPT_MEMORY
  size_t bytes = 0;      // 0: none
};

constexpr size_t kMebibyte = size_t{1} << 20;

// What the variable says, a whole number of MiB; `unless_said` (bytes) where it is not set or
// empty. Throws Error for what is no number of MiB.
MemoryLimit memory_limit(const Environment& environment, const std::string& variable,
                         size_t unless_said);

// That `what` took more, with the limit and what sets it.
Error too_large(const std::string& what, const MemoryLimit& limit);

}  // namespace relmk::sys
