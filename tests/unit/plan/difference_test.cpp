#include "plan/difference.h"

#include <linux/mount.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../child_process.h"
#include "catch.h"
#include "plan/planned_file.h"
#include "scratch.h"
#include "skip.h"
#include "sys/error.h"

namespace plan_difference_test {

using namespace relmk;
using namespace relmk::plan;
using Kind = PlannedFile::Kind;

namespace {

PlannedFile content(const std::string& text) {
  return {Kind::Content, {}, text, {}};
}

// A release's directory, and what must be done so that it holds a plan.
struct Release {
  Scratch scratch;
  fs::path root = scratch.path / "r";
  fs::path area = scratch.path / "area";
  std::optional<Manifest> last;
  std::vector<Manifest> others;
  size_t kept = 0;

  Release() { sys::make_directories(root); }

  // What is to be made, as `path` or `path!` where a file stands there, and new directories as
  // `path/`, by their places in the area. Makes and carries out all of it if `carry_out`.
  std::string difference(const Plan& plan, bool carry_out = false) {
    sys::Exchange exchange(root, "");
    Manifest wanted = Manifest::of_plan(plan);
    wanted.look_at_sources();
    const Difference difference(
        plan, wanted, {root, area, last ? &*last : nullptr, false, [this] { return others; }},
        exchange);
    kept = difference.kept();
    std::string out;
    for (const auto& [path, mode] : difference.directories()) {
      out += path.filename().string() + "/ ";
      if (carry_out) sys::make_directories(path);
    }
    for (const FileToMake& file : difference.files()) {
      const ManifestEntry& entry = wanted.entries()[file.entry];
      out += entry.path + (file.replaces ? "! " : " ");
      if (carry_out) make_planned_file(*plan.find(entry.path), file.at);
    }
    if (exchange.empty()) out += "nothing";
    if (carry_out) {
      exchange.carry_out();
      for (ManifestEntry& entry : wanted.entries())
        entry.target = FileStamp::at(root / entry.path);
      last = wanted;
    }
    return out;
  }
};

// Of a link nothing but what it says counts.
Plan links_of(const std::map<std::string, std::string>& links) {
  Plan plan;
  for (const auto& [path, target] : links)
    plan.add(path, {Kind::Link, target, {}, {}});
  return plan;
}

Plan plan_of(const std::map<std::string, std::string>& files) {
  Plan plan;
  for (const auto& [path, text] : files)
    plan.add(path, content(text));
  return plan;
}

}  // namespace

TEST_CASE("difference: into an empty directory goes everything") {
  Release release;
  CHECK(release.difference(plan_of({{"a", "1"}, {"d/b", "2"}})).ends_with("a d/b "));
  CHECK(fs::is_empty(release.root));
  release.difference(plan_of({{"a", "1"}, {"d/b", "2"}}), true);
  CHECK(sys::read_file(release.root / "d/b") == "2");
}

TEST_CASE("difference: what is as it is to be stays") {
  Release release;
  const Plan plan = links_of({{"a", "1"}, {"d/b", "2"}});
  release.difference(plan, true);
  CHECK(release.difference(plan) == "nothing");
  CHECK(release.kept == 2);
  CHECK(release.difference(links_of({{"a", "1"}, {"d/b", "3"}})) == "d/b! ");
  CHECK(release.kept == 1);
}

TEST_CASE("difference: generated content that is there is not made anew") {
  Release release;
  release.difference(plan_of({{"a", "1"}, {"d/b", "2"}}), true);
  CHECK(release.difference(plan_of({{"a", "1"}, {"d/b", "2"}})) == "nothing");
  CHECK(release.kept == 2);
  CHECK(release.difference(plan_of({{"a", "1"}, {"d/b", "3"}})) == "d/b! ");
}

TEST_CASE("difference: a file that was changed since is made anew") {
  Release release;
  const Plan plan = plan_of({{"a", "1"}});
  release.difference(plan, true);
  sys::write_file(release.root / "a", "changed");
  CHECK(release.difference(plan) == "a! ");
}

TEST_CASE("difference: what the plan no longer has goes, unless another version has it") {
  Release release;
  release.difference(links_of({{"a", "1"}, {"b", "2"}}), true);
  release.others = {*release.last};
  CHECK(release.difference(links_of({{"a", "1"}})) == "nothing");
  release.others.clear();
  release.difference(links_of({{"a", "1"}}), true);
  CHECK_FALSE(fs::is_symlink(release.root / "b"));
}

TEST_CASE("difference: what relmk did not make is left alone, and told where it is in the way") {
  Release release;
  sys::make_directories(release.root / "a");
  sys::write_file(release.root / "a/mine", "x");
  CHECK_THROWS_WITH(release.difference(plan_of({{"a", "1"}})),
                    Catch::Matchers::StartsWith(
                        (release.root / "a/mine").string() +
                        ": error: is in the way, and relmk did not make it\nhint: move it away"));
  sys::write_file(release.root / "file", "x");
  CHECK_THROWS_WITH(release.difference(plan_of({{"file/b", "1"}})),
                    (release.root / "file").string() + ": error: is in the way: not a directory");
  fs::create_symlink("nowhere", release.root / "link");
  CHECK_THROWS_WITH(
      release.difference(plan_of({{"link/b", "1"}})),
      (release.root / "link").string() + ": error: is in the way: a link that leads nowhere");
}

TEST_CASE("difference: a directory that a link stands for is used as it is") {
  Release release;
  sys::make_directories(release.scratch.path / "volume");
  fs::create_directory_symlink(release.scratch.path / "volume", release.root / "log");
  release.difference(plan_of({{"log/a", "1"}}), true);
  CHECK(fs::is_symlink(release.root / "log"));
  CHECK(sys::read_file(release.scratch.path / "volume/a") == "1");
}

// The process's own view of the file system ends with it.
TEST_CASE("difference: a directory that the plan no longer has stays where it is a volume by now") {
  Release release;
  const int status = status_of_process([&] {
    constexpr int kNoVolumes = 2;
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::syscall(SYS_mount, "none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
      ::_exit(kNoVolumes);
    Plan plan = plan_of({{"a", "1"}});
    plan.add("d/volume", {Kind::Directory, {}, {}, {}});
    release.difference(plan, true);
    const std::string volume = (release.root / "d/volume").string();
    if (::syscall(SYS_mount, "none", volume.c_str(), "tmpfs", 0, nullptr) != 0) ::_exit(kNoVolumes);
    Plan without = plan_of({{"a", "1"}});
    without.add("d", {Kind::Directory, {}, {}, {}});
    const bool stays = release.difference(without) == "nothing";
    ::syscall(SYS_umount2, volume.c_str(), 0);
    const bool goes = release.difference(without) != "nothing";
    ::_exit(stays && goes ? 0 : 1);
  });
  REQUIRE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 2) return skip("volumes need root and mount namespaces");
  CHECK(WEXITSTATUS(status) == 0);
}

}  // namespace plan_difference_test
