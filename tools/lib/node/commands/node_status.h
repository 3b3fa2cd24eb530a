// What a running node says of itself: `nodetool status`.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "node/session/rpc.h"

namespace relmk::node {

struct NodeStatus {
  std::string node;
  std::string state;                  // of init: "starting", "started", "stopping"
  std::string progress;               // of one that does not run yet, or any more: what init does
  std::vector<std::string> starting;  // applications that start at this moment
  std::string release;                // init:script_id()
  std::string version;
  std::string otp_release;   // "25"
  std::string erts_version;  // "13.1.5"
  std::string pid;           // of the OS process
  int64_t uptime_seconds = 0;
  std::vector<std::string> connected_nodes;                       // hidden ones not
  std::vector<std::pair<std::string, std::string>> applications;  // that run, by name; versions
  std::vector<std::pair<std::string, int64_t>> memory;            // erlang:memory(), bytes
};

// Throws NodeError, RemoteError.
NodeStatus ask_status(Rpc& rpc);
// The number of the node's OS process, in decimals. Throws likewise.
std::string ask_process_id(Rpc& rpc);

// For people, in enit's form.
std::string status_text(const NodeStatus& status);
// The part of that which only a running node has: from its OTP release to its memory.
std::string running_text(const NodeStatus& status);
// Lines of two columns; the second one is aligned, and not padded.
using Rows = std::vector<std::pair<std::string, std::string>>;
std::string aligned_rows(const Rows& rows, const std::string& indent);
// For machines: one JSON object, with a newline.
std::string status_json(const NodeStatus& status);

// `1d 2h 3min 4sec`, as enit writes it; `12 MiB`.
std::string duration_text(int64_t seconds);
std::string memory_text(int64_t bytes);

}  // namespace relmk::node
