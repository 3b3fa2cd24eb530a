#include "enit/update_plan.h"

#include "catch.h"
#include "host.h"

namespace enit_update_plan_test {

using namespace relmk;
using namespace relmk::enit;
using Catch::Matchers::ContainsSubstring;

namespace {

// A node that runs version 1 of `a` and `b`, with version 2 of `a` beside it.
struct Running {
  Running() {
    host.lay_plain("a", "1");
    host.lay_plain("b", "1", {"a"});
    const Release release = host.release("b", "");
    applied = InstalledHost::applied(release, host.applications(release));
    host.lay_plain("a", "2");
  }
  void appup(const std::string& version, const std::string& text) const {
    sys::write_file(host.otp.lib / ("a-" + version) / "ebin/a.appup", text);
  }
  UpdatePlan plan(const std::string& applications = "b") const {
    return update_plan(applied, host.applications(host.release(applications, "")));
  }
  InstalledHost host;
  Applied applied;
};

const char* const kUp = "{\"2\", [{\"1\", [{load_module, a_module}]}], [{\"1\", []}]}.\n";

}  // namespace

TEST_CASE("enit update plan: what is the same is left alone") {
  const Running node;
  fs::remove_all(node.host.otp.lib / "a-2");
  CHECK(node.plan().is_empty());
}

TEST_CASE("enit update plan: the appup of the higher version says what is done") {
  const Running node;
  node.appup("2", kUp);
  const UpdatePlan plan = node.plan();
  REQUIRE(plan.updates.size() == 1);
  CHECK_FALSE(plan.updates[0].downwards);
  CHECK_FALSE(plan.instructions.empty());
  CHECK(update_text(plan) == "a 1 -> 2 (its appup)\n  load_module a_module\n");
}

TEST_CASE("enit update plan: an application that is new, and one that is gone") {
  const Running node;
  node.host.lay_plain("c", "1");
  CHECK(update_text(node.plan("c")).find("c 1 is added\n") != std::string::npos);
  CHECK(update_text(node.plan("c")).find("b 1 is removed\n") != std::string::npos);
}

TEST_CASE("enit update plan: an appup that restarts the emulator is refused, with the versions") {
  const Running node;
  node.appup("2", "{\"2\", [{\"1\", [restart_emulator]}], [{\"1\", []}]}.\n");
  CHECK_THROWS_WITH(node.plan(), ContainsSubstring("update: needs a restart: a 1 -> 2"));
}

TEST_CASE("enit update plan: an application that runs, but whose files are gone") {
  const Running node;
  node.appup("2", kUp);
  fs::remove_all(node.host.otp.lib / "a-1");
  CHECK_THROWS_WITH(node.plan(), ContainsSubstring("the files of a 1, which runs, are gone"));
}

}  // namespace enit_update_plan_test
