#include "enit/state.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <optional>
#include <vector>

#include "sys/environment.h"
#include "sys/error.h"
#include "sys/file_lock.h"
#include "sys/new_file.h"

namespace relmk::enit {
namespace {

// A directory (no link to one) of ours in which nobody else can write.
bool is_ours(const fs::path& path) {
  struct stat status = {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
         status.st_uid == ::geteuid() && (status.st_mode & 022) == 0;
}

void make(const fs::path& path, mode_t mode) {
  if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST) {
    throw sys::system_error(path.string(), "cannot make the directory", errno);
  }
  if (!is_ours(path)) {
    throw Error(path.string(), "is no directory of ours alone")
        .with_hint("another user can write there, or it belongs to one");
  }
  if (::chmod(path.c_str(), mode) != 0) {
    throw sys::system_error(path.string(), "cannot set its mode", errno);
  }
}

// Where a state may lie that has no place in its release's directory, the best first.
std::vector<fs::path> runtime_directories(const std::map<std::string, std::string>& environment) {
  std::vector<fs::path> all;
  if (::geteuid() == 0) all.emplace_back("/run/enit");
  const std::string runtime = sys::variable(environment, "XDG_RUNTIME_DIR");
  if (!runtime.empty() && is_ours(runtime)) all.push_back(fs::path(runtime) / "enit");
  const std::string temporary = sys::variable(environment, "TMPDIR");
  all.push_back(fs::path(temporary.empty() ? "/tmp" : temporary) /
                fmt::format("enit-{}", ::geteuid()));
  return all;
}

// The first of them that is there, or can be made.
fs::path make_runtime_directory(const std::map<std::string, std::string>& environment,
                                const fs::path& release) {
  std::optional<Error> first;
  for (const fs::path& directory : runtime_directories(environment)) {
    try {
      make(directory, 0755);
      if (::access(directory.c_str(), W_OK) == 0) return directory;
      throw sys::system_error(directory.string(), "cannot be written to", errno);
    } catch (const Error& error) {
      if (!first) first = error;
    }
  }
  throw std::move(*first).with_hint(
      fmt::format("{} is not ours alone to write to either: let it be, or set XDG_RUNTIME_DIR to a "
                  "directory of yours",
                  release.string()));
}

}  // namespace

State::State(const ReleasePlace& release, const std::map<std::string, std::string>& environment) {
  std::error_code ignored;
  const fs::path place = fs::canonical(release.directory, ignored);
  // A read-only file system can be written to by nobody, root neither.
  if (!place.empty() && is_ours(place) && ::access(place.c_str(), W_OK) == 0) {
    directory_ = place / ".enit";
  } else {
    directory_ = make_runtime_directory(environment, release.directory) / release.name;
  }
  make(directory_, 0755);
}

void State::write_private(const fs::path& file, std::string_view bytes,
                          const Account& account) const {
  sys::NewFile fresh(file);
  fresh.write(bytes);
  if (account.is_other && ::fchown(fresh.descriptor(), account.user, account.group) != 0) {
    throw sys::system_error(file.string(), "cannot be given to the node's user", errno);
  }
  fresh.take_place(0400);
}

void State::make_directory(const fs::path& directory) const {
  make(directory, 0755);
}

StartLock::StartLock(const State& state, const std::string& release) {
  const fs::path file = state.file("lock");
  file_ = sys::Descriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (file_.get() < 0) throw sys::system_error(file.string(), "cannot be opened", errno);
  // Some file systems have no locks.
  if (::flock(file_.get(), LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
  const std::string holder = sys::lock_holder(file_.get());
  throw Error(
      fmt::format("release {} is already running, or being started, by {}", release, holder))
      .with_hint(fmt::format("it holds {}", file.string()));
}

void StartLock::hand_to_program() const {
  if (file_.get() >= 0) ::fcntl(file_.get(), F_SETFD, 0);
}

}  // namespace relmk::enit
