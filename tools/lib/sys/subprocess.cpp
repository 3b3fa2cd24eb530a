#include "sys/subprocess.h"

#include <signal.h>
#include <termios.h>
#include <unistd.h>

#define BOOST_PROCESS_USE_STD_FS 1
#include <boost/asio/io_context.hpp>
#include <boost/process.hpp>
#include <boost/process/extend.hpp>
#include <future>
#include <system_error>

#include "sys/error.h"

namespace relmk::sys {
namespace bp = boost::process;

namespace {

int exit_code(int native) {
  if (WIFSIGNALED(native)) return 128 + WTERMSIG(native);
  return WEXITSTATUS(native);
}

fs::path find_program(const std::string& name) {
  fs::path program = name;
  if (name.find('/') == std::string::npos) program = bp::search_path(name).string();
  if (program.empty()) throw Error("cannot run " + name + ": not found in PATH");
  return program;
}

bp::environment environment_of(const Command& command) {
  bp::environment environment = boost::this_process::environment();
  for (const auto& [key, value] : command.environment)
    environment[key] = value;
  return environment;
}

// The signals that are the subprocess's while it lives.
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
  // Waits until the process has ended.
  void wait(bp::child& child) const {
    std::error_code error;
    while (child.running(error) && !error) {
      const int number = ::sigwaitinfo(&signals_, nullptr);
      if (number == SIGTERM || number == SIGHUP) ::kill(child.id(), number);
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

}  // namespace

Finished run_command(const Command& command) {
  const fs::path program = find_program(command.argv.front());
  const bp::environment environment = environment_of(command);
  const std::vector<std::string> arguments(command.argv.begin() + 1, command.argv.end());
  const fs::path directory = command.directory.empty() ? fs::path(".") : command.directory;

  boost::asio::io_context io;
  std::future<std::string> output;
  std::future<std::string> errors;
  std::error_code failure;
  bp::child child(bp::exe = program.string(), bp::args = arguments, environment,
                  bp::start_dir = directory.string(),
                  bp::std_in<boost::asio::buffer(command.input), bp::std_out> output,
                  bp::std_err > errors, io, failure);
  if (failure) throw Error("cannot run " + program.string() + ": " + failure.message());
  io.run();
  child.wait(failure);
  return {exit_code(child.native_exit_code()), output.get(), errors.get()};
}

int run_in_foreground(const Command& command) {
  const fs::path program = find_program(command.argv.front());
  const bp::environment environment = environment_of(command);
  const std::vector<std::string> arguments(command.argv.begin() + 1, command.argv.end());
  const fs::path directory = command.directory.empty() ? fs::path(".") : command.directory;
  const TerminalModes modes;
  const ForwardedSignals signals;
  std::error_code failure;
  bp::child child(
      bp::exe = program.string(), bp::args = arguments, environment,
      bp::start_dir = directory.string(),
      bp::extend::on_exec_setup = [&](auto&) { signals.restore(); }, failure);
  if (failure) throw Error("cannot run " + program.string() + ": " + failure.message());
  signals.wait(child);
  return exit_code(child.native_exit_code());
}

}  // namespace relmk::sys
