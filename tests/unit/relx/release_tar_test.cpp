#include "relx/release/release_tar.h"

#include <map>

#include "catch.h"
#include "project.h"
#include "relx/release/release_checks.h"
#include "sys/error.h"

namespace relx_release_tar_test {

using namespace relmk;
using namespace relmk::relx;

namespace {

// The release of a project with a source file and an overlay, assembled.
struct Assembled {
  ReleaseProject project;
  PlannedRelease release;

  explicit Assembled(const std::string& terms) {
    const fs::path directory = project.application("own");
    for (const char* file : {"src/x.erl", "priv/p", "include/i.hrl"}) {
      sys::make_directories((directory / file).parent_path());
      sys::write_file(directory / file, "");
    }
    release = project.plan(terms + "{overlay,[{mkdir,\"log\"}]}.");
    assemble_checked(release, std::chrono::seconds(5));
  }
  std::map<std::string, fs::path> packed() const {
    std::map<std::string, fs::path> out;
    for (const plan::TarEntry& entry : release_tar_entries(release))
      out.emplace(entry.path, entry.source);
    return out;
  }
};

}  // namespace

TEST_CASE("release tar: applications, boot files, the start script and the overlay") {
  const Assembled assembled("");
  const auto packed = assembled.packed();
  for (const char* path :
       {"lib/own-1/ebin/own.app", "lib/own-1/priv/p", "releases/1/start.boot", "releases/1/r.rel",
        "releases/r.rel", "releases/RELEASES", "bin/r", "log"}) {
    INFO(path);
    CHECK(packed.count(path) == 1);
  }
  CHECK(packed.count("releases/1/relup") == 0);
}

TEST_CASE("release tar: sources where include_src asks for them") {
  CHECK(Assembled("").packed().count("lib/own-1/src/x.erl") == 0);
  const auto packed = Assembled("{include_src,true}. ").packed();
  CHECK(packed.count("lib/own-1/src/x.erl") == 1);
  CHECK(packed.count("lib/own-1/include/i.hrl") == 1);
}

TEST_CASE("release tar: a release of links becomes one of files") {
  const Assembled assembled("{mode,dev}. ");
  CHECK(fs::is_symlink(assembled.release.directory / "lib/own-1"));
  const auto packed = assembled.packed();
  CHECK(packed.count("lib/own-1") == 0);
  CHECK(packed.count("lib/own-1/ebin/own.app") == 1);
}

TEST_CASE("release tar: the relup of this version is packed") {
  const Assembled assembled("");
  sys::write_file(assembled.release.directory / "releases/1/relup", "");
  CHECK(assembled.packed().count("releases/1/relup") == 1);
}

TEST_CASE("release tar: a file that is missing is named") {
  const Assembled assembled("");
  const fs::path file = assembled.release.directory / "lib/own-1/ebin/own.app";
  fs::remove(file);
  CHECK_THROWS_WITH(assembled.packed(),
                    file.string() + ": error: cannot be packed: No such file or directory");
}

TEST_CASE("release tar: lies in the release's own directory") {
  const ReleaseProject project;
  CHECK(release_tar_path(project.plan()) == project.scratch.path / "_rel/r/r-1.tar.gz");
}

}  // namespace relx_release_tar_test
