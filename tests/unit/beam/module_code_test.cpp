#include "beam/module_code.h"

#include "beam/modules.h"
#include "catch.h"

namespace beam_module_code_test {

using namespace relmk;
using namespace relmk::beam;

namespace {

BeamFile otp_module(const std::string& pattern) {
  return BeamFile(otp_module_file(pattern));
}

}  // namespace

TEST_CASE("module code: stripped and compressed it is the same") {
  const BeamFile lists = otp_module("stdlib-*/ebin/lists.beam");
  const BeamFile stripped("lists.beam", lists.stripped({}));
  CHECK(executes_the_same(ModuleCode(lists), ModuleCode(stripped)));
}

TEST_CASE("module code: other functions are other") {
  const ModuleCode lists(otp_module("stdlib-*/ebin/lists.beam"));
  const ModuleCode maps(otp_module("stdlib-*/ebin/maps.beam"));
  CHECK_FALSE(executes_the_same(lists, maps));
  REQUIRE(lists.find("append", 1));
  CHECK(lists.text(*lists.find("append", 1)) != lists.text(*lists.find("append", 2)));
  CHECK(lists.exports("append", 1));
  CHECK_FALSE(lists.exports("append", 7));
}

}  // namespace beam_module_code_test
