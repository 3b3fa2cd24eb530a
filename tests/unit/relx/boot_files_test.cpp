#include "relx/release/boot_files.h"

#include <fmt/core.h>

#include <map>

#include "catch.h"
#include "project.h"
#include "sys/error.h"
#include "term/consult.h"
#include "term/external.h"

namespace relx_boot_files_test {

using namespace relmk;
using namespace relmk::relx;

namespace {

using Digests = std::map<std::string, std::string>;

// What each boot file of a plan is said to be computed of.
Digests digests(const plan::Plan& plan) {
  Digests all;
  for (const auto& [path, file] : plan.files())
    if (file.kind == plan::PlannedFile::Kind::Computed) all[path] = file.content;
  return all;
}

// Whether each of them counts as another one.
bool all_differ(const Digests& before, const Digests& after) {
  for (const auto& [path, digest] : before)
    if (after.count(path) != 0 && after.at(path) == digest) return false;
  return true;
}

std::string bytes(const PlannedRelease& release, const std::string& path) {
  const plan::PlannedFile* file = release.plan.find("releases/1/" + path);
  REQUIRE(file != nullptr);
  return plan::written_bytes(*file);
}

Term script_of(const PlannedRelease& release, const std::string& boot_file) {
  return term::decode_external(bytes(release, boot_file));
}

bool starts(const Term& script, const std::string& application) {
  const Term start = term::consult_text(
      "", fmt::format("{{apply,{{application,start_boot,[{},permanent]}}}}.", application))[0];
  const Terms& instructions = script[2].elements();
  return std::find(instructions.begin(), instructions.end(), start) != instructions.end();
}

}  // namespace

TEST_CASE("boot files: all that a release has, no_dot_erlang.boot in bin, too") {
  const ReleaseProject project;
  const PlannedRelease release = project.plan();
  for (const char* path :
       {"releases/1/r.rel", "releases/1/start.script", "releases/1/start.boot",
        "releases/1/start_clean.boot", "releases/1/no_dot_erlang.boot", "bin/no_dot_erlang.boot"}) {
    INFO(path);
    const plan::PlannedFile* file = release.plan.find(path);
    REQUIRE(file != nullptr);
    CHECK_FALSE(plan::written_bytes(*file).empty());
  }
  CHECK(starts(script_of(release, "start.boot"), "own"));
  CHECK_FALSE(starts(script_of(release, "start_clean.boot"), "own"));
  // The text and the boot file are of one script.
  const std::string text = bytes(release, "start.script");
  CHECK(term::consult_text("start.script", text).front() == script_of(release, "start.boot"));
}

TEST_CASE("boot files: a node type's starts that application, whatever else the release loads") {
  const ReleaseProject project;
  const PlannedRelease release =
      project.plan("{node_types,[own]}.", "kernel,stdlib,{sasl,load},{own,load}");
  CHECK(starts(script_of(release, "own.boot"), "own"));
  CHECK_FALSE(starts(script_of(release, "start.boot"), "own"));
  CHECK_THROWS_WITH(
      project.plan("{node_types,[other]}."),
      Catch::Matchers::ContainsSubstring("node type other is no application of release r"));
}

TEST_CASE("boot files: they count as the same where all that they are computed of is the same") {
  const ReleaseProject project;
  const Digests before = digests(project.plan().plan);
  REQUIRE(before.size() == 6);
  CHECK(digests(project.plan().plan) == before);
  // What no boot file depends on.
  CHECK(digests(project.plan("{dev_mode,true}.").plan) == before);
}

TEST_CASE("boot files: they count as others where anything of that has changed") {
  const ReleaseProject project;
  const Digests before = digests(project.plan().plan);
  // Another list of modules, start type, parameter, dependency; an application more.
  project.application("own", "", "{modules,[m]},");
  CHECK(all_differ(before, digests(project.plan("{src_tests,false}.").plan)));
  project.application("own", "", "{modules,[]},{env,[{a,1}]},");
  CHECK(all_differ(before, digests(project.plan().plan)));
  project.application("own", ",sasl");
  CHECK(all_differ(before, digests(project.plan().plan)));
  project.application("own");
  CHECK(digests(project.plan().plan) == before);
  CHECK(all_differ(before, digests(project.plan("", "kernel,stdlib,sasl,{own,load}").plan)));
  CHECK(all_differ(before, digests(project.plan("", "kernel,stdlib,sasl,own,crypto").plan)));
  CHECK(all_differ(
      before,
      digests(
          project.plan("{exclude_modules,[{own,[x]}]}.", "kernel,stdlib,sasl,own,tools").plan)));
  // Applications that stay where they are.
  CHECK(all_differ(before, digests(project.plan("{system_libs,false}.").plan)));
  // Elixir's protocols, before all other code paths.
  sys::make_directories(project.scratch.path / "apps/own/consolidated");
  CHECK(all_differ(before, digests(project.plan().plan)));
}

}  // namespace relx_boot_files_test
