// As systools_make's check_mod/5 and smart_guess/2. Where one module has several sources, that
// counts which is found first: directories are gone through in the order of filelib:wildcard("**"),
// hidden ones too, which is that of their whole paths.
#include "beam/source_check.h"

#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "sys/directory.h"
#include "sys/error.h"

namespace relmk::beam {

namespace {

std::optional<time_t> modification_time(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return {};
  return status.st_mtime;
}

// The names of the files with a suffix in a directory; none where it cannot be read. What a listing
// knows need not be asked for file by file.
class Listing {
 public:
  Listing(const std::string& directory, std::string_view suffix) : directory_(directory) {
    try {
      for (sys::DirectoryEntry& entry : sys::entries_in(directory)) {
        if (entry.type == sys::DirectoryEntry::Type::Directory)
          directories_.push_back(directory + "/" + entry.name);
        if (entry.is_there && entry.name.ends_with(suffix)) names_.insert(std::move(entry.name));
      }
    } catch (const Error&) {
      return;
    }
  }

  const std::string& directory() const { return directory_; }
  const std::vector<std::string>& directories() const { return directories_; }
  bool has(const std::string& name) const { return names_.count(name) != 0; }

 private:
  std::string directory_;
  std::vector<std::string> directories_;
  std::unordered_set<std::string> names_;
};

// Links are followed, as wildcard follows them; what cannot be read holds nothing.
void add_listings(const std::string& directory, int depth, std::vector<Listing>& all) {
  constexpr int kDeepest = 40;  // a link may lead back
  const Listing listing(directory, ".erl");
  all.push_back(listing);
  if (depth == kDeepest) return;
  for (const std::string& below : listing.directories())
    add_listings(below, depth + 1, all);
}

std::vector<Listing> source_listings(const fs::path& ebin) {
  if (ebin.filename() != "ebin") return {Listing(ebin, ".erl")};
  std::vector<Listing> listings;
  const fs::path source = ebin.parent_path() / "src";
  if (fs::is_directory(source)) add_listings(source, 0, listings);
  std::sort(listings.begin(), listings.end(), [](const Listing& one, const Listing& other) {
    return one.directory() < other.directory();
  });
  return listings;
}

}  // namespace

std::vector<SourceProblem> source_problems(const fs::path& ebin, const std::vector<Atom>& modules) {
  const Listing beams(ebin, ".beam");
  const std::vector<Listing> sources = source_listings(ebin);
  std::vector<SourceProblem> problems;
  for (const Atom& module : modules) {
    const std::string beam = module.text() + ".beam";
    const std::string source = module.text() + ".erl";
    if (!beams.has(beam)) {
      problems.push_back({SourceProblem::Kind::ModuleNotFound, module});
      continue;
    }
    const auto holder = std::find_if(sources.begin(), sources.end(),
                                     [&](const Listing& one) { return one.has(source); });
    if (holder == sources.end())
      problems.push_back({SourceProblem::Kind::SourceNotFound, module});
    else if (modification_time(holder->directory() + "/" + source) > modification_time(ebin / beam))
      problems.push_back({SourceProblem::Kind::OutOfDate, module});
  }
  return problems;
}

std::vector<SourceProblem> missing_modules(const fs::path& ebin, const std::vector<Atom>& modules) {
  const Listing beams(ebin, ".beam");
  std::vector<SourceProblem> problems;
  for (const Atom& module : modules)
    if (!beams.has(module.text() + ".beam"))
      problems.push_back({SourceProblem::Kind::ModuleNotFound, module});
  return problems;
}

}  // namespace relmk::beam
