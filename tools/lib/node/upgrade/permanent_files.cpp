#include "node/upgrade/permanent_files.h"

#include "sys/owner.h"

namespace relmk::node {
namespace {

bool is_placed(const fs::path& path) {
  std::error_code error;
  return fs::exists(fs::symlink_status(path, error));
}

// Adds the regular files below `within` in a directory, as paths in that.
void add_files(const fs::path& directory, const fs::path& within, std::vector<fs::path>& files) {
  for (const auto& entry : fs::directory_iterator(directory / within)) {
    const fs::path path = within / entry.path().filename();
    if (entry.is_directory() && !entry.is_symlink())
      add_files(directory, path, files);
    else if (entry.is_regular_file())
      files.push_back(path);
  }
}

}  // namespace

PermanentFiles::PermanentFiles(const fs::path& root, const std::string& name,
                               const std::string& from, const std::string& to) {
  const fs::path bin = root / "bin", kept = root / "releases" / from / "bin",
                 waiting = root / "releases" / to / "bin";
  std::vector<fs::path> files;
  std::error_code error;
  if (fs::is_directory(waiting, error)) add_files(waiting, {}, files);
  const fs::path script(name), versioned(name + "-" + to);
  try {
    for (const fs::path& file : files) {
      if (file == script || file == versioned) continue;
      if (fs::is_regular_file(bin / file, error) && !is_placed(kept / file))
        copy(bin / file, kept / file);
      copy(waiting / file, bin / file);
    }
    if (!is_placed(bin / (name + "-" + from)) && !is_placed(kept / script) &&
        fs::is_regular_file(bin / script, error)) {
      copy(bin / script, kept / script);
    }
    if (fs::is_regular_file(bin / versioned, error))
      copy(bin / versioned, bin / script);
    else if (fs::is_regular_file(waiting / script, error))
      copy(waiting / script, bin / script);
  } catch (...) {
    remove_copies();
    throw;
  }
}

PermanentFiles::~PermanentFiles() {
  remove_copies();
}

void PermanentFiles::copy(const fs::path& from, const fs::path& to) {
  std::vector<fs::path> made;
  for (fs::path parent = to.parent_path(); !is_placed(parent); parent = parent.parent_path())
    made.insert(made.begin(), parent);
  directories_.insert(directories_.end(), made.begin(), made.end());
  sys::make_directories(to.parent_path());
  if (!made.empty()) sys::give_to_owner_of(made.front(), made.front().parent_path());
  const fs::path copy = to.parent_path() / ("." + to.filename().string() + ".to-be-permanent");
  copies_.emplace_back(copy, to);
  sys::write_file(copy, sys::read_file(from),
                  static_cast<unsigned>(fs::status(from).permissions()) & 0777);
  sys::give_to_owner_of(copy, to.parent_path());
}

void PermanentFiles::remove_copies() {
  std::error_code error;
  for (const auto& [copy, to] : copies_)
    fs::remove(copy, error);
  // Only those that are empty.
  for (auto directory = directories_.rbegin(); directory != directories_.rend(); ++directory)
    fs::remove(*directory, error);
}

void PermanentFiles::place() {
  for (const auto& [copy, to] : copies_) {
    std::error_code error;
    fs::rename(copy, to, error);
    if (error) throw Error(to, "cannot be replaced: " + error.message());
  }
  copies_.clear();
  directories_.clear();
}

bool has_its_start_script(const fs::path& root, const std::string& name,
                          const std::string& version) {
  const fs::path own = root / "bin" / (name + "-" + version), started = root / "bin" / name;
  if (!is_placed(own)) return true;
  return is_placed(started) && sys::read_file(own) == sys::read_file(started);
}

std::optional<std::string> version_of_start_script(const fs::path& root, const std::string& name,
                                                   const std::vector<std::string>& versions) {
  for (const std::string& version : versions) {
    if (is_placed(root / "bin" / (name + "-" + version)) &&
        has_its_start_script(root, name, version)) {
      return version;
    }
  }
  return std::nullopt;
}

}  // namespace relmk::node
