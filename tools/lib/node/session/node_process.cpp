#include "node/session/node_process.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <ctime>
#include <set>
#include <string>
#include <string_view>

#include "node/session/target.h"
#include "sys/error.h"
#include "sys/files.h"
#include "sys/host_name.h"
#include "sys/process_stat.h"

namespace relmk::node {
namespace {

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const size_t end = std::min(text.find(separator), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

bool is_process_number(const std::string& name) {
  return !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
}

bool is_emulator_file(const std::string& file) {
  return fs::path(file).filename().string().starts_with("beam");
}

// Its first argument may be another: that of ESCRIPT_NAME, which start scripts set. And it may be
// run by a program that is named before it (a loader).
bool is_emulator(const fs::path& process, const std::vector<std::string>& arguments) {
  const auto program_end = std::find(arguments.begin(), arguments.end(), "--");
  return std::any_of(arguments.begin(), program_end, is_emulator_file) ||
         is_emulator_file(sys::read_file_if_possible(process / "comm"));
}

// What runs in another network, as in a container, has names of its own. One that cannot be looked
// at counts as near.
bool is_in_our_network(const fs::path& process) {
  std::error_code error;
  const fs::path network = fs::read_symlink(process / "ns/net", error);
  if (error) return true;
  const fs::path ours = fs::read_symlink("/proc/self/ns/net", error);
  return error || network == ours;
}

// beam.smp … -- … -sname NAME …
bool has_name(const std::vector<std::string>& arguments, const start::NodeName& node) {
  for (size_t i = 1; i + 1 < arguments.size(); ++i) {
    if (arguments[i] != "-name" && arguments[i] != "-sname") continue;
    const std::string& name = arguments[i + 1];
    if (name == node.text()) return true;
    if (name == node.name && node.host.starts_with(sys::short_host_name())) return true;
  }
  return false;
}

// What a process has open: names of files, `socket:[N]`.
std::vector<std::string> open_files_of(const fs::path& process) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator entry(process / "fd", error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code unreadable;
    files.push_back(fs::read_symlink(entry->path(), unreadable).string());
  }
  return files;
}

// The numbers of the sockets among them.
std::set<std::string> sockets_of(const std::vector<std::string>& files) {
  constexpr std::string_view kBefore = "socket:[";
  std::set<std::string> sockets;
  for (const std::string& file : files) {
    if (file.starts_with(kBefore))
      sockets.insert(file.substr(kBefore.size(), file.size() - kBefore.size() - 1));
  }
  return sockets;
}

// The crash dump among them.
fs::path crash_dump_of(const std::vector<std::string>& files, const sys::Environment& environment) {
  fs::path given = sys::variable(environment, "ERL_CRASH_DUMP");
  if (given.empty()) given = "erl_crash.dump";
  for (const fs::path file : files) {
    if (file.is_absolute() && file.filename() == given.filename()) return file;
  }
  return {};
}

// `N: ADDRESS:PORT REMOTE:PORT STATE … INODE`, numbers but INODE in hexadecimal.
void add_ports(const std::string& table, const std::set<std::string>& sockets,
               std::vector<uint16_t>& ports) {
  for (const std::string& line : split(table, '\n')) {
    const std::vector<std::string> fields = split(line, ' ');
    constexpr size_t kLocal = 1, kState = 3, kInode = 9;
    if (fields.size() <= kInode || fields[kState] != "0A" || !sockets.contains(fields[kInode])) {
      continue;
    }
    const std::string& local = fields[kLocal];
    const char* begin = local.data() + local.rfind(':') + 1;
    uint16_t port = 0;
    std::from_chars(begin, local.data() + local.size(), port, 16);
    if (std::find(ports.begin(), ports.end(), port) == ports.end()) ports.push_back(port);
  }
}

// Empty where we may not see it.
sys::Environment environment_of(const fs::path& process) {
  sys::Environment environment;
  for (const std::string& variable : split(sys::read_file_if_possible(process / "environ"), '\0')) {
    const size_t equals = std::min(variable.find('='), variable.size() - 1);
    environment.emplace(variable.substr(0, equals), variable.substr(equals + 1));
  }
  return environment;
}

// Seconds since a process began, of which the kernel tells the tick.
double age(const sys::ProcessStat& stat) {
  timespec now = {};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  uint64_t begun = 0;
  std::from_chars(stat.begun.data(), stat.begun.data() + stat.begun.size(), begun);
  return static_cast<double>(now.tv_sec) -
         static_cast<double>(begun) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

NodeProcess read_process(const fs::path& process) {
  const std::string number = process.filename().string();
  NodeProcess found;
  std::from_chars(number.data(), number.data() + number.size(), found.id);
  const auto stat = sys::read_process_stat(found.id);
  found.is_stopped = stat && (stat->state == 'T' || stat->state == 't');
  constexpr double kNew = 10;
  found.is_new = stat && age(*stat) < kNew;
  const sys::Environment environment = environment_of(process);
  if (!environment.empty()) found.epmd_port = epmd_port(environment);
  const std::vector<std::string> files = open_files_of(process);
  found.crash_dump = crash_dump_of(files, environment);
  const std::set<std::string> sockets = sockets_of(files);
  for (const char* table : {"net/tcp", "net/tcp6"})
    add_ports(sys::read_file_if_possible(process / table), sockets, found.ports);
  return found;
}

}  // namespace

std::vector<std::optional<NodeProcess>> find_node_processes(
    const std::vector<start::NodeName>& nodes) {
  std::vector<std::optional<NodeProcess>> all(nodes.size());
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error), end; !error && entry != end;
       entry.increment(error)) {
    const fs::path process = entry->path();
    if (!is_process_number(process.filename().string())) continue;
    const std::vector<std::string> arguments =
        split(sys::read_file_if_possible(process / "cmdline"), '\0');
    for (size_t i = 0; i < nodes.size(); ++i) {
      if (!all[i] && has_name(arguments, nodes[i]) && is_emulator(process, arguments) &&
          is_in_our_network(process))
        all[i] = read_process(process);
    }
  }
  return all;
}

std::optional<NodeProcess> find_node_process(const start::NodeName& node) {
  return find_node_processes({node})[0];
}

}  // namespace relmk::node
