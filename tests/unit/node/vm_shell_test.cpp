#include "node/commands/vm_shell.h"

#include "answering_node.h"
#include "catch.h"
#include "scratch.h"
#include "sys/files.h"

namespace node_vm_shell_test {

using namespace relmk;
using namespace relmk::node;

namespace {

// Runs this shell script in place of erl; what it writes to $OUT.
std::string ran(const std::string& shell, int& code) {
  const Scratch scratch;
  sys::write_file(scratch.path / "erlexec", "#!/bin/sh\n" + shell, 0755);
  sys::make_directories(scratch.path / "home");
  sys::write_file(scratch.path / "home/.erlang", "");
  AnsweringNode node;
  Target target =
      node.target([](const std::string&, const Terms&) -> std::optional<Term> { return Term(7); });
  target.vm_flags = {"-proto_dist", "inet_tcp"};
  const fs::path out = scratch.path / "out";
  const sys::Environment environment = {{"BINDIR", scratch.path.string()},
                                        {"HOME", (scratch.path / "home").string()},
                                        {"PATH", "/usr/bin:/bin"},
                                        {"OUT", out.string()}};
  code = run_vm_shell(target, kPatience, environment);
  return fs::exists(out) ? sys::read_file(out) : "";
}

}  // namespace

TEST_CASE("vm shell: the arguments tell the node, and not the cookie") {
  int code = -1;
  const std::string arguments = ran("echo \"$*\" >\"$OUT\"; exit 3\n", code);
  CHECK(code == 3);
  CHECK(arguments.starts_with(
      "-name undefined@127.0.0.1 -remsh fake@127.0.0.1 -hidden -dist_listen false "
      "-kernel net_ticktime 7 -proto_dist inet_tcp -env HOME "));
  CHECK(arguments.find("secret") == std::string::npos);
}

TEST_CASE("vm shell: the cookie lies in a home of its own, with what OTP looks for in one") {
  int code = -1;
  CHECK(ran("cat \"$HOME/.erlang.cookie\" >\"$OUT\"; test -e \"$HOME/.erlang\"\n", code) ==
        "secret");
  CHECK(code == 0);
  const std::string home = ran("printf %s \"$HOME\" >\"$OUT\"\n", code);
  REQUIRE(home.starts_with("/"));
  CHECK_FALSE(fs::exists(home));
}

}  // namespace node_vm_shell_test
