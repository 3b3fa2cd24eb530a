#include "node/stop_node.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <thread>

#include "node/group_leader.h"
#include "node/node_error.h"

namespace relmk {
namespace {

using std::chrono::milliseconds;

// The state in /proc/PID/stat, and the time of start, which tells a process from a later one of
// the same number. Empty when there is no such process, or only its exit code is left of it.
std::string process_identity(pid_t pid) {
  if (::kill(pid, 0) != 0 && errno == ESRCH) return {};
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string text((std::istreambuf_iterator<char>(file)), {});
  const size_t name_end = text.rfind(')');
  if (name_end == std::string::npos || name_end + 2 >= text.size()) return fmt::format("{}", pid);
  if (text[name_end + 2] == 'Z') return {};
  std::string field;
  size_t at = name_end + 2;
  for (int number = 3; number <= 22 && at != std::string::npos && at < text.size(); ++number) {
    const size_t end = text.find(' ', at);
    field = text.substr(at, end - at);
    at = end == std::string::npos ? end : end + 1;
  }
  return fmt::format("{} {}", pid, field);
}

std::string text_of(const Term& term) {
  return characters_to_utf8(term, false).value_or("");
}

// What tells one running system's process numbers from another's: the kernel's boot, and the
// namespace in which processes are counted.
struct ProcessSpace {
  std::string boot;
  std::string processes;
  bool operator==(const ProcessSpace&) const = default;
};
constexpr const char* kBootFile = "/proc/sys/kernel/random/boot_id";
constexpr const char* kNamespaceLink = "/proc/self/ns/pid";

ProcessSpace own_process_space() {
  std::ifstream file(kBootFile);
  std::error_code ignored;
  return {std::string((std::istreambuf_iterator<char>(file)), {}),
          std::filesystem::read_symlink(kNamespaceLink, ignored).string()};
}

ProcessSpace process_space(Rpc& rpc) {
  const Term boot = rpc.call("file", "read_file", {Term::string(kBootFile)});
  const Term processes = rpc.call("file", "read_link", {Term::string(kNamespaceLink)});
  return {boot.is_tagged("ok", 2) ? text_of(boot[1]) : "",
          processes.is_tagged("ok", 2) ? text_of(processes[1]) : ""};
}

// The node's process, when we can see it; else 0. Names of hosts do not tell: a machine has
// several.
pid_t local_process(Rpc& rpc) {
  const ProcessSpace own = own_process_space();
  if (own.boot.empty() || own.processes.empty() || !(process_space(rpc) == own)) return 0;
  return static_cast<pid_t>(std::atol(text_of(rpc.call("os", "getpid", {})).c_str()));
}

// The applications whose masters are alive. application_controller itself is busy stopping them,
// so its table is read instead.
std::string running_applications(Rpc& rpc) {
  const Term master = Term::tuple(
      {Term::tuple({Term::atom("application_master"), Term::atom("$1")}), Term::atom("$2")});
  const Deadline deadline = Deadline::after(milliseconds(2000));
  std::string names;
  try {
    const Term found = rpc.call("ets", "match", {Term::atom("ac_tab"), master}, deadline);
    for (const Term& one : found.elements()) {
      const Term alive = rpc.call("erlang", "is_process_alive", {one[1]}, deadline);
      if (alive.is_atom("true")) names += (names.empty() ? "" : ", ") + one[0].atom_text();
    }
  } catch (const Error&) {
    // The node is too far gone to say.
  }
  return names;
}

// Serves the node until `gone` says so or the time is over.
template <typename Gone>
bool wait_until(const Deadline& deadline, Gone gone) {
  milliseconds pause(1);
  while (!gone()) {
    if (deadline.passed()) return false;
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, milliseconds(50));
  }
  return true;
}

}  // namespace

void stop_node(Rpc& rpc, milliseconds patience) {
  const pid_t pid = local_process(rpc);
  const std::string identity = pid > 0 ? process_identity(pid) : std::string();
  const Deadline deadline = Deadline::after(patience);
  bool connected = true;
  // Ticks and what is printed while it stops are served as long as the node is there.
  const auto serve = [&] {
    try {
      while (connected && rpc.serve(Deadline::after(milliseconds(0)))) {
      }
    } catch (const NodeError&) {
      connected = false;
    }
  };
  const auto order = [&](const Deadline& answer_by) {
    try {
      rpc.call("init", "stop", {}, answer_by);
    } catch (const NodeError& error) {
      if (error.reason() != NodeError::Reason::Down) throw;
      connected = false;
    }
  };
  order(rpc.deadline());
  // init drops the order while it still boots, so it is given again until the node goes.
  constexpr milliseconds pause(1000);
  Deadline next_order = Deadline::after(pause);
  const auto order_again = [&] {
    if (!connected || !next_order.passed()) return;
    try {
      order(Deadline::after(pause));
    } catch (const Error&) {
      // It is busy stopping.
    }
    next_order = Deadline::after(pause);
  };
  const bool gone = wait_until(deadline, [&] {
    serve();
    order_again();
    return identity.empty() ? !connected : process_identity(pid) != identity;
  });
  if (gone) {
    // Its parent takes its exit code about now. Where nobody does, as in a container without an
    // init, its number stays.
    if (pid > 0)
      wait_until(Deadline::after(milliseconds(200)),
                 [&] { return ::kill(pid, 0) != 0 && errno == ESRCH; });
    return;
  }
  const std::string process = pid > 0 ? fmt::format(" (process {})", pid) : "";
  const std::string& node = rpc.connection().node();
  const double seconds = static_cast<double>(patience.count()) / 1000.0;
  const std::string names = connected ? running_applications(rpc) : "";
  throw Error(fmt::format("{}{} still runs {:g} seconds after it was told to stop{}{}", node,
                          process, seconds, names.empty() ? "" : "; not stopped yet: ", names));
}

}  // namespace relmk
