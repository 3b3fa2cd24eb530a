#include "node/upgrade/verify_command.h"

#include "catch.h"
#include "scratch.h"
#include "sys/files.h"
#include "upgrade_node.h"

namespace node_verify_command_test {

using namespace relmk;
using namespace relmk::node;

namespace {

struct Fixture {
  Scratch scratch;
  UpgradeNode node;
  std::unique_ptr<StandardSession> session = node.join();
  VerifyResult run(const std::string& command, std::chrono::milliseconds within = kPatience) {
    return run_verify_command(command, within, session->rpc());
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "verify command: the shell runs it and its code counts") {
  CHECK(run("test -d " + scratch.path.string() + " && exit 0").passed);
  const VerifyResult result = run("exit 3");
  CHECK_FALSE(result.passed);
  CHECK(result.reason == "it exited with 3");
  CHECK(run("kill -KILL $$").reason == "signal 9 ended it");
}

TEST_CASE_METHOD(Fixture, "verify command: it reads nothing") {
  CHECK(run("! read line").passed);
}

TEST_CASE_METHOD(Fixture, "verify command: what takes too long is ended with all that it started") {
  const fs::path pid = scratch.path / "pid";
  const VerifyResult result =
      run("sleep 1000 & echo $! >" + pid.string() + "; wait", std::chrono::milliseconds(700));
  CHECK_FALSE(result.passed);
  CHECK(result.reason == "it was ended after 0.7 seconds");
  if (fs::exists(pid)) {
    const std::string number = sys::read_file(pid);
    // It is nobody's child but init's, who may take a moment to reap it.
    const Deadline deadline = Deadline::after(kPatience);
    const auto runs = [&] {
      return std::system(("kill -0 " + number.substr(0, number.find('\n')) +
                          " 2>/dev/null && ! grep -q '^State:.Z' /proc/" +
                          number.substr(0, number.find('\n')) + "/status")
                             .c_str()) == 0;
    };
    while (runs() && !deadline.passed())
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    CHECK_FALSE(runs());
  }
}

}  // namespace node_verify_command_test
