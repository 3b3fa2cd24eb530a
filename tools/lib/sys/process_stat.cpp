#include "sys/process_stat.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include "sys/descriptor.h"

namespace relmk::sys {
namespace {

// Empty where there is none, also when its process ends between opening and reading.
std::string stat_text(pid_t pid) {
  const Descriptor file(::open(fmt::format("/proc/{}/stat", pid).c_str(), O_RDONLY | O_CLOEXEC));
  char bytes[4096];  // the kernel gives all of it at once
  const ssize_t size = ::read(file.get(), bytes, sizeof bytes);
  return {bytes, size > 0 ? static_cast<size_t>(size) : 0};
}

}  // namespace

std::optional<ProcessStat> read_process_stat(pid_t pid) {
  const std::string text = stat_text(pid);
  // The second field is a name in parentheses, which may hold anything; the third is the state.
  constexpr int kState = 3, kBegun = 22;
  size_t at = text.rfind(')');
  if (at == std::string::npos || text.size() < at + 3) return std::nullopt;
  ProcessStat stat;
  at += 2;
  stat.state = text[at];
  if (stat.state == 'Z' || stat.state == 'X') return std::nullopt;
  for (int field = kState; field < kBegun; ++field) {
    at = text.find(' ', at);
    if (at == std::string::npos) return std::nullopt;
    ++at;
  }
  stat.begun = text.substr(at, text.find(' ', at) - at);
  return stat;
}

}  // namespace relmk::sys
