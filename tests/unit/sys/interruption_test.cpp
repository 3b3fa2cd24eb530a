#include "sys/interruption.h"

#include "catch.h"
#include "child_process.h"

namespace sys_interruption_test {

using namespace relmk;
using namespace relmk::sys;

TEST_CASE("interruption: a signal is noted, and ends the process when the work is given up") {
  const int status = status_of_process([] {
    const Interruption interruption;
    Interruption::check();
    std::raise(SIGTERM);
    Interruption::check();
    ::_exit(8);
  });
  CHECK(was_ended_by(status, SIGTERM));
}

TEST_CASE("interruption: a signal that is ignored stays ignored") {
  const int status = status_of_process([] {
    std::signal(SIGINT, SIG_IGN);
    const Interruption interruption;
    std::raise(SIGINT);
    Interruption::check();
  });
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 7));
}

TEST_CASE("interruption: one within another leaves the end of the process to that one") {
  const int status = status_of_process([] {
    const Interruption outer;
    {
      const Interruption inner;
      std::raise(SIGTERM);
    }
    if (Interruption::signal() != SIGTERM) ::_exit(8);
  });
  CHECK(was_ended_by(status, SIGTERM));
}

}  // namespace sys_interruption_test
