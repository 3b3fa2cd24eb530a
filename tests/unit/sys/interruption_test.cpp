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

}  // namespace sys_interruption_test
