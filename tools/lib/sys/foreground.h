// A program that takes this one's place at the terminal for a while.
#pragma once

#include <string>
#include <vector>

#include "sys/environment.h"

namespace relmk::sys {

// Runs a program at our standard streams, without a shell, and waits for its end. Its environment
// is the one given; argv[0] is looked up in the PATH there, unless it holds a slash. What the
// terminal's keys signal is the program's alone meanwhile, and SIGTERM and SIGHUP, which would end
// us, are passed on to it. The terminal's modes are then as they were before, also when it was
// killed. Returns its exit code, 128 + N when signal N ended it. Throws Error when it cannot be
// started.
int run_in_foreground(const std::vector<std::string>& argv, const Environment& environment);

}  // namespace relmk::sys
