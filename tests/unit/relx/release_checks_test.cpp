#include "relx/release/release_checks.h"

#include "catch.h"
#include "project.h"
#include "sys/error.h"
#include "warnings.h"

namespace relx_release_checks_test {

using namespace relmk;
using namespace relmk::relx;

namespace {

std::string error_of(const PlannedRelease& release) {
  try {
    check_release(release);
  } catch (const Error& error) {
    return error.message();
  }
  return "none";
}

const std::string kStrict = "{warnings_as_errors,true}. ";

}  // namespace

TEST_CASE("release checks: a release without a fault") {
  CHECK(error_of(ReleaseProject().plan(kStrict)) == "none");
}

TEST_CASE("release checks: a module that an .app lists and its ebin lacks") {
  const ReleaseProject project;
  project.application("own", "", "{modules,[m]},");
  CHECK(error_of(project.plan()) == "own: Module not found: m");
  CHECK(error_of(project.plan("{include_src,false}.")) == "own: Module not found: m");
}

TEST_CASE("release checks: warnings are errors where that is asked for") {
  const ReleaseProject project;
  const std::string without_sasl = "kernel,stdlib,own";
  CHECK(error_of(project.plan("", without_sasl)) == "none");
  CHECK(error_of(project.plan(kStrict, without_sasl)) == "warnings being treated as errors");
}

TEST_CASE("release checks: an application that needs one that is only loaded") {
  const ReleaseProject project;
  project.application("dep");
  project.application("own", ",dep");
  CHECK(error_of(project.plan(kStrict, "kernel,stdlib,sasl,dep,own")) == "none");
  CHECK(error_of(project.plan(kStrict, "kernel,stdlib,sasl,{dep,load},own")) ==
        "warnings being treated as errors");
}

TEST_CASE("release checks: an optional application may be loaded only") {
  const ReleaseProject project;
  project.application("dep");
  project.application("own", ",dep", "{modules,[]},{optional_applications,[dep]},");
  CHECK(error_of(project.plan(kStrict, "kernel,stdlib,sasl,{dep,load},own")) == "none");
}

TEST_CASE("release checks: a module without its source, unless nobody asks") {
  const ReleaseProject project;
  const fs::path directory = project.application("own", "", "{modules,[m]},");
  sys::write_file(directory / "ebin/m.beam", "");
  const std::string more = kStrict + "{check_for_undefined_functions,false}. ";
  CHECK(error_of(project.plan(more)) == "warnings being treated as errors");
  CHECK(error_of(project.plan(more + "{src_tests,false}.")) == "none");
  CHECK(error_of(project.plan(more + "{include_src,false}.")) == "none");
}

TEST_CASE("release checks: hooks and extensions that nothing brings are told") {
  const ReleaseProject project;
  sys::write_file(project.scratch.path / "there", "");
  const PlannedRelease release = project.plan(
      "{extended_start_script_hooks,[{pre_start,[{custom,\"hooks/a\"},{custom,\"hooks/b\"}]}]}. "
      "{extended_start_script_extensions,[{c,\"c\"}]}. "
      "{overlay,[{copy,\"" +
      (project.scratch.path / "there").string() + "\",\"bin/hooks/b\"}]}.");
  const Warnings warnings;
  check_release(release);
  CHECK_THAT(warnings.text(), Catch::Matchers::ContainsSubstring(
                                  "the hook hooks/a is not in the release: no overlay brings "
                                  "bin/hooks/a\n"));
  CHECK_THAT(warnings.text(), Catch::Matchers::ContainsSubstring("the extension c is not in the"));
  CHECK_THAT(warnings.text(), !Catch::Matchers::ContainsSubstring("hooks/b"));
}

TEST_CASE("release checks: nothing is assembled of what is refused") {
  const ReleaseProject project;
  project.application("own", "", "{modules,[m]},");
  const PlannedRelease release = project.plan();
  CHECK_THROWS_AS(assemble_checked(release, std::chrono::seconds(5)), Error);
  CHECK_FALSE(fs::exists(release.directory));
}

TEST_CASE("release checks: an error stays one where nothing is to be made") {
  const ReleaseProject project;
  const std::string without_sasl = "kernel,stdlib,own";
  CHECK(assemble_checked(project.plan("", without_sasl), std::chrono::seconds(5)).changed);
  CHECK_THROWS_AS(assemble_checked(project.plan(kStrict, without_sasl), std::chrono::seconds(5)),
                  Error);
}

}  // namespace relx_release_checks_test
