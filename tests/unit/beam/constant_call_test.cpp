#include "beam/constant_call.h"

#include "beam/modules.h"
#include "catch.h"
#include "term/print.h"

namespace beam_constant_call_test {

using namespace relmk;
using namespace relmk::beam;

namespace {

ModuleCode kernel() {
  return ModuleCode(BeamFile(otp_module_file("kernel-*/ebin/kernel.beam")));
}

}  // namespace

TEST_CASE("constant call: a function that returns a literal, whatever it is given") {
  const ModuleCode code = kernel();
  CHECK(constant_result(code, "stop", {KnownTerm()}) == Term::atom("ok"));
  CHECK(constant_result(code, "stop", {Term(5)}) == Term::atom("ok"));
}

TEST_CASE("constant call: one that is not there, or calls other modules, is not known") {
  const ModuleCode code = kernel();
  CHECK_FALSE(constant_result(code, "no_such_function", {}));
  CHECK_FALSE(constant_result(code, "stop", {}));
  CHECK_FALSE(constant_result(code, "start", {KnownTerm(), KnownTerm()}));
}

TEST_CASE("constant call: arguments of a call as far as they are known") {
  const auto calls = arguments_of_calls(kernel(), "supervisor", "start_link", 3);
  bool found = false;
  for (const std::vector<KnownTerm>& arguments : calls) {
    REQUIRE(arguments.size() == 3);
    if (!arguments[0] || !arguments[1] || !arguments[2]) continue;
    found = found || (term::print_plain(*arguments[0]) == "{local,kernel_sup}" &&
                      arguments[1]->is_atom("kernel") && arguments[2]->is_nil());
  }
  CHECK(found);
}

TEST_CASE("constant call: of a function that nobody calls there are no arguments") {
  CHECK(arguments_of_calls(kernel(), "supervisor", "start_link", 7).empty());
  CHECK(arguments_of_calls(kernel(), "nobody", "start_link", 3).empty());
}

}  // namespace beam_constant_call_test
