// Work that is killed at any system call.
#pragma once

#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <functional>

namespace relmk {

enum class Killed { Yes, NotYet, Impossible };

// Runs `work` in a child process, with all its threads, and kills that (SIGKILL) when it enters its
// system call `number`, counted from 0. NotYet: it ended by itself before. Impossible: no process
// may trace another one here.
inline Killed kill_at_call(long number, const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(99);
    ::raise(SIGSTOP);
    work();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFEXITED(status)) return Killed::Impossible;
  ::ptrace(PTRACE_SETOPTIONS, child, nullptr,
           PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL);
  ::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
  long stops = 0;  // two for each call: when it is entered, and when it is done
  bool killed = false;
  while (true) {
    const pid_t stopped = ::waitpid(-1, &status, __WALL);
    if (stopped < 0 && errno == ECHILD) break;
    if (stopped < 0 || WIFEXITED(status) || WIFSIGNALED(status)) continue;
    if (killed) continue;
    const bool at_call = WSTOPSIG(status) == (SIGTRAP | 0x80);
    if (at_call && stops++ / 2 >= number) {
      ::kill(child, SIGKILL);
      killed = true;
      continue;
    }
    const bool is_own_stop = WSTOPSIG(status) == SIGSTOP || WSTOPSIG(status) == SIGTRAP;
    const int signal = at_call || is_own_stop ? 0 : WSTOPSIG(status);
    ::ptrace(PTRACE_SYSCALL, stopped, nullptr, signal);
  }
  return killed ? Killed::Yes : Killed::NotYet;
}

}  // namespace relmk
