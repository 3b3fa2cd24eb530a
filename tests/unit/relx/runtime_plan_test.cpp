#include "relx/release/runtime_plan.h"

#include "catch.h"
#include "project.h"
#include "sys/error.h"

namespace relx_runtime_plan_test {

using namespace relmk;
using namespace relmk::relx;
using Kind = plan::PlannedFile::Kind;

namespace {

// Configuration files of a project, planned for version 1.
struct Files {
  Scratch scratch;
  RelxConfig config = default_relx_config("relx.config");
  plan::Plan plan;

  Files() { config.root_dir = scratch.path; }
  fs::path file(const std::string& name, const std::string& text) const {
    sys::make_directories((scratch.path / name).parent_path());
    sys::write_file(scratch.path / name, text);
    return scratch.path / name;
  }
  const plan::PlannedFile* planned(const std::string& name) {
    plan = {};
    plan_config_files(plan, config, "1", scratch.path / "_rel/r", {"[].\n", "-sname d\n"});
    return plan.find("releases/1/" + name);
  }
};

}  // namespace

TEST_CASE("runtime plan: configuration files are the defaults where the user has none") {
  Files files;
  REQUIRE(files.planned("vm.args") != nullptr);
  CHECK(files.planned("vm.args")->content == "-sname d\n");
  CHECK(files.planned("sys.config")->content == "[].\n");
}

TEST_CASE("runtime plan: those in config/ come before the defaults, NAME.src before NAME") {
  Files files;
  files.file("config/vm.args", "-sname a\n");
  CHECK(files.planned("vm.args")->source == files.scratch.path / "config/vm.args");
  files.file("config/vm.args.src", "-sname ${A}\n");
  CHECK(files.planned("vm.args.src")->kind == Kind::Copy);
  CHECK(files.planned("vm.args") == nullptr);
}

TEST_CASE("runtime plan: the one that is named comes before all, and is linked to in dev mode") {
  Files files;
  files.file("config/vm.args", "-sname a\n");
  files.config.vm_args.path = files.file("other", "-sname b\n");
  CHECK(files.planned("vm.args")->source == files.scratch.path / "other");
  files.config.mode = Mode::Dev;
  CHECK(files.planned("vm.args")->kind == Kind::Link);
  files.config.vm_args = {{}, true, {}};
  CHECK(files.planned("vm.args") == nullptr);
}

TEST_CASE("runtime plan: what others put into the release is kept where nothing is said") {
  Files files;
  files.file("_rel/r/releases/1/vm.args", "-sname theirs\n");
  CHECK(files.planned("vm.args")->source == files.scratch.path / "_rel/r/releases/1/vm.args");
}

TEST_CASE("runtime plan: what a start derived from a .src is not kept") {
  Files files;
  const std::string text = files.planned("vm.args")->content;
  files.file("_rel/r/releases/1/vm.args.src", "-sname ${N}\n");
  files.file("_rel/r/releases/1/vm.args", "-sname derived\n");
  CHECK(files.planned("vm.args")->content == text);
  CHECK_FALSE(text.empty());
}

TEST_CASE("runtime plan: a named file that is not there, or from which no node could start") {
  Files files;
  files.config.sys_config.path = files.scratch.path / "none";
  CHECK_THROWS_WITH(files.planned("sys.config"),
                    "relx.config: error: The sys.config file specified for this release (" +
                        (files.scratch.path / "none").string() + ") does not exist!");
  files.config.sys_config.path = files.file("bad", "{not,a,list}.\n");
  CHECK_THROWS_WITH(files.planned("sys.config"),
                    Catch::Matchers::ContainsSubstring(
                        "specified for this release could not be opened or parsed: "));
}

TEST_CASE("runtime plan: ERTS, whose erl is the one that finds its own root") {
  const Scratch scratch;
  const fs::path bin = scratch.path / "erts-13.1/bin";
  sys::make_directories(bin);
  for (const char* name : {"erl", "dyn_erl", "beam.smp", "yielding_c_fun"})
    sys::write_file(bin / name, name);
  RelxConfig config = default_relx_config("relx.config");
  const otp::Installation otp{scratch.path, scratch.path / "lib", "13.1", "25"};
  plan::Plan plan;
  plan_erts(plan, config, "13.1", otp);
  CHECK(plan.files().empty());
  config.include_erts = true;
  plan_erts(plan, config, "13.1", otp);
  REQUIRE(plan.find("erts-13.1/bin/erl") != nullptr);
  CHECK(plan.find("erts-13.1/bin/erl")->source == bin / "dyn_erl");
  CHECK(plan.find("erts-13.1/bin/beam.smp") != nullptr);
  CHECK(plan.find("erts-13.1/bin/yielding_c_fun") == nullptr);
  config.include_erts = fs::path("/none");
  CHECK_THROWS_WITH(plan_erts(plan, config, "13.1", otp),
                    "relx.config: error: Specified version of erts (13.1) does not exist under "
                    "configured directory /none");
}

TEST_CASE("runtime plan: RELEASES and start_erl.data") {
  const ReleaseProject project;
  const PlannedRelease release = project.plan();
  CHECK(release.plan.find("releases/start_erl.data")->content ==
        release.resolved.release.erts_version + " 1");
  CHECK(release.plan.find("releases/RELEASES")->content.find("./lib/own-1") != std::string::npos);
  CHECK(project.plan("{system_libs,false}.").plan.find("releases/RELEASES") == nullptr);
}

}  // namespace relx_runtime_plan_test
