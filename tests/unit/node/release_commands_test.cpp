#include "node/upgrade/release_commands.h"

#include "catch.h"
#include "release_root.h"
#include "upgrade_node.h"

namespace node_release_commands_test {

using namespace relmk;
using namespace relmk::node;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Fixture : ReleaseRoot {
  UpgradeNode node;
  std::string said, complained;

  Fixture() {
    version("1");
    put("bin/r", "script 1");
    put("bin/r-1", "script 1");
    put("bin/r-2", "script 2");
    handler(
        "{release,\"r\",\"2\",\"9\",[{a,\"2\",\"lib/a-2\"}],permanent},"
        "{release,\"r\",\"1\",\"9\",[{a,\"1\",\"lib/a-1\"}],old}");
  }
  void handler(const std::string& releases) {
    node.told = "[{handler,{\"" + (root / "releases").string() + "\",[" + releases +
                "],{no_check,\"x\"},false}}]";
  }
  ReleaseCommands commands(const std::string& name = "r") {
    return {node.target(),
            kPatience,
            {root, name, "1"},
            {},
            [this](const std::string& line) { said += line + "\n"; },
            [this](const Error& error) { complained += error.text() + "\n"; }};
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "release commands: versions") {
  commands().list();
  CHECK(said == "Installed versions:\n* 2\tpermanent\n* 1\told\n");
}

TEST_CASE_METHOD(Fixture, "release commands: what is no version") {
  ReleaseCommands all = commands();
  CHECK_THROWS_WITH(all.unpack(".."), ContainsSubstring("is no version"));
  CHECK_THROWS_WITH(all.commit("/x"), ContainsSubstring("is no version"));
}

TEST_CASE_METHOD(Fixture, "release commands: outside of a release it is said") {
  CHECK_THROWS_WITH(commands("").uninstall("1"), ContainsSubstring("which release?"));
}

TEST_CASE_METHOD(Fixture, "release commands: a node without release_handler") {
  node.told = "[{handler,none}]";
  CHECK_THROWS_WITH(commands().list(), ContainsSubstring("no release_handler that answers"));
}

TEST_CASE_METHOD(Fixture, "release commands: one that is installed gets its start script") {
  commands().commit("2");
  CHECK_THAT(said, ContainsSubstring("Release 2 is already installed, running and set permanent.\n"
                                     "bin/r starts it from now on.\n"));
  CHECK(get("bin/r") == "script 2");
}

TEST_CASE_METHOD(Fixture, "release commands: the running version is not uninstalled") {
  try {
    commands().uninstall("2");
    FAIL("it was");
  } catch (const ReleaseError& error) {
    CHECK(error.exit_code() == ReleaseError::NoSuchVersion);
  }
}

TEST_CASE_METHOD(Fixture, "release commands: one command at a time") {
  const UpgradeLock lock(root / "releases");
  CHECK_THROWS_WITH(commands().install("2", {}), ContainsSubstring("another command"));
}

}  // namespace node_release_commands_test
