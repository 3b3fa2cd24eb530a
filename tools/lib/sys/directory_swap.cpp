#include "sys/directory_swap.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "sys/error.h"

namespace relmk::sys {
namespace {

// Where the old directory is meanwhile, if the file system cannot exchange.
fs::path aside_of(const fs::path& staged) {
  return staged.string() + ".old";
}

// The file system cannot exchange: for a moment there is no `current`, but there always is an old
// one or a new one to be put there again.
void swap_in_steps(const fs::path& staged, const fs::path& current) {
  const fs::path aside = aside_of(staged);
  if (::rename(current.c_str(), aside.c_str()) != 0) {
    throw system_error(current, "cannot be replaced", errno);
  }
  if (::rename(staged.c_str(), current.c_str()) != 0) {
    const int error = errno;
    ::rename(aside.c_str(), current.c_str());
    throw system_error(current, "cannot be replaced", error);
  }
  ::rename(aside.c_str(), staged.c_str());
}

}  // namespace

void swap_directories(const fs::path& staged, const fs::path& current) {
  if (::renameat2(AT_FDCWD, staged.c_str(), AT_FDCWD, current.c_str(), RENAME_EXCHANGE) == 0) {
    return;
  }
  if (errno == ENOENT) {
    if (::rename(staged.c_str(), current.c_str()) == 0) return;
    throw system_error(current, "cannot be put in place", errno);
  }
  if (errno != EINVAL && errno != ENOSYS) throw system_error(current, "cannot be replaced", errno);
  swap_in_steps(staged, current);
}

void restore_swapped(const fs::path& staged, const fs::path& current) {
  const fs::path aside = aside_of(staged);
  if (!fs::exists(fs::symlink_status(aside))) return;
  if (fs::exists(fs::symlink_status(current))) return remove_tree(aside);
  if (::rename(aside.c_str(), current.c_str()) != 0) {
    throw system_error(current, "cannot be put back in place", errno);
  }
}

FileLock::FileLock(const fs::path& path) {
  fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd_ < 0) throw system_error(path, "cannot write", errno);
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  while (::fcntl(fd_, F_OFD_SETLKW, &whole) != 0) {
    if (errno == EINTR) continue;
    const int error = errno;
    ::close(fd_);
    throw system_error(path, "cannot lock", error);
  }
}

FileLock::~FileLock() {
  ::close(fd_);
}

}  // namespace relmk::sys
