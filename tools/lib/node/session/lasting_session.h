// A session that a node's going and coming back does not end.
#pragma once

#include <memory>

#include "node/session/session.h"
#include "node/session/standard_streams.h"
#include "node/session/target.h"

namespace relmk::node {

class LastingSession {
 public:
  // Joins the node. Throws NodeError.
  LastingSession(const Target& target, std::chrono::milliseconds timeout);

  const std::string& node() const { return node_; }
  // Null while there is no connection.
  Session* session() { return session_.get(); }
  Rpc& rpc() { return session_->rpc(); }

  // Serves what has come. The session is dropped when the node has closed the connection.
  void serve();
  // A call whose answer may well not come: nullopt then, and where the node closes the connection.
  // Throws RemoteError.
  std::optional<Term> try_call(std::string_view module, std::string_view function,
                               Terms arguments = {});
  // Joins the node anew where the session was dropped; false when it cannot be joined.
  bool rejoin();

 private:
  Target target_;
  std::chrono::milliseconds timeout_;
  std::string node_;
  StandardStreams streams_;
  std::unique_ptr<Session> session_;
};

}  // namespace relmk::node
