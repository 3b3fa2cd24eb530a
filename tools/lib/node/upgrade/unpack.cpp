#include "node/upgrade/unpack.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>

#include "sys/owner.h"

namespace relmk::node {
namespace {

constexpr const char* kAside = ".relmk-aside-";  // below the root; followed by the version
// In releases/VSN: what lies elsewhere, a line each. `+PATH` came by an unpacking, `=PATH` was
// there before any.
constexpr const char* kListName = ".unpacked";

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(fs::symlink_status(path, error));
}

bool starts_with(const std::string& path, const std::string& directory) {
  return path.starts_with(directory + "/");
}

// The same file system, and out of sight: a directory is removed by a rename first, so that it is
// never there in part.
class Aside {
 public:
  Aside(const fs::path& root, const std::string& version) : path_(root / (kAside + version)) {
    sys::remove_tree(path_);
    sys::make_directories(path_);
  }
  Aside(const Aside&) = delete;
  Aside& operator=(const Aside&) = delete;
  ~Aside() {
    std::error_code error;
    fs::remove_all(path_, error);
  }
  const fs::path& path() const { return path_; }
  void remove(const fs::path& path) {
    if (!is_there(path)) return;
    const fs::path away = path_ / (".removed-" + std::to_string(++count_));
    std::error_code error;
    fs::rename(path, away, error);
    if (error) throw Error(path, "cannot be removed: " + error.message());
    fs::remove_all(away, error);
  }

 private:
  fs::path path_;
  int count_ = 0;
};

// True for what came by an unpacking.
std::map<std::string, bool> read_list(const fs::path& root, const std::string& version) {
  std::map<std::string, bool> paths;
  const fs::path file = root / "releases" / version / kListName;
  if (!is_there(file)) return paths;
  std::string text = sys::read_file(file);
  for (size_t end; (end = text.find('\n')) != text.npos; text.erase(0, end + 1))
    if (end > 1) paths.emplace(text.substr(1, end - 1), text[0] == '+');
  return paths;
}

void write_member(const TarMember& member, const fs::path& to) {
  switch (member.kind) {
    case TarMember::Kind::Directory:
      sys::make_directories(to);
      break;
    case TarMember::Kind::Link: {
      sys::make_directories(to.parent_path());
      std::error_code error;
      fs::create_symlink(member.target, to, error);
      if (error) throw Error(to, "cannot be created: " + error.message());
      break;
    }
    case TarMember::Kind::File:
      sys::make_directories(to.parent_path());
      sys::create_file(to, member.content, member.mode);
      break;
  }
}

std::set<fs::path> needed_libraries(const fs::path& root,
                                    const std::vector<KnownRelease>& releases) {
  std::set<fs::path> needed;
  for (const KnownRelease& known : releases)
    for (const auto& library : known.release.libraries)
      needed.insert((root / library.directory).lexically_normal());
  return needed;
}

class Unpacking {
 public:
  Unpacking(const ReleaseImage& image, const std::vector<KnownRelease>& registered)
      : image_(image),
        root_(image.root()),
        needed_(needed_libraries(root_, registered)),
        aside_(root_, image.version()) {
    done_.root = root_;
    for (const KnownRelease& known : registered) {
      for (const auto& [path, came] : read_list(root_, known.release.version))
        if (came) came_by_unpacking_.insert(path);
      needed_erts_ = needed_erts_ || known.release.erts_version == image.resource().erts_version;
    }
  }

  Unpacked run() {
    sort_members();
    try {
      for (const TarMember* member : members_)
        write_member(*member, aside_.path() / place_of(*member));
      const fs::path version = aside_.path() / "releases" / image_.version();
      if (!is_there(version / (image_.name() + ".rel"))) {
        sys::create_file(version / (image_.name() + ".rel"),
                         *image_.read(image_.version_path(image_.name() + ".rel")));
      }
      for (const std::string& directory : directories_)
        place_directory(directory);
      place_shared_files();
      place_version_directory();
    } catch (...) {
      take_back(done_);
      throw;
    }
    return std::move(done_);
  }

