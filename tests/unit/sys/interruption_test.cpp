#include "sys/interruption.h"

#include "catch.h"
#include "child_process.h"
#include "redirected.h"
#include "scratch.h"

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

TEST_CASE("interruption: what is to be said before the end is said where a signal has come") {
  const Scratch scratch;
  const auto said = [&](int signal) {
    const fs::path file = scratch.path / std::to_string(signal);
    const int status = status_of_process([&] {
      const Redirected err(STDERR_FILENO, file, O_WRONLY | O_CREAT);
      Interruption interruption;
      if (signal != 0) std::raise(signal);
      interruption.say_before_end("gone back");
    });
    CHECK((signal == 0 || was_ended_by(status, signal)));
    return read_file(file);
  };
  CHECK(said(SIGTERM) == "gone back\n");
  CHECK(said(0).empty());
}

}  // namespace sys_interruption_test
