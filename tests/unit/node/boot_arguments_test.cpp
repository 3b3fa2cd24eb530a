#include "node/upgrade/boot_arguments.h"

#include "answering_node.h"
#include "catch.h"
#include "node/session/standard_session.h"
#include "release_root.h"

namespace node_boot_arguments_test {

using namespace relmk;
using namespace relmk::node;

namespace {

// What a node of the release in version 2 is asked for; os:getenv/1 returns the path of `copy`.
struct Fixture : ReleaseRoot {
  AnsweringNode node;
  std::vector<Term> calls;  // {Name, Arguments}
  std::string copy = (root / "copy").string();

  Fixture() { version("2"); }
  void set(const sys::Environment& environment = {}) {
    const Target target = node.target([this](const std::string& name, const Terms& arguments) {
      calls.push_back(Term::tuple({Term::atom(name), Term::list(arguments)}));
      return std::optional(name == "os:getenv" ? Term::string(copy) : Term::atom("ok"));
    });
    StandardSession session(target, kPatience);
    set_boot_arguments(session.rpc(), {root, "r", "2"}, environment);
  }
  Term path(const std::string& below) const { return Term::string((root / below).string()); }
  static Term call(const char* name, Terms arguments) {
    return Term::tuple({Term::atom(name), Term::list(std::move(arguments))});
  }
  bool has_call(const Term& wanted) const {
    return std::find(calls.begin(), calls.end(), wanted) != calls.end();
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "boot arguments: those of OTP's own start script are release_handler's") {
  set();
  CHECK_FALSE(
      has_call(call("init:make_permanent", {path("releases/2/start"), path("releases/2/sys")})));
  CHECK(calls.empty());
}

TEST_CASE_METHOD(Fixture, "boot arguments: the release's boot file and configuration") {
  put("releases/2/vm.args", "-sname r\n-setcookie c\n");
  put("releases/2/r.boot", "");
  put("releases/2/sys.config", "[].\n");
  set({{"HOME", root.string()}});
  CHECK(has_call(call("init:make_permanent", {path("releases/2/r"), path("releases/2/sys")})));
}

TEST_CASE_METHOD(Fixture, "boot arguments: a Mix release finds its version by its environment") {
  put("releases/2/elixir", "");
  put("releases/2/sys.config", "[].\n");
  set();
  CHECK(has_call(call("os:putenv", {Term::string("RELEASE_VSN"), Term::string("2")})));
  CHECK(has_call(call("os:putenv", {Term::string("RELEASE_SYS_CONFIG"), path("releases/2/sys")})));
  CHECK(has_call(call("init:make_permanent", {path("releases/2/start"), path("releases/2/sys")})));
}

TEST_CASE_METHOD(Fixture,
                 "boot arguments: one whose providers restart it, in this run's own copy") {
  put("releases/2/elixir", "");
  put("releases/2/sys.config", "%% RUNTIME_CONFIG=true\n[].\n");
  set();
  CHECK(has_call(
      call("file:write_file", {path("copy.config"), Term::binary(get("releases/2/sys.config"))})));
  CHECK(has_call(call("init:make_permanent", {path("releases/2/start"), path("copy")})));
}

}  // namespace node_boot_arguments_test
