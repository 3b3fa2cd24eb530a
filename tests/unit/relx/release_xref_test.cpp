#include "relx/release/release_xref.h"

#include <algorithm>

#include "catch.h"
#include "project.h"
#include "relx/release/release_checks.h"
#include "sys/error.h"

namespace relx_release_xref_test {

using namespace relmk;
using namespace relmk::relx;

namespace {

// An assembled release whose application own has one (empty) module.
struct Assembled {
  ReleaseProject project;
  PlannedRelease release;

  Assembled() {
    sys::write_file(project.application("own") / "ebin/m.beam", "");
    release = project.plan("{check_for_undefined_functions,false}.");
    assemble_checked(release, std::chrono::seconds(5));
  }
  beam::XrefScope scope(ReleaseXrefOptions options = {}) const {
    options.environment = project.request.config.environment;
    return release_xref_scope(release.directory, options);
  }
};

bool has_module(const beam::XrefScope& scope, const std::string& file) {
  return std::any_of(scope.callers.begin(), scope.callers.end(),
                     [&](const fs::path& caller) { return caller.filename() == file; });
}

}  // namespace

TEST_CASE("release xref: the calls of the release's own applications, to all that it holds") {
  const Assembled assembled;
  const beam::XrefScope scope = assembled.scope();
  CHECK(scope.callers ==
        std::vector<fs::path>{assembled.release.directory / "lib/own-1/ebin/m.beam"});
  CHECK(scope.directories.size() == assembled.release.resolved.applications.size());
  CHECK(std::find(scope.preloaded.begin(), scope.preloaded.end(), Atom("erlang")) !=
        scope.preloaded.end());
}

TEST_CASE("release xref: or those of all applications, or of one") {
  const Assembled assembled;
  ReleaseXrefOptions options;
  options.all = true;
  CHECK(has_module(assembled.scope(options), "lists.beam"));
  CHECK(has_module(assembled.scope(options), "m.beam"));
  options = {};
  options.applications = {Atom("stdlib")};
  CHECK(has_module(assembled.scope(options), "lists.beam"));
  CHECK_FALSE(has_module(assembled.scope(options), "m.beam"));
}

TEST_CASE("release xref: an application that the release does not hold, or no release at all") {
  const Assembled assembled;
  ReleaseXrefOptions options;
  options.applications = {Atom("nobody")};
  CHECK_THROWS_WITH(assembled.scope(options), assembled.release.directory.string() +
                                                  ": error: the release holds no application "
                                                  "nobody");
  CHECK_THROWS_AS(release_xref_scope(assembled.project.scratch.path), Error);
}

}  // namespace relx_release_xref_test
