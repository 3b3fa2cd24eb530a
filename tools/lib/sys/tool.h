// What every executable's main does around its own work: options, exit codes, errors.
#pragma once

#include <functional>

#include "sys/command_line.h"

namespace relmk::sys {

// Parses argv and calls `run`, whose result is the exit code. --help and --version
// print to stdout and return 0; wrong usage prints a line to stderr and returns 2; an Error thrown
// by `run`, or what the C++ library throws, is told in a line on stderr and returns 1, and so does
// a standard output that doesn't take what was printed. No signal ends the tool because of what it
// can't print. `line` has its options before; `run` is called after they are parsed.
int run_tool(CommandLine& line, int argc, char** argv, const std::function<int()>& run);

}  // namespace relmk::sys
