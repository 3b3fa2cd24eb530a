#include "node/distribution/transport.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <future>
#include <thread>

#include "node/distribution/node_error.h"
#include "start/node_name.h"

namespace relmk::node {
namespace {

NodeError broken(int error_number) {
  return {NodeError::Reason::Down,
          std::string("the connection broke: ") + std::strerror(error_number)};
}

class TcpTransport : public Transport {
 public:
  explicit TcpTransport(int descriptor) : descriptor_(descriptor) {}
  ~TcpTransport() override { ::close(descriptor_); }
  TcpTransport(const TcpTransport&) = delete;
  TcpTransport& operator=(const TcpTransport&) = delete;

  // Reads ahead, so that a message and its length come in one call.
  long receive(char* buffer, size_t size, const Deadline& deadline) override {
    if (begin_ == end_) {
      begin_ = end_ = 0;
      const long count = read(ahead_, sizeof ahead_, deadline);
      if (count <= 0) return count;
      end_ = static_cast<size_t>(count);
    }
    const size_t count = std::min(size, end_ - begin_);
    std::memcpy(buffer, ahead_ + begin_, count);
    begin_ += count;
    return static_cast<long>(count);
  }
  bool has_pending() const override { return begin_ < end_; }

  bool send(std::string_view bytes, const Deadline& deadline) override {
    while (!bytes.empty()) {
      const ssize_t count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count >= 0) {
        bytes.remove_prefix(static_cast<size_t>(count));
      } else if (errno == EAGAIN) {
        if (!wait_writable(descriptor_, deadline)) return false;
      } else if (errno != EINTR) {
        throw broken(errno);
      }
    }
    return true;
  }

  int descriptor() const override { return descriptor_; }

 private:
  long read(char* buffer, size_t size, const Deadline& deadline) {
    for (;;) {
      // What fell short of the buffer was all that there was: what comes next must be waited for.
      if (drained_ && !wait_readable(descriptor_, deadline)) return -1;
      const ssize_t count = ::recv(descriptor_, buffer, size, 0);
      drained_ = count < static_cast<ssize_t>(size);
      if (count >= 0) return count;
      if (errno == ECONNRESET) return 0;
      if (errno != EINTR && errno != EAGAIN) throw broken(errno);
    }
  }

