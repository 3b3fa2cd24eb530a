// How long something that is waited for may take, as a variable of the environment says.
#pragma once

#include <chrono>
#include <string>

#include "sys/environment.h"
#include "sys/error.h"

namespace relmk::sys {

struct TimeLimit {
  std::string variable;           // that sets it: RELMK_SCRIPT_TIMEOUT
  std::chrono::seconds limit{0};  // 0: none
};

// What the variable says, a whole number of seconds; `unless_said` where it is not set or empty.
// Throws Error for what is no number of seconds.
TimeLimit time_limit(const Environment& environment, const std::string& variable,
                     std::chrono::seconds unless_said);

// That `what` took longer, with the limit and what sets it.
Error too_slow(const std::string& what, const TimeLimit& limit);

}  // namespace relmk::sys
