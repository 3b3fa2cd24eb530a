#include "plan/assemble.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "plan/manifest.h"
#include "plan/planned_file.h"
#include "sys/directory_swap.h"
#include "sys/error.h"
#include "sys/interruption.h"
#include "sys/workers.h"

namespace relmk::plan {
namespace {

// Where one release stands, and what relmk keeps beside it in DIR/.relmk.
struct Places {
  explicit Places(const AssemblyRequest& request)
      : current(request.output_dir / path_in_release(request.name)),
        own(request.output_dir / ".relmk"),
        lock(own / (request.name + ".lock")),
        staged(own / (request.name + ".new")),
        manifest(own / (request.name + "-" + request.version + ".manifest")) {}

  fs::path current;
  fs::path own;
  fs::path lock;
  fs::path staged;
  fs::path manifest;
};

// Removes a directory, whatever becomes of the rest.
class Removal {
 public:
  explicit Removal(fs::path path) : path_(std::move(path)) {}
  Removal(const Removal&) = delete;
  Removal& operator=(const Removal&) = delete;
  ~Removal() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

 private:
  fs::path path_;
};

// "lib/NAME-VSN" of a path in it, or "" for a path anywhere else.
std::string application_of(const std::string& path) {
  if (path.rfind("lib/", 0) != 0) return {};
  return path.substr(0, path.find('/', 4));
}

// Which files of the last release stay though the plan does not know them.
class CarryOver {
 public:
  CarryOver(const Plan& plan, const Places& places, const std::optional<Manifest>& last)
      : plan_(plan) {
    if (last) forget_stale(*last, places);
  }

  // Links files of `from` into `to`, where they are not yet. Missing `from`: nothing to do.
  void run(const fs::path& from, const fs::path& to) const {
    if (fs::is_directory(fs::symlink_status(from))) level(from, to, "");
  }

 private:
  // What an earlier assembly of this version made, and no other version's still has, is let go.
  void forget_stale(const Manifest& last, const Places& places) {
    for (const auto& entry : last.entries()) {
      if (plan_.find(entry.first) == nullptr) stale_.insert(entry.first);
    }
    if (stale_.empty()) return;
    const std::string prefix = places.current.filename().string() + "-";
    for (const auto& file : fs::directory_iterator(places.own)) {
      const std::string name = file.path().filename().string();
      if (file.path() == places.manifest || file.path().extension() != ".manifest" ||
          name.rfind(prefix, 0) != 0) {
        continue;
      }
      if (const auto other = Manifest::read(file.path())) {
        for (const auto& entry : other->entries())
          stale_.erase(entry.first);
      }
    }
  }

  bool stays(const std::string& path) const {
    const std::string application = application_of(path);
    const bool in_planned_application =
        !application.empty() && path != application && plan_.find(application) != nullptr;
    return !in_planned_application && stale_.count(path) == 0;
  }

  void level(const fs::path& from, const fs::path& to, const std::string& below) const {
    for (const auto& entry : fs::directory_iterator(from)) {
      const std::string name = entry.path().filename().string();
      const std::string path = below.empty() ? name : below + "/" + name;
      const PlannedFile* planned = plan_.find(path);
      const bool is_directory = fs::is_directory(entry.symlink_status());
      if (is_directory && (planned == nullptr || planned->kind == PlannedFile::Kind::Directory)) {
        // A stale directory stays as long as something in it does.
        directory(entry.path(), to / name, path);
      } else if (planned == nullptr && stays(path)) {
        keep(entry.path(), to / name);
      }
    }
  }

  void directory(const fs::path& from, const fs::path& to, const std::string& path) const {
    const bool existed = fs::exists(fs::symlink_status(to));
    if (!existed) {
      if (!application_of(path).empty() && path != application_of(path) && !stays(path)) return;
      make_like(from, to);
    }
    level(from, to, path);
    if (!existed && stale_.count(path) != 0) ::rmdir(to.c_str());
  }

  static void make_like(const fs::path& from, const fs::path& to) {
    struct stat status {};
    if (::stat(from.c_str(), &status) != 0 || ::mkdir(to.c_str(), 0700) != 0 ||
        ::chmod(to.c_str(), status.st_mode & 07777) != 0) {
      throw sys::system_error(from, "cannot be carried over", errno);
    }
    // An operator's directory stays the operator's, as far as we may.
    if (::lchown(to.c_str(), status.st_uid, status.st_gid) != 0 && ::geteuid() == 0) {
      throw sys::system_error(from, "cannot be carried over", errno);
    }
  }

