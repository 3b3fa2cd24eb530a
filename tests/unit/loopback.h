// A port of the loopback interface that listens: the other side of a test's connection.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>

class Loopback {
 public:
  Loopback() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listener_, 8);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~Loopback() { ::close(listener_); }
  Loopback(const Loopback&) = delete;
  Loopback& operator=(const Loopback&) = delete;

  uint16_t port() const { return port_; }
  // The next connection, which is the caller's to close; negative after end().
  int accept() const { return ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC); }
  // Nobody is waited for any more, whichever thread does.
  void end() const { ::shutdown(listener_, SHUT_RDWR); }

 private:
  int listener_;
  uint16_t port_ = 0;
};
