// A session with a node whose terminal is our standard input and output.
#pragma once

#include "node/session/join.h"
#include "node/session/session.h"
#include "node/session/standard_streams.h"

namespace relmk::node {

class StandardSession {
 public:
  // Joins the node. `timeout` holds for that, and for each call. Throws NodeError.
  StandardSession(const Target& target, std::chrono::milliseconds timeout)
      : session_(join(target, Deadline::after(timeout)), timeout, streams_) {}

  StandardStreams& streams() { return streams_; }
  Rpc& rpc() { return session_.rpc(); }
  GroupLeader& group_leader() { return session_.group_leader(); }

 private:
  StandardStreams streams_;
  Session session_;
};

}  // namespace relmk::node
