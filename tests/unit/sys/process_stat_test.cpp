#include "sys/process_stat.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "catch.h"

namespace sys_process_stat_test {

using namespace relmk;

TEST_CASE("process stat: of this process, the same each time") {
  const auto stat = sys::read_process_stat(::getpid());
  REQUIRE(stat);
  CHECK(stat->state == 'R');
  CHECK(!stat->begun.empty());
  CHECK(stat->begun.find_first_not_of("0123456789") == std::string::npos);
  CHECK(sys::read_process_stat(::getpid())->begun == stat->begun);
}

TEST_CASE("process stat: absent where there is no process, or only its exit code is left") {
  CHECK(!sys::read_process_stat(1 << 22));
  const pid_t child = ::fork();
  if (child == 0) {
    ::raise(SIGSTOP);
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, WUNTRACED) == child);
  REQUIRE(sys::read_process_stat(child));
  CHECK(sys::read_process_stat(child)->state == 'T');
  ::kill(child, SIGKILL);
  siginfo_t ended;
  REQUIRE(::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT) == 0);
  CHECK(!sys::read_process_stat(child));
  ::waitpid(child, &status, 0);
  CHECK(!sys::read_process_stat(child));
}

TEST_CASE("process stat: absent, and no error, where a process ends while it is read") {
  for (int i = 0; i < 200; ++i) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    std::thread reaper([&] { ::waitpid(child, nullptr, 0); });
    while (::kill(child, 0) == 0)
      CHECK_NOTHROW(sys::read_process_stat(child));
    reaper.join();
  }
}

}  // namespace sys_process_stat_test
