// Work that ends its process, or may: done in a process of its own.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "sys/error.h"

namespace relmk {

// What waitpid says of a process that does `work`. It exits with 7 if that returns or throws Error.
// Catch's handlers of signals aren't its.
template <typename Work>
int status_of_process(Work work) {
  std::fflush(stdout);  // lest the process prints it, too
  const pid_t pid = ::fork();
  if (pid == 0) {
    for (const int signal : {SIGINT, SIGTERM, SIGABRT})
      std::signal(signal, SIG_DFL);
    try {
      work();
    } catch (const Error&) {
    }
    ::_exit(7);
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  return status;
}

inline bool was_ended_by(int status, int signal) {
  return WIFSIGNALED(status) && WTERMSIG(status) == signal;
}

}  // namespace relmk
