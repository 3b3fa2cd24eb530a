#include "enit/listen_ports.h"

#include <unistd.h>

#include "catch.h"
#include "loopback.h"

namespace enit_listen_ports_test {

using namespace relmk;
using namespace relmk::enit;

namespace {

Configuration with(const Term& min, const std::optional<Term>& max = {}) {
  Configuration configuration;
  Section& kernel = configuration.sections["kernel"];
  kernel["inet_dist_listen_min"] = {min, "user.config", {3, 4}};
  if (max) kernel["inet_dist_listen_max"] = {*max, "user.config", {4, 4}};
  return configuration;
}

std::string failure(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.text();
  }
  return "none";
}

}  // namespace

TEST_CASE("enit listen ports: those that kernel would take") {
  CHECK_FALSE(listen_ports({}));
  CHECK_FALSE(listen_ports(with(Term::atom("any"))));
  CHECK(listen_ports(with(Term(9100)))->last == 9100);
  CHECK(listen_ports(with(Term(9100), Term(9105)))->last == 9105);
}

TEST_CASE("enit listen ports: what are no ports is told with its place") {
  const auto told = [](int64_t min, int64_t max) {
    return failure([&] { listen_ports(with(Term(min), Term(max))); });
  };
  CHECK(
      told(0, 9100) ==
      "user.config:3:4: error: kernel: inet_dist_listen_min 0 to inet_dist_listen_max 9100 are no "
      "ports");
  CHECK(told(70000, 70000).ends_with("are no ports"));
  CHECK(told(9101, 9100).ends_with("are no ports"));
}

TEST_CASE("enit listen ports: one in use, and one that is root's alone, before a node is started") {
  const Loopback listener;
  const int64_t port = listener.port();
  CHECK(failure([&] {
          check_ports({port, port}, "127.0.0.1", {});
        }) == "error: port " + std::to_string(port) + " is in use (kernel: inet_dist_listen_min)");
  Account other;
  other.is_other = true;
  other.user = 65534;
  CHECK(failure([&] {
          check_ports({port, port}, "127.0.0.1", other);
        }).find("is in use") != std::string::npos);
  CHECK(failure([&] {
          check_ports({1, 65535}, "127.0.0.1", other);
        }) == "error: the node may not listen on port 1 (kernel: inet_dist_listen_min)");
  if (::geteuid() != 0)
    CHECK(failure([&] {
            check_ports({1, 1}, "127.0.0.1", {});
          }).find("may not listen") != std::string::npos);
}

}  // namespace enit_listen_ports_test
