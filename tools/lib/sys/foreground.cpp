// By posix_spawn(), and not by Boost.Process as subprocess.cpp: of programs that run another one
// nodetool needs this alone, and Boost.Process would bring libstdc++'s locales into it.
#include "sys/foreground.h"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "sys/error.h"

namespace relmk::sys {
namespace {

// The signals that are the program's while it lives.
class ForwardedSignals {
 public:
  ForwardedSignals() {
    sigemptyset(&signals_);
    for (const int number : {SIGCHLD, SIGTERM, SIGHUP, SIGINT, SIGQUIT})
      sigaddset(&signals_, number);
    sigprocmask(SIG_BLOCK, &signals_, &before_);
  }
  ~ForwardedSignals() { sigprocmask(SIG_SETMASK, &before_, nullptr); }
  ForwardedSignals(const ForwardedSignals&) = delete;
  ForwardedSignals& operator=(const ForwardedSignals&) = delete;

  const sigset_t& before() const { return before_; }
  // Waits until the process has ended. Returns its status, as waitpid() gives it.
  int wait(pid_t pid) const {
    int status = 0;
    while (true) {
      const pid_t ended = ::waitpid(pid, &status, WNOHANG);
      if (ended == pid || (ended < 0 && errno != EINTR)) return status;
      const int number = ::sigwaitinfo(&signals_, nullptr);
      if (number == SIGTERM || number == SIGHUP) ::kill(pid, number);
    }
  }

 private:
  sigset_t signals_{};
  sigset_t before_{};
};

// The modes of the terminal at standard input, which come back.
class TerminalModes {
 public:
  TerminalModes() : is_terminal_(::tcgetattr(STDIN_FILENO, &saved_) == 0) {}
  ~TerminalModes() {
    if (is_terminal_) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &saved_);
  }
  TerminalModes(const TerminalModes&) = delete;
  TerminalModes& operator=(const TerminalModes&) = delete;

 private:
  termios saved_{};
  bool is_terminal_;
};

std::string program_file(const std::string& name, const Environment& environment) {
  if (name.find('/') != std::string::npos) return name;
  const auto found = find_in_path(name, environment);
  if (!found) throw Error("cannot run " + name + ": not found in PATH");
  return found->string();
}

// As exec() takes them. What they point to is `texts`.
std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts)
    all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

// Its signals' mask is `mask`. Returns its process.
pid_t start(std::vector<std::string> argv, const Environment& environment, const sigset_t& mask) {
  const std::string program = program_file(argv.front(), environment);
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment)
    variables.push_back(name + "=" + value);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  ::posix_spawnattr_setsigmask(&attributes, &mask);
  pid_t pid = 0;
  const int error = ::posix_spawn(&pid, program.c_str(), nullptr, &attributes,
                                  pointers(argv).data(), pointers(variables).data());
  ::posix_spawnattr_destroy(&attributes);
  if (error != 0) throw Error("cannot run " + program + ": " + std::strerror(error));
  return pid;
}

}  // namespace

int run_in_foreground(const std::vector<std::string>& argv, const Environment& environment) {
  const TerminalModes modes;
  const ForwardedSignals signals;
  const int status = signals.wait(start(argv, environment, signals.before()));
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace relmk::sys
