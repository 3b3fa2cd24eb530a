// Streams of bytes to another machine: TCP, or TLS over it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/distribution/deadline.h"
#include "sys/files.h"

namespace relmk::node {

class Transport {
 public:
  virtual ~Transport() = default;
  // Reads 1 to `size` bytes into `buffer`; 0 when the other side closed the stream. Returns -1 when
  // nothing came before the deadline. Throws NodeError (Down) when the stream broke.
  virtual long receive(char* buffer, size_t size, const Deadline& deadline) = 0;
  // Sends all of it. Returns false when the deadline passed first. Throws NodeError (Down).
  virtual bool send(std::string_view bytes, const Deadline& deadline) = 0;
  // For poll(). Bytes that were read but not yet handed out are not seen there: see has_pending().
  virtual int descriptor() const = 0;
  virtual bool has_pending() const { return false; }
  // How many bytes the length of a handshake's message takes: OTP has 2 over TCP, 4 over TLS.
  virtual size_t handshake_length_size() const { return 2; }
};

enum class AddressFamily { Any, Inet, Inet6 };

// A numeric address.
struct InternetAddress {
  int family = 0;
  std::string bytes;  // in network order: 4 or 16
  uint32_t scope = 0;
  std::string text() const;
};

// The addresses of a host; IPv4 ones first, as a VM without -proto_dist knows no others. This
// host's own name, which `resolver_files` (see start::local_host) may complete, is its loopback
// address where nothing else knows it, as in inet:gethostbyname_self/2. Throws NodeError:
// HostNotFound, Timeout.
std::vector<InternetAddress> resolve_host(const std::string& host, AddressFamily family,
                                          const fs::path& resolver_files, const Deadline& deadline);

// Connects over TCP. Throws NodeError: Refused, Timeout.
std::unique_ptr<Transport> connect_tcp(const InternetAddress& address, uint16_t port,
                                       const Deadline& deadline);

// Waits until the descriptor can be read (or written); false when the deadline passed.
bool wait_readable(int descriptor, const Deadline& deadline);
bool wait_writable(int descriptor, const Deadline& deadline);

}  // namespace relmk::node