  // The same file under another name: what writes to it goes on writing to it.
  static void keep(const fs::path& from, const fs::path& to) {
    if (::linkat(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), 0) == 0 || errno == EEXIST) return;
    if (fs::is_symlink(fs::symlink_status(from))) {
      fs::copy_symlink(from, to);
    } else {
      sys::copy_regular_file(from, to);
    }
  }

  const Plan& plan_;
  std::set<std::string> stale_;
};

// Makes every planned file below `staged`; those whose source is as it was at the last assembly are
// linked from there. Returns how many were made and how many linked.
std::pair<size_t, size_t> make_files(const Plan& plan, const Manifest& wanted,
                                     const std::optional<Manifest>& last, const Places& places) {
  std::vector<const std::pair<const std::string, PlannedFile>*> files;
  std::vector<std::pair<fs::path, unsigned>> modes;  // of directories, the deepest last
  for (const auto& file : plan.files()) {
    if (file.second.kind != PlannedFile::Kind::Directory) {
      files.push_back(&file);
      continue;
    }
    make_planned_file({}, places.staged / file.first);
    if (file.second.mode) modes.emplace_back(places.staged / file.first, *file.second.mode);
  }
  std::atomic<size_t> made{0};
  sys::for_each_parallel(files.size(), [&](size_t i) {
    sys::Interruption::check();
    const auto& [path, file] = *files[i];
    if (last) {
      const auto before = last->entries().find(path);
      const bool same = before != last->entries().end() &&
                        before->second.source == wanted.entries().at(path).source &&
                        before->second.target == stamp_of_target(places.current / path);
      if (same && ::linkat(AT_FDCWD, (places.current / path).c_str(), AT_FDCWD,
                           (places.staged / path).c_str(), 0) == 0) {
        return;
      }
    }
    make_planned_file(file, places.staged / path);
    ++made;
  });
  // Only now: a directory that is to be read-only could not be filled.
  for (auto directory = modes.rbegin(); directory != modes.rend(); ++directory) {
    if (::chmod(directory->first.c_str(), directory->second) != 0) {
      throw sys::system_error(directory->first, "cannot change its mode", errno);
    }
  }
  return {made, files.size() - made};
}

// The staged root looks like the one whose place it takes.
void make_staged_root(const Places& places) {
  sys::make_directories(places.staged);
  struct stat status {};
  if (::stat(places.current.c_str(), &status) != 0) return;
  if (!S_ISDIR(status.st_mode)) throw Error(places.current, "is in the way: not a directory");
  if (::chmod(places.staged.c_str(), status.st_mode & 07777) != 0 ||
      (::geteuid() == 0 && ::chown(places.staged.c_str(), status.st_uid, status.st_gid) != 0)) {
    throw sys::system_error(places.staged, "cannot write", errno);
  }
}

}  // namespace

Assembly assemble(const Plan& plan, const AssemblyRequest& request) {
  const Places places(request);
  sys::make_directories(places.own);
  const sys::FileLock lock(places.lock);
  sys::restore_swapped(places.staged, places.current);
  sys::remove_tree(places.staged);

  Manifest wanted = Manifest::of_plan(plan);
  const std::optional<Manifest> last = Manifest::read(places.manifest);
  if (last && last->same_sources(wanted) && last->holds_in(places.current)) return {};

  if (request.before_change) request.before_change();
  const sys::Interruption interruption;
  const Removal at_the_end(places.staged);
  make_staged_root(places);
  const auto [written, kept] = make_files(plan, wanted, last, places);
  const CarryOver carry_over(plan, places, last);
  carry_over.run(places.current, places.staged);
  wanted.take_targets(places.staged);
  sys::Interruption::check();
  sys::swap_directories(places.staged, places.current);
  // What came to be in the old directory since it was carried over.
  carry_over.run(places.staged, places.current);
  wanted.write(places.manifest);
  return {true, written, kept};
}

std::string plan_text(const Plan& plan) {
  std::string text;
  for (const auto& [path, file] : plan.files()) {
    const std::string mode = file.mode ? fmt::format(" mode {:o}", *file.mode) : "";
    switch (file.kind) {
      case PlannedFile::Kind::Directory:
        text += fmt::format("mkdir {}{}\n", path, mode);
        break;
      case PlannedFile::Kind::Copy:
        text += fmt::format("copy  {} <- {}{}\n", path, file.source.string(), mode);
        break;
      case PlannedFile::Kind::Strip:
        text += fmt::format("strip {} <- {}{}\n", path, file.source.string(), mode);
        break;
      case PlannedFile::Kind::Content:
        text += fmt::format("write {} ({} bytes){}\n", path, file.content.size(), mode);
        break;
      case PlannedFile::Kind::Link:
        text += fmt::format("link  {} -> {}\n", path, file.source.string());
        break;
    }
  }
  return text;
}

}  // namespace relmk::plan
