#include "plan/assemble.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

#include "plan/difference.h"
#include "plan/manifest.h"
#include "plan/planned_file.h"
#include "sys/error.h"
#include "sys/exchange.h"
#include "sys/interruption.h"
#include "sys/mount.h"
#include "sys/sync.h"
#include "sys/workers.h"

namespace relmk::plan {
namespace {

constexpr size_t kLongestName = 255;  // bytes, of a file on Linux

// Where one release stands, and what relmk keeps beside it.
struct Places {
  explicit Places(const AssemblyRequest& request)
      : root(fs::absolute(request.output_dir) / path_in_release(request.name)),
        own(fs::absolute(request.output_dir) / ".relmk" / path_in_release(request.name)),
        lock(own / "lock"),
        staged(own / "new"),
        manifest(own / (request.version + ".manifest")) {}

  fs::path root;
  fs::path own;
  fs::path lock;
  fs::path staged;
  fs::path manifest;
};

// Before anything is made: what no file system could hold.
void check_names(const Plan& plan, const AssemblyRequest& request) {
  const auto check = [](const std::string& name, size_t more) {
    if (name.size() + more <= kLongestName) return;
    throw Error(fmt::format("a file's name would be longer than {} bytes: {}", kLongestName, name));
  };
  // The manifest under its temporary name, and the tarball.
  check(fmt::format("{}-{}.tar.gz", request.name, request.version), 0);
  check("." + request.version + ".manifest", 8);
  for (const auto& [path, file] : plan.files())
    check(path.substr(path.rfind('/') + 1), 0);
}

// The root through links, or where a link that leads nowhere leads to.
fs::path resolved_root(fs::path root) {
  constexpr int kMostLinks = 40;
  for (int i = 0; i < kMostLinks; ++i) {
    std::error_code error;
    const fs::path target = fs::read_symlink(root, error);
    if (error) break;
    root = (root.parent_path() / target).lexically_normal();
    if (!root.has_filename()) root = root.parent_path();
  }
  return root;
}

std::vector<Manifest> other_manifests(const Places& places) {
  std::vector<Manifest> others;
  std::error_code ignored;
  for (const auto& file : fs::directory_iterator(places.own, ignored)) {
    if (file.path() == places.manifest || file.path().extension() != ".manifest") continue;
    if (auto other = Manifest::read(file.path())) others.push_back(std::move(*other));
  }
  return others;
}

// Whether a file that was made for another one is the same: content, mode, and, where it has its
// source's, time.
bool is_same_file(const fs::path& made, const fs::path& there, bool has_time) {
  const FileStamp a = FileStamp::at(made);
  const FileStamp b = FileStamp::at(there);
  if (a.mode != b.mode || a.size != b.size || (has_time && a.modified != b.modified)) return false;
  if (S_ISLNK(a.mode)) return fs::read_symlink(made) == fs::read_symlink(there);
  return S_ISREG(a.mode) && sys::read_file(made) == sys::read_file(there);
}

// As long as it lives, its owner can write to the release's directory, where the journal of an
// exchange lies, though its mode says no. After a kill in between, the owner still can.
class OpenRoot {
 public:
  explicit OpenRoot(const fs::path& root) : root_(root) {
    struct stat status {};
    if (::faccessat(AT_FDCWD, root.c_str(), W_OK | X_OK, AT_EACCESS) == 0 ||
        ::stat(root.c_str(), &status) != 0 || status.st_uid != ::geteuid())
      return;
    const mode_t mode = status.st_mode & 07777;
    if (::chmod(root.c_str(), mode | S_IRWXU) == 0) mode_ = mode;
  }
  OpenRoot(const OpenRoot&) = delete;
  OpenRoot& operator=(const OpenRoot&) = delete;
  ~OpenRoot() {
    if (mode_) ::chmod(root_.c_str(), *mode_);
  }

 private:
  const fs::path& root_;
  std::optional<mode_t> mode_;
};

class Assembling {
 public:
  Assembling(const Plan& plan, const AssemblyRequest& request, const Places& places)
      : plan_(plan), request_(request), places_(places) {}

