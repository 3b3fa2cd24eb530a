// The ports on which a release's node may listen: kernel's inet_dist_listen_min and _max.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "enit/account.h"
#include "enit/configuration.h"

namespace relmk::enit {

struct ListenPorts {
  int64_t first, last;
};

// nullopt where the configuration has no inet_dist_listen_min: the system gives the node a port.
// Throws Error, with the setting's place, for what are no ports.
std::optional<ListenPorts> listen_ports(const Configuration& configuration);

// Throws Error, with the number, where the node that runs as `account` could listen on none of
// them: others use them, or only root may. `interface` is a numeric address; empty: all of them.
void check_ports(const ListenPorts& ports, const std::string& interface, const Account& account);

}  // namespace relmk::enit
