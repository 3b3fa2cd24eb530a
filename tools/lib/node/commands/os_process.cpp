#include "node/commands/os_process.h"

#include <fmt/core.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <thread>

#include "sys/files.h"
#include "sys/process_stat.h"
#include "term/character_data.h"

namespace relmk::node {
namespace {

// The number and the time of start, which tells a process from a later one of that number. Empty
// when there is no such process, or only its exit code is left of it.
std::string process_identity(pid_t pid) {
  const auto stat = sys::read_process_stat(pid);
  // One that is hidden from us, being another user's.
  std::error_code ignored;
  if (!stat && ::kill(pid, 0) != 0 && errno == EPERM &&
      !std::filesystem::exists(fmt::format("/proc/{}", pid), ignored)) {
    return fmt::format("{}", pid);
  }
  return stat ? fmt::format("{} {}", pid, stat->begun) : std::string();
}

std::string text_or_none(const Term& term) {
  return term::chardata_utf8(term).value_or("");
}

// What tells one running system's process numbers from another's: the kernel's boot, and the
// namespace in which processes are counted. Names of hosts do not tell: a machine has several.
struct ProcessSpace {
  std::string boot;
  std::string processes;
  bool operator==(const ProcessSpace&) const = default;
};
constexpr const char* kBootFile = "/proc/sys/kernel/random/boot_id";
constexpr const char* kNamespaceLink = "/proc/self/ns/pid";

ProcessSpace own_process_space() {
  std::error_code ignored;
  return {sys::read_file_if_possible(kBootFile),
          std::filesystem::read_symlink(kNamespaceLink, ignored).string()};
}

ProcessSpace process_space(Rpc& rpc) {
  const Term boot = rpc.call("file", "read_file", {Term::string(kBootFile)});
  const Term processes = rpc.call("file", "read_link", {Term::string(kNamespaceLink)});
  return {boot.is_tagged("ok", 2) ? text_or_none(boot[1]) : "",
          processes.is_tagged("ok", 2) ? text_or_none(processes[1]) : ""};
}

}  // namespace

OsProcess::OsProcess(Rpc& rpc) {
  const ProcessSpace own = own_process_space();
  if (own.boot.empty() || own.processes.empty() || !(process_space(rpc) == own)) return;
  id_ = static_cast<pid_t>(std::atol(text_or_none(rpc.call("os", "getpid", {})).c_str()));
  identity_ = process_identity(id_);
}

bool OsProcess::is_gone() const {
  return process_identity(id_) != identity_;
}

void OsProcess::wait_until_reaped(std::chrono::milliseconds patience) const {
  const Deadline deadline = Deadline::after(patience);
  while (!(::kill(id_, 0) != 0 && errno == ESRCH) && !deadline.passed())
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

}  // namespace relmk::node
