#include "start/node_name.h"

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"

namespace start_node_name_test {

using namespace relmk;
using namespace relmk::start;

TEST_CASE("node name: with a host it stays as it is") {
  CHECK(complete_node_name("kazoo_apps@a.b", NameType::Long, {}).text() == "kazoo_apps@a.b");
  CHECK(complete_node_name("x-1@127.0.0.1", NameType::Long, {}).host == "127.0.0.1");
  CHECK(complete_node_name("x@a", NameType::Short, {}).text() == "x@a");
}

TEST_CASE("node name: a short one has no dot in its host") {
  CHECK_THROWS_AS(complete_node_name("x@a.b", NameType::Short, {}), Error);
}

TEST_CASE("node name: what the VM refuses is refused") {
  CHECK_THROWS_AS(complete_node_name("", NameType::Short, {}), Error);
  CHECK_THROWS_AS(complete_node_name("@host", NameType::Short, {}), Error);
  CHECK_THROWS_AS(complete_node_name("a.b@host", NameType::Short, {}), Error);
  CHECK_THROWS_AS(complete_node_name("a@b@c", NameType::Short, {}), Error);
  CHECK_NOTHROW(complete_node_name(std::string(253, 'a') + "@b", NameType::Short, {}));
  CHECK_THROWS_AS(complete_node_name(std::string(254, 'a') + "@b", NameType::Short, {}), Error);
  CHECK_THROWS_AS(complete_node_name(std::string(255, 'a'), NameType::Short, {}), Error);
}

TEST_CASE("node name: without a host it gets this one's") {
  CHECK(complete_node_name("x", NameType::Short, {}).host == local_host("/etc").host);
}

TEST_CASE("node name: the domain of resolv.conf completes a long one") {
  const Scratch scratch;
  sys::write_file(scratch.path / "resolv.conf", "# x\nsearch other\ndomain example.net\n");
  const sys::Environment environment = {{"ERL_INET_ETC_DIR", scratch.path.string()}};
  const LocalHost local = local_host(resolver_files(environment));
  CHECK(local.domain == "example.net");
  CHECK(complete_node_name("x", NameType::Long, environment).host == local.host + ".example.net");
  CHECK(resolver_files({}) == "/etc");
}

}  // namespace start_node_name_test
