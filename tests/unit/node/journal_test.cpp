#include "node/upgrade/journal.h"

#include "catch.h"
#include "otp/release/releases_file.h"
#include "scratch.h"
#include "warnings.h"

namespace node_journal_test {

using namespace relmk;

namespace {

struct Fixture {
  Scratch scratch;
  fs::path root = scratch.path / "root";
  Fixture() {
    for (const char* version : {"1", "2"}) {
      put(std::string("lib/a-") + version + "/ebin/a.app", "");
      put(std::string("releases/") + version + "/r.rel",
          std::string("{release, {\"r\", \"") + version +
              "\"}, {erts, \"9\"}, [{kernel, \"1\"}, {stdlib, \"1\"}, {a, \"" + version +
              "\"}]}.\n");
      put(std::string("bin/r-") + version, std::string("script ") + version);
    }
    put("lib/kernel-1/ebin/x", "");
    put("lib/stdlib-1/ebin/x", "");
    put("bin/r", "script 1");
    put("releases/start_erl.data", "9 1");
    put("releases/RELEASES",
        otp::releases_text({{"r", "1", "9", {}, "permanent"}, {"r", "2", "9", {}, "unpacked"}}));
  }
  void put(const std::string& path, const std::string& text) {
    sys::make_directories((root / path).parent_path());
    sys::write_file(root / path, text);
  }
  std::string permanent() {
    for (const auto& one : otp::read_releases(root / "releases/RELEASES"))
      if (one.status == "permanent") return one.version;
    return "none";
  }
  std::string started() {
    return otp::read_start_erl_data(root / "releases/start_erl.data").release_version;
  }
  node::Journal journal{root / "releases"};
};

}  // namespace

TEST_CASE_METHOD(Fixture, "journal: truncated files are repaired at the next start") {
  journal.begin({"1", "2"});
  put("releases/RELEASES", "");
  put("releases/start_erl.data", "");
  node::repair_releases({root, "r", "1"});
  CHECK(permanent() == "1");
  CHECK(started() == "1");
  CHECK_FALSE(journal.read());
}

TEST_CASE_METHOD(Fixture, "journal: the script that runs decides") {
  journal.begin({"1", "2"});
  put("releases/start_erl.data", "9 2");
  put("bin/r", "script 2");
  node::repair_releases({root, "r", "2"});
  CHECK(permanent() == "2");
  CHECK(started() == "2");
  CHECK(sys::read_file(root / "bin/r") == "script 2");
}

TEST_CASE_METHOD(Fixture, "journal: nothing is done while an upgrade is under way") {
  const node::UpgradeLock lock(root / "releases");
  journal.begin({"1", "2"});
  put("releases/RELEASES", "");
  node::repair_releases({root, "r", "1"});
  CHECK(sys::read_file(root / "releases/RELEASES").empty());
  CHECK_THROWS_WITH(node::UpgradeLock(root / "releases"),
                    Catch::Matchers::ContainsSubstring("another command"));
}

TEST_CASE_METHOD(Fixture, "journal: an unreadable file is made from what lies there") {
  put("releases/RELEASES", "[{release,\"r\"");
  node::repair_releases({root, "r", "1"});
  CHECK(permanent() == "1");
  CHECK(otp::read_releases(root / "releases/RELEASES").size() == 2);
}

TEST_CASE_METHOD(Fixture,
                 "Journal: a version that was to run until the next start is an old one after it") {
  for (const char* status : {"tmp_current", "permanent"}) {
    INFO(status);
    put("releases/RELEASES",
        otp::releases_text({{"r", "1", "9", {}, "permanent"}, {"r", "2", "9", {}, status}}));
    journal.begin({"1", "2"});
    node::repair_releases({root, "r", "1"});
    const auto all = otp::read_releases(root / "releases/RELEASES");
    REQUIRE(all.size() == 2);
    CHECK(all[0].status == "permanent");
    CHECK(all[1].status == "old");
  }
}

TEST_CASE_METHOD(Fixture, "journal: an empty start data is written anew") {
  put("releases/start_erl.data", "");
  node::repair_releases({root, "r", "1"});
  CHECK(started() == "1");
  CHECK(permanent() == "1");
}

TEST_CASE_METHOD(Fixture, "journal: what release_handler made permanent gets its start script") {
  put("releases/start_erl.data", "9 2");
  node::repair_releases({root, "r", "1"});
  CHECK(sys::read_file(root / "bin/r") == "script 1");
  node::repair_releases({root, "r", "2"});
  CHECK(sys::read_file(root / "bin/r") == "script 2");
}

TEST_CASE_METHOD(Fixture, "journal: a start script that the user changed stays") {
  put("bin/r", "script 1, changed");
  node::repair_releases({root, "r", "1"});
  CHECK(sys::read_file(root / "bin/r") == "script 1, changed");
}

TEST_CASE_METHOD(Fixture, "journal: a version whose files are gone is forgotten") {
  fs::remove_all(root / "releases/2");
  node::repair_releases({root, "r", "1"});
  CHECK(otp::read_releases(root / "releases/RELEASES").size() == 1);
  CHECK(permanent() == "1");
}

TEST_CASE_METHOD(Fixture, "journal: what a restart needed is removed") {
  put("bin/start",
      "#!/bin/sh\n# Made for an upgrade that restarts the emulator, and removed after it.\n");
  put("releases/__new_emulator__1/vm.args", "");
  journal.begin({"1", "2"});
  node::repair_releases({root, "r", "1"});
  CHECK_FALSE(fs::exists(root / "bin/start"));
  CHECK_FALSE(fs::exists(root / "releases/__new_emulator__1"));
}

TEST_CASE_METHOD(Fixture, "journal: the user's own start stays") {
  put("bin/start", "#!/bin/sh\n");
  journal.begin({"1", "2"});
  node::repair_releases({root, "r", "1"});
  CHECK(fs::exists(root / "bin/start"));
}

TEST_CASE_METHOD(Fixture, "journal: what cannot be put back is told and kept") {
  journal.begin({"1", "2"});
  put("releases/start_erl.data", "9 2");
  fs::remove(root / "releases/RELEASES");
  put("releases/RELEASES/in/the/way", "");
  const auto failed = journal.undo();
  REQUIRE(failed);
  CHECK(failed->file() == root / "releases/RELEASES");
  CHECK_THAT(failed->message(), Catch::Matchers::ContainsSubstring("cannot be put back"));
  CHECK_THAT(failed->hint(), Catch::Matchers::ContainsSubstring(".relmk-upgrade/RELEASES"));
  CHECK(started() == "1");
  REQUIRE(journal.read());

  fs::remove_all(root / "releases/RELEASES");
  CHECK_FALSE(journal.undo());
  CHECK(permanent() == "1");
  CHECK_FALSE(journal.read());
}

TEST_CASE_METHOD(Fixture, "journal: a start warns of what it cannot repair") {
  journal.begin({"1", "2"});
  fs::remove(root / "releases/RELEASES");
  put("releases/RELEASES/in/the/way", "");
  {
    const Warnings warnings;
    node::repair_releases({root, "r", "1"});
    CHECK_THAT(warnings.text(),
               Catch::Matchers::ContainsSubstring("RELEASES: warning: cannot be put back") &&
                   Catch::Matchers::ContainsSubstring("hint: "));
  }
  fs::remove_all(root / "releases/RELEASES");
  node::repair_releases({root, "r", "1"});
  CHECK(permanent() == "1");
  CHECK_FALSE(journal.read());
}

}  // namespace node_journal_test
