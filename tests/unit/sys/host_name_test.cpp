#include "sys/host_name.h"

#include "catch.h"
#include "sys/subprocess.h"

namespace sys_host_name_test {

using namespace relmk;

TEST_CASE("host name: is the one that uname tells") {
  const std::string name = sys::host_name();
  CHECK(sys::run_command({{"uname", "-n"}, {}, {}, {}}).output == name + "\n");
  CHECK(name.starts_with(sys::short_host_name()));
  CHECK(sys::short_host_name().find('.') == std::string::npos);
}

TEST_CASE("host name: one that nobody knows has no canonical name") {
  CHECK(sys::canonical_host_name("no such host").empty());
  CHECK(sys::canonical_host_name("127.0.0.1") == "127.0.0.1");
}

}  // namespace sys_host_name_test
