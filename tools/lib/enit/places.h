// Where releases and their configuration lie.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sys/files.h"

namespace relmk::enit {

struct Places {
  fs::path releases = "/var/lib/enit";    // RELEASES/NAME/release.enit
  fs::path configurations = "/etc/enit";  // CONFIGURATIONS/NAME/*.config
  // Where RELEASES/NAME/release.enit and CONFIGURATIONS/NAME/user.config may lie instead, each
  // where the other is absent; not looked at where a directory was given.
  std::optional<fs::path> other_releases = "/var/lib";
  std::optional<fs::path> other_configurations = "/etc";
};

// The options --release-dir and --config-dir (empty: not given) go before ENIT_RELEASE_DIR and
// ENIT_CONFIG_DIR, these before /var/lib/enit and /etc/enit.
Places find_places(const std::string& release_directory, const std::string& config_directory,
                   const std::map<std::string, std::string>& environment);

// The names of all releases, in the order of bytes.
std::vector<std::string> release_names(const Places& places);

// The files of one release.
struct ReleasePlace {
  std::string name;
  fs::path directory;             // holds release.enit
  fs::path configuration;         // the directory of its configuration; may be absent
  std::vector<fs::path> configs;  // the .config files, then the .toml: later ones win
  fs::path specification() const { return directory / "release.enit"; }
};

enum class Match { Exact, Part };

// The release of that name; with Match::Part, where there is none, the first whose name contains
// it. Throws Error where there is no such release.
ReleasePlace find_release(const Places& places, const std::string& name, Match match);

}  // namespace relmk::enit
