// The files of bin/ that belong to the permanent version: the start script, and what it stands on.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sys/error.h"
#include "sys/files.h"

namespace relmk::node {

// Those of a version that is to be permanent: the files of releases/TO/bin go to bin, and
// bin/NAME-TO goes to bin/NAME, last; what they replace is kept in releases/FROM/bin. Each file is
// replaced whole.
class PermanentFiles {
 public:
  // Copies them to names beside those that they will have, which needs all the space of it. Throws
  // Error, with nothing changed.
  PermanentFiles(const fs::path& root, const std::string& name, const std::string& from,
                 const std::string& to);
  PermanentFiles(const PermanentFiles&) = delete;
  PermanentFiles& operator=(const PermanentFiles&) = delete;
  // Removes what has not been placed.
  ~PermanentFiles();

  // Gives them their names. Throws Error.
  void place();

 private:
  void copy(const fs::path& from, const fs::path& to);
  void remove_copies();

  std::vector<std::pair<fs::path, fs::path>> copies_;  // with the name that each will have
  std::vector<fs::path> directories_;                  // made for them
};

// Whether bin/NAME is that version's start script, bin/NAME-VSN, or the version has none.
bool has_its_start_script(const fs::path& root, const std::string& name,
                          const std::string& version);

// The version among `versions` whose start script, bin/NAME-VSN, bin/NAME is; nullopt where it is
// none of theirs.
std::optional<std::string> version_of_start_script(const fs::path& root, const std::string& name,
                                                   const std::vector<std::string>& versions);

}  // namespace relmk::node
