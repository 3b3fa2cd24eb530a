#include "enit/listen_ports.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <fstream>

#include "sys/descriptor.h"

namespace relmk::enit {
namespace {

// The parameter of kernel; nullptr where it is absent or no number, of which kernel takes no
// notice.
const Setting* kernel_number(const Configuration& configuration, const char* key) {
  const auto kernel = configuration.sections.find("kernel");
  if (kernel == configuration.sections.end()) return nullptr;
  const auto found = kernel->second.find(key);
  if (found == kernel->second.end() || !found->second.value.is_small_integer()) return nullptr;
  return &found->second;
}

// What bind(2) says, with SO_REUSEADDR, as the VM sets it: 0, or an errno.
int try_port(int64_t port, const std::string& interface) {
  const bool is_v6 = interface.find(':') != std::string::npos;
  const sys::Descriptor socket(::socket(is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return 0;
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_storage address = {};
  socklen_t size = 0;
  if (is_v6) {
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&address);
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(static_cast<uint16_t>(port));
    ::inet_pton(AF_INET6, interface.c_str(), &v6->sin6_addr);
    size = sizeof *v6;
  } else {
    auto* v4 = reinterpret_cast<sockaddr_in*>(&address);
    v4->sin_family = AF_INET;
    v4->sin_port = htons(static_cast<uint16_t>(port));
    if (!interface.empty()) ::inet_pton(AF_INET, interface.c_str(), &v4->sin_addr);
    size = sizeof *v4;
  }
  return ::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size) == 0 ? 0 : errno;
}

// Whether only root may listen there: ip(7).
bool is_privileged(int64_t port) {
  int64_t first_free = 1024;
  std::ifstream("/proc/sys/net/ipv4/ip_unprivileged_port_start") >> first_free;
  return port < first_free;
}

// Why the node can't listen on the port: an errno, or 0.
int obstacle(int64_t port, const std::string& interface, const Account& account) {
  if (account.is_other && account.user != 0 && is_privileged(port)) return EACCES;
  const int error = try_port(port, interface);
  return error == EADDRINUSE || error == EACCES ? error : 0;
}

}  // namespace

std::optional<ListenPorts> listen_ports(const Configuration& configuration) {
  const Setting* min = kernel_number(configuration, "inet_dist_listen_min");
  if (min == nullptr) return std::nullopt;
  const Setting* max = kernel_number(configuration, "inet_dist_listen_max");
  const ListenPorts ports{min->value.as_integer(),
                          (max != nullptr ? max : min)->value.as_integer()};
  if (ports.first < 1 || ports.last > 65535 || ports.first > ports.last) {
    throw Error(
        min->file, min->at,
        fmt::format("kernel: inet_dist_listen_min {} to inet_dist_listen_max {} are no ports",
                    ports.first, ports.last));
  }
  return ports;
}

void check_ports(const ListenPorts& ports, const std::string& interface, const Account& account) {
  // As the VM, which tries the next port only where one is in use.
  for (int64_t port = ports.first; port <= ports.last; ++port) {
    const int error = obstacle(port, interface, account);
    if (error == 0) return;
    if (error == EACCES) {
      throw Error(
          fmt::format("the node may not listen on port {} (kernel: inet_dist_listen_min)", port));
    }
  }
  throw Error(ports.first == ports.last
                  ? fmt::format("port {} is in use (kernel: inet_dist_listen_min)", ports.first)
                  : fmt::format("all ports from {} to {} are in use (kernel: "
                                "inet_dist_listen_min, inet_dist_listen_max)",
                                ports.first, ports.last));
}

}  // namespace relmk::enit
