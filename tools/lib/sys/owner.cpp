#include "sys/owner.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string_view>

#include "sys/error.h"

namespace relmk::sys {
namespace {

// By descriptors, and what a directory holds before the directory itself: that other user could
// else put a link in its place meanwhile.
void give(int parent, const std::string& name, const fs::path& shown, const struct stat& owner) {
  const int fd = ::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(fd < 0 ? nullptr : ::fdopendir(fd),
                                                      ::closedir);
  while (const dirent* entry = directory ? ::readdir(directory.get()) : nullptr) {
    const std::string_view found = entry->d_name;
    if (found != "." && found != "..") give(fd, entry->d_name, shown / found, owner);
  }
  if (::fchownat(parent, name.c_str(), owner.st_uid, owner.st_gid, AT_SYMLINK_NOFOLLOW) == 0 ||
      errno == ENOENT) {
    return;
  }
  throw system_error(shown.string(), "cannot be given to the user of the release", errno);
}

}  // namespace

void give_to_owner_of(const fs::path& path, const fs::path& like) {
  struct stat owner {};
  if (::geteuid() != 0 || ::stat(like.c_str(), &owner) != 0 ||
      (owner.st_uid == 0 && owner.st_gid == 0)) {
    return;
  }
  give(AT_FDCWD, path.string(), path, owner);
}

}  // namespace relmk::sys
