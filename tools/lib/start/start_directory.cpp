#include "start/start_directory.h"

#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "sys/error.h"

namespace relmk::start {
namespace {

// Ours, or not there and ours to make.
bool can_be_ours(const fs::path& path) {
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(path, ignored)))
    return belongs_to_us(path) && is_writable_directory(path);
  return is_writable_directory(path.parent_path());
}

}  // namespace

bool is_writable_directory(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored) && ::access(path.c_str(), W_OK) == 0;
}

bool belongs_to_us(const fs::path& path) {
  struct stat status = {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
         status.st_uid == ::geteuid();
}

void make_private_directory(const fs::path& path) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
    throw sys::system_error(path.string(), "cannot make the directory", errno);
  if (!belongs_to_us(path)) throw Error(path.string(), "belongs to another user");
  if (::chmod(path.c_str(), 0700) != 0)
    throw sys::system_error(path.string(), "cannot make the directory private", errno);
}

fs::path StartDirectory::output(const fs::path& beside) const {
  const fs::path given = sys::variable(environment_, "RELX_OUT_FILE_PATH");
  std::error_code ignored;
  if (!given.empty() && fs::is_directory(release_.root / given, ignored))
    return release_.root / given;
  return is_writable_directory(beside) ? beside : runtime();
}

fs::path StartDirectory::of_node(const NodeName& node) const {
  const std::string name = "." + node.text();
  fs::path directory = output(release_.version_directory()) / name;
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(directory, ignored)) && !belongs_to_us(directory))
    directory = runtime() / name;
  make_private_directory(directory);
  return directory;
}

fs::path StartDirectory::unchanging() const {
  const std::string temporary = sys::variable(environment_, "TMPDIR");
  const std::string ours = fmt::format("{}-{}", release_.name, ::geteuid());
  const std::array<fs::path, 4> places = {fs::path("/run") / release_.name,
                                          fs::path(temporary.empty() ? "/tmp" : temporary) / ours,
                                          fs::path("/tmp") / ours, fs::path("/dev/shm") / ours};
  for (const fs::path& place : places) {
    if (can_be_ours(place)) return place;
  }
  return places[0];
}

fs::path StartDirectory::runtime() const {
  const fs::path given = sys::variable(environment_, "XDG_RUNTIME_DIR");
  const bool is_given = !given.empty() && can_be_ours(given / release_.name);
  const fs::path directory = is_given ? given / release_.name : unchanging();
  if (!can_be_ours(directory)) {
    throw Error(
        release_.root.string(),
        "the release is read-only, and no directory for a node's files can be made in /run, "
        "in /tmp or in /dev/shm")
        .with_hint(
            "set RELX_OUT_FILE_PATH, XDG_RUNTIME_DIR or TMPDIR to a directory that can be "
            "written to");
  }
  make_private_directory(directory);
  return directory;
}

}  // namespace relmk::start