  int descriptor_;
  bool drained_ = true;
  size_t begin_ = 0;  // what was read ahead
  size_t end_ = 0;
  char ahead_[16384];
};

socklen_t socket_address(const InternetAddress& address, uint16_t port, sockaddr_storage& out) {
  if (address.family == AF_INET6) {
    sockaddr_in6 in6{};
    in6.sin6_family = AF_INET6;
    in6.sin6_port = htons(port);
    in6.sin6_scope_id = address.scope;
    std::memcpy(&in6.sin6_addr, address.bytes.data(), sizeof in6.sin6_addr);
    std::memcpy(&out, &in6, sizeof in6);
    return sizeof in6;
  }
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_port = htons(port);
  std::memcpy(&in.sin_addr, address.bytes.data(), sizeof in.sin_addr);
  std::memcpy(&out, &in, sizeof in);
  return sizeof in;
}

bool wait_for(int descriptor, short events, const Deadline& deadline) {
  for (;;) {
    pollfd wanted{descriptor, events, 0};
    const int ready = ::poll(&wanted, 1, deadline.poll_timeout());
    if (ready > 0) return true;
    if (ready == 0) return false;
    if (errno != EINTR) throw broken(errno);
  }
}

// Finishes a connect() that was begun; 0, or the error.
int finish_connect(int descriptor, const Deadline& deadline) {
  if (!wait_writable(descriptor, deadline)) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

}  // namespace

bool wait_readable(int descriptor, const Deadline& deadline) {
  return wait_for(descriptor, POLLIN, deadline);
}

bool wait_writable(int descriptor, const Deadline& deadline) {
  return wait_for(descriptor, POLLOUT, deadline);
}

std::string InternetAddress::text() const {
  char buffer[INET6_ADDRSTRLEN] = "";
  inet_ntop(family, bytes.data(), buffer, sizeof buffer);
  return buffer;
}

namespace {

std::string lower(std::string name) {
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return name;
}

// RFC 6761 has `localhost`, and what ends with it, be the loopback whatever a resolver says.
bool is_localhost(const std::string& name) {
  constexpr std::string_view kEnd = ".localhost";
  return name == "localhost" || (name.size() > kEnd.size() &&
                                 name.compare(name.size() - kEnd.size(), kEnd.size(), kEnd) == 0);
}

bool is_this_host(const std::string& name, const fs::path& resolver_files) {
  const start::LocalHost local = start::local_host(resolver_files);
  const std::string wanted = lower(name);
  return is_localhost(wanted) || wanted == lower(local.host) ||
         (!local.domain.empty() && wanted == lower(local.host + "." + local.domain));
}

InternetAddress loopback(AddressFamily family) {
  if (family == AddressFamily::Inet6) return {AF_INET6, std::string(15, '\0') + '\1'};
  return {AF_INET, {127, 0, 0, 1}};
}

std::vector<InternetAddress> find_addresses(const std::string& host, AddressFamily family,
                                            const fs::path& resolver_files) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_family = family == AddressFamily::Inet    ? AF_INET
                    : family == AddressFamily::Inet6 ? AF_INET6
                                                     : AF_UNSPEC;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (error != 0) {
    if (is_this_host(host, resolver_files)) return {loopback(family)};
    throw NodeError(NodeError::Reason::HostNotFound,
                    "host `" + host + "` not found: " + gai_strerror(error));
  }
  std::vector<InternetAddress> addresses;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    InternetAddress address;
    address.family = one->ai_family;
    if (one->ai_family == AF_INET) {
      sockaddr_in in{};
      std::memcpy(&in, one->ai_addr, sizeof in);
      address.bytes.assign(reinterpret_cast<const char*>(&in.sin_addr), sizeof in.sin_addr);
    } else if (one->ai_family == AF_INET6) {
      sockaddr_in6 in6{};
      std::memcpy(&in6, one->ai_addr, sizeof in6);
      address.bytes.assign(reinterpret_cast<const char*>(&in6.sin6_addr), sizeof in6.sin6_addr);
      address.scope = in6.sin6_scope_id;
    } else {
      continue;
    }
    addresses.push_back(std::move(address));
  }
  freeaddrinfo(found);
  std::stable_partition(addresses.begin(), addresses.end(),
                        [](const InternetAddress& one) { return one.family == AF_INET; });
  return addresses;
}

bool is_numeric(const std::string& host) {
  unsigned char bytes[sizeof(in6_addr)];
  return inet_pton(AF_INET, host.c_str(), bytes) == 1 ||
         inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

}  // namespace

// The system's resolver knows no deadline; when ours has passed, it is left to its thread.
std::vector<InternetAddress> resolve_host(const std::string& host, AddressFamily family,
                                          const fs::path& resolver_files,
                                          const Deadline& deadline) {
  if (is_numeric(host)) return find_addresses(host, family, resolver_files);
  std::packaged_task<std::vector<InternetAddress>()> task(
      [host, family, resolver_files] { return find_addresses(host, family, resolver_files); });
  std::future<std::vector<InternetAddress>> found = task.get_future();
  std::thread(std::move(task)).detach();
  if (!deadline.is_never() && found.wait_for(std::chrono::milliseconds(deadline.poll_timeout())) !=
                                  std::future_status::ready) {
    throw timeout_error("the resolver of host `" + host + "`", deadline);
  }
  return found.get();
}

std::unique_ptr<Transport> connect_tcp(const InternetAddress& address, uint16_t port,
                                       const Deadline& deadline) {
  const std::string where = address.text() + " port " + std::to_string(port);
  const int descriptor = ::socket(address.family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) {
    throw NodeError(NodeError::Reason::Refused,
                    "cannot connect to " + where + ": " + std::strerror(errno));
  }
  auto transport = std::make_unique<TcpTransport>(descriptor);
  const int yes = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  sockaddr_storage to{};
  const socklen_t size = socket_address(address, port, to);
  int error = 0;
  if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&to), size) != 0) {
    error = errno == EINPROGRESS || errno == EINTR ? finish_connect(descriptor, deadline) : errno;
  }
  if (error == ETIMEDOUT) throw timeout_error(where, deadline);
  if (error != 0) {
    throw NodeError(NodeError::Reason::Refused,
                    "cannot connect to " + where + ": " + std::strerror(error));
  }
  return transport;
}

}  // namespace relmk::node
