// What every executable's main does around its own work: options, exit codes, errors.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace relmk::sys {

// Adds --version, parses argv and calls `run`, whose result is the exit code. --help and --version
// print to stdout and return 0; wrong usage prints a line to stderr and returns 2; an Error (or any
// other exception) thrown by `run` prints its text to stderr and returns 1.
// Set the options on `app` before calling; `run` is called after they are parsed.
int run_tool(CLI::App& app, int argc, char** argv, const std::function<int()>& run);

}  // namespace relmk::sys
