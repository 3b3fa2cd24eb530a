// The Erlang Port Mapper Daemon (ERTS User's Guide, "EPMD Protocol"): which port a node listens on.
#pragma once

#include <cstdint>
#include <string>

#include "node/distribution/transport.h"

namespace relmk::node {

constexpr uint16_t kEpmdPort = 4369;  // unless ERL_EPMD_PORT says otherwise

// The port of the node that is registered as `name` (what stands before the @) with the epmd that
// listens on `epmd_port` of an address. Throws NodeError: NoEpmd, NotRegistered, Timeout.
uint16_t look_up_port(const std::string& name, const InternetAddress& address, uint16_t epmd_port,
                      const Deadline& deadline);

struct RegisteredName {
  std::string name;
  uint16_t port = 0;  // on which that node listens
  bool operator==(const RegisteredName&) const = default;
};

// All that are registered there, in its order. Throws NodeError: NoEpmd, Timeout.
std::vector<RegisteredName> registered_names(const InternetAddress& address, uint16_t epmd_port,
                                             const Deadline& deadline);

}  // namespace relmk::node
