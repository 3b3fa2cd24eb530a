#include "mix/release_tar.h"

#include <sys/stat.h>

#include <cerrno>
#include <map>
#include <set>

#include "sys/error.h"

namespace relmk::mix {
namespace {

constexpr int kDeepest = 64;  // levels; links that lead in a circle end here

class Contents {
 public:
  explicit Contents(const PlannedRelease& release) : release_(release) {}

  // The plan has all of it, but for what others have put into the release since: a relup, what a
  // hook made.
  void add_all() {
    const std::string version = plan::path_in_release("releases/" + release_.release.version);
    std::set<std::string> whole = {"bin", version};
    for (const auto& [path, file] : release_.plan.files()) {
      const size_t slash = path.find('/');
      if (slash == std::string::npos) continue;
      const std::string top = path.substr(0, slash);
      if (top == "lib") whole.insert(path.substr(0, path.find('/', slash + 1)));
      if (top.starts_with("erts-")) whole.insert(top);
    }
    for (const std::string& path : whole)
      add(path, kDeepest);
    for (const auto& [path, file] : release_.plan.files())
      if (file.kind != plan::PlannedFile::Kind::Directory) add(path, kDeepest);
    for (const std::string& name : names_in("releases"))
      if (!fs::is_directory(release_.directory / "releases" / name))
        add("releases/" + name, kDeepest);
  }

  std::vector<plan::TarEntry> entries() const {
    std::vector<plan::TarEntry> all;
    for (const auto& [path, entry] : entries_)
      all.push_back(entry);
    return all;
  }

 private:
  std::set<std::string> names_in(const std::string& path) const {
    std::set<std::string> names;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(release_.directory / path, error))
      names.insert(entry.path().filename().string());
    return names;
  }

  void add(const std::string& path, int levels) {
    const fs::path source = release_.directory / path;
    if (levels == 0) throw Error(source.string(), "cannot pack: links lead in a circle");
    struct stat status {};
    if (::stat(source.c_str(), &status) != 0) {
      if (errno == ENOENT && release_.plan.find(path) == nullptr) return;
      throw sys::system_error(source.string(), "cannot pack", errno);
    }
    if (S_ISDIR(status.st_mode)) {
      for (const std::string& name : names_in(path))
        add(path + "/" + name, levels - 1);
    } else if (!S_ISREG(status.st_mode)) {
      return;  // a pipe, a socket
    }
    entries_.insert_or_assign(path, plan::TarEntry{path, source, status.st_mode & 01777});
  }

  const PlannedRelease& release_;
  std::map<std::string, plan::TarEntry> entries_;
};

}  // namespace

std::vector<plan::TarEntry> tar_entries(const PlannedRelease& release) {
  Contents contents(release);
  contents.add_all();
  return contents.entries();
}

}  // namespace relmk::mix