 private:
  // Chooses what is taken.
  void sort_members() {
    const std::string version = "releases/" + image_.version();
    std::set<std::string> whole;
    for (const otp::ReleaseApplication& application : image_.resource().applications) {
      const std::string path = library_path(application);
      if (!needed_.contains((root_ / path).lexically_normal()) || !is_there(root_ / path))
        whole.insert(path);
    }
    const std::string erts = "erts-" + image_.resource().erts_version;
    if (!is_there(root_ / erts) || !needed_erts_) whole.insert(erts);
    for (const TarMember& member : image_.tarball()->members()) {
      const std::string& path = member.path;
      const auto in_whole =
          std::find_if(whole.begin(), whole.end(),
                       [&](const std::string& directory) { return starts_with(path, directory); });
      if (in_whole != whole.end()) {
        directories_.insert(*in_whole);
        members_.push_back(&member);
      } else if (starts_with(path, version)) {
        if (path != version + "/" + image_.name() + ".tar.gz") members_.push_back(&member);
      } else if (starts_with(path, "lib") || path == "lib" || path.starts_with("erts-") ||
                 path.starts_with("releases")) {
        continue;  // another version's, or what is there already
      } else if (member.kind != TarMember::Kind::Directory) {
        members_.push_back(&member);
        if (starts_with(path, "bin"))
          start_files_.push_back(&member);
        else
          shared_.push_back(&member);
      }
    }
  }

  // bin/X waits in releases/VSN/bin/X.
  fs::path place_of(const TarMember& member) const {
    if (!starts_with(member.path, "bin")) return member.path;
    return fs::path("releases") / image_.version() / member.path;
  }

  void place(const fs::path& from, const fs::path& relative) {
    const fs::path to = root_ / relative;
    make_parents(relative);
    sys::give_to_owner_of(from, to.parent_path());
    std::error_code error;
    fs::rename(from, to, error);
    if (error) throw Error(to, "cannot be created: " + error.message());
    done_.paths.push_back(relative);
  }

  // Directories that are new are taken back too.
  void make_parents(const fs::path& relative) {
    fs::path parent;
    for (const fs::path& part : relative.parent_path()) {
      parent /= part;
      if (is_there(root_ / parent)) continue;
      sys::make_directories(root_ / parent);
      sys::give_to_owner_of(root_ / parent, (root_ / parent).parent_path());
      done_.paths.push_back(parent);
    }
  }

  void place_directory(const std::string& directory) {
    // Of a version that nobody knows: what an unpacking left that was broken off.
    aside_.remove(root_ / directory);
    place(aside_.path() / directory, directory);
  }

  void place_shared_files() {
    std::string list;
    for (const TarMember* member : shared_)
      place_shared(*member, aside_.path() / member->path, list);
    const std::string script = "bin/" + image_.name() + "-" + image_.version();
    for (const TarMember* member : start_files_) {
      const fs::path copy = aside_.path() / ".bin" / member->path;
      if (member->path == script) aside_.remove(root_ / script);
      if (!is_there(root_ / member->path)) write_member(*member, copy);
      place_shared(*member, copy, list);
    }
    sys::create_file(aside_.path() / "releases" / image_.version() / kListName, list);
  }

  void place_shared(const TarMember& member, const fs::path& from, std::string& list) {
    const bool was_there = is_there(root_ / member.path);
    if (!was_there) place(from, member.path);
    list +=
        (was_there && !came_by_unpacking_.contains(member.path) ? "=" : "+") + member.path + "\n";
  }

  // releases/VSN may be there, with the tarball in it.
  void place_version_directory() {
    const fs::path version = fs::path("releases") / image_.version();
    const fs::path from = aside_.path() / version;
    if (!is_there(root_ / version)) {
      place(from, version);
      return;
    }
    // NAME.rel goes last: without it the version is not there.
    const std::string last = image_.name() + ".rel";
    std::vector<fs::path> entries;
    for (const auto& entry : fs::directory_iterator(from))
      entries.push_back(entry.path().filename());
    std::sort(entries.begin(), entries.end(), [&](const fs::path& a, const fs::path& b) {
      return std::make_pair(a == last, a) < std::make_pair(b == last, b);
    });
    for (const fs::path& entry : entries) {
      aside_.remove(root_ / version / entry);
      place(from / entry, version / entry);
    }
  }

