#include "mix/release_tar.h"

#include <sys/stat.h>

#include <map>

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"

namespace mix_release_tar_test {

using namespace relmk;
using Kind = plan::PlannedFile::Kind;

namespace {

// A release of version 1 on disk, of which lib/own-1, bin/r and an overlay's etc/x are planned.
struct Release {
  Scratch scratch;
  mix::PlannedRelease release;

  Release() {
    release.directory = scratch.path;
    release.release.name = "r";
    release.release.version = "1";
    release.release.tar_directory = "/tars";
    for (const char* path : {"lib/own-1/ebin/own.app", "bin/r", "etc/x"}) {
      release.plan.add(path, {Kind::Content, {}, "", {}});
      file(path);
    }
  }
  void file(const std::string& path, unsigned mode = 0644) const {
    sys::make_directories((scratch.path / path).parent_path());
    sys::write_file(scratch.path / path, "", mode);
  }
  std::map<std::string, unsigned> packed() const {
    std::map<std::string, unsigned> out;
    for (const plan::TarEntry& entry : mix::tar_entries(release))
      out.emplace(entry.path, entry.mode);
    return out;
  }
};

}  // namespace

TEST_CASE("mix release tar: what is planned, and what others put where the release's own is") {
  const Release release;
  for (const char* path : {"releases/1/relup", "releases/COOKIE", "lib/own-1/priv/made", "bin/more",
                           "lib/other-1/x", "log/y", "etc/z", "releases/2/x"})
    release.file(path);
  const auto packed = release.packed();
  for (const char* path : {"lib/own-1/ebin/own.app", "bin/r", "etc/x", "releases/1/relup",
                           "releases/COOKIE", "lib/own-1/priv/made", "bin/more"}) {
    INFO(path);
    CHECK(packed.count(path) == 1);
  }
  for (const char* path : {"lib/other-1/x", "log/y", "etc/z", "releases/2/x"}) {
    INFO(path);
    CHECK(packed.count(path) == 0);
  }
}

TEST_CASE("mix release tar: links are followed, pipes left out, set-user-ID lost") {
  const Release release;
  release.file("lib/own-1/real", 0755);
  ::chmod((release.scratch.path / "lib/own-1/real").c_str(), 04755);
  fs::create_symlink("real", release.scratch.path / "lib/own-1/link");
  fs::create_symlink("nowhere", release.scratch.path / "lib/own-1/broken");
  REQUIRE(::mkfifo((release.scratch.path / "lib/own-1/pipe").c_str(), 0600) == 0);
  const auto packed = release.packed();
  CHECK(packed.at("lib/own-1/link") == 0755);
  CHECK(packed.count("lib/own-1/broken") == 0);
  CHECK(packed.count("lib/own-1/pipe") == 0);
}

TEST_CASE("mix release tar: a planned file that is missing, or a circle of links, is an error") {
  Release release;
  fs::create_directory_symlink(".", release.scratch.path / "lib/own-1/circle");
  CHECK_THROWS_AS(release.packed(), Error);
  fs::remove(release.scratch.path / "lib/own-1/circle");
  fs::remove(release.scratch.path / "etc/x");
  CHECK_THROWS_WITH(release.packed(), (release.scratch.path / "etc/x").string() +
                                          ": error: cannot pack: No such file or directory");
}

TEST_CASE("mix release tar: where mix puts it") {
  CHECK(mix::tar_path(Release().release) == "/tars/r-1.tar.gz");
}

}  // namespace mix_release_tar_test
