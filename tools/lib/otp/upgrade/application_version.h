// An application's version on disk, and its modules beside those of another one.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "beam/module_code.h"
#include "otp/application/application_resource.h"
#include "sys/files.h"
#include "term/term.h"

namespace relmk::otp {

struct ApplicationVersion {
  ApplicationResource resource;
  std::map<std::string, std::string> files;  // of all modules in ebin, by name
};

// `directory` holds ebin/NAME.app, or is such an ebin directory. Throws Error for one that is not
// there, that has no .app file or several, or whose .app is malformed.
ApplicationVersion read_version(const fs::path& directory);

// Compared by what executes.
enum class ModuleChange { Same, Changed, Added, Deleted };

// A module in the two versions; a pointer is empty where it is not in that one, and both are where
// the files are equal.
struct ModulePair {
  Atom name{""};
  std::shared_ptr<const beam::ModuleCode> from;
  std::shared_ptr<const beam::ModuleCode> to;
  ModuleChange change = ModuleChange::Same;

  const beam::ModuleCode& newest() const { return to ? *to : *from; }
};

// Those that either .app names, by name. Throws Error for one without a file, or with a malformed
// one.
std::vector<ModulePair> read_modules(const ApplicationVersion& from, const ApplicationVersion& to);

}  // namespace relmk::otp