  const ReleaseImage& image_;
  const fs::path root_;
  const std::set<fs::path> needed_;
  bool needed_erts_ = false;
  Aside aside_;
  Unpacked done_;
  std::vector<const TarMember*> members_, start_files_, shared_;
  std::set<std::string> directories_, came_by_unpacking_;
};

bool is_tarball(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.ends_with(".tar.gz") || name.ends_with(".tar.gz.sha256");
}

}  // namespace

Unpacked unpack(const ReleaseImage& image, const std::vector<KnownRelease>& registered) {
  return Unpacking(image, registered).run();
}

std::vector<std::string> take_back(const Unpacked& unpacked) {
  std::vector<std::string> left;
  for (auto path = unpacked.paths.rbegin(); path != unpacked.paths.rend(); ++path) {
    std::error_code error;
    fs::remove_all(unpacked.root / *path, error);
    if (error) left.push_back((unpacked.root / *path).string());
  }
  return left;
}

std::vector<fs::path> files_of_version_alone(const fs::path& root, const std::string& name,
                                             const KnownRelease& version,
                                             const std::vector<KnownRelease>& others,
                                             const std::set<fs::path>& in_use) {
  const std::string& vsn = version.release.version;
  const fs::path directory = root / "releases" / vsn;
  std::vector<fs::path> paths;
  const auto add = [&](const fs::path& path) {
    if (is_there(path)) paths.push_back(path);
  };
  std::set<fs::path> needed = needed_libraries(root, others);
  needed.insert(in_use.begin(), in_use.end());
  const fs::path libraries = (root / "lib").lexically_normal();
  for (const auto& library : version.release.libraries) {
    const fs::path path = (root / library.directory).lexically_normal();
    // Those of the system are not the release's to remove.
    if (path.parent_path() == libraries && !needed.contains(path)) add(path);
  }
  const std::string& erts = version.release.erts_version;
  const fs::path erts_path = (root / ("erts-" + erts)).lexically_normal();
  const bool erts_needed =
      std::any_of(others.begin(), others.end(),
                  [&](const KnownRelease& other) { return other.release.erts_version == erts; });
  if (!erts.empty() && !erts_needed && !in_use.contains(erts_path)) add(erts_path);
  std::set<std::string> needed_files;
  for (const KnownRelease& other : others)
    for (const auto& [path, came] : read_list(root, other.release.version))
      needed_files.insert(path);
  for (const auto& [path, came] : read_list(root, vsn))
    if (came && !needed_files.contains(path)) add(root / path);
  add(root / "bin" / (name + "-" + vsn));
  if (!is_there(directory)) return paths;
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(directory))
    entries.push_back(entry.path());
  if (std::none_of(entries.begin(), entries.end(), is_tarball)) {
    add(directory);
    return paths;
  }
  add(directory / (name + ".rel"));
  for (const fs::path& entry : entries)
    if (!is_tarball(entry) && entry.filename() != name + ".rel") add(entry);
  return paths;
}

void check_removable(const fs::path& root, const std::vector<fs::path>& paths) {
  const auto need = [](const fs::path& path) {
    if (::access(path.c_str(), W_OK) == 0) return;
    throw sys::system_error(path, "cannot be written", errno)
        .with_hint("run the command as the user whose it is; nothing was removed");
  };
  need(root);
  for (const fs::path& path : paths) {
    need(path.parent_path());
    // A directory that gets another one above it is written, too.
    std::error_code error;
    if (fs::is_directory(fs::symlink_status(path, error))) need(path);
  }
}

void remove_files(const fs::path& root, const std::string& version,
                  const std::vector<fs::path>& paths) {
  Aside aside(root, version);
  for (const fs::path& path : paths)
    aside.remove(path);
}

}  // namespace relmk::node
