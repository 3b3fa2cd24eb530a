#include "otp/upgrade/module_role.h"

#include "beam/modules.h"
#include "catch.h"

namespace otp_module_role_test {

using namespace relmk;
using namespace relmk::otp;

namespace {

beam::ModuleCode code(const std::string& pattern) {
  return beam::ModuleCode(beam::BeamFile(beam::otp_module_file(pattern)));
}

std::string kind(const std::string& pattern) {
  const char* const found = process_kind(code(pattern));
  return found == nullptr ? "none" : found;
}

}  // namespace

TEST_CASE("module role: of OTP's own modules") {
  CHECK(kind("sasl-*/ebin/release_handler.beam") == "gen_server");
  CHECK(kind("sasl-*/ebin/alarm_handler.beam") == "gen_event");
  CHECK(kind("stdlib-*/ebin/gen_server.beam") == "special process");
  CHECK(kind("stdlib-*/ebin/lists.beam") == "none");
}

TEST_CASE("module role: who changes its state") {
  CHECK(changes_state(code("sasl-*/ebin/release_handler.beam")));
  CHECK(changes_state(code("stdlib-*/ebin/gen_server.beam")));
  CHECK_FALSE(changes_state(code("stdlib-*/ebin/lists.beam")));
}

TEST_CASE("module role: a supervisor is told by its attribute or without them by its calls") {
  const beam::BeamFile kernel(beam::otp_module_file("kernel-*/ebin/kernel.beam"));
  const beam::BeamFile stripped("kernel.beam", kernel.stripped({}));
  CHECK(is_supervisor(beam::ModuleCode(kernel)));
  REQUIRE(stripped.find("Attr") == nullptr);
  CHECK(is_supervisor(beam::ModuleCode(stripped)));
  CHECK_FALSE(is_supervisor(code("sasl-*/ebin/release_handler.beam")));
}

TEST_CASE("module role: a NIF") {
  CHECK(loads_nif(code("crypto-*/ebin/crypto.beam")));
  CHECK_FALSE(loads_nif(code("stdlib-*/ebin/lists.beam")));
}

}  // namespace otp_module_role_test