  // Into a release that is there.
  Assembly change(const fs::path& root) {
    sys::Beside<std::optional<Manifest>> reading([&] { return Manifest::read(places_.manifest); });
    wanted_ = Manifest::of_plan(plan_);
    wanted_.look_at_sources();
    const std::optional<Manifest> last = reading.get();
    const sys::Interruption interruption;  // ends when what was staged is removed
    sys::Exchange exchange(root, request_.nodetool);
    const fs::path area = is_beside(root) ? places_.staged : root / ".relmk.new";
    const Difference difference(plan_, wanted_,
                                {root, area, last ? &*last : nullptr, request_.keeps_changes,
                                 [this] { return other_manifests(places_); }, request_.derived},
                                exchange);
    Assembly done;
    done.kept = difference.kept();
    if (exchange.empty()) return done;
    make(difference.directories(), difference.files(), root, exchange, done);
    // What was made anew to be compared may have come out as it was.
    if (!exchange.empty()) {
      if (request_.before_change) request_.before_change();
      done.changed = true;
      stage_manifest(exchange, root);
      sys::Interruption::check();
      const OpenRoot open(root);
      exchange.carry_out();
    }
    note_times(difference.files(), root);
    return done;
  }

  // Where there is none yet: all of it comes in place in one step.
  Assembly create(const fs::path& root) {
    wanted_ = Manifest::of_plan(plan_);
    if (request_.before_change) request_.before_change();
    const sys::Interruption interruption;  // ends when what was staged is removed
    sys::Exchange exchange(root.parent_path(), request_.nodetool);
    const size_t area = exchange.add_area(places_.staged);
    const fs::path staged = exchange.staged(exchange.place(area, root.filename()));
    std::vector<std::pair<fs::path, unsigned>> directories = {{staged, 0755}};
    std::vector<FileToMake> files;
    for (size_t i = 0; i < wanted_.entries().size(); ++i) {
      const ManifestEntry& entry = wanted_.entries()[i];
      if (entry.kind == PlannedFile::Kind::Directory)
        directories.emplace_back(staged / entry.path,
                                 entry.mode < 0 ? 0755U : static_cast<unsigned>(entry.mode));
      else
        files.push_back({i, staged / entry.path, {}, false});
    }
    Assembly done;
    done.changed = true;
    make(directories, files, root, exchange, done);
    sys::Interruption::check();
    sys::sync_file_system(staged);
    // The manifest first: without the release it speaks of nothing.
    sys::write_file(places_.manifest, wanted_.text());
    if (::rename(staged.c_str(), root.c_str()) != 0)
      throw sys::system_error(root, "cannot be put in place", errno);
    sys::sync_directory(root.parent_path());
    return done;
  }

 private:
  bool is_beside(const fs::path& root) const {
    return sys::mount_of(root) == sys::mount_of(places_.own);
  }

  void make(const std::vector<std::pair<fs::path, unsigned>>& directories,
            const std::vector<FileToMake>& files, const fs::path& root, sys::Exchange& exchange,
            Assembly& done) {
    for (const auto& [path, mode] : directories)
      if (::mkdir(path.c_str(), 0755) != 0)
        throw sys::system_error(path, "cannot create directory", errno);
    std::vector<const PlannedFile*> planned;
    planned.reserve(plan_.files().size());
    for (const auto& file : plan_.files())
      planned.push_back(&file.second);
    // What is computed takes longest: begun last, it would leave the other processors idle.
    std::vector<const FileToMake*> ordered;
    for (const FileToMake& file : files)
      ordered.push_back(&file);
    std::stable_partition(ordered.begin(), ordered.end(), [&](const FileToMake* file) {
      return planned[file->entry]->kind == PlannedFile::Kind::Computed;
    });
    std::atomic<size_t> made{0};
    sys::for_each_parallel(ordered.size(), [&](size_t i) {
      sys::Interruption::check();
      const FileToMake& file = *ordered[i];
      ManifestEntry& entry = wanted_.entries()[file.entry];
      const MadeFile file_made = make_planned_file(*planned[file.entry], file.at);
      entry.target = FileStamp::of(file_made.status);
      if (file_made.source) entry.source_stamp = FileStamp::of_source(*file_made.source);
      // Where it gets another name, its time of change is yet to come.
      if (file.step) entry.target.changed = 0;
      const bool has_time = entry.kind != PlannedFile::Kind::Link && !entry.source.empty();
      if (file.replaces && is_same_file(file.at, root / entry.path, has_time))
        exchange.forget(*file.step);
      else
        ++made;
    });
    // Only now: a directory that is to be read-only could not be filled.
    for (auto directory = directories.rbegin(); directory != directories.rend(); ++directory) {
      const auto& [path, mode] = *directory;
      if (mode != 0755 && ::chmod(path.c_str(), mode) != 0)
        throw sys::system_error(path, "cannot change its mode", errno);
    }
    done.written = made;
    done.kept += files.size() - made;
  }

