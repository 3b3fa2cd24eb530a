#include "sys/mount.h"

#include <fcntl.h>
#include <sys/sysmacros.h>

#include <cerrno>

#include "sys/error.h"

namespace relmk::sys {

Mount mount_of(const struct statx& status) {
  const bool has_mount = (status.stx_mask & STATX_MNT_ID) != 0;
  return {makedev(status.stx_dev_major, status.stx_dev_minor), has_mount ? status.stx_mnt_id : 0};
}

Mount mount_of(const fs::path& path) {
  struct statx status {};
  if (::statx(AT_FDCWD, path.c_str(), 0, STATX_MNT_ID, &status) != 0)
    throw system_error(path, "cannot read", errno);
  return mount_of(status);
}

}  // namespace relmk::sys
