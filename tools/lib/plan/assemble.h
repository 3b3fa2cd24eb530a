// A plan made into a directory.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "sys/file_lock.h"
#include "sys/files.h"

namespace relmk::plan {

struct AssemblyRequest {
  fs::path output_dir;  // DIR
  std::string name;     // the release stands in DIR/NAME
  std::string version;
  std::function<void()> before_change = {};  // called once it is known that something is to be made
  fs::path nodetool = {};  // finishes an exchange that was interrupted, when the release is started
  std::chrono::seconds lock_wait{600};  // for another assembly
  // Files of the release that others have changed since they were made stay so, as long as what
  // they are made from has not changed. Else they are made again.
  bool keeps_changes = false;
  // By a planned file's path: what is derived from it by others, in the release. Where the one
  // goes, so does the other, unless it is planned.
  std::map<std::string, std::string> derived = {};
};

struct Assembly {
  bool changed = false;  // false: everything was as planned, and nothing was touched
  size_t written = 0;    // files that were made
  size_t kept = 0;       // files that were as planned
  // As long as one of these lives, no other assembly goes on there.
  std::vector<std::shared_ptr<sys::FileLock>> locks;
};

// Makes DIR/NAME hold what `plan` says. What is new is made in DIR/.relmk/NAME/new (where DIR/NAME
// is a link or a mount, beside what it replaces), brought to the disk, and then put in place, entry
// by entry, by an exchange under a journal (sys/exchange.h): all of it or nothing, also where the
// process is killed or the power fails at any instant. DIR/NAME and all in it that the plan does
// not name, and that no earlier assembly of this version made, keeps its inode: other versions,
// logs, mounts, and what others put into an application's directory. A planned directory that
// others made a link to another one is followed.
//
// One assembly in DIR/NAME at a time: another one waits, and says for whom. A signal that ends the
// process does so when what was staged is removed. Throws Error, with the release as it was.
Assembly assemble(const Plan& plan, const AssemblyRequest& request);

// Lines for --dry-run: what would be, in the order of paths.
std::string plan_text(const Plan& plan);

}  // namespace relmk::plan
