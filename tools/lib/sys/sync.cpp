#include "sys/sync.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "sys/error.h"

namespace relmk::sys {

void sync_file_system(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) throw system_error(path, "cannot read", errno);
  const int result = ::syncfs(fd);
  const int error = errno;
  ::close(fd);
  if (result != 0) throw system_error(path, "cannot be brought to the disk", error);
}

void sync_directory(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) throw system_error(path, "cannot read", errno);
  // A file system that cannot sync a directory has nothing to be synced.
  ::fsync(fd);
  ::close(fd);
}

}  // namespace relmk::sys
