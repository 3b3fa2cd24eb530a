#include "sys/process_tree.h"

#include <signal.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "sys/files.h"

namespace relmk::sys {
namespace {

// Empty where the process is gone.
std::string text_of(const std::string& process, const std::string& file) {
  return read_file_if_possible("/proc/" + process + "/" + file);
}

// Each thread has those that it has started itself.
std::vector<pid_t> children_of(const std::string& process) {
  std::vector<pid_t> children;
  std::error_code error;
  for (fs::directory_iterator thread("/proc/" + process + "/task", error), end;
       !error && thread != end; thread.increment(error)) {
    const std::string text =
        text_of(process, "task/" + thread->path().filename().string() + "/children");
    for (size_t at = 0, space; (space = text.find(' ', at)) != std::string::npos; at = space + 1)
      children.push_back(static_cast<pid_t>(std::atoi(text.c_str() + at)));
  }
  return children;
}

// The value of a line `NAME: N kB`, in bytes; 0 where there is none.
size_t bytes_of(std::string_view status, std::string_view name) {
  const size_t at = status.find(name);
  return at == std::string_view::npos ? 0
                                      : std::strtoull(&status[at + name.size()], nullptr, 10) << 10;
}

size_t memory_of(const std::string& process) {
  const std::string status = text_of(process, "status");
  return bytes_of(status, "\nRssAnon:") + bytes_of(status, "\nVmSwap:");
}

}  // namespace

void signal_tree(pid_t pid, int signal) {
  // Asked before it can be gone, which would make its children another's.
  const std::vector<pid_t> children = children_of(std::to_string(pid));
  ::kill(pid, signal);
  for (const pid_t child : children)
    signal_tree(child, signal);
}

size_t memory_of_tree(pid_t pid) {
  const std::string process = std::to_string(pid);
  size_t bytes = memory_of(process);
  for (const pid_t child : children_of(process))
    bytes += memory_of_tree(child);
  return bytes;
}

size_t own_mapped_memory() {
  return bytes_of(text_of("self", "status"), "\nVmData:");
}

}  // namespace relmk::sys
