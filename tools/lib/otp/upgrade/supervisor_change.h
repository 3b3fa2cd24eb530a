// What the children of a supervisor mean for an upgrade: code_change replaces their specifications
// (supervisor(3)), but starts and ends none.
#pragma once

#include <string>
#include <vector>

#include "beam/module_code.h"
#include "term/term.h"

namespace relmk::otp {

struct SupervisorChange {
  // {apply, …} that end and delete children, before the supervisor is updated, and that start them
  // after it; for each direction.
  Terms before_up, after_up;
  Terms before_down, after_down;
  std::string refused;                // why no instructions can be written; empty: they can
  std::vector<std::string> warnings;  // what the author has to look at
  std::string hint;                   // what to add by hand
};

// Compares what init/1 of the two versions returns. Where it is not made of literals, and what it
// executes differs, that is a warning.
SupervisorChange supervisor_change(const beam::ModuleCode& from, const beam::ModuleCode& to);

// Calls that init/1 makes, itself or through other functions of its module, and that do more than
// return a value: starting, sending, registering, writing. As M:F/A.
std::vector<std::string> side_effects_of_init(const beam::ModuleCode& code);

}  // namespace relmk::otp
