#include "sys/files.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <list>
#include <utility>

#include "sys/descriptor.h"
#include "sys/error.h"
#include "sys/new_file.h"

namespace relmk::sys {
namespace {

// What would end the process waits as long as this lives.
class HeldSignals {
 public:
  HeldSignals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
      sigaddset(&signals, number);
    pthread_sigmask(SIG_BLOCK, &signals, &before_);
  }
  ~HeldSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

 private:
  sigset_t before_{};
};

// Whether a read() that gave `n` of `wanted` bytes, and `all` together with those before, was the
// last: of a regular file, read() gives less than it could only at its end.
bool is_end(size_t n, size_t wanted, off_t all, const struct stat& status) {
  return n < wanted && S_ISREG(status.st_mode) && status.st_size > 0 && all >= status.st_size;
}

// What the kernel could not do for a file of this device, it is not asked again: that takes as long
// as to copy a small file does. Releases come from few devices and go to one.
struct KernelCopies {
  dev_t not_shared = 0;
  dev_t not_copied = 0;
};

// 0, or an errno. Copies from the current offsets to the end of `from`, whose status is given.
int copy_content(int from, const struct stat& status, int to) {
  thread_local KernelCopies known;
  if (known.not_shared != status.st_dev) {
    if (::ioctl(to, FICLONE, from) == 0) return 0;
    known.not_shared = status.st_dev;
  }
  while (known.not_copied != status.st_dev) {
    const ssize_t n = ::copy_file_range(from, nullptr, to, nullptr, 1U << 30, 0);
    if (n == 0) return 0;
    if (n > 0 || errno == EINTR) continue;
    if (errno != EXDEV && errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP) return errno;
    known.not_copied = status.st_dev;
  }
  char buffer[1U << 17];
  off_t copied = 0;
  while (true) {
    const ssize_t n = ::read(from, buffer, sizeof buffer);
    if (n == 0) return 0;
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    if (const int error = write_all(to, {buffer, static_cast<size_t>(n)})) return error;
    copied += n;
    if (is_end(static_cast<size_t>(n), sizeof buffer, copied, status)) return 0;
  }
}

// Gives their owner all rights to a directory and those below.
void open_directories(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_directory(fs::symlink_status(path, ignored))) return;
  ::chmod(path.c_str(), 0700);
  for (const auto& entry : fs::directory_iterator(path, ignored))
    open_directories(entry.path());
}

// /dev/stdin, and what a shell's <(command) is: a pipe that is meant.
bool is_of_caller(const fs::path& path) {
  const std::string& text = path.native();
  return text == "/dev/stdin" || text == "/dev/null" || text.starts_with("/dev/fd/") ||
         text.starts_with("/proc/self/fd/");
}

// A directory is told by read() itself.
void require_regular(const fs::path& path, const struct stat& status) {
  if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
    throw Error(path, "cannot read: a pipe, socket or device, and no regular file");
}

// Gives a file that was just created and written its mode, and the times of a status where there is
// one; closes it. With an error (an errno) there is no file afterwards.
struct stat finish_new_file(const fs::path& path, Descriptor& file, int error, unsigned mode,
                            const struct stat* source) {
  struct stat status {};
  if (error == 0 && ::fchmod(file.get(), mode) != 0) error = errno;
  if (source != nullptr) {
    const timespec times[2] = {source->st_atim, source->st_mtim};
    if (error == 0 && ::futimens(file.get(), times) != 0) error = errno;
  }
  if (error == 0 && ::fstat(file.get(), &status) != 0) error = errno;
  if (file.close() != 0 && error == 0) error = errno;
  if (error != 0) {
    ::unlink(path.c_str());
    throw system_error(path, "cannot write", error);
  }
  return status;
}

}  // namespace

std::string read_file(const fs::path& path) {
  return read_file_and_status(path).bytes;
}

std::string read_file_if_possible(const fs::path& path) {
  try {
    return read_file(path);
  } catch (const Error&) {
    return {};
  }
}

ReadFile read_file_and_status(const fs::path& path) {
  // Not waiting for who writes to a pipe: its type is looked at first.
  const int waiting = is_of_caller(path) ? 0 : O_NONBLOCK;
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | waiting));
  ReadFile read{};
  if (file.get() < 0 || ::fstat(file.get(), &read.status) != 0) {
    throw system_error(path, "cannot read", errno);
  }
  if (waiting != 0) require_regular(path, read.status);
  if (read.status.st_size > 0) read.bytes.reserve(static_cast<size_t>(read.status.st_size));
  char buffer[1U << 16];
  while (true) {
    const ssize_t n = ::read(file.get(), buffer, sizeof buffer);
    if (n == 0) return read;
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw system_error(path, "cannot read", errno);
    read.bytes.append(buffer, static_cast<size_t>(n));
    if (is_end(static_cast<size_t>(n), sizeof buffer, static_cast<off_t>(read.bytes.size()),
               read.status))
      return read;
  }
}

void write_file(const fs::path& path, std::string_view bytes, unsigned mode) {
  NewFile file(path);
  file.write(bytes);
  file.take_place(mode);
}

// In their order: a process that is killed meanwhile leaves the first ones new and the others old.
void write_files(const std::vector<FileContent>& files, unsigned mode) {
  std::list<NewFile> written;
  for (const FileContent& file : files)
    written.emplace_back(file.path).write(file.bytes);
  for (const FileContent& file : files) {
    remove_left_over(file.path);
    std::error_code ignored;
    if (fs::is_directory(file.path, ignored)) {
      throw system_error(file.path, "cannot write", EISDIR);
    }
  }
  const HeldSignals held;
  std::vector<NewFile*> placed;
  try {
    for (NewFile& file : written) {
      file.exchange(mode);
      placed.push_back(&file);
    }
  } catch (...) {
    for (NewFile* file : placed)
      file->take_back();
    throw;
  }
}

struct stat create_file(const fs::path& path, std::string_view bytes, unsigned mode,
                        const struct stat* source) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.get() < 0) throw system_error(path, "cannot write", errno);
  return finish_new_file(path, file, write_all(file.get(), bytes), mode, source);
}

bool write_file_if_different(const fs::path& path, std::string_view bytes, unsigned mode) {
  std::error_code ignored;
  if (fs::file_size(path, ignored) == bytes.size() && read_file(path) == bytes) return false;
  write_file(path, bytes, mode);
  return true;
}

void make_directories(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) throw Error(path, "cannot create directory: " + error.message());
}

CopiedFile copy_regular_file(const fs::path& from, const fs::path& to, unsigned kept_bits) {
  Descriptor source(::open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  CopiedFile copied{};
  if (source.get() < 0 || ::fstat(source.get(), &copied.from) != 0) {
    throw system_error(from, "cannot read", errno);
  }
  require_regular(from, copied.from);
  Descriptor target(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (target.get() < 0) throw system_error(to, "cannot write", errno);
  const int error = copy_content(source.get(), copied.from, target.get());
  copied.to =
      finish_new_file(to, target, error, copied.from.st_mode & kept_bits & 07777, &copied.from);
  return copied;
}

void remove_tree(const fs::path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error == std::errc::permission_denied) {
    // From a directory that its owner may not write to, nothing goes.
    open_directories(path);
    fs::remove_all(path, error);
  }
  if (error) throw Error(path, "cannot remove: " + error.message());
}

}  // namespace relmk::sys
