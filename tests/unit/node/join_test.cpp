#include "node/session/join.h"

#include <thread>

#include "../loopback.h"
#include "catch.h"
#include "fake_node.h"
#include "named_process.h"
#include "node/distribution/node_error.h"
#include "scratch.h"

namespace node_join_test {

using namespace relmk;
using namespace relmk::node;

namespace {

NodeError error_of(const Target& target) {
  try {
    join(target, Deadline::after(std::chrono::milliseconds(10000)));
  } catch (const NodeError& error) {
    return error;
  }
  return {NodeError::Reason::Down, "it was joined"};
}

}  // namespace

TEST_CASE("join: says that a node does not run") {
  Target target;
  target.address.name = {"fake_that_does_not_run", "127.0.0.1"};
  target.address.port = 1;
  const NodeError error = error_of(target);
  CHECK(error.is_not_running());
  CHECK(error.message().find("Node is not running! fake_that_does_not_run@127.0.0.1: ") == 0);
}

TEST_CASE("join: the names that epmd knows have the time that the node has") {
  const Loopback listener;
  // It answers late, as on a machine that has much to do; that no node is of that name, at once.
  std::thread epmd([&] {
    for (int peer = 0; (peer = listener.accept()) >= 0; ::close(peer)) {
      char request[64] = {};
      const bool asks_names = ::recv(peer, request, sizeof request, 0) > 2 && request[2] == 'n';
      const std::string names("\0\0\x11\x11name a at port 4711\n", 25);
      if (asks_names) std::this_thread::sleep_for(std::chrono::milliseconds(1200));
      const std::string answer = asks_names ? names : "\x77\1";
      ::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
    }
  });
  Target target;
  target.address.name = {"fake_that_is_unknown", "127.0.0.1"};
  target.address.epmd_port = listener.port();
  const NodeError error = error_of(target);
  listener.end();
  epmd.join();
  CHECK(error.hint() == "the names that epmd knows: a");
}

TEST_CASE(
    "join: says that a process of its name has just been started, where no port leads to it") {
  Target target;
  target.address.name = {"fake_without_port_" + std::to_string(::getpid()), "127.0.0.1"};
  target.address.port = 1;
  const NamedProcess vm({"/bin/beam.smp", "-name", target.address.name.text()}, {.stops = false});
  const NodeError error = error_of(target);
  CHECK_FALSE(error.is_not_running());
  const std::string process = "process " + std::to_string(vm.id());
  CHECK(error.message().find(target.address.name.text() + " runs as " + process + ", but ") == 0);
  CHECK(error.hint() == process + " has just been started: try again when the node is up");
}

TEST_CASE("join: says that a process of its name writes its crash dump") {
  const Scratch scratch;
  const fs::path dump = scratch.path / "erl_crash.dump";
  Target target;
  target.address.name = {"fake_that_crashes_" + std::to_string(::getpid()), "127.0.0.1"};
  target.address.port = 1;
  const NamedProcess vm({"/bin/beam.smp", "-name", target.address.name.text()},
                        {.stops = false, .writes = dump.string()});
  CHECK(error_of(target).hint() == "process " + std::to_string(vm.id()) +
                                       " ends: it writes its crash dump to " + dump.string());
}

TEST_CASE("join: does not blame the node where it is epmd that hangs") {
  const Loopback epmd;  // it takes connections, and says nothing
  Target target;
  target.address.name = {"fake_of_silent_epmd_" + std::to_string(::getpid()), "127.0.0.1"};
  target.address.epmd_port = epmd.port();
  const auto error = [&] {
    try {
      join(target, Deadline::after(std::chrono::milliseconds(100)));
    } catch (const NodeError& error) {
      return error;
    }
    return NodeError(NodeError::Reason::Down, "it was joined");
  };
  const std::string hangs = "epmd hangs: end it, and start it again (`epmd -daemon`)";
  CHECK(error().hint() == hangs);
  const NamedProcess vm({"/bin/beam.smp", "-name", target.address.name.text()}, {.stops = false});
  CHECK(error().message().find(" runs as process " + std::to_string(vm.id()) + ", but ") !=
        std::string::npos);
  CHECK(error().hint().starts_with(hangs + ": the node registers with it again"));
}

TEST_CASE("join: says where a wrong cookie is from") {
  FakeNode node;
  Target target;
  target.address = node.listen();
  target.cookie = {"wrong", "/etc/cookie"};
  const NodeError error = error_of(target);
  CHECK(error.reason() == NodeError::Reason::WrongCookie);
  CHECK(error.hint().find("/etc/cookie") != std::string::npos);
  CHECK(error.text().find("wrong\n") == std::string::npos);
}

}  // namespace node_join_test
