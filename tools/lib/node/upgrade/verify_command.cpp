#include "node/upgrade/verify_command.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <optional>
#include <thread>

#include "node/distribution/node_error.h"
#include "sys/interruption.h"

namespace relmk::node {
namespace {

constexpr std::chrono::milliseconds kServed(50), kGrace(2000);

pid_t start(const std::string& command) {
  const pid_t pid = ::fork();
  if (pid < 0) throw sys::system_error("sh", "cannot be started", errno);
  if (pid > 0) {
    ::setpgid(pid, pid);
    return pid;
  }
  ::setpgid(0, 0);
  const int null = ::open("/dev/null", O_RDONLY);
  if (null >= 0) ::dup2(null, STDIN_FILENO);
  ::execl("/bin/sh", "sh", "-c", command.c_str(), static_cast<char*>(nullptr));
  ::_exit(127);
}

// The wait status, when it has ended by then and no signal is to end us. Without rpc (its time is
// over) signals make no difference.
std::optional<int> wait_until(pid_t pid, const Deadline& deadline, Rpc* rpc) {
  const bool serves = rpc != nullptr;
  for (;;) {
    int status = 0;
    const pid_t ended = ::waitpid(pid, &status, WNOHANG);
    if (ended == pid) return status;
    if (ended < 0 && errno != EINTR) return 0;
    if (deadline.passed() || (serves && sys::Interruption::signal() != 0)) return std::nullopt;
    try {
      if (rpc != nullptr)
        rpc->serve(Deadline::after(kServed));
      else
        std::this_thread::sleep_for(kServed);
    } catch (const NodeError&) {
      rpc = nullptr;
    }
  }
}

}  // namespace

VerifyResult run_verify_command(const std::string& command, std::chrono::milliseconds within,
                                Rpc& rpc) {
  std::fflush(nullptr);
  const sys::Interruption interruption;
  const pid_t pid = start(command);
  const std::optional<int> status = wait_until(pid, Deadline::after(within), &rpc);
  if (!status) {
    ::kill(-pid, SIGTERM);
    if (!wait_until(pid, Deadline::after(kGrace), nullptr)) {
      ::kill(-pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    } else {
      ::kill(-pid, SIGKILL);  // what it left behind
    }
    if (const int signal = sys::Interruption::signal(); signal != 0) {
      return {false, fmt::format("signal {} came meanwhile", signal)};
    }
    return {false, fmt::format("it was ended after {} seconds",
                               static_cast<double>(within.count()) / 1000)};
  }
  if (WIFSIGNALED(*status)) return {false, fmt::format("signal {} ended it", WTERMSIG(*status))};
  if (WEXITSTATUS(*status) != 0)
    return {false, fmt::format("it exited with {}", WEXITSTATUS(*status))};
  return {true, ""};
}

}  // namespace relmk::node
