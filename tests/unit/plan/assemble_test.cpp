#include "plan/assemble.h"

#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "catch.h"
#include "child_process.h"
#include "scratch.h"
#include "sys/error.h"

using namespace relmk;
using namespace relmk::plan;

namespace {

using Kind = PlannedFile::Kind;

PlannedFile content(const std::string& text) {
  return {Kind::Content, {}, text, {}};
}

Plan plan_of(const std::map<std::string, std::string>& files) {
  Plan plan;
  for (const auto& [path, text] : files)
    plan.add(path, content(text));
  return plan;
}

struct Release {
  Scratch scratch;
  fs::path dir = scratch.path / "_rel";
  fs::path root = dir / "r";

  Assembly make(const Plan& plan, const std::string& version = "1") {
    return assemble(plan, {dir, "r", version});
  }
  std::string text(const std::string& path) const { return sys::read_file(root / path); }
};

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

TEST_CASE("assemble: nothing strange stays in the directory of a planned application") {
  Release release;
  release.make(plan_of({{"lib/a-1/ebin/a.app", ""}}));
  sys::write_file(release.root / "lib/a-1/ebin/stale.beam", "");
  sys::make_directories(release.root / "lib/a-1/src");
  release.make(plan_of({{"lib/a-1/ebin/a.app", "new"}}));
  CHECK_FALSE(fs::exists(release.root / "lib/a-1/ebin/stale.beam"));
  CHECK_FALSE(fs::exists(release.root / "lib/a-1/src"));
}

TEST_CASE("assemble: a failure leaves the last release as it was, and nothing beside it") {
  Release release;
  release.make(plan_of({{"a", "x"}}));
  Plan plan = plan_of({{"a", "y"}});
  sys::write_file(release.scratch.path / "source", "z");
  plan.add("b", {Kind::Copy, release.scratch.path / "source", {}, {}});
  fs::remove(release.scratch.path / "source");
  CHECK_THROWS_AS(release.make(plan), Error);
  CHECK(release.text("a") == "x");
  CHECK_FALSE(fs::exists(release.dir / ".relmk/r.new"));
}

TEST_CASE("assemble: a signal ends it with the last release as it was, and nothing beside it") {
  Release release;
  release.make(plan_of({{"a", "x"}}));
  Plan plan;
  for (int i = 0; i < 20000; ++i)
    plan.add("d/" + std::to_string(i), content("y"));
  const fs::path staged = release.dir / ".relmk/r.new";
  const int status = status_of_process([&] {
    std::thread user([&] {
      while (!fs::exists(staged / "d"))
        std::this_thread::yield();
      ::kill(::getpid(), SIGTERM);
    });
    release.make(plan);
  });
  CHECK(was_ended_by(status, SIGTERM));
  CHECK(release.text("a") == "x");
  CHECK_FALSE(fs::exists(release.root / "d"));
  CHECK_FALSE(fs::exists(staged));
}

TEST_CASE("assemble: an old release that a swap in steps has left aside is put back") {
  Release release;
  release.make(plan_of({{"a", "x"}}));
  sys::write_file(release.root / "log", "kept");
  fs::rename(release.root, release.dir / ".relmk/r.new.old");
  release.make(plan_of({{"a", "y"}}));
  CHECK(release.text("a") == "y");
  CHECK(release.text("log") == "kept");
  fs::create_directories(release.dir / ".relmk/r.new.old/x");
  release.make(plan_of({{"a", "z"}}));
  CHECK(release.text("log") == "kept");
  CHECK_FALSE(fs::exists(release.dir / ".relmk/r.new.old"));
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
