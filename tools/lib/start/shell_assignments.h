// What `nodetool env` prints: a start environment as assignments of a shell, with the names that
// relx's extended start script has for it.
#pragma once

#include <optional>
#include <string>

#include "start/start_environment.h"
#include "start/start_files.h"

namespace relmk::start {

// Those of StartFiles are empty when there are none. Every value is quoted, so that no byte of it
// is more than text to the shell.
std::string shell_assignments(const StartEnvironment& found, const std::optional<StartFiles>& files,
                              const Environment& environment);

struct ScriptRequest {
  StartRequest start = {};
  int pid = 0;  // of the process that becomes the VM; 0: none does. It is noted (running_node.h)
};

// All of `nodetool env`: what it prints. The files are written that the request's stage needs. For
// what relx's script refuses in vm.args, these are commands that print relx's message and exit with
// relx's code. Throws Error.
std::string start_environment_script(const Environment& environment, const ScriptRequest& request);

}  // namespace relmk::start
