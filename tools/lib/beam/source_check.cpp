// As systools_make's check_mod/5 and smart_guess/2. Where one module has several sources, that
// counts which is found first: directories are gone through in the order of filelib:wildcard("**"),
// hidden ones too, which is that of their whole paths.
#include "beam/source_check.h"

#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <optional>
#include <string>

namespace relmk::beam {

namespace {

std::optional<time_t> modification_time(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return {};
  return status.st_mtime;
}

// Links are followed, as wildcard follows them; what cannot be read holds nothing.
void add_directories(const fs::path& directory, int depth, std::vector<fs::path>& all) {
  constexpr int kDeepest = 40;  // a link may lead back
  all.push_back(directory);
  if (depth == kDeepest) return;
  std::error_code error;
  for (fs::directory_iterator at(directory, error); !error && at != fs::directory_iterator();
       at.increment(error)) {
    std::error_code ignored;
    if (at->is_directory(ignored)) add_directories(at->path(), depth + 1, all);
  }
}

std::vector<fs::path> source_directories(const fs::path& ebin) {
  if (ebin.filename() != "ebin") return {ebin};
  std::vector<fs::path> directories;
  const fs::path source = ebin.parent_path() / "src";
  if (fs::is_directory(source)) add_directories(source, 0, directories);
  std::sort(directories.begin(), directories.end(), [](const fs::path& one, const fs::path& other) {
    return one.native() < other.native();
  });
  return directories;
}

}  // namespace

std::vector<SourceProblem> source_problems(const fs::path& ebin, const std::vector<Atom>& modules) {
  const std::vector<fs::path> directories = source_directories(ebin);
  std::vector<SourceProblem> problems;
  for (const Atom& module : modules) {
    const auto compiled = modification_time(ebin / (module.text() + ".beam"));
    if (!compiled) {
      problems.push_back({SourceProblem::Kind::ModuleNotFound, module});
      continue;
    }
    std::optional<time_t> written;
    for (const fs::path& directory : directories) {
      written = modification_time(directory / (module.text() + ".erl"));
      if (written) break;
    }
    if (!written) {
      problems.push_back({SourceProblem::Kind::SourceNotFound, module});
    } else if (*written > *compiled) {
      problems.push_back({SourceProblem::Kind::OutOfDate, module});
    }
  }
  return problems;
}

}  // namespace relmk::beam
