#include "node/session/target.h"

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"

namespace node_target_test {

using namespace relmk;
using namespace relmk::node;

namespace {

const sys::Environment kCookie = {{"RELX_COOKIE", "c"}};

Target of_vm_args(const std::string& text, const sys::Environment& environment) {
  const Scratch scratch;
  TargetOptions options;
  options.vm_args = scratch.path / "vm.args";
  sys::write_file(options.vm_args, text);
  return find_target(options, environment);
}

Target of_name(const std::string& name, sys::Environment environment = kCookie) {
  TargetOptions options;
  options.node = name;
  return find_target(options, environment);
}

std::string error_of(const std::string& vm_args, const sys::Environment& environment = kCookie) {
  try {
    of_vm_args(vm_args, environment);
  } catch (const Error& error) {
    return error.message();
  }
  return "none";
}

}  // namespace

TEST_CASE("target: a node by its name, with the cookie of the environment") {
  const Target target = of_name("a@127.0.0.1");
  CHECK(target.address.name.text() == "a@127.0.0.1");
  CHECK(target.cookie.value == "c");
  CHECK_FALSE(target.address.port);
  CHECK(target.vm_flags.empty());
}

TEST_CASE("target: name and cookie of vm.args, with variables of the environment") {
  const Target target = of_vm_args("-name ${N}@127.0.0.1\n-setcookie secret\n", {{"N", "n"}});
  CHECK(target.address.name.text() == "n@127.0.0.1");
  CHECK(target.cookie.value == "secret");
}

TEST_CASE("target: the cookie of a file goes before that of vm.args") {
  const Scratch scratch;
  sys::write_file(scratch.path / "cookie", "from_file", 0400);
  sys::write_file(scratch.path / "vm.args", "-name a@127.0.0.1\n-setcookie other\n");
  TargetOptions options;
  options.vm_args = scratch.path / "vm.args";
  options.cookie_file = scratch.path / "cookie";
  CHECK(find_target(options, {}).cookie.value == "from_file");
}

TEST_CASE("target: epmd's port, and the node's own, where it is known") {
  CHECK(epmd_port({}) == 4369);
  CHECK(epmd_port({{"ERL_EPMD_PORT", "5000"}}) == 5000);
  CHECK(epmd_port({{"ERL_EPMD_PORT", "99999"}}) == 4369);
  const Target target = of_name("a@127.0.0.1", {{"RELX_COOKIE", "c"}, {"ERL_DIST_PORT", "6000"}});
  CHECK(target.address.port == 6000);
  CHECK(target.vm_flags ==
        std::vector<std::string>{"-erl_epmd_port", "6000", "-start_epmd", "false"});
  CHECK(error_of("-name a@127.0.0.1\n-erl_epmd_port x\n").starts_with("-erl_epmd_port is no port"));
}

TEST_CASE("target: the protocol and the interface of vm.args") {
  const Target target = of_vm_args(
      "-name a@127.0.0.1\n-proto_dist inet6_tcp\n-erl_epmd_port 7000\n"
      "-kernel inet_dist_use_interface {0,0,0,0,0,0,0,1}\n",
      kCookie);
  CHECK(target.address.family == AddressFamily::Inet6);
  CHECK(target.address.interface == "0:0:0:0:0:0:0:1");
  CHECK_FALSE(target.address.tls);
  CHECK(error_of("-name a@127.0.0.1\n-proto_dist odd\n") == "-proto_dist odd is not known here");
}

TEST_CASE("target: TLS with the options of vm.args") {
  const Target target = of_vm_args(
      "-name a@127.0.0.1\n-proto_dist inet_tls\n-ssl_dist_opt client_certfile /c.pem\n", kCookie);
  REQUIRE(target.address.tls);
  CHECK(target.address.tls->certificate == "/c.pem");
}

TEST_CASE("target: what cannot be known is an error") {
  for (const char* variable : {"ERL_EPMD_PORT", "ERL_DIST_PORT"}) {
    CHECK_THROWS_WITH(of_name("a@127.0.0.1", {{"RELX_COOKIE", "c"}, {variable, "abc"}}),
                      std::string("error: ") + variable + " is no port: abc");
  }
  CHECK_THROWS_WITH(find_target({}, {}),
                    "error: which node?\nhint: -n NAME@HOST, or --vm-args FILE");
  CHECK(error_of("-name a@127.0.0.1\n-epmd_module mine\n")
            .starts_with("-epmd_module mine finds nodes by itself"));
  CHECK(error_of("-name a@127.0.0.1\n-dist_listen false\n").starts_with("-dist_listen false: "));
  CHECK_THROWS_AS(of_name("a@127.0.0.1", {{"HOME", "/none"}}), Error);
}

}  // namespace node_target_test
