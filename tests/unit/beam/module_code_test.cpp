#include "beam/module_code.h"

#include "beam/constant_call.h"
#include "catch.h"
#include "otp/application/installation.h"
#include "sys/wildcard.h"

using namespace relmk;
using namespace relmk::beam;

namespace {

BeamFile otp_module(const std::string& pattern) {
  const fs::path lib = otp::find_installation().lib;
  return BeamFile(lib / sys::wildcard(pattern, lib).front());
}

}  // namespace

TEST_CASE("ModuleCode.StrippedAndCompressedItIsTheSame") {
  const BeamFile lists = otp_module("stdlib-*/ebin/lists.beam");
  const BeamFile stripped("lists.beam", lists.stripped({}));
  CHECK(executes_the_same(ModuleCode(lists), ModuleCode(stripped)));
}

TEST_CASE("ModuleCode.OtherFunctionsAreOther") {
  const ModuleCode lists(otp_module("stdlib-*/ebin/lists.beam"));
  const ModuleCode maps(otp_module("stdlib-*/ebin/maps.beam"));
  CHECK_FALSE(executes_the_same(lists, maps));
  REQUIRE(lists.find("append", 1));
  CHECK(lists.text(*lists.find("append", 1)) != lists.text(*lists.find("append", 2)));
  CHECK(lists.exports("append", 1));
  CHECK_FALSE(lists.exports("append", 7));
}

TEST_CASE("ConstantCall.AFunctionThatReturnsALiteral") {
  const ModuleCode sup(otp_module("sasl-*/ebin/sasl.beam"));
  CHECK_FALSE(constant_result(sup, "no_such_function", {}).has_value());
  CHECK_FALSE(constant_result(sup, "start", {Term(), Term()}).has_value());
}
