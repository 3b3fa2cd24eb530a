#include "sys/file_lock.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <thread>

#include "sys/error.h"
#include "sys/files.h"
#include "sys/output.h"
#include "sys/words.h"

namespace relmk::sys {
namespace {

constexpr std::chrono::milliseconds kBetweenTries{20};

std::string command_of(const std::string& pid) {
  const std::string text = read_file_if_possible("/proc/" + pid + "/comm");
  const std::string name = text.substr(0, text.find('\n'));
  return name.empty() ? "" : " (" + name + ")";
}

}  // namespace

// A line of /proc/locks: `1: FLOCK  ADVISORY  WRITE 123 fe:00:4711 0 EOF`.
std::string lock_holder(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return "another process";
  const std::string inode = ":" + std::to_string(status.st_ino);
  const std::string locks = read_file_if_possible("/proc/locks");
  for (const std::string_view line : lines(locks)) {
    constexpr size_t kType = 1, kPid = 4, kFile = 5;
    const std::vector<std::string_view> fields = words(line);
    if (fields.size() <= kFile || fields[kType] != "FLOCK" || !fields[kFile].ends_with(inode)) {
      continue;
    }
    const std::string pid(fields[kPid]);
    if (pid != "0" && pid != "-1") return "process " + pid + command_of(pid);
  }
  return "another process";
}

FileLock::FileLock(const fs::path& path, std::chrono::seconds limit) {
  std::error_code ignored;
  const bool is_directory = fs::is_directory(path, ignored);
  fd_ = is_directory ? ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                     : ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd_ < 0) throw system_error(path, is_directory ? "cannot read" : "cannot write", errno);
  const auto end = std::chrono::steady_clock::now() + limit;
  bool told = false;
  while (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    if (error == EINTR) continue;
    const bool is_held = error == EWOULDBLOCK;
    if (is_held && std::chrono::steady_clock::now() < end) {
      if (!told) say(fmt::format("{}: waiting for {}", path.native(), lock_holder(fd_)));
      told = true;
      std::this_thread::sleep_for(kBetweenTries);
      continue;
    }
    const std::string holder = lock_holder(fd_);
    ::close(fd_);
    if (!is_held) throw system_error(path, "cannot lock", error);
    throw Error(path, fmt::format("is still locked by {} after {} seconds", holder, limit.count()));
  }
}

FileLock::~FileLock() {
  ::close(fd_);
}

}  // namespace relmk::sys
