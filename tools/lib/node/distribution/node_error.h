// Why a node could not be asked.
#pragma once

#include <string>

#include "node/distribution/deadline.h"
#include "sys/error.h"

namespace relmk::node {

class NodeError : public Error {
 public:
  enum class Reason {
    HostNotFound,   // the host in the node's name does not resolve
    NoEpmd,         // nothing answers on epmd's port there
    EpmdSilent,     // what listens there gives no answer
    NotRegistered,  // epmd knows no node of that name
    Refused,        // nothing listens on the node's port
    Unreachable,    // its process is there, though it cannot be reached as it should be
    OtherNode,      // another node answers there
    NotAllowed,     // the node turned us away (net_kernel:allow/1)
    WrongCookie,
    Incompatible,  // the other side speaks an older protocol, or none
    Tls,           // no secure connection
    Down,          // the node, or the connection to it, ended
    Timeout,
  };
  NodeError(Reason reason, std::string message) : Error(std::move(message)), reason_(reason) {}
  Reason reason() const { return reason_; }
  // True where trying again later may help: a node that starts has these.
  bool may_pass() const;
  // True where nothing says that there is such a node.
  bool is_not_running() const;

 private:
  Reason reason_;
};

// `no answer from NODE within 60 seconds`
NodeError timeout_error(const std::string& node, const Deadline& deadline);

}  // namespace relmk::node
