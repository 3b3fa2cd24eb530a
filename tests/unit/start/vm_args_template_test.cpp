#include "start/vm_args_template.h"

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"

namespace start_vm_args_template_test {

using namespace relmk;
using namespace relmk::start;

namespace {
std::string fill(const std::string& text, const sys::Environment& environment,
                 NeededVariables needed = NeededVariables::All) {
  return fill_vm_args("vm.args.src", text, environment, needed);
}
}  // namespace

TEST_CASE("vm.args template: variables and defaults are replaced") {
  CHECK(fill("-sname ${A}\n+P ${B:-7}", {{"A", "a"}}) == "-sname a\n+P 7\n");
  CHECK(fill("-sname a${A}\n", {{"A", ""}}) == "-sname a\n");
}

TEST_CASE("vm.args template: a variable in a comment needs no value") {
  CHECK(fill("# ${A}\n-x # ${B}\n", {}) == "# \n-x # \n");
}

TEST_CASE("vm.args template: an unset variable is named, with its line") {
  CHECK_THROWS_WITH(fill("-x\n+P ${A}\n", {}),
                    "vm.args.src:2: error: the variable A is not set, and has no default\n"
                    "hint: set it, or write ${A:-DEFAULT}");
  CHECK(fill("+P ${A}\n", {}, NeededVariables::OfIdentity) == "+P \n");
  CHECK_THROWS_AS(fill("-setcookie ${A}\n", {}, NeededVariables::OfIdentity), Error);
}

TEST_CASE("vm.args template: a value of several lines is none for a cookie") {
  CHECK(fill("${FLAGS}", {{"FLAGS", "+P 1\n+Q 2"}}) == "+P 1\n+Q 2\n");
  CHECK_THROWS_AS(fill("-setcookie ${C}", {{"C", "a\nb"}}), Error);
}

TEST_CASE("vm.args template: its arguments' variables without a default") {
  Scratch scratch;
  const fs::path file = scratch.path / "vm.args";
  CHECK(variables_of_vm_args(file).empty());
  sys::write_file(file, "# ${A}\n-name ${B}@${C} # ${D}\n-setcookie '${E}' +P ${F:-7} \\# ${B}\n");
  CHECK(variables_of_vm_args(file) == std::set<std::string>{"B", "C", "E"});
  sys::write_file(file.native() + ".src", "-sname ${G}\n");
  CHECK(variables_of_vm_args(file) == std::set<std::string>{"G"});
}

}  // namespace start_vm_args_template_test
