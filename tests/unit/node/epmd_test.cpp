#include "node/distribution/epmd.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <thread>

#include "catch.h"
#include "node/distribution/node_error.h"

namespace node_epmd_test {

using namespace relmk;
using namespace relmk::node;

namespace {

const InternetAddress kLoopback{AF_INET, std::string("\x7f\0\0\1", 4)};

// An epmd that gives one answer.
class FakeEpmd {
 public:
  explicit FakeEpmd(std::string answer) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listener_, 1);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, answer] {
      const int peer = ::accept(listener_, nullptr, nullptr);
      char request[64];
      if (::recv(peer, request, sizeof request, 0) > 0)
        ::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
      ::close(peer);
    });
  }
  ~FakeEpmd() {
    thread_.join();
    ::close(listener_);
  }
  uint16_t port() const { return port_; }

 private:
  int listener_;
  uint16_t port_ = 0;
  std::thread thread_;
};

Deadline soon() {
  return Deadline::after(std::chrono::milliseconds(10000));
}

}  // namespace

TEST_CASE("EpmdTellsAPort") {
  const FakeEpmd epmd(std::string("\x77\0\x12\x34rest", 8));
  CHECK(look_up_port("x", kLoopback, epmd.port(), soon()) == 0x1234);
}

TEST_CASE("EpmdTellsTheNamesThatItKnows") {
  const FakeEpmd epmd(std::string("\0\0\x11\x11", 4) +
                      "name kazoo_apps at port 4711\nodd line\nname at at port at port 5\n");
  CHECK(registered_names(kLoopback, epmd.port(), soon()) ==
        std::vector<std::string>{"kazoo_apps", "at at port"});
}

TEST_CASE("EpmdThatIsNoneIsTold") {
  const FakeEpmd epmd("hi");
  CHECK_THROWS_AS(registered_names(kLoopback, epmd.port(), soon()), NodeError);
}

}  // namespace node_epmd_test
