// The command that decides whether a new version stays.
#pragma once

#include <chrono>
#include <string>

#include "node/session/rpc.h"

namespace relmk::node {

struct VerifyResult {
  bool passed = false;
  std::string reason;  // why not: `it exited with 3`, `it was ended after 60 seconds`
};

// Runs `sh -c COMMAND` with our stdin closed and our output, in a process group of its own. When
// the time is over, or SIGINT, SIGTERM or SIGHUP comes to us, the group is ended: SIGTERM, two
// seconds later SIGKILL. The node is served meanwhile. Throws Error where no process can be
// started; NodeError is not thrown: a node that ends is the command's to notice.
VerifyResult run_verify_command(const std::string& command, std::chrono::milliseconds within,
                                Rpc& rpc);

}  // namespace relmk::node
