// An epmd of a few lines, on a port of the loopback interface, that gives each who asks one answer.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

#include "../loopback.h"

class FakeEpmd {
 public:
  explicit FakeEpmd(std::string answer)
      : thread_([this, answer = std::move(answer)] { serve(answer); }) {}
  // One that tells this port of every name.
  explicit FakeEpmd(uint16_t port)
      : FakeEpmd(std::string("\x77\0", 2) + static_cast<char>(port >> 8) +
                 static_cast<char>(port & 0xff)) {}
  FakeEpmd(const FakeEpmd&) = delete;
  FakeEpmd& operator=(const FakeEpmd&) = delete;
  ~FakeEpmd() {
    listener_.end();
    thread_.join();
  }

  uint16_t port() const { return listener_.port(); }
  int times_asked() const { return times_asked_; }

 private:
  void serve(const std::string& answer) {
    for (;;) {
      const int peer = listener_.accept();
      if (peer < 0) return;
      ++times_asked_;
      char request[64];
      if (::recv(peer, request, sizeof request, 0) > 0)
        ::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
      ::close(peer);
    }
  }

  Loopback listener_;
  std::atomic<int> times_asked_ = 0;
  std::thread thread_;
};
