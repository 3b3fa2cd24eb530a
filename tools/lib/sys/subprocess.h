// Subprocesses, run without a shell.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sys/error.h"
#include "sys/files.h"

namespace relmk::sys {

struct Command {
  std::vector<std::string> argv;  // argv[0] is looked up in PATH unless it holds a slash
  std::map<std::string, std::string> environment;  // added to ours
  std::string input;                               // what it reads on stdin
  fs::path directory;                              // where it runs; empty: here
  std::chrono::seconds limit{0};                   // then it and its children are killed; 0: never
  // Where given, what it prints to stdout and stderr goes there as it comes, and is not collected.
  std::function<void(std::string_view)> on_output = {};
  std::function<void(std::string_view)> on_errors = {};
  bool joins_errors = false;  // what it prints to stderr is part of its stdout, in its order
  // Bytes that it and its children may take, as memory_of_tree() counts them ten times a second;
  // then they are killed. 0: any.
  size_t most_memory = 0;
  std::string name = {};  // what messages call it; empty: its argv
};

// What run_command() collects of a stream; a program that prints more is killed.
constexpr size_t kMostCollected = size_t{16} << 20;  // bytes

struct TooMuchOutput : Error {
  using Error::Error;
};

struct Finished {
  int code = 0;           // exit code; 128 + N when signal N ended it
  std::string output;     // all of its stdout
  std::string errors;     // all of its stderr
  bool killed = false;    // by us, at its limit of time
  bool outgrown = false;  // killed by us, at its limit of memory
};

// Runs a command to its end and collects what it prints until then: what it leaves running in the
// background is not waited for. SIGINT, SIGTERM and SIGHUP to us go to the command and its children
// first, as Interruption has it. Throws Error when it cannot be started, TooMuchOutput
// when it prints more than kMostCollected.
Finished run_command(const Command& command);

}  // namespace relmk::sys
