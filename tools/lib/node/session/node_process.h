// The process of the operating system that runs a node on this machine, found by its arguments,
// where the node itself cannot be asked.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "start/node_name.h"
#include "sys/error.h"

namespace relmk::node {

struct NodeProcess {
  pid_t id = 0;
  bool is_stopped = false;            // by a signal, or a debugger
  bool is_new = false;                // began in the last ten seconds: the node may not be up yet
  fs::path crash_dump;                // which it writes at the moment, and then ends; empty: none
  std::vector<uint16_t> ports;        // on which it listens, as far as we may see them
  std::optional<uint16_t> epmd_port;  // of the epmd that its environment names; where we may see it
};

// A VM among this machine's processes whose -name or -sname is the node's; nullopt where there is
// none that we can see. (Linux: proc(5).)
std::optional<NodeProcess> find_node_process(const start::NodeName& node);

// The same of several, in their order: the processes are looked through once.
std::vector<std::optional<NodeProcess>> find_node_processes(
    const std::vector<start::NodeName>& nodes);

}  // namespace relmk::node
