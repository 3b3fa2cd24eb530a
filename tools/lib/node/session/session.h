// A connection to a node that is ready for commands: calls, with their output and input served.
#pragma once

#include "node/distribution/connection.h"
#include "node/session/group_leader.h"
#include "node/session/peer_requests.h"
#include "node/session/rpc.h"
#include "sys/environment.h"

namespace relmk::node {

class Session {
 public:
  // `timeout` holds for each call. What the node's processes print and read goes through
  // `terminal`.
  Session(Connection connection, std::chrono::milliseconds timeout, Terminal& terminal);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Rpc& rpc() { return rpc_; }
  GroupLeader& group_leader() { return group_leader_; }

 private:
  Connection connection_;
  Rpc rpc_;
  GroupLeader group_leader_;
  PeerRequests peer_requests_;
};

// How long a node may take to answer: RELX_RPC_TIMEOUT of the environment in seconds, else
// NODETOOL_TIMEOUT in milliseconds, else 60 seconds. Throws Error where that is no such number.
std::chrono::milliseconds rpc_timeout(const sys::Environment& environment);

}  // namespace relmk::node
