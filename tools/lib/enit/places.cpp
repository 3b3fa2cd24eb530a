#include "enit/places.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sys/environment.h"
#include "sys/error.h"

namespace relmk::enit {
namespace {

constexpr const char* kSpecification = "release.enit";

bool leads_somewhere(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

// The same, but what we may not see counts as there: whoever reads it tells why it can't be read.
bool may_be_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error) || error == std::errc::permission_denied;
}

// The files in a directory with that ending, in the order of bytes; none where there is no such
// directory.
std::vector<fs::path> files_in(const fs::path& directory, std::string_view ending) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (name.ends_with(ending) && name.size() > ending.size()) files.push_back(at->path());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    throw sys::system_error(directory.string(), "cannot be listed", error.value());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void add_releases_in(const fs::path& directory, bool (*is_release)(const fs::path&),
                     std::vector<std::string>& names) {
  std::error_code error;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
    if (is_release(at->path() / kSpecification)) names.push_back(at->path().filename().string());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    throw sys::system_error(directory.string(), "cannot be listed", error.value());
  }
}

// A name is one directory's, and none that is hidden, nor one that erl would take for a flag.
bool is_name(const std::string& name) {
  return !name.empty() && name.find('/') == std::string::npos && name[0] != '.' && name[0] != '-';
}

std::optional<fs::path> directory_of(const Places& places, const std::string& name) {
  if (!is_name(name)) return std::nullopt;
  if (may_be_there(places.releases / name / kSpecification)) return places.releases / name;
  if (places.other_releases && leads_somewhere(*places.other_releases / name / kSpecification)) {
    return *places.other_releases / name;
  }
  return std::nullopt;
}

std::vector<fs::path> configuration_files(const Places& places, const ReleasePlace& release) {
  std::vector<fs::path> files = files_in(release.configuration, ".config");
  if (places.other_configurations && !leads_somewhere(release.configuration / "user.config")) {
    const fs::path user = *places.other_configurations / release.name / "user.config";
    const auto after = std::find_if(files.begin(), files.end(), [](const fs::path& file) {
      return file.filename() > "user.config";
    });
    if (leads_somewhere(user)) files.insert(after, user);
  }
  for (const std::string& name : {std::string("RELEASE.toml"), release.name + ".toml"}) {
    const fs::path file = release.configuration / name;
    if (leads_somewhere(file)) files.push_back(file);
  }
  return files;
}

}  // namespace

Places find_places(const std::string& release_directory, const std::string& config_directory,
                   const std::map<std::string, std::string>& environment) {
  Places places;
  const auto choose = [&](const std::string& option, const char* variable, fs::path& place,
                          std::optional<fs::path>& other) {
    const std::string given = option.empty() ? sys::variable(environment, variable) : option;
    if (given.empty()) return;
    place = fs::absolute(given).lexically_normal();
    other.reset();
  };
  choose(release_directory, "ENIT_RELEASE_DIR", places.releases, places.other_releases);
  choose(config_directory, "ENIT_CONFIG_DIR", places.configurations, places.other_configurations);
  return places;
}

std::vector<std::string> release_names(const Places& places) {
  std::vector<std::string> names;
  add_releases_in(places.releases, may_be_there, names);
  if (places.other_releases) add_releases_in(*places.other_releases, leads_somewhere, names);
  std::erase_if(names, [](const std::string& name) { return !is_name(name); });
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

ReleasePlace find_release(const Places& places, const std::string& name, Match match) {
  ReleasePlace release;
  release.name = name;
  std::optional<fs::path> directory = directory_of(places, name);
  if (!directory) {
    const std::vector<std::string> names = release_names(places);
    const auto part = std::find_if(names.begin(), names.end(), [&](const std::string& candidate) {
      return match == Match::Part && candidate.find(name) != std::string::npos;
    });
    if (part == names.end()) {
      throw Error((places.releases / name / kSpecification).string(),
                  fmt::format("there is no release `{}`", name))
          .with_hint(names.empty()
                         ? fmt::format("there are no releases in {}; `enit init` makes one",
                                       places.releases.string())
                         : fmt::format("releases are: {}", fmt::join(names, ", ")));
    }
    release.name = *part;
    directory = directory_of(places, *part);
  }
  release.directory = *directory;
  release.configuration = places.configurations / release.name;
  release.configs = files_in(release.directory, ".config");
  const std::vector<fs::path> own = configuration_files(places, release);
  release.configs.insert(release.configs.end(), own.begin(), own.end());
  return release;
}

}  // namespace relmk::enit
