#include "relx/start_script/prepared_start.h"

#include "catch.h"
#include "scratch.h"
#include "sys/files.h"
#include "sys/subprocess.h"

namespace relx_prepared_start_test {

using namespace relmk;
using namespace relmk::relx;

namespace {

struct Result {
  int code;
  std::string output;
};

// What the shell says when it has read what was prepared, and does `commands`.
Result prepared(const ConfigText& vm_args, const ConfigText& sys_config,
                const std::string& commands) {
  const Scratch scratch;
  sys::write_file(scratch.path / "prepared", prepared_start(vm_args, sys_config));
  sys::Command command;
  command.argv = {"sh", "-euc",
                  ". " + (scratch.path / "prepared").string() + "; " + commands + " 2>&1"};
  const auto result = sys::run_command(command);
  return {result.code, result.output};
}

Result of_vm_args(const std::string& text, const std::string& commands) {
  return prepared({"vm.args.src", text, true}, {}, commands);
}

}  // namespace

TEST_CASE("prepared start: name and cookie stand apart, the rest is as it was") {
  const std::string text =
      "# it's\n-sname a@b +P 100\n-setcookie 'it'\\''s #1 \"x\"'\n-env A \"b c\"\n";
  CHECK(of_vm_args(text, "prepared_vm_args").output == "# it's\n +P 100\n\n-env A \"b c\"\n");
  CHECK(of_vm_args(text, "prepared_name; echo \"$PREPARED_NAME_TYPE $PREPARED_NAME\"").output ==
        "-sname a@b\n");
  CHECK(of_vm_args(text, "prepared_cookie; echo \"$PREPARED_COOKIE\"").output == "it's #1 \"x\"\n");
  CHECK(of_vm_args(text, "prepared_source").output == text);
}

TEST_CASE("prepared start: -detached is left out") {
  CHECK(of_vm_args("-sname a@b\n-detached\n+P 1\n-extra -detached\n", "prepared_vm_args").output ==
        "\n\n+P 1\n-extra -detached\n");
}

TEST_CASE("prepared start: variables and defaults are the shell's") {
  const std::string text = "-sname ${N:-x}${M}@b\n+P ${MANY}\n-setcookie \"${CK}\"\n# ${COMMENT}\n";
  CHECK(of_vm_args(text, "M=y; prepared_name; echo \"$PREPARED_NAME\"").output == "xy@b\n");
  CHECK(of_vm_args(text, "CK='a b\"`'; prepared_cookie; echo \"$PREPARED_COOKIE\"").output ==
        "a b\"`\n");
  CHECK(of_vm_args(text, "MANY=7; prepared_vm_args").output == "\n+P 7\n\n# \n");
  const Result unset = of_vm_args(text, "prepared_vm_args");
  CHECK(unset.code != 0);
  CHECK(unset.output.find("the variable MANY is not set, and has no default in vm.args.src") !=
        std::string::npos);
}

TEST_CASE("prepared start: sys.config's variables are empty where they are not set") {
  const ConfigText config = {"sys.config.src", "[{a, [{b, \"${B}\"}, {c, ${C:-\"d`\"}}]}].\n",
                             true};
  CHECK(prepared({}, config, "prepared_sys_config").output == "[{a, [{b, \"\"}, {c, \"d`\"}]}].\n");
}

TEST_CASE("prepared start: what only nodetool understands is named") {
  const auto trouble = [](const std::string& text) {
    return of_vm_args(text, "echo \"$PREPARED_TROUBLE\"").output;
  };
  CHECK(trouble("-sname a\n-setcookie b\n") == "\n");
  CHECK(trouble("-args_file b\n") == "-args_file\n");
  CHECK(trouble("-setcookie a@b c\n") == "-setcookie without one value\n");
  CHECK(trouble("-sname\n-setcookie c\n") == "-sname without one value\n");
  CHECK(trouble("-sname a -name b\n") == "a second name\n");
  CHECK(trouble("-sname ${A:-${B}}\n") == "a default that holds a variable\n");
}

TEST_CASE("prepared start: of two cookies the VM heeds none, nor do we") {
  CHECK(of_vm_args("-setcookie a\n-setcookie b\n",
                   "prepared_cookie; echo \"<$PREPARED_COOKIE>\"; prepared_vm_args")
            .output == "<>\n\n\n");
}

}  // namespace relx_prepared_start_test
