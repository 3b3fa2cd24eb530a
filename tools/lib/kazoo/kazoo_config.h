// Kazoo's config.ini and the choice among its sections, as kazoo_config and kz_config make it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kazoo/kazoo_ini.h"
#include "sys/environment.h"
#include "sys/files.h"

namespace relmk::kazoo {

// Where a node runs, as far as sections can ask for it with `host =` and `zone =`.
struct KazooPlace {
  std::string host;
  std::string zone;
};

class KazooConfig {
 public:
  // Throws Error for a file that cannot be read, or that Kazoo would refuse or fail at.
  explicit KazooConfig(const fs::path& file);
  KazooConfig(std::string file, std::string_view text);

  const std::string& file() const { return file_; }
  const std::vector<IniSection>& sections() const { return sections_; }

  // The sections of a name that hold at a place, in the file's order: the first one of that host,
  // else all of that zone, else all that name neither.
  std::vector<const IniSection*> sections_at(std::string_view name, const KazooPlace& place) const;

 private:
  void check() const;
  std::string file_;
  std::vector<IniSection> sections_;
};

// The file that Kazoo would read: $KAZOO_CONFIG, else /etc/kazoo/config.ini, else
// /etc/kazoo/core/config.ini; nullopt when there is none.
std::optional<fs::path> find_kazoo_config(const sys::Environment& environment);

// This machine, as Kazoo sees it: the canonical host name, and the zone of $KAZOO_ZONE, else the
// one that the section of the node's name sets for this host, else `local`. Throws Error for two.
KazooPlace kazoo_place(const KazooConfig& config, std::string_view node_section,
                       const sys::Environment& environment);

}  // namespace relmk::kazoo
