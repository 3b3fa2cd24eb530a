#include "node/distribution/connection.h"

#include <utility>

#include "node/distribution/bytes.h"
#include "node/distribution/node_error.h"
#include "term/external.h"

namespace relmk::node {
namespace {

// Tags of the external term format.
constexpr char kVersion = static_cast<char>(131);
constexpr char kSmallAtomUtf8 = 119;
constexpr char kNewPid = 88;
constexpr char kNewerReference = 90;

void append_node(std::string& out, const Handshake& handshake) {
  out += kSmallAtomUtf8;
  append_number(out, handshake.our_name.size(), 1);
  out += handshake.our_name;
}

Term own_pid(const Handshake& handshake) {
  std::string bytes{kVersion, kNewPid};
  append_node(bytes, handshake);
  append_number(bytes, 1, 4);
  append_number(bytes, 0, 4);
  append_number(bytes, handshake.our_creation, 4);
  return term::decode_external(bytes);
}

// A stream to the node at one of its host's addresses.
std::unique_ptr<Transport> connect_to(const NodeAddress& node, const InternetAddress& address,
                                      const Deadline& deadline) {
  const uint16_t port =
      node.port ? *node.port : look_up_port(node.name.name, address, node.epmd_port, deadline);
  auto transport = connect_tcp(address, port, deadline);
  if (!node.tls) return transport;
  return start_tls(std::move(transport), *node.tls, node.name.host, deadline);
}

// Tries each address until one has the node. The first failure is the one that is told: it is of
// the address that a VM would take.
std::unique_ptr<Transport> find_node(const NodeAddress& node, const Deadline& deadline) {
  const std::string host = node.interface.empty() ? node.name.host : node.interface;
  std::optional<NodeError> failure;
  for (const InternetAddress& address :
       resolve_host(host, node.family, node.resolver_files, deadline)) {
    try {
      return connect_to(node, address, deadline);
    } catch (const NodeError& error) {
      if (!error.is_not_running()) throw;
      if (!failure) failure = error;
    }
  }
  if (failure) throw NodeError(*failure);
  throw NodeError(NodeError::Reason::HostNotFound, "host `" + host + "` has no address");
}

}  // namespace

struct Connection::Joined {
  std::unique_ptr<Transport> transport;
  Handshake handshake;
  std::string node;
};

Connection::Joined Connection::join(const NodeAddress& address, const std::string& cookie,
                                    const Deadline& deadline) {
  Joined joined;
  joined.node = address.name.text();
  joined.transport = find_node(address, deadline);
  joined.handshake = shake_hands(*joined.transport, joined.node, cookie, deadline);
  return joined;
}

Connection::Connection(const NodeAddress& address, const std::string& cookie,
                       const Deadline& deadline)
    : Connection(join(address, cookie, deadline)) {}

Connection::Connection(Joined joined)
    : channel_(std::move(joined.transport), std::move(joined.node)),
      handshake_(std::move(joined.handshake)),
      self_(own_pid(handshake_)) {}

Term Connection::new_reference() {
  std::string bytes{kVersion, kNewerReference};
  append_number(bytes, 3, 2);
  append_node(bytes, handshake_);
  append_number(bytes, handshake_.our_creation, 4);
  append_number(bytes, ++references_ & 0x3ffff, 4);  // 18 bits in the first word
  append_number(bytes, references_ >> 18, 4);
  append_number(bytes, 0, 4);
  return term::decode_external(bytes);
}

}  // namespace relmk::node
