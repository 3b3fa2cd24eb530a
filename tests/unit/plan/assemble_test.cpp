#include "plan/assemble.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <thread>

#include "assembled.h"
#include "catch.h"
#include "sys/error.h"

namespace plan_assemble_test {

using namespace relmk;
using namespace relmk::plan;

namespace {

using Kind = PlannedFile::Kind;

ino_t inode(const fs::path& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

}  // namespace

TEST_CASE("assemble: files of every kind come to be, with their modes") {
  Release release;
  Plan plan = plan_of({{"a/b", "x"}});
  sys::write_file(release.scratch.path / "source", "y", 0750);
  plan.add("copy", {Kind::Copy, release.scratch.path / "source", {}, {}});
  plan.add("made", {Kind::Copy, release.scratch.path / "source", {}, 0600});
  plan.add("link", {Kind::Link, "/nowhere", {}, {}});
  plan.add("empty", {Kind::Directory, {}, {}, {}});
  CHECK(release.make(plan).written == 4);
  CHECK(release.text("a/b") == "x");
  CHECK(fs::status(release.root / "copy").permissions() == fs::perms(0750));
  CHECK(fs::status(release.root / "made").permissions() == fs::perms(0600));
  CHECK(fs::read_symlink(release.root / "link") == "/nowhere");
  CHECK(fs::is_directory(release.root / "empty"));
}

TEST_CASE("assemble: the same plan again touches nothing") {
  Release release;
  const Plan plan = plan_of({{"a", "x"}});
  CHECK(release.make(plan).changed);
  const ino_t before = inode(release.root);
  CHECK_FALSE(release.make(plan).changed);
  CHECK(inode(release.root) == before);
}

TEST_CASE("assemble: a file that was changed or removed in the release is made again") {
  Release release;
  const Plan plan = plan_of({{"a", "x"}, {"b", "y"}});
  release.make(plan);
  ::unlink((release.root / "a").c_str());
  sys::write_file(release.root / "b", "other");
  CHECK(release.make(plan).written == 2);
  CHECK(release.text("a") == "x");
  CHECK(release.text("b") == "y");
}

TEST_CASE(
    "assemble: what others have changed is kept where that is asked for, until it is made anew") {
  Release release;
  Plan plan = plan_of({{"a", "x"}, {"b", "y"}});
  release.make(plan);
  sys::write_file(release.root / "a", "hook's");
  ::unlink((release.root / "b").c_str());
  AssemblyRequest request{release.dir, "r", "1"};
  request.keeps_changes = true;
  CHECK(assemble(plan, request).written == 1);
  CHECK(release.text("a") == "hook's");
  CHECK(release.text("b") == "y");
  CHECK_FALSE(assemble(plan, request).changed);
  plan.add("a", content("new"));
  assemble(plan, request);
  CHECK(release.text("a") == "new");
  sys::write_file(release.root / "a", "hook's");
  assemble(plan, request);
  CHECK(release.make(plan).written == 1);
  CHECK(release.text("a") == "new");
}

TEST_CASE("assemble: what others have derived from a file goes with it") {
  Release release;
  AssemblyRequest request{release.dir, "r", "1"};
  request.derived = {{"c/a.src", "c/a"}, {"c/b.src", "c/b"}};
  assemble(plan_of({{"c/a.src", "x"}, {"c/b.src", "y"}, {"c/d", "z"}}), request);
  for (const char* name : {"c/a", "c/b", "c/d.src"})
    sys::write_file(release.root / name, "theirs");
  assemble(plan_of({{"c/b.src", "y"}, {"c/d", "z"}}), request);
  CHECK_FALSE(fs::exists(release.root / "c/a.src"));
  CHECK_FALSE(fs::exists(release.root / "c/a"));
  CHECK(release.text("c/b") == "theirs");
  CHECK(release.text("c/d.src") == "theirs");
  assemble(plan_of({{"c/b", "planned"}, {"c/d", "z"}}), request);
  CHECK_FALSE(fs::exists(release.root / "c/b.src"));
  CHECK(release.text("c/b") == "planned");
}

TEST_CASE("assemble: what another version has made is no change that is kept") {
  Release release;
  const Plan one = plan_of({{"start", "1"}, {"shared", "x"}, {"log", "1"}});
  const Plan two = plan_of({{"start", "2"}, {"shared", "x"}, {"log", "2"}});
  AssemblyRequest request{release.dir, "r", "1"};
  request.keeps_changes = true;
  assemble(one, request);
  request.version = "2";
  assemble(two, request);
  CHECK(release.text("start") == "2");
  sys::write_file(release.root / "log", "written to");
  request.version = "1";
  CHECK(assemble(one, request).written == 1);
  CHECK(release.text("start") == "1");
  CHECK(release.text("log") == "written to");
}

TEST_CASE("assemble: unchanged files are taken over, not made again") {
  Release release;
  release.make(plan_of({{"a", "x"}, {"b", "y"}}));
  const ino_t before = inode(release.root / "a");
  const Assembly second = release.make(plan_of({{"a", "x"}, {"b", "z"}}));
  CHECK(second.written == 1);
  CHECK(second.kept == 1);
  CHECK(inode(release.root / "a") == before);
}

TEST_CASE("assemble: what the plan does not know is carried over") {
  Release release;
  release.make(plan_of({{"lib/a-1/ebin/a.app", "1"}, {"releases/1/r.rel", "1"}}));
  sys::make_directories(release.root / "log");
  sys::write_file(release.root / "log/erlang.log.1", "log", 0640);
  fs::create_symlink("log", release.root / "logs");
  ::chmod((release.root / "log").c_str(), 0750);
  const ino_t before = inode(release.root / "log/erlang.log.1");
  release.make(plan_of({{"lib/a-2/ebin/a.app", "2"}, {"releases/2/r.rel", "2"}}), "2");
  CHECK(release.text("releases/1/r.rel") == "1");
  CHECK(release.text("lib/a-1/ebin/a.app") == "1");
  CHECK(release.text("lib/a-2/ebin/a.app") == "2");
  CHECK(inode(release.root / "log/erlang.log.1") == before);
  CHECK(fs::status(release.root / "log").permissions() == fs::perms(0750));
  CHECK(fs::read_symlink(release.root / "logs") == "log");
}

TEST_CASE("assemble: what an earlier assembly made and the plan no longer has is let go") {
  Release release;
  release.make(plan_of({{"lib/a-1/ebin/a.app", ""}, {"etc/old", ""}, {"shared", ""}}));
  release.make(plan_of({{"lib/a-2/ebin/a.app", ""}, {"shared", ""}}), "2");
  release.make(plan_of({{"lib/b-1/ebin/b.app", ""}}));
  CHECK_FALSE(fs::exists(release.root / "etc"));
  CHECK_FALSE(fs::exists(release.root / "lib/a-1"));
  CHECK(fs::exists(release.root / "lib/a-2/ebin/a.app"));
  CHECK(fs::exists(release.root / "shared"));
}

TEST_CASE("assemble: others' files stay where they are, also among an application's") {
  Release release;
  release.make(plan_of({{"lib/a-1/ebin/a.app", "old"}, {"releases/1/r.rel", "1"}}));
  sys::write_file(release.root / "lib/a-1/ebin/others.beam", "others'");
  sys::write_file(release.root / "releases/1/others", "others'");
  std::map<std::string, ino_t> before;
  for (const char* path : {"", "lib", "lib/a-1", "lib/a-1/ebin", "lib/a-1/ebin/others.beam",
                           "releases/1", "releases/1/others"})
    before[path] = inode(release.root / path);
  CHECK(release.make(plan_of({{"lib/a-1/ebin/a.app", "new"}})).changed);
  CHECK(release.text("lib/a-1/ebin/a.app") == "new");
  CHECK_FALSE(fs::exists(release.root / "releases/1/r.rel"));
  for (const auto& [path, number] : before)
    CHECK(inode(release.root / path) == number);
}

TEST_CASE("assemble: a directory that is a link to another one is followed") {
  Release release;
  const fs::path elsewhere = release.scratch.path / "elsewhere";
  sys::make_directories(elsewhere / "releases");
  sys::make_directories(release.root);
  fs::create_directory_symlink(elsewhere, release.root / "lib");
  fs::create_directory_symlink(elsewhere / "releases", release.root / "releases");
  sys::write_file(elsewhere / "others", "others'");
  for (const char* text : {"old", "new"}) {
    release.make(plan_of({{"lib/a-1/ebin/a.app", text}, {"releases/1/r.rel", text}}));
    CHECK(fs::is_symlink(release.root / "lib"));
    CHECK(sys::read_file(elsewhere / "a-1/ebin/a.app") == text);
    CHECK(sys::read_file(elsewhere / "releases/1/r.rel") == text);
  }
  release.make(plan_of({{"b", ""}}));
  CHECK(tree(elsewhere) ==
        std::map<std::string, std::string>{{"others", "others'"}, {"releases", "/"}});
}

TEST_CASE("assemble: a release that is a link is followed, one that leads nowhere too") {
  Release release;
  const fs::path elsewhere = release.scratch.path / "elsewhere/r";
  sys::make_directories(release.dir);
  fs::create_directory_symlink("../elsewhere/r", release.root);
  for (const char* text : {"old", "new"}) {
    release.make(plan_of({{"a", text}}));
    CHECK(fs::is_symlink(release.root));
    CHECK(sys::read_file(elsewhere / "a") == text);
  }
}

TEST_CASE("assemble: a link to where an application is copied from gives way") {
  Release release;
  const fs::path source = release.scratch.path / "apps/a";
  sys::make_directories(source / "ebin");
  sys::write_file(source / "ebin/a.app", "source");
  sys::make_directories(release.root / "lib");
  fs::create_directory_symlink(source, release.root / "lib/a-1");
  Plan plan;
  plan.add("lib/a-1/ebin/a.app", {Kind::Copy, source / "ebin/a.app", {}, {}});
  plan.add("lib/a-1/ebin/b.app", content("ours"));
  release.make(plan);
  CHECK_FALSE(fs::is_symlink(release.root / "lib/a-1"));
  CHECK_FALSE(fs::exists(source / "ebin/b.app"));
  CHECK(sys::read_file(source / "ebin/a.app") == "source");
}

TEST_CASE("assemble: what is in the way and not ours is named, and nothing is touched") {
  Release release;
  release.make(plan_of({{"lib/a-1/ebin/a.app", "x"}, {"z", "old"}}));
  sys::write_file(release.root / "lib/a-1/erl_crash.dump", "others'");
  Plan plan = plan_of({{"z", "new"}});
  plan.add("lib/a-1", {Kind::Link, release.scratch.path, {}, {}});
  const auto before = tree(release.root);
  CHECK_THROWS_WITH(release.make(plan),
                    (release.root / "lib/a-1/erl_crash.dump").native() +
                        ": error: is in the way, and relmk did not make it\nhint: move it away: " +
                        (release.root / "lib/a-1").native() + " is to be a link");
  CHECK(tree(release.root) == before);
  // What is behind the link as well is not lost.
  sys::write_file(release.scratch.path / "erl_crash.dump", "others'");
  release.make(plan);
  CHECK(fs::is_symlink(release.root / "lib/a-1"));

  sys::write_file(release.root / "lib/b-1", "others'");
  CHECK_THROWS_WITH(
      release.make(plan_of({{"lib/b-1/ebin/b.app", ""}})),
      (release.root / "lib/b-1").native() + ": error: is in the way: not a directory");
}

TEST_CASE("assemble: a stale file that others have changed since stays") {
  Release release;
  release.make(plan_of({{"etc/a", "ours"}, {"etc/b", "ours"}, {"c", ""}}));
  sys::write_file(release.root / "etc/a", "others'");
  release.make(plan_of({{"c", ""}}));
  CHECK(release.text("etc/a") == "others'");
  CHECK_FALSE(fs::exists(release.root / "etc/b"));
}

TEST_CASE("assemble: a source of the same size and time but with other content is noticed") {
  Release release;
  const fs::path source = release.scratch.path / "source";
  const timespec times[2] = {{1000, 0}, {1000, 0}};
  Plan plan;
  plan.add("a", {Kind::Copy, source, {}, {}});
  for (const char* text : {"old", "new"}) {
    sys::write_file(source, text);
    ::utimensat(AT_FDCWD, source.c_str(), times, 0);
    release.make(plan);
    CHECK(release.text("a") == text);
  }
  // The same bytes in another file are no change.
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  sys::write_file(source, "new");
  ::utimensat(AT_FDCWD, source.c_str(), times, 0);
  const ino_t before = inode(release.root / "a");
  CHECK_FALSE(release.make(plan).changed);
  CHECK(inode(release.root / "a") == before);
}

TEST_CASE(
    "assemble: a file in the release of the same size and time but other content is noticed") {
  Release release;
  const Plan plan = plan_of({{"a", "good"}});
  release.make(plan);
  struct stat status {};
  ::stat((release.root / "a").c_str(), &status);
  sys::write_file(release.root / "a", "evil");
  const timespec times[2] = {status.st_atim, status.st_mtim};
  ::utimensat(AT_FDCWD, (release.root / "a").c_str(), times, 0);
  CHECK(release.make(plan).changed);
  CHECK(release.text("a") == "good");
}

TEST_CASE("assemble: a release that was copied with its times is taken as it is") {
  Release release;
  const Plan plan = plan_of({{"a", "x"}, {"d/b", "y"}});
  release.make(plan);
  REQUIRE(std::system(
              ("cd '" + release.scratch.path.native() + "' && mv _rel moved && cp -a moved _rel")
                  .c_str()) == 0);
  const ino_t before = inode(release.root / "a");
  CHECK_FALSE(release.make(plan).changed);
  CHECK(inode(release.root / "a") == before);
}

TEST_CASE("assemble: releases whose names and versions run together have a manifest each") {
  Scratch scratch;
  const Plan plan = plan_of({{"x", ""}});
  const AssemblyRequest first{scratch.path, "a", "b-1"};
  const AssemblyRequest second{scratch.path, "a-b", "1"};
  CHECK(assemble(plan, first).changed);
  CHECK(assemble(plan, second).changed);
  CHECK_FALSE(assemble(plan, first).changed);
  CHECK_FALSE(assemble(plan, second).changed);
}

TEST_CASE("assemble: a name that no file can have is refused before anything is made") {
  Scratch scratch;
  const std::string name(240, 'n');
  CHECK_THROWS_AS(assemble(plan_of({{"x", ""}}), {scratch.path, name, "1.0.0-12345"}), Error);
  CHECK_THROWS_AS(assemble(plan_of({{"d/" + std::string(256, 'x'), ""}}), {scratch.path, "r", "1"}),
                  Error);
  CHECK(fs::is_empty(scratch.path));
}

TEST_CASE("assemble: an old manifest of another relmk tells what is ours, not what is unchanged") {
  Release release;
  release.make(plan_of({{"a", "x"}, {"gone", "y"}}));
  const fs::path manifest = release.dir / ".relmk/r/1.manifest";
  std::string text = sys::read_file(manifest);
  text.replace(0, text.find('\n'), "relmk manifest 2 0.0.0");
  sys::write_file(manifest, text);
  release.make(plan_of({{"a", "x"}}));
  CHECK_FALSE(fs::exists(release.root / "gone"));
}

TEST_CASE("assemble: a directory gives way to a link, and the other way round") {
  Release release;
  release.make(plan_of({{"lib/a-1/ebin/a.app", "x"}}));
  Plan links;
  links.add("lib/a-1", {Kind::Link, release.scratch.path, {}, {}});
  release.make(links);
  CHECK(fs::is_symlink(release.root / "lib/a-1"));
  release.make(plan_of({{"lib/a-1/ebin/a.app", "x"}}));
  CHECK(release.text("lib/a-1/ebin/a.app") == "x");
}

TEST_CASE("assemble: names with spaces, quotes, tabs and newlines") {
  Release release;
  const Plan plan = plan_of({{"a b\t'\"$x\n/c", "x"}});
  release.make(plan);
  CHECK(release.text("a b\t'\"$x\n/c") == "x");
  CHECK_FALSE(release.make(plan).changed);
}

}  // namespace plan_assemble_test
