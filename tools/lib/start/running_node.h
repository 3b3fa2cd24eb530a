// The nodes of a release that were started, and still run: as what each was started. A start leaves
// a note, since what decides a node's name (variables, a pre_start hook, arguments of the command)
// need not be there when the node is asked.
//
// A note is a file of terms in ROOT/releases/.running or, of a release that is read-only, in
// StartDirectory::unchanging(). Only its owner can read it, and it holds no cookie.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "start/node_name.h"
#include "start/release_place.h"
#include "sys/environment.h"

namespace relmk::start {

struct RunningNode {
  NodeName node;
  NameType name_type = NameType::Long;
  std::string asked;     // the node that the start script would have asked then; empty: none
  fs::path vm_args;      // what the VM was given; empty: none
  fs::path cookie_file;  // where it found its cookie; empty: in its user's home
  int pid = 0;
  std::string begun = {};  // when that process began, of a note that was read: ticks of the kernel
};

// Notes that the process `node.pid` becomes this node. No error is thrown: a node starts without a
// note, too.
void note_running_node(const ReleasePlace& release, const sys::Environment& environment,
                       const RunningNode& node);

// All whose process lives. A process that has the number of one that ended is told by when it
// began. What cannot be read is left out.
std::vector<RunningNode> noted_processes(const ReleasePlace& release,
                                         const sys::Environment& environment);

// One of them for each name, the oldest: a VM that is started as a node that runs already lives for
// a moment, too.
std::vector<RunningNode> running_nodes(const ReleasePlace& release,
                                       const sys::Environment& environment);

}  // namespace relmk::start
