#include "node/distribution/handshake.h"

#include <fmt/core.h>

#include "catch.h"

namespace node_handshake_test {

using namespace relmk;
using namespace relmk::node;

namespace {

std::string hex(const std::string& bytes) {
  std::string out;
  for (const unsigned char c : bytes)
    out += fmt::format("{:02X}", c);
  return out;
}

}  // namespace

TEST_CASE("handshake: digest is MD5 of cookie and challenge") {
  // erlang:md5(["monster" | integer_to_list(4294967295)])
  CHECK(hex(challenge_digest("monster", 4294967295U)) == "9DFFD90A48C46A8277429BFDEFC02EBE");
}

TEST_CASE("handshake: digest is of the cookie's characters") {
  // erlang:md5(["\x{e9}" | integer_to_list(1)])
  CHECK(hex(challenge_digest("\xc3\xa9", 1)) == "D38A886C7EF8BE42E0464A2DA3747C9F");
}

}  // namespace node_handshake_test
