// A plan made into a directory.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "plan/plan.h"
#include "sys/files.h"

namespace relmk::plan {

struct AssemblyRequest {
  fs::path output_dir;  // DIR
  std::string name;     // the release stands in DIR/NAME
  std::string version;
  std::function<void()> before_change = {};  // called once it is known that something is to be made
};

struct Assembly {
  bool changed = false;  // false: everything was as planned, and nothing was touched
  size_t written = 0;    // files that were made
  size_t kept = 0;       // files that were taken over from the last assembly
};

// Makes DIR/NAME hold what `plan` says. It is built beside the old one and takes its place in one
// step, so that a failure at any instant leaves the old one whole; a signal that ends the process
// does so when what was built is removed. What the plan does not know is carried over: other
// versions, tarballs, logs, what an operator put there; not the rest of an application's directory,
// and not what an earlier assembly of this version made. One assembly in DIR/NAME at a time:
// another one waits. Throws Error.
Assembly assemble(const Plan& plan, const AssemblyRequest& request);

// Lines for --dry-run: what would be, in the order of paths.
std::string plan_text(const Plan& plan);

}  // namespace relmk::plan
