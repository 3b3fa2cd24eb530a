#include "node/commands/vm_shell.h"

#include <signal.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <vector>

#include "start/start_environment.h"
#include "sys/error.h"

namespace relmk::node {
namespace {

// A directory with the cookie, and links to the other files that OTP looks for in a home.
class CookieHome {
 public:
  explicit CookieHome(const std::string& cookie) {
    std::string name = (fs::temp_directory_path() / "nodetool.XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      throw sys::system_error(name, "cannot make a directory for the cookie", errno);
    }
    directory_ = name;
    sys::write_file(directory_ / ".erlang.cookie", cookie, 0400);
    const char* home = std::getenv("HOME");
    for (const char* file : {".erlang", ".erlang.crypt", ".hosts.erlang"}) {
      std::error_code error;
      if (home == nullptr || !fs::exists(fs::path(home) / file, error)) continue;
      fs::create_symlink(fs::path(home) / file, directory_ / file, error);
    }
  }
  ~CookieHome() {
    std::error_code error;
    fs::remove_all(directory_, error);
  }
  CookieHome(const CookieHome&) = delete;
  CookieHome& operator=(const CookieHome&) = delete;

  const fs::path& directory() const { return directory_; }

 private:
  fs::path directory_;
};

std::string erl_program() {
  const char* directory = std::getenv("BINDIR");
  if (directory == nullptr || *directory == '\0') return "erl";
  return (fs::path(directory) / "erlexec").string();
}

// As long as the VM runs, Ctrl-C at the terminal is its own, and it gets the signals that would end
// us: its home must not outlive it, nor it us.
class ForwardedSignals {
 public:
  ForwardedSignals() {
    sigemptyset(&signals_);
    for (const int number : {SIGCHLD, SIGTERM, SIGHUP, SIGINT, SIGQUIT})
      sigaddset(&signals_, number);
    sigprocmask(SIG_BLOCK, &signals_, &before_);
  }
  ~ForwardedSignals() { restore(); }
  ForwardedSignals(const ForwardedSignals&) = delete;
  ForwardedSignals& operator=(const ForwardedSignals&) = delete;

  void restore() const { sigprocmask(SIG_SETMASK, &before_, nullptr); }
  // The status of the process when it has ended.
  int wait(pid_t pid) const {
    int status = 0;
    while (::waitpid(pid, &status, WNOHANG) != pid) {
      const int number = ::sigwaitinfo(&signals_, nullptr);
      if (number == SIGTERM || number == SIGHUP) ::kill(pid, number);
    }
    return status;
  }

 private:
  sigset_t signals_{};
  sigset_t before_{};
};

int run_in_foreground(std::vector<std::string> words, const fs::path& home,
                      const start::Environment& changes) {
  std::vector<char*> arguments;
  for (std::string& word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const ForwardedSignals signals;
  termios terminal{};
  const bool is_terminal = ::tcgetattr(STDIN_FILENO, &terminal) == 0;
  const pid_t pid = ::fork();
  if (pid < 0) throw sys::system_error(words[0], "cannot be started", errno);
  if (pid == 0) {
    signals.restore();
    ::setenv("HOME", home.c_str(), 1);
    for (const auto& [variable, text] : changes)
      ::setenv(variable.c_str(), text.c_str(), 1);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  const int status = signals.wait(pid);
  // A VM that was killed leaves the terminal as it had it.
  if (is_terminal) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 127) throw Error(words[0], "cannot be started");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

int run_vm_shell(const Target& target, Rpc& rpc) {
  const Term ticktime = rpc.call("net_kernel", "get_net_ticktime", {});
  const start::NodeName& name = target.address.name;
  const bool is_long = name.host.find_first_of(".:") != std::string::npos;
  const CookieHome home(target.cookie.value);
  std::vector<std::string> words{erl_program(),
                                 is_long ? "-name" : "-sname",
                                 "undefined@" + name.host,
                                 "-remsh",
                                 name.text(),
                                 "-hidden",
                                 "-dist_listen",
                                 "false"};
  if (ticktime.is_small_integer()) {
    const std::string seconds = std::to_string(ticktime.as_integer());
    words.insert(words.end(), {"-kernel", "net_ticktime", seconds});
  }
  words.insert(words.end(), target.vm_flags.begin(), target.vm_flags.end());
  if (const char* own = std::getenv("HOME")) words.insert(words.end(), {"-env", "HOME", own});
  const start::CookieFlags cookies =
      start::find_cookie_flags(start::process_environment(), fs::current_path());
  return run_in_foreground(std::move(words), home.directory(), cookies.changes);
}

}  // namespace relmk::node
