#include "enit/state.h"

#include <sys/stat.h>
#include <unistd.h>

#include "catch.h"
#include "scratch.h"
#include "skip.h"

namespace enit_state_test {

using namespace relmk;
using namespace relmk::enit;

namespace {

struct Host {
  Host() {
    place.name = "relex";
    place.directory = scratch.path / "relex";
    fs::create_directory(place.directory);
  }
  static mode_t mode(const fs::path& path) {
    struct stat status = {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
  }
  Scratch scratch;
  ReleasePlace place;
};

}  // namespace

TEST_CASE("enit state: in the release's directory, where that is ours alone") {
  const Host host;
  const State state(host.place, {});
  CHECK(state.directory() == fs::canonical(host.place.directory) / ".enit");
  CHECK(Host::mode(state.directory()) == 0755);
  CHECK(state.home() == state.directory() / "home");
}

TEST_CASE("enit state: where others can write to the release's directory, it lies elsewhere") {
  const Host host;
  ::chmod(host.place.directory.c_str(), 0777);
  if (::geteuid() == 0) return skip("root's is /run/enit");
  const State state(host.place, {{"TMPDIR", host.scratch.path.string()}});
  CHECK(state.directory().parent_path().parent_path() == host.scratch.path);
  CHECK(state.directory().filename() == "relex");
}

TEST_CASE("enit state: a directory of ours that others can write to, or a link, is refused") {
  const Host host;
  const State state(host.place, {});
  fs::create_directory_symlink("/tmp", state.home());
  CHECK_THROWS_AS(state.make_directory(state.home()), Error);
  fs::create_directory(state.libraries());
  ::chmod(state.libraries().c_str(), 0777);
  CHECK_THROWS_AS(state.make_directory(state.libraries()), Error);
}

TEST_CASE("enit state: a private file is read by its owner alone, and replaces what was there") {
  const Host host;
  const State state(host.place, {});
  const fs::path file = state.file("sys.config");
  state.write_private(file, "one", {});
  state.write_private(file, "two", {});
  CHECK(sys::read_file(file) == "two");
  CHECK(Host::mode(file) == 0400);
  CHECK_FALSE(fs::exists(file.string() + ".new"));
}

TEST_CASE("enit start lock: one start at a time; another is told who has it") {
  const Host host;
  const State state(host.place, {});
  {
    StartLock lock(state, "relex");
    CHECK_THROWS_WITH(StartLock(state, "relex"),
                      Catch::Matchers::ContainsSubstring(
                          "release relex is already running, or being started, by process"));
    const StartLock moved = std::move(lock);
    CHECK_THROWS_AS(StartLock(state, "relex"), Error);
  }
  CHECK_NOTHROW(StartLock(state, "relex"));
}

}  // namespace enit_state_test
