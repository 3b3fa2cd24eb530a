// The Erlang Port Mapper Daemon (ERTS User's Guide, "EPMD Protocol"): which port a node listens on.
#pragma once

#include <cstdint>
#include <string>

#include "node/distribution/transport.h"

namespace relmk::node {

// The port of epmd: $ERL_EPMD_PORT, else 4369.
uint16_t epmd_port();

// The port of the node that is registered as `name` (what stands before the @) with the epmd at an
// address. Throws NodeError: NoEpmd, NotRegistered, Timeout.
uint16_t look_up_port(const std::string& name, const InternetAddress& address,
                      const Deadline& deadline);

}  // namespace relmk::node
