#include "sys/process_stat.h"

#include <fmt/core.h>

#include <fstream>
#include <iterator>

namespace relmk::sys {

std::optional<ProcessStat> read_process_stat(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  const std::string text((std::istreambuf_iterator<char>(file)), {});
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
