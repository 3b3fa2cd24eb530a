// What every executable's main does around its own work: options, exit codes, errors.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace relmk::sys {

// Adds --version, parses argv and calls `run`, whose result is the exit code. --help and --version
// print to stdout and return 0; wrong usage prints a line to stderr and returns 2; an Error thrown
// by `run`, or what the C++ library throws, is told in a line on stderr and returns 1, and so does
// a standard output that doesn't take what was printed. No signal ends the tool because of what it
// can't print. Set the options on `app` before calling; `run` is called after they are parsed.
int run_tool(CLI::App& app, int argc, char** argv, const std::function<int()>& run);

}  // namespace relmk::sys
