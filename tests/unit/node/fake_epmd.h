// An epmd of a few lines, on a port of the loopback interface, that gives each who asks one answer.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <thread>

class FakeEpmd {
 public:
  explicit FakeEpmd(std::string answer)
      : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listener_, 8);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, answer = std::move(answer)] { serve(answer); });
  }
  // One that tells this port of every name.
  explicit FakeEpmd(uint16_t port)
      : FakeEpmd(std::string("\x77\0", 2) + static_cast<char>(port >> 8) +
                 static_cast<char>(port & 0xff)) {}
  FakeEpmd(const FakeEpmd&) = delete;
  FakeEpmd& operator=(const FakeEpmd&) = delete;
  ~FakeEpmd() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

  uint16_t port() const { return port_; }

 private:
  void serve(const std::string& answer) const {
    for (;;) {
      const int peer = ::accept(listener_, nullptr, nullptr);
      if (peer < 0) return;
      char request[64];
      if (::recv(peer, request, sizeof request, 0) > 0)
        ::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
      ::close(peer);
    }
  }

  int listener_;
  uint16_t port_ = 0;
  std::thread thread_;
};
