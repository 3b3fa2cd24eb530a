#include "relx/release/release_hook.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <sstream>
#include <tuple>

#include "sys/error.h"
#include "sys/files.h"
#include "sys/subprocess.h"
#include "sys/time_limit.h"

namespace relmk::relx {
namespace {

// What tells that a file was written: its inode, size, and the time of its last change.
using Stamp = std::tuple<ino_t, off_t, time_t, long>;
using Snapshot = std::map<std::string, Stamp>;  // by path in the release

// The places of a release that are packed; logs and the like aren't.
std::set<std::string> packed_places(const PlannedRelease& release) {
  const otp::ReleaseResource& resource = release.resolved.release;
  std::set<std::string> places = {"bin", "lib", "releases/" + resource.version};
  for (const std::string& path : release.overlay_paths) {
    const std::string top = path.substr(0, path.find('/'));
    if (top != "lib" && top != "releases" && top != "bin") places.insert(path);
  }
  return places;
}

// Links to directories are not entered: what lies behind them is not the release's.
Snapshot snapshot(const PlannedRelease& release) {
  Snapshot files;
  const auto add = [&](const fs::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return;
    files[path.lexically_relative(release.directory).native()] = {
        status.st_ino, status.st_size, status.st_ctim.tv_sec, status.st_ctim.tv_nsec};
  };
  for (const std::string& place : packed_places(release)) {
    const fs::path top = release.directory / place;
    std::error_code error;
    if (!fs::is_directory(top, error)) add(top);
    for (fs::recursive_directory_iterator it(top, error), end; it != end; it.increment(error))
      add(it->path());
  }
  return files;
}

fs::path notes_file(const PlannedRelease& release) {
  const otp::ReleaseResource& resource = release.resolved.release;
  return release.directory.parent_path() / ".relmk" /
         fmt::format("{}-{}.hook", resource.name, resource.version);
}

std::set<std::string> noted_files(const PlannedRelease& release) {
  std::set<std::string> paths;
  std::error_code error;
  const fs::path file = notes_file(release);
  if (!fs::is_regular_file(file, error)) return paths;
  std::istringstream lines(sys::read_file(file));
  for (std::string path; std::getline(lines, path);) {
    if (fs::is_regular_file(release.directory / path, error)) paths.insert(path);
  }
  return paths;
}

}  // namespace

void run_hook(const std::string& command, const sys::Environment& environment) {
  if (command.empty()) return;
  const sys::TimeLimit limit =
      sys::time_limit(environment, "RELMK_HOOK_TIMEOUT", std::chrono::hours(1));
  // What it has to say while it works is not for later.
  const auto print_to = [](std::FILE* stream) {
    return [stream](std::string_view text) {
      std::fwrite(text.data(), 1, text.size(), stream);
      std::fflush(stream);
    };
  };
  const sys::Finished finished = sys::run_command(
      {{"/bin/sh", "-c", command}, {}, {}, {}, limit.limit, print_to(stdout), print_to(stderr)});
  if (finished.killed) throw sys::too_slow("the hook " + command, limit);
  if (finished.code != 0) {
    throw Error(fmt::format("the hook failed with exit code {}: {}", finished.code, command));
  }
}

void run_release_hook(const PlannedRelease& release, const std::string& command,
                      const sys::Environment& environment) {
  if (command.empty()) return;
  const Snapshot before = snapshot(release);
  run_hook(command, environment);
  std::set<std::string> noted = noted_files(release);
  for (const auto& [path, stamp] : snapshot(release)) {
    const auto old = before.find(path);
    const bool is_written = old == before.end() || old->second != stamp;
    // A path with a newline can't be noted in a line.
    if (is_written && release.plan.find(path) == nullptr && path.find('\n') == std::string::npos)
      noted.insert(path);
  }
  std::string text;
  for (const std::string& path : noted)
    text += path + "\n";
  const fs::path file = notes_file(release);
  if (text.empty()) {
    std::error_code ignored;
    fs::remove(file, ignored);
  } else {
    sys::write_file_if_different(file, text);
  }
}

std::vector<plan::TarEntry> with_hook_files(const PlannedRelease& release,
                                            std::vector<plan::TarEntry> entries) {
  std::set<std::string> packed;
  for (const plan::TarEntry& entry : entries)
    packed.insert(entry.path);
  for (const std::string& path : noted_files(release)) {
    const fs::path source = release.directory / path;
    struct stat status {};
    if (packed.count(path) != 0 || ::stat(source.c_str(), &status) != 0) continue;
    entries.push_back({path, source, status.st_mode & 01777});
  }
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return entries;
}

}  // namespace relmk::relx
