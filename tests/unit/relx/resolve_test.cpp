#include "relx/resolve/resolve.h"

#include <fmt/core.h>

#include "catch.h"
#include "scratch.h"
#include "sys/files.h"

namespace relx_resolve_test {

using namespace relmk;
using namespace relmk::relx;

namespace {

void add_application(const fs::path& lib, const std::string& directory, const std::string& name,
                     const std::string& version, const std::string& needs = "") {
  sys::make_directories(lib / directory / "ebin");
  sys::write_file(
      lib / directory / "ebin" / (name + ".app"),
      fmt::format("{{application, {}, [{{description, \"\"}}, {{vsn, \"{}\"}}, {{modules, "
                  "[]}}, {{registered, []}}, {{applications, [{}]}}]}}.",
                  name, version, needs));
}

// An installation with two versions of stdlib, as after an OTP patch.
otp::Installation installation(const fs::path& root) {
  otp::Installation otp;
  otp.root = root;
  otp.lib = root / "lib";
  otp.erts_version = "13.1";
  add_application(otp.lib, "kernel-8.5", "kernel", "8.5", "stdlib");
  add_application(otp.lib, "stdlib-3.17.2", "stdlib", "3.17.2");
  add_application(otp.lib, "stdlib-3.17.2.4", "stdlib", "3.17.2.4");
  add_application(otp.lib, "stdlib-3.17.10-rc1", "stdlib", "3.17.10-rc1");
  return otp;
}

ResolvedRelease resolve(const ApplicationSources& sources, const std::string& application) {
  ConfiguredRelease release;
  release.name = Atom("r");
  release.version = "1";
  for (const std::string& name : {std::string("kernel"), application})
    release.goals.push_back({Atom(name), {}, {}, {}, {}});
  return resolve_release(default_relx_config("relx.config"), release, sources);
}

}  // namespace

TEST_CASE("resolve: of OTP's own applications the one that its code server takes") {
  const Scratch scratch;
  const otp::Installation otp = installation(scratch.path);
  ApplicationSources sources;
  sources.otp = &otp;
  const ResolvedRelease found = resolve(sources, "kernel");
  REQUIRE(found.applications.size() == 2);
  CHECK(found.applications[0].resource.version == "3.17.2.4");
  CHECK(found.applications[0].is_system);
}

TEST_CASE("resolve: no release without kernel") {
  const Scratch scratch;
  const otp::Installation otp = installation(scratch.path);
  ApplicationSources sources;
  sources.otp = &otp;
  ConfiguredRelease release;
  release.name = Atom("r");
  release.version = "1";
  release.goals.push_back({Atom("stdlib"), {}, {}, {}, {}});
  CHECK_THROWS_WITH(
      resolve_release(default_relx_config("relx.config"), release, sources),
      "relx.config: error: Mandatory application kernel must be specified in the release "
      "file");
}

TEST_CASE("resolve: the project's own applications") {
  const Scratch scratch;
  const otp::Installation otp = installation(scratch.path);
  const fs::path project = scratch.path / "project";
  add_application(project / "apps", "own", "own", "1", "stdlib, dep, fetched");
  add_application(project / "deps", "dep", "dep", "1");
  add_application(project / "_build/default/lib", "fetched", "fetched", "1");
  ApplicationSources sources;
  sources.otp = &otp;
  sources.project_root = project;
  sources.lib_dirs = {project / "apps", project / "deps", project / "_build/default/lib"};
  for (const ResolvedApplication& application : resolve(sources, "own").applications)
    CHECK(application.is_project == (application.resource.name.text() == "own"));
}

TEST_CASE("resolve: in a build tool's lib, a linked application stands where the link leads") {
  const Scratch scratch;
  const otp::Installation otp = installation(scratch.path);
  const fs::path build = scratch.path / "_build";
  add_application(build / "default/lib", "dep", "dep", "1");
  sys::make_directories(build / "test/lib");
  fs::create_directory_symlink("../../default/lib/dep", build / "test/lib/dep");
  ApplicationSources sources;
  sources.otp = &otp;
  sources.build_dirs = {build / "test/lib"};
  const fs::path found = resolve(sources, "dep").applications.back().resource.directory;
  CHECK(found == build / "default/lib/dep");
}

}  // namespace relx_resolve_test
