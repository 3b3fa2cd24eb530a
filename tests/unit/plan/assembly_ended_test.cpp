// plan/assemble.h: what an assembly leaves that ends in the middle.
#include <unistd.h>

#include <csignal>
#include <set>
#include <thread>

#include "assembled.h"
#include "catch.h"
#include "child_process.h"
#include "killed_process.h"
#include "skip.h"
#include "sys/error.h"
#include "sys/exchange.h"

namespace plan_assembly_ended_test {

using namespace relmk;
using namespace relmk::plan;
using Kind = PlannedFile::Kind;

namespace {

Plan plan(const std::string& text) {
  Plan made = plan_of({{"lib/a-" + text + "/ebin/a.app", text},
                       {"lib/b-1/ebin/b.app", text},
                       {"lib/b-1/priv/" + text, text},
                       {"releases/1/r.rel", text},
                       {"same", "same"}});
  made.add("link", {Kind::Link, text, {}, {}});
  return made;
}

// The release of plan("old"), with a file of others.
void make_old(Release& release) {
  sys::remove_tree(release.dir);
  release.make(plan("old"));
  sys::make_directories(release.root / "log");
  sys::write_file(release.root / "log/others", "others'");
}

}  // namespace

TEST_CASE("assemble: killed at any system call, the release is the old or the new one") {
  Release release;
  const auto reset = [&] { make_old(release); };
  reset();
  const auto before = tree(release.root);
  release.make(plan("new"));
  const auto after = tree(release.root);
  reset();
  long call = 0;
  std::set<bool> seen;
  for (Killed killed = Killed::Yes; killed == Killed::Yes; ++call) {
    killed = kill_at_call(call, [&] { release.make(plan("new")); });
    if (killed == Killed::Impossible) return skip("no process may trace another one here");
    sys::finish_exchange(release.root);
    const auto now = tree(release.root);
    INFO("call " << call);
    CHECK((now == before || now == after));
    seen.insert(now == after);
    if (now != after) continue;
    release.make(plan("new"));
    CHECK(tree(release.root) == after);
    reset();
  }
  CHECK(seen == std::set{false, true});
  release.make(plan("new"));
  CHECK(tree(release.root) == after);
  CHECK_FALSE(fs::exists(release.dir / ".relmk/r/new"));
  for (const auto& entry : fs::recursive_directory_iterator(release.dir)) {
    CAPTURE(entry.path());
    CHECK(entry.path().filename().string().find('~') == std::string::npos);
  }
}

TEST_CASE("assemble: killed at any system call, the next assembly makes what it is to make") {
  Release release;
  for (const std::string text : {"old", "other"}) {
    make_old(release);
    release.make(plan(text));
    const auto expected = tree(release.root);
    long call = 0;
    for (Killed killed = Killed::Yes; killed == Killed::Yes; ++call) {
      make_old(release);
      killed = kill_at_call(call, [&] { release.make(plan("new")); });
      if (killed == Killed::Impossible) return skip("no process may trace another one here");
      INFO("call " << call);
      REQUIRE_NOTHROW(release.make(plan(text)));
      CHECK(tree(release.root) == expected);
    }
  }
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
  CHECK_FALSE(fs::exists(release.dir / ".relmk/r/new"));
}

TEST_CASE("assemble: a signal ends it with the last release as it was, and nothing beside it") {
  Release release;
  release.make(plan_of({{"a", "x"}}));
  Plan plan;
  for (int i = 0; i < 20000; ++i)
    plan.add("d/" + std::to_string(i), content("y"));
  const fs::path staged = release.dir / ".relmk/r/new";
  const int status = status_of_process([&] {
    std::thread user([&] {
      while (!fs::exists(staged))
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

}  // namespace plan_assembly_ended_test
