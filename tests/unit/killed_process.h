// Work that is killed at any system call that changes files.
#pragma once

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <functional>
#include <vector>

namespace relmk {

enum class Killed { Yes, NotYet, Impossible };

// Stops this process, which is traced, when it enters a call that can change what files hold, which
// there are, or what is safe on the disk. Between two such calls it is the same when it is killed.
inline bool stop_at_changing_calls() {
  const std::vector<unsigned> changing = {
#ifdef SYS_rename
      SYS_rename,          SYS_link,      SYS_unlink,    SYS_symlink,
      SYS_mkdir,           SYS_rmdir,     SYS_chmod,     SYS_creat,
#endif
      SYS_renameat2,       SYS_linkat,    SYS_unlinkat,  SYS_symlinkat,
      SYS_mkdirat,         SYS_fchmodat,  SYS_fchmod,    SYS_mknodat,
      SYS_utimensat,       SYS_fallocate, SYS_ftruncate, SYS_truncate,
      SYS_write,           SYS_writev,    SYS_pwrite64,  SYS_sendfile,
      SYS_copy_file_range, SYS_ioctl,     SYS_fsync,     SYS_fdatasync,
      SYS_syncfs,          SYS_setxattr,  SYS_fsetxattr, SYS_exit_group};
  constexpr unsigned kNumber = offsetof(seccomp_data, nr);
  constexpr unsigned kFlags = offsetof(seccomp_data, args) + 2 * sizeof(__u64);
  std::vector<sock_filter> program = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kNumber)};
  for (const unsigned call : changing) {
    program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1));
    program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE));
  }
  // Opening a file changes something where it makes or empties one.
  program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 3));
  program.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kFlags));
  program.push_back(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_CREAT | O_TRUNC, 0, 1));
  program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE));
  program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

// Runs `work` in a child process, with all its threads, and kills that (SIGKILL) when it enters its
// system call `number` of those that change files, counted from 0. NotYet: it ended by itself
// before. Impossible: no process may trace another one here.
inline Killed kill_at_call(long number, const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(99);
    ::raise(SIGSTOP);
    if (!stop_at_changing_calls()) ::_exit(99);
    work();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFEXITED(status)) return Killed::Impossible;
  ::ptrace(PTRACE_SETOPTIONS, child, nullptr,
           PTRACE_O_TRACESECCOMP | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL);
  ::ptrace(PTRACE_CONT, child, nullptr, nullptr);
  long calls = 0;
  bool killed = false;
  bool filtered = true;
  while (true) {
    const pid_t stopped = ::waitpid(-1, &status, __WALL);
    if (stopped < 0 && errno == ECHILD) break;
    if (stopped == child && WIFEXITED(status)) filtered = WEXITSTATUS(status) != 99;
    if (stopped < 0 || WIFEXITED(status) || WIFSIGNALED(status) || killed) continue;
    const bool at_call = status >> 8 == (SIGTRAP | (PTRACE_EVENT_SECCOMP << 8));
    if (at_call && calls++ >= number) {
      ::kill(child, SIGKILL);
      killed = true;
      continue;
    }
    const bool is_own_stop = WSTOPSIG(status) == SIGSTOP || WSTOPSIG(status) == SIGTRAP;
    ::ptrace(PTRACE_CONT, stopped, nullptr, is_own_stop ? 0 : WSTOPSIG(status));
  }
  if (!filtered) return Killed::Impossible;
  return killed ? Killed::Yes : Killed::NotYet;
}

}  // namespace relmk