  // It lies beside the release, perhaps on another mount.
  void stage_manifest(sys::Exchange& exchange, const fs::path& root) {
    const size_t own = exchange.add_area(places_.staged);
    const std::string path = places_.manifest.lexically_relative(root).native();
    const bool is_there = FileStamp::at(places_.manifest).mode != 0;
    const size_t step = is_there ? exchange.replace(own, path) : exchange.place(own, path);
    sys::create_file(exchange.staged(step), wanted_.text());
  }

  // The files that got another name have other times now. Without them in the manifest, the next
  // assembly compares these files' contents: so this may fail.
  void note_times(const std::vector<FileToMake>& files, const fs::path& root) {
    for (const FileToMake& file : files) {
      if (!file.step) continue;
      ManifestEntry& entry = wanted_.entries()[file.entry];
      entry.target = FileStamp::at(root / entry.path);
    }
    try {
      sys::write_file(places_.manifest, wanted_.text());
    } catch (const Error&) {
      return;
    }
  }

  const Plan& plan_;
  const AssemblyRequest& request_;
  const Places& places_;
  Manifest wanted_;
};

}  // namespace

Assembly assemble(const Plan& plan, const AssemblyRequest& request) {
  check_names(plan, request);
  const Places places(request);
  sys::make_directories(places.own);
  std::vector<std::shared_ptr<sys::FileLock>> locks;
  locks.push_back(std::make_shared<sys::FileLock>(places.lock, request.lock_wait));
  const fs::path root = resolved_root(places.root);
  struct stat status {};
  // A link that leads nowhere says where the release is wanted.
  if (root != places.root) sys::make_directories(root);
  const bool exists = ::stat(root.c_str(), &status) == 0;
  if (exists && !S_ISDIR(status.st_mode))
    throw Error(places.root, "is in the way: not a directory");
  if (exists) {
    // Another DIR may lead to the same release.
    locks.push_back(std::make_shared<sys::FileLock>(root, request.lock_wait));
    sys::finish_exchange(root);
    sys::remove_tree(root / ".relmk.new");
  }
  // Only now: what is staged there may be what an interrupted exchange goes on with.
  sys::remove_tree(places.staged);
  Assembling assembling(plan, request, places);
  Assembly done = exists ? assembling.change(root) : assembling.create(root);
  done.locks = std::move(locks);
  return done;
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
        text += fmt::format("copy  {} <- {}{}\n", path, file.source, mode);
        break;
      case PlannedFile::Kind::Strip:
      case PlannedFile::Kind::Chunks:
      case PlannedFile::Kind::CompressedChunks:
        text += fmt::format("strip {} <- {}{}\n", path, file.source, mode);
        break;
      case PlannedFile::Kind::Content:
      case PlannedFile::Kind::Computed:
        text += fmt::format("write {} ({} bytes){}\n", path, written_bytes(file).size(), mode);
        break;
      case PlannedFile::Kind::Link:
        text += fmt::format("link  {} -> {}\n", path, file.source);
        break;
    }
  }
  return text;
}

}  // namespace relmk::plan
