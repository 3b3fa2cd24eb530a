// What the kernel says of a process: /proc/PID/stat, see proc(5).
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace relmk::sys {

struct ProcessStat {
  char state = ' ';   // R, S, T (stopped), …
  std::string begun;  // in the kernel's ticks since its boot; tells a process from a later one of
                      // that number
};

// Absent: there is no such process, or it has ended and only its exit code is left (Z). In a
// container whose first process reaps nobody, that can be so for ever. Also where /proc is absent.
std::optional<ProcessStat> read_process_stat(pid_t pid);

}  // namespace relmk::sys
