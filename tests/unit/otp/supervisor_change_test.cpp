#include "otp/upgrade/supervisor_change.h"

#include <algorithm>

#include "beam/modules.h"
#include "catch.h"

namespace otp_supervisor_change_test {

using namespace relmk;
using namespace relmk::otp;

namespace {

beam::ModuleCode code(const std::string& pattern) {
  return beam::ModuleCode(beam::BeamFile(beam::otp_module_file(pattern)));
}

}  // namespace

TEST_CASE("supervisor change: nothing changed nothing to do") {
  const beam::ModuleCode kernel = code("kernel-*/ebin/kernel.beam");
  const SupervisorChange change = supervisor_change(kernel, kernel);
  CHECK(change.refused.empty());
  CHECK(change.warnings.empty());
  CHECK(change.before_up.empty());
  CHECK(change.after_up.empty());
}

TEST_CASE("supervisor change: children that are computed and may have changed are warned of") {
  const SupervisorChange change =
      supervisor_change(code("kernel-*/ebin/kernel.beam"), code("kernel-*/ebin/logger_sup.beam"));
  REQUIRE(change.refused.empty());
  CHECK_FALSE(change.warnings.empty());
  CHECK_FALSE(change.hint.empty());
}

TEST_CASE("supervisor change: what init does besides returning a value") {
  // It starts no child itself, and asks the command line.
  CHECK(side_effects_of_init(code("stdlib-*/ebin/lists.beam")).empty());
  const auto effects = side_effects_of_init(code("sasl-*/ebin/release_handler.beam"));
  CHECK_FALSE(effects.empty());
  CHECK(std::is_sorted(effects.begin(), effects.end()));
}

}  // namespace otp_supervisor_change_test
