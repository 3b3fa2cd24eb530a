#include "node/upgrade/restart_program.h"

#include <optional>

#include "catch.h"
#include "scratch.h"
#include "sys/files.h"

namespace node_restart_program_test {

using namespace relmk;

namespace {

struct Fixture {
  Scratch scratch;
  fs::path root = scratch.path / "root";
  start::ReleasePlace release{root, "r", "1"};
  node::RenderedConfiguration configuration;

  Fixture() {
    put("bin/r", "script");
    put("releases/2/vm.args", "-name r@127.0.0.1");
    configuration.vm_args = "releases/2/vm.args";
  }
  void put(const std::string& path, const std::string& text) {
    sys::make_directories((root / path).parent_path());
    sys::write_file(root / path, text);
  }
  bool there(const std::string& path) { return fs::exists(root / path); }
  fs::perms mode(const std::string& path) { return fs::status(root / path).permissions(); }
};

constexpr const char* kBetween = "releases/__new_emulator__1";

}  // namespace

TEST_CASE_METHOD(Fixture, "restart program: heart is given a start that is the release's script") {
  {
    const node::RestartProgram program(release, "1", "2", configuration);
    const std::string text = sys::read_file(root / "bin/start");
    CHECK_THAT(text, Catch::Matchers::ContainsSubstring("RELMK_START_DATA=$1\n"));
    CHECK_THAT(text, Catch::Matchers::ContainsSubstring("exec \"${0%/*}/r\" daemon\n"));
    CHECK((mode("bin/start") & fs::perms::others_exec) != fs::perms::none);
    CHECK(sys::read_file(root / kBetween / "vm.args") == "-name r@127.0.0.1");
    CHECK((mode(std::string(kBetween) + "/vm.args") & fs::perms::others_read) == fs::perms::none);
    put("releases/new_start_erl.data", "9 2");
  }
  CHECK_FALSE(there("bin/start"));
  CHECK_FALSE(there(kBetween));
  CHECK_FALSE(there("releases/new_start_erl.data"));
}

TEST_CASE_METHOD(Fixture, "restart program: a start of OTP's own is kept and used") {
  put("bin/start", "#!/bin/sh\n");
  {
    const node::RestartProgram program(release, "1", "2", configuration);
    CHECK(sys::read_file(root / "bin/start") == "#!/bin/sh\n");
    CHECK_FALSE(there(kBetween));
  }
  CHECK(there("bin/start"));
}

TEST_CASE_METHOD(Fixture, "restart program: data that was there before stays") {
  put("releases/new_start_erl.data", "9 1");
  { const node::RestartProgram program(release, "1", "2", configuration); }
  CHECK(there("releases/new_start_erl.data"));
}

TEST_CASE_METHOD(Fixture, "restart program: one that a killed process left is replaced") {
  {
    const node::RestartProgram program(release, "1", "2", configuration);
    fs::copy_file(root / "bin/start", root / "left");
  }
  fs::rename(root / "left", root / "bin/start");
  { const node::RestartProgram program(release, "1", "2", configuration); }
  CHECK_FALSE(there("bin/start"));
}

TEST_CASE_METHOD(Fixture, "restart program: what is left is removed also without the program") {
  put(std::string(kBetween) + "/vm.args", "");
  put("releases/new_start_erl.data", "9 2");
  node::RestartProgram::remove_left(root);
  CHECK_FALSE(there(kBetween));
  CHECK_FALSE(there("releases/new_start_erl.data"));
  CHECK(there("releases/2/vm.args"));
}

TEST_CASE_METHOD(
    Fixture, "restart program: of a start of OTP's own only the version in between is removed") {
  put("bin/start", "#!/bin/sh\n");
  put(std::string(kBetween) + "/vm.args", "");
  put("releases/new_start_erl.data", "9 2");
  node::RestartProgram::remove_left(root);
  CHECK(there("bin/start"));
  CHECK(there("releases/new_start_erl.data"));
  CHECK_FALSE(there(kBetween));
}

}  // namespace node_restart_program_test
