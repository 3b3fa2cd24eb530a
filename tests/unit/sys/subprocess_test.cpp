#include "sys/subprocess.h"

#include "catch.h"
#include "sys/error.h"

using namespace relmk;
using namespace relmk::sys;

TEST_CASE("subprocess: output, errors and exit code are told apart") {
  const Finished done = run_command({{"sh", "-c", "echo out; echo err >&2; exit 3"}, {}, {}, {}});
  CHECK(done.code == 3);
  CHECK(done.output == "out\n");
  CHECK(done.errors == "err\n");
}

TEST_CASE("subprocess: input, environment and directory arrive") {
  const Finished done = run_command({{"sh", "-c", "cat; echo $X; pwd"}, {{"X", "y"}}, "in\n", "/"});
  CHECK(done.output == "in\ny\n/\n");
}

TEST_CASE("subprocess: a signal counts as 128 and its number") {
  CHECK(run_command({{"sh", "-c", "kill -9 $$"}, {}, {}, {}}).code == 137);
}

TEST_CASE("subprocess: a missing program is an error that names it") {
  CHECK_THROWS_WITH(run_command({{"no-such-program-here"}, {}, {}, {}}),
                    "error: cannot run no-such-program-here: not found in PATH");
}
