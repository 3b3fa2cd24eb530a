#include "node/upgrade/library_places.h"

namespace relmk::node {

Term application_directories(const ReleaseImage& image, const NodeState& state) {
  Terms directories;
  std::error_code error;
  const bool same_root = fs::equivalent(image.root(), state.root, error);
  for (const otp::ReleaseApplication& application : image.resource().applications) {
    const std::string path = library_path(application);
    std::string directory = state.system_libraries.string();
    if (fs::exists(image.root() / path, error))
      directory = same_root ? "./lib" : (image.root() / "lib").string();
    directories.push_back(Term::tuple(
        {Term(application.name), Term::string(application.version), Term::string(directory)}));
  }
  return Term::list(directories);
}

bool lacks_libraries(const fs::path& root, const KnownRelease& known) {
  std::error_code error;
  for (const auto& library : known.release.libraries)
    if (!fs::exists(root / library.directory, error)) return true;
  return known.release.status != "permanent" && !known.has_libraries;
}

std::set<fs::path> directories_in_use(const fs::path& root, const NodeState& state) {
  std::set<fs::path> directories;
  for (const std::string& path : state.code_paths) {
    fs::path directory = (root / path).lexically_normal();
    if (directory.filename() == "ebin") directory = directory.parent_path();
    directories.insert(directory);
  }
  directories.insert((root / ("erts-" + state.erts_version)).lexically_normal());
  return directories;
}

}  // namespace relmk::node
