#include "node/commands/os_process.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "answering_node.h"
#include "catch.h"
#include "sys/files.h"

namespace node_os_process_test {

using namespace relmk;
using namespace relmk::node;

namespace {

// As a node sees itself that runs as that process of this machine, or of another one.
OsProcess process_of(pid_t pid, bool here = true) {
  AnsweringNode node;
  const Target target =
      node.target([&](const std::string& name, const Terms&) -> std::optional<Term> {
        if (name == "os:getpid") return Term::string(std::to_string(pid));
        if (name == "file:read_link")
          return Term::tuple(
              {Term::atom("ok"), Term::string(fs::read_symlink("/proc/self/ns/pid").string())});
        return Term::tuple(
            {Term::atom("ok"),
             Term::binary(here ? sys::read_file("/proc/sys/kernel/random/boot_id") : "other\n")});
      });
  Connection connection(target.address, "secret", Deadline::after(kPatience));
  Rpc rpc(connection, kPatience);
  return OsProcess(rpc);
}

// A process that does nothing until it is ended.
struct Idle {
  pid_t pid = ::fork();
  Idle() {
    if (pid != 0) return;
    ::alarm(600);
    for (;;)
      ::pause();
  }
  ~Idle() { end(); }
  void end() {
    if (pid > 0) {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    }
    pid = -1;
  }
};

}  // namespace

TEST_CASE("os process: is seen as long as it runs") {
  Idle idle;
  const OsProcess process = process_of(idle.pid);
  CHECK(process.is_visible());
  CHECK(process.id() == idle.pid);
  CHECK_FALSE(process.is_gone());
  CHECK(process == process_of(idle.pid));
  idle.end();
  CHECK(process.is_gone());
  process.wait_until_reaped(std::chrono::seconds(30));
}

TEST_CASE("os process: one of which only the exit code is left is gone") {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::alarm(600);
    for (;;)
      ::pause();
  }
  const OsProcess process = process_of(pid);
  REQUIRE(process.is_visible());
  ::kill(pid, SIGKILL);
  siginfo_t info{};
  ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT);
  CHECK(process.is_gone());
  ::waitpid(pid, nullptr, 0);
}

TEST_CASE("os process: that of another machine cannot be seen") {
  CHECK_FALSE(process_of(::getpid(), false).is_visible());
}

}  // namespace node_os_process_test
