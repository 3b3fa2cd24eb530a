#include "plan/difference.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "sys/directory.h"
#include "sys/error.h"
#include "sys/workers.h"

namespace relmk::plan {

using Kind = PlannedFile::Kind;

struct Difference::Seen {
  FileStamp stamp;
  Mount mount;
  unsigned owner = 0;

  bool is_there() const { return stamp.mode != 0; }
  bool is_directory() const { return S_ISDIR(stamp.mode); }
  bool is_link() const { return S_ISLNK(stamp.mode); }
  bool is_file() const { return S_ISREG(stamp.mode); }
  // What is no directory has on overlayfs the device of a layer: only its mount tells.
  bool lies_on(const Mount& other) const {
    return is_directory() || mount.second == 0 ? mount == other : mount.second == other.second;
  }
};

namespace {

std::string parent_path(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

std::string link_target(const fs::path& path) {
  std::error_code ignored;
  return fs::read_symlink(path, ignored).native();
}

int64_t nanoseconds(const statx_timestamp& time) {
  return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

bool lies_below(const fs::path& path, const fs::path& directory) {
  const fs::path way = path.lexically_relative(directory);
  return !way.empty() && *way.begin() != "..";
}

}  // namespace

Difference::Seen Difference::look(const std::string& path, bool follow) {
  return look(path, {AT_FDCWD, path.c_str()}, follow);
}

Difference::Seen Difference::look(const std::string& path, const sys::PathWalk::Place& place,
                                  bool follow) {
  struct statx status {};
  const int flags = follow ? 0 : AT_SYMLINK_NOFOLLOW;
  if (::statx(place.directory, place.name, flags, STATX_BASIC_STATS | STATX_MNT_ID, &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return {};
    throw sys::system_error(path, "cannot read", errno);
  }
  Seen seen;
  seen.stamp = {status.stx_ino, static_cast<int64_t>(status.stx_size),
                nanoseconds(status.stx_mtime), nanoseconds(status.stx_ctime), status.stx_mode};
  seen.mount = sys::mount_of(status);
  seen.owner = status.stx_uid;
  return seen;
}

Difference::Difference(const Plan& plan, Manifest& wanted, const DifferenceRequest& request,
                       sys::Exchange& exchange)
    : plan_(plan), wanted_(wanted), request_(request), exchange_(exchange) {
  const Seen root = look(request.root, true);
  root_mount_ = root.mount;
  area_places_[root.mount] = request.area;
  planned_directories_[""] = {true, root.mount, {}};
  before_.resize(wanted.entries().size());
  if (request.last != nullptr) {
    for (size_t i = 0; i < before_.size(); ++i)
      before_[i] = request.last->find(wanted.entries()[i].path);
  }
  for (size_t i = 0; i < wanted.entries().size(); ++i)
    if (wanted.entries()[i].kind == Kind::Directory) look_at_directory(i);
  look_at_files();
  let_go_of_stale();
  open_directories();
}

size_t Difference::area_of(const Mount& mount) {
  const auto found = areas_.find(mount);
  if (found != areas_.end()) return found->second;
  return areas_[mount] = exchange_.add_area(area_places_.at(mount));
}

Difference::Directory& Difference::parent_of(const std::string& path) {
  return planned_directories_.at(parent_path(path));
}

void Difference::look_at_directory(size_t entry) {
  const ManifestEntry& wanted = wanted_.entries()[entry];
  const std::string& path = wanted.path;
  const Directory parent = parent_of(path);
  Directory& directory = planned_directories_[path];
  if (!parent.exists) return add_new_directory(entry, directory, parent);
  const fs::path full = request_.root / path;
  Seen seen = look(full, false);
  if (!seen.is_there()) return add_new_directory(entry, directory, parent);
  if (seen.is_directory()) return enter(entry, directory, seen, parent);
  if (is_ours(path) || (seen.is_link() && gives_way(entry))) {
    exchange_.remove(area_of(parent.mount), path);
    return add_new_directory(entry, directory, parent);
  }
  if (!seen.is_link()) throw Error(full, "is in the way: not a directory");
  seen = look(full, true);
  if (!seen.is_there()) throw Error(full, "is in the way: a link that leads nowhere");
  if (!seen.is_directory()) throw Error(full, "is in the way: a link to what is no directory");
  enter(entry, directory, seen, parent);
}

// A link to an application that is to be copied from there: nobody's volume, and what is behind it
// is not to be written to.
bool Difference::gives_way(size_t entry) const {
  const auto& entries = wanted_.entries();
  const std::string prefix = entries[entry].path + "/";
  std::error_code ignored;
  const fs::path target = fs::canonical(request_.root / entries[entry].path, ignored);
  if (target.empty()) return false;
  auto below = std::lower_bound(
      entries.begin(), entries.end(), prefix,
      [](const ManifestEntry& one, const std::string& start) { return one.path < start; });
  for (; below != entries.end() && below->path.starts_with(prefix); ++below) {
    if (below->kind == Kind::Copy || below->kind == Kind::Strip)
      return lies_below(fs::weakly_canonical(below->source, ignored), target);
  }
  return false;
}

void Difference::add_new_directory(size_t entry, Directory& directory, const Directory& parent) {
  const ManifestEntry& wanted = wanted_.entries()[entry];
  const unsigned mode = wanted.mode < 0 ? 0755U : static_cast<unsigned>(wanted.mode);
  if (!parent.exists) {
    directory.staged = parent.staged / fs::path(wanted.path).filename();
    directories_.emplace_back(directory.staged, mode);
    return;
  }
  changed_directories_[parent_path(wanted.path)];
  directory.staged = exchange_.staged(exchange_.place(area_of(parent.mount), wanted.path));
  // To be moved, a directory must be one that its owner may write to.
  directories_.emplace_back(directory.staged, mode | 0700);
  if ((mode & 0700) != 0700) modes_[wanted.path] = {mode | 0700, mode};
}

void Difference::enter(size_t entry, Directory& directory, const Seen& seen,
                       const Directory& parent) {
  const ManifestEntry& wanted = wanted_.entries()[entry];
  directory.exists = true;
  directory.mount = seen.mount;
  wanted_.entries()[entry].target = seen.stamp;
  if (seen.mount != parent.mount)
    area_places_.emplace(seen.mount, request_.root / wanted.path / ".relmk.new");
  const unsigned mode = seen.stamp.mode & 07777;
  if (wanted.mode >= 0 && static_cast<unsigned>(wanted.mode) != mode)
    modes_[wanted.path] = {mode, static_cast<unsigned>(wanted.mode)};
}

void Difference::look_at_files() {
  std::vector<size_t> entries;
  for (size_t i = 0; i < wanted_.entries().size(); ++i)
    if (wanted_.entries()[i].kind != Kind::Directory) entries.push_back(i);
  if (request_.keeps_changes) others();  // threads look at them below
  std::vector<Seen> seen(entries.size());
  std::vector<char> same(entries.size());
  const std::string root = request_.root.native() + "/";
  sys::for_each_part_parallel(entries.size(), [&](size_t first, size_t end) {
    sys::PathWalk walk;
    for (size_t i = first; i < end; ++i) {
      const ManifestEntry& wanted = wanted_.entries()[entries[i]];
      if (!planned_directories_.find(parent_path(wanted.path))->second.exists) continue;
      const std::string path = root + wanted.path;
      seen[i] = look(path, walk.place_of(path), false);
      same[i] = is_same(entries[i], seen[i]);
    }
  });
  for (size_t i = 0; i < entries.size(); ++i)
    add_file(entries[i], seen[i], same[i] != 0);
}

bool Difference::is_same(size_t entry, const Seen& seen) const {
  const ManifestEntry& wanted = wanted_.entries()[entry];
  if (wanted.kind == Kind::Link)
    return seen.is_link() && link_target(request_.root / wanted.path) == wanted.source;
  if (!seen.is_file()) return false;
  // A configuration file that the release has already is its own source.
  if (wanted.kind == Kind::Copy && wanted.source_stamp == seen.stamp) return true;
  const ManifestEntry* before = before_[entry];
  if (before == nullptr || !before->same_recipe(wanted)) return false;
  // What has no source is its content, which the recipe knows.
  const Sameness source =
      wanted.source.empty() ? Sameness::Same : compare(before->source_stamp, wanted.source_stamp);
  if (request_.keeps_changes)
    return source != Sameness::Other && !is_of_another_version(wanted, *before, seen.stamp);
  return source == Sameness::Same && compare(before->target, seen.stamp) == Sameness::Same;
}

// Whether what stands there was made for another version, which has the file in common with this
// one but not what is in it, as bin/NAME.
bool Difference::is_of_another_version(const ManifestEntry& wanted, const ManifestEntry& before,
                                       const FileStamp& there) const {
  if (compare(before.target, there) == Sameness::Same) return false;
  return std::any_of(others_->begin(), others_->end(), [&](const Manifest& other) {
    const ManifestEntry* entry = other.find(wanted.path);
    return entry != nullptr && !entry->same_recipe(wanted) &&
           compare(entry->target, there) != Sameness::Other;
  });
}

void Difference::add_file(size_t entry, const Seen& seen, bool same) {
  ManifestEntry& wanted = wanted_.entries()[entry];
  const std::string& path = wanted.path;
  if (same) {
    // What others have changed is no work of ours, also the next time.
    const bool is_ours = !request_.keeps_changes || wanted.kind == Kind::Link;
    wanted.target = is_ours || before_[entry] == nullptr ? seen.stamp : before_[entry]->target;
    ++kept_;
    return;
  }
  const std::string above = parent_path(path);
  const Directory& parent = planned_directories_.at(above);
  if (!parent.exists) {
    files_.push_back({entry, parent.staged / fs::path(path).filename(), {}, false});
    return;
  }
  if (seen.is_there() && !seen.lies_on(parent.mount))
    throw Error(request_.root / path, "is in the way: a mount that cannot be replaced");
  changed_directories_[above];
  const size_t area = area_of(parent.mount);
  if (seen.is_directory()) {
    const PlannedFile* planned = plan_.find(path);
    clear(path, seen, parent.mount,
          planned->kind == Kind::Link ? fs::path(planned->source) : fs::path());
  }
  const bool replaces = seen.is_there() && !seen.is_directory();
  const size_t step = replaces ? exchange_.replace(area, path) : exchange_.place(area, path);
  files_.push_back({entry, exchange_.staged(step), step, replaces});
}

// The directory at `path` gives way to a file or a link to `source`, if all that it holds is
// relmk's or is what the link leads to.
void Difference::clear(const std::string& path, const Seen& seen, const Mount& mount,
                       const fs::path& source) {
  const fs::path full = request_.root / path;
  if (seen.mount != mount) throw Error(full, "is in the way: a mount that cannot be replaced");
  std::error_code error;
  std::vector<std::string> names;
  for (const auto& one : fs::directory_iterator(full, error))
    names.push_back(one.path().filename().native());
  if (error) throw Error(full, "cannot read directory: " + error.message());
  changed_directories_[path];
  for (const std::string& name : names) {
    const std::string below = path + "/" + name;
    const Seen one = look(request_.root / below, false);
    const fs::path original = source.empty() ? fs::path() : source / name;
    if (one.is_directory()) {
      clear(below, one, mount, original);
      continue;
    }
    std::error_code ignored;
    if (!one.lies_on(mount))
      throw Error(request_.root / below, "is in the way: a mount that cannot be replaced");
    if (!is_ours(below) && (original.empty() || !fs::exists(original, ignored)))
      throw Error(request_.root / below, "is in the way, and relmk did not make it")
          .with_hint(fmt::format("move it away: {} is to be {}", full.native(),
                                 source.empty() ? "a file" : "a link"));
    exchange_.remove(area_of(mount), below);
    cleared_[below];
  }
  exchange_.remove_directory(path, seen.stamp.mode & 07777);
  cleared_[path];
}

const std::vector<Manifest>& Difference::others() {
  if (!others_) others_ = request_.others ? request_.others() : std::vector<Manifest>();
  return *others_;
}

bool Difference::is_ours(const std::string& path) {
  const auto knows = [&](const Manifest& manifest) {
    const ManifestEntry* entry = manifest.find(path);
    return entry != nullptr && entry->kind != Kind::Directory;
  };
  if (request_.last != nullptr && knows(*request_.last)) return true;
  return std::any_of(others().begin(), others().end(), knows);
}

// What an earlier assembly of this version made, and no other version's still has, goes.
void Difference::let_go_of_stale() {
  if (request_.last == nullptr) return;
  std::vector<const ManifestEntry*> directories;
  for (const ManifestEntry& entry : request_.last->entries()) {
    if (is_planned(entry.path) || cleared_.count(entry.path) != 0) continue;
    const auto knows = [&](const Manifest& other) { return other.find(entry.path) != nullptr; };
    if (std::any_of(others().begin(), others().end(), knows)) continue;
    if (entry.kind == Kind::Directory) {
      directories.push_back(&entry);
      continue;
    }
    const Directory* parent = real_directory(parent_path(entry.path));
    if (parent == nullptr) continue;
    const Seen seen = look(request_.root / entry.path, false);
    if (!is_as_made(entry, seen) || !seen.lies_on(parent->mount)) continue;
    changed_directories_[parent_path(entry.path)];
    exchange_.remove(area_of(parent->mount), entry.path);
    const auto derived = request_.derived.find(entry.path);
    if (derived == request_.derived.end() || is_planned(derived->second)) continue;
    const Seen others = look(request_.root / derived->second, false);
    if (others.is_file() && others.lies_on(parent->mount))
      exchange_.remove(area_of(parent->mount), derived->second);
  }
  for (auto directory = directories.rbegin(); directory != directories.rend(); ++directory) {
    const std::string& path = (*directory)->path;
    const Directory* parent = real_directory(parent_path(path));
    if (parent == nullptr || real_directory(path) == nullptr) continue;
    const Seen seen = look(request_.root / path, false);
    if (!seen.is_directory() || seen.mount != parent->mount) continue;
    changed_directories_[parent_path(path)];
    exchange_.remove_directory(path, seen.stamp.mode & 07777);
  }
}

// What a link leads to, if the last assembly followed it to the same directory.
Difference::Seen Difference::followed_before(const std::string& path) const {
  const ManifestEntry* entry = request_.last->find(path);
  if (entry == nullptr || entry->kind != Kind::Directory) return {};
  const Seen seen = look(request_.root / path, true);
  return seen.stamp.inode == entry->target.inode ? seen : Seen{};
}

// nullptr where it is not there, or is behind a link that nothing planned leads through.
const Difference::Directory* Difference::real_directory(const std::string& path) {
  const auto planned = planned_directories_.find(path);
  if (planned != planned_directories_.end())
    return planned->second.exists ? &planned->second : nullptr;
  const auto known = other_directories_.find(path);
  if (known != other_directories_.end()) return known->second ? &*known->second : nullptr;
  std::optional<Directory> found;
  if (const Directory* parent = real_directory(parent_path(path))) {
    Seen seen = look(request_.root / path, false);
    if (seen.is_link()) seen = followed_before(path);
    if (seen.is_directory() && !is_planned(path)) {
      found = Directory{true, seen.mount, {}};
      if (seen.mount != parent->mount)
        area_places_.emplace(seen.mount, request_.root / path / ".relmk.new");
    }
  }
  auto& kept = other_directories_[path];
  kept = found;
  return kept ? &*kept : nullptr;
}

bool Difference::is_as_made(const ManifestEntry& entry, const Seen& seen) const {
  if (entry.kind == Kind::Link)
    return seen.is_link() && link_target(request_.root / entry.path) == entry.source;
  return seen.is_file() && compare(entry.target, seen.stamp) != Sameness::Other;
}

// Directories that their owner may not write to are opened while the steps are taken.
void Difference::open_directories() {
  for (const auto& [path, unused] : changed_directories_) {
    const fs::path full = request_.root / path;
    if (::faccessat(AT_FDCWD, full.c_str(), W_OK | X_OK, AT_EACCESS) == 0) continue;
    const int error = errno;
    const Seen seen = look(full, true);
    if (error != EACCES || seen.owner != ::geteuid())
      throw sys::system_error(full, "cannot be written to", error);
    if (path.empty()) continue;  // the root is open as long as the journal lies in it
    const unsigned mode = seen.stamp.mode & 07777;
    modes_.emplace(path, std::pair(mode, mode));
  }
  for (const auto& [path, modes] : modes_)
    exchange_.change_mode(path, modes.first, modes.second);
}

}  // namespace relmk::plan
