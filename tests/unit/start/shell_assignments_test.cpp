#include "start/shell_assignments.h"

#include "catch.h"
#include "demo_release.h"
#include "start/vm_args.h"
#include "sys/subprocess.h"

namespace start_shell_assignments_test {

using namespace relmk;
using namespace relmk::start;

TEST_CASE("start environment: what relx refuses in vm.args has relx's code") {
  Demo demo;
  demo.environment["RELEASE_ROOT_DIR"] = demo.release.root;
  demo.environment["RELEASE_NAME"] = "demo";
  demo.environment["RELEASE_VSN"] = "1.0";
  demo.write("vm.args", "-setcookie x\n");
  CHECK_THROWS_AS(demo.find(), VmArgsError);
  CHECK(start_environment_script(demo.environment, {}) ==
        "printf '%s\\n' 'need to have exactly one of either -name or -sname parameters but none "
        "found'\nexit 1\n");
  demo.write("vm.args", "-sname a\n-name b\n");
  CHECK(start_environment_script(demo.environment, {}).find("\nexit 2\n") != std::string::npos);
}

TEST_CASE("shell assignments: every byte arrives") {
  Demo demo;
  StartEnvironment found = demo.find();
  found.cookie = "a'b\"c$(d)`e`\\\nf";
  sys::Command shell;
  shell.argv = {"sh", "-c", "eval \"$1\"; printf %s \"$COOKIE\"", "sh",
                shell_assignments(found, std::nullopt, demo.environment)};
  CHECK(sys::run_command(shell).output == found.cookie);
}

}  // namespace start_shell_assignments_test
