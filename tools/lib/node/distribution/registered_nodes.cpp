#include "node/distribution/registered_nodes.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "node/distribution/epmd.h"
#include "sys/workers.h"

namespace relmk::node {
namespace {

const std::string& host_of(const NodeAddress& node) {
  return node.interface.empty() ? node.name.host : node.interface;
}

// As getaddrinfo reads it.
std::string scoped_text(const InternetAddress& address) {
  return address.scope == 0 ? address.text() : address.text() + "%" + std::to_string(address.scope);
}

// Nodes of one epmd.
using Nodes = std::vector<Whereabouts*>;

// Of the nodes, those that are registered at one of the host's addresses are taken out.
void take_registered(Nodes& nodes, const InternetAddress& host, const Deadline& deadline) {
  const std::vector<RegisteredName> names =
      registered_names(host, nodes.front()->address.epmd_port, deadline);
  std::erase_if(nodes, [&](Whereabouts* node) {
    const auto found = std::find_if(names.begin(), names.end(), [&](const RegisteredName& known) {
      return known.name == node->address.name.name && known.port != 0;
    });
    if (found == names.end()) return false;
    node->address.port = found->port;
    node->address.interface = scoped_text(host);
    return true;
  });
}

// The first failure is told of those that no address has, as a connection to one of them does it.
void find_at_host(Nodes nodes, const Deadline& deadline) {
  const NodeAddress node = nodes.front()->address;
  std::optional<NodeError> failure;
  const auto note = [&](const NodeError& error) {
    if (!failure) failure = error;
  };
  try {
    for (const InternetAddress& host :
         resolve_host(host_of(node), node.family, node.resolver_files, deadline)) {
      try {
        take_registered(nodes, host, deadline);
        note({NodeError::Reason::NotRegistered, "not registered with epmd at " + host.text() +
                                                    " port " + std::to_string(node.epmd_port)});
      } catch (const NodeError& error) {
        note(error);
      }
      if (nodes.empty()) return;
    }
  } catch (const NodeError& error) {
    note(error);
  }
  if (!failure) {
    failure =
        NodeError(NodeError::Reason::HostNotFound, "host `" + host_of(node) + "` has no address");
  }
  for (Whereabouts* left : nodes)
    left->failure = failure;
}

}  // namespace

std::vector<Whereabouts> find_registered(const std::vector<NodeAddress>& nodes,
                                         const Deadline& deadline) {
  std::vector<Whereabouts> all;
  for (const NodeAddress& node : nodes)
    all.push_back({node, std::nullopt});
  std::map<std::tuple<std::string, AddressFamily, uint16_t>, Nodes> by_epmd;
  for (Whereabouts& one : all) {
    const NodeAddress& node = one.address;
    if (!node.port) by_epmd[{host_of(node), node.family, node.epmd_port}].push_back(&one);
  }
  std::vector<Nodes> asked;
  for (auto& [epmd, nodes_of_it] : by_epmd)
    asked.push_back(std::move(nodes_of_it));
  sys::for_each_at_once(asked.size(), [&](size_t i) { find_at_host(asked[i], deadline); });
  return all;
}

}  // namespace relmk::node
