#include "otp/upgrade/instructions.h"

#include "catch.h"
#include "sys/error.h"
#include "term/consult.h"
#include "term/print.h"

namespace otp_instructions_test {

using namespace relmk;
using namespace relmk::otp;

namespace {

Term read(const std::string& text) {
  return term::consult_text("a.appup", text + ".").front();
}

const UpgradeApplication kOld{Atom("a"), "1", Atom("permanent"), {Atom("m"), Atom("n")}};
const UpgradeApplication kNew{Atom("a"), "2", Atom("permanent"), {Atom("m"), Atom("n")}};

std::string translated(UpgradeDirection direction, const std::string& script) {
  const bool up = direction == UpgradeDirection::Up;
  return term::print_plain(Term::list(low_level_instructions(
      direction, {{read(script), "a.appup"}}, {up ? kNew : kOld}, {up ? kOld : kNew})));
}
std::string up(const std::string& script) {
  return translated(UpgradeDirection::Up, script);
}
std::string down(const std::string& script) {
  return translated(UpgradeDirection::Down, script);
}

std::string error_of(const std::string& script) {
  try {
    up(script);
  } catch (const Error& error) {
    return error.text();
  }
  return "";
}

}  // namespace

TEST_CASE("instructions: modules are loaded before those that depend on them") {
  CHECK(up("[{load_module,m,[n]},{load_module,n}]") ==
        "[{load_object_code,{a,[50],[m,n]}},point_of_no_return,"
        "{load,{n,brutal_purge,brutal_purge}},{load,{m,brutal_purge,brutal_purge}}]");
}

TEST_CASE("instructions: downwards the new code changes the state") {
  CHECK(down("[{update,m,{advanced,x}}]") ==
        "[{load_object_code,{a,[49],[m]}},point_of_no_return,{suspend,[m]},"
        "{code_change,down,[{m,x}]},{load,{m,brutal_purge,brutal_purge}},{resume,[m]}]");
  CHECK(down("[{update,m,supervisor}]") ==
        "[{load_object_code,{a,[49],[m]}},point_of_no_return,{suspend,[m]},"
        "{load,{m,brutal_purge,brutal_purge}},{code_change,down,[{m,[]}]},{resume,[m]}]");
}

TEST_CASE("instructions: a new emulator is first upwards and last downwards") {
  CHECK(up("[{apply,{a,b,[]}},restart_new_emulator]") ==
        "[restart_new_emulator,point_of_no_return,{apply,{a,b,[]}}]");
  CHECK(down("[restart_new_emulator,{apply,{a,b,[]}}]") ==
        "[point_of_no_return,{apply,{a,b,[]}},restart_emulator]");
}

TEST_CASE("instructions: errors have the place and systools' words") {
  CHECK(error_of("[{load_module,m},\n {load_module,m,[x]}]") ==
        "a.appup:2:2: error: Multiply defined module: m");
  CHECK(error_of("[{load_module,m,[x]}]") == "a.appup:1:2: error: Undefined module: x");
  CHECK(error_of("[{load_module,\"m\"}]") ==
        "a.appup:1:2: error: Bad module: \"m\"(should be atom())");
  CHECK(error_of("[{suspend,[m]}]") == "a.appup:1:2: error: Suspended but not resumed: [m]");
}

}  // namespace otp_instructions_test
