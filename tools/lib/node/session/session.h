// A connection to a node that is ready for commands: calls, with their output and input served.
#pragma once

#include "node/distribution/connection.h"
#include "node/session/group_leader.h"
#include "node/session/peer_requests.h"
#include "node/session/rpc.h"
#include "node/session/standard_streams.h"
#include "node/session/target.h"

namespace relmk::node {

class Session {
 public:
  // Joins the node. `timeout` holds for that, and for each call. Throws NodeError.
  Session(const Target& target, std::chrono::milliseconds timeout);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Rpc& rpc() { return rpc_; }
  StandardStreams& streams() { return streams_; }

 private:
  Connection connection_;
  Rpc rpc_;
  StandardStreams streams_;
  GroupLeader group_leader_;
  PeerRequests peer_requests_;
};

// How long a node may take to answer: $RELX_RPC_TIMEOUT in seconds, else $NODETOOL_TIMEOUT in
// milliseconds, else 60 seconds.
std::chrono::milliseconds rpc_timeout();

}  // namespace relmk::node
