#include "relx/start_script/script_parts.h"

#include "catch.h"
#include "sys/subprocess.h"

namespace relx_script_parts_test {

using namespace relmk;
using namespace relmk::relx;

TEST_CASE("script parts: one stands wherever its mark does, without its leading comment") {
  std::string script = "a\n# @PART@\nb\n# @PART@\n";
  put_script_parts(script, {{"# @PART@", "# For readers.\n# More.\n\n# Of c.\nc\n\n"}});
  CHECK(script == "a\n# Of c.\nc\nb\n# Of c.\nc\n");
}

TEST_CASE("script parts: what is put in is not looked at again") {
  std::string text = "xx";
  replace_all(text, "x", "xy");
  CHECK(text == "xyxy");
}

TEST_CASE("script parts: the common ones are functions of a shell") {
  std::string script =
      "# @QUOTE@\n# @FINISH_EXCHANGE@\nquote \"it's\"; echo \"$relmk_quoted\"\n"
      "finish_exchange /none false && echo nothing\n";
  put_script_parts(script, common_script_parts());
  sys::Command command;
  command.argv = {"sh", "-eu"};
  command.input = script;
  CHECK(sys::run_command(command).output == "'it'\\''s'\nnothing\n");
}

}  // namespace relx_script_parts_test
