#include "sys/directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <memory>

#include "sys/error.h"

// Without std::filesystem, which makes a path of each name: most of them are not asked for.
namespace relmk::sys {
namespace {

using Stream = std::unique_ptr<DIR, int (*)(DIR*)>;

bool is_dots(std::string_view name) {
  return name == "." || name == "..";
}

DirectoryEntry looked_at(const dirent& entry, int directory) {
  using Type = DirectoryEntry::Type;
  if (entry.d_type == DT_REG) return {entry.d_name, Type::File, true};
  if (entry.d_type == DT_DIR) return {entry.d_name, Type::Directory, true};
  struct stat status {};
  if (::fstatat(directory, entry.d_name, &status, 0) != 0)
    return {entry.d_name, Type::Other, false};
  if (S_ISREG(status.st_mode)) return {entry.d_name, Type::File, true};
  return {entry.d_name, S_ISDIR(status.st_mode) ? Type::Directory : Type::Other, true};
}

}  // namespace

std::vector<std::string> names_in(const fs::path& directory, std::string_view suffix) {
  std::vector<std::string> names;
  const Stream stream(::opendir(directory.c_str()), ::closedir);
  while (const dirent* entry = stream ? ::readdir(stream.get()) : nullptr) {
    const std::string_view name = entry->d_name;
    if (name.ends_with(suffix) && !is_dots(name)) names.emplace_back(name);
  }
  return names;
}

std::vector<DirectoryEntry> entries_in(const std::string& directory) {
  const Stream stream(::opendir(directory.c_str()), ::closedir);
  if (!stream) throw system_error(directory, "cannot read directory", errno);
  std::vector<DirectoryEntry> entries;
  errno = 0;
  while (const dirent* entry = ::readdir(stream.get())) {
    if (!is_dots(entry->d_name)) entries.push_back(looked_at(*entry, ::dirfd(stream.get())));
    errno = 0;
  }
  if (errno != 0) throw system_error(directory, "cannot read directory", errno);
  return entries;
}

PathWalk::Place PathWalk::place_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos || slash == 0) return {AT_FDCWD, path.c_str()};
  if (path.compare(0, slash, parent_) != 0) {
    parent_.assign(path, 0, slash);
    directory_ = Descriptor(::open(parent_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  }
  if (directory_.get() < 0) return {AT_FDCWD, path.c_str()};
  return {directory_.get(), path.c_str() + slash + 1};
}

}  // namespace relmk::sys
