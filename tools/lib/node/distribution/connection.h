// A connection to a running node: found, joined, and ready for signals.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "node/distribution/channel.h"
#include "node/distribution/epmd.h"
#include "node/distribution/handshake.h"
#include "node/distribution/tls.h"
#include "start/node_name.h"

namespace relmk::node {

// How a node is reached.
struct NodeAddress {
  start::NodeName name;
  AddressFamily family = AddressFamily::Any;  // -proto_dist inet_…, inet6_…
  std::optional<TlsOptions> tls;              // -proto_dist …_tls
  std::optional<uint16_t> port;               // -erl_epmd_port: no epmd is asked
  uint16_t epmd_port = kEpmdPort;
  std::string interface;             // an address to take instead of the name's host; empty: none
  fs::path resolver_files = "/etc";  // see start::resolver_files()
};

class Connection {
 public:
  // Throws NodeError.
  Connection(const NodeAddress& address, const std::string& cookie, const Deadline& deadline);

  Channel& channel() { return channel_; }
  const std::string& node() const { return channel_.node(); }
  // The one process that we are, and a reference that was not used before.
  const Term& self() const { return self_; }
  Term new_reference();

 private:
  struct Joined;
  explicit Connection(Joined joined);
  static Joined join(const NodeAddress& address, const std::string& cookie,
                     const Deadline& deadline);

  Channel channel_;
  Handshake handshake_;
  Term self_;
  uint32_t references_ = 0;
};

}  // namespace relmk::node
