// nodetool's commands: what each is called, and what it does.
#pragma once

#include <vector>

#include "nodetool/options.h"

namespace relmk::nodetool {

struct Subcommand {
  const char* name;
  const char* about;
  int (*run)(const Request&);  // returns the exit code
  void (*add)(sys::CommandLine&, Options&) = [](sys::CommandLine&, Options&) {};
  const char* words = nullptr;  // what must follow, in words of the usage
};

// Those that the arguments may mean, all where they name none: setting up a command costs a page or
// two of memory, and a ping is short.
std::vector<const Subcommand*> possible_subcommands(int argc, char** argv);

}  // namespace relmk::nodetool
