// The upgrade of a set of applications, without release files: for tools that exchange applications
// of a running node (a dynamic release).
#pragma once

#include <string>
#include <vector>

#include "otp/application/application_resource.h"
#include "otp/upgrade/instructions.h"
#include "sys/files.h"
#include "term/term.h"

namespace relmk::otp {

// One application of a set.
struct ApplicationDirectory {
  fs::path directory;            // holds ebin/NAME.app, or is such an ebin directory
  Atom start_type{"permanent"};  // permanent, transient, temporary, load or none
};

// Where instructions for an application that changes its version come from.
struct AppupSources {
  fs::path directory;  // DIRECTORY/NAME/OLD-NEW.appup goes before all others; empty: none
  bool made = true;    // make what neither that nor NAME.appup in ebin has
};

// What happens to one application.
struct ApplicationChange {
  enum class Kind { Unchanged, Added, Removed, Changed };
  enum class Source { None, Directory, Ebin, Made };
  Kind kind = Kind::Unchanged;
  Atom name{""};
  std::string from;              // its version; empty where it is added
  std::string to;                // empty where it is removed
  Source source = Source::None;  // of the instructions, where it is Changed
  Term instructions;             // as in an appup file: high-level ones, a list
  std::string file;              // the appup file; empty where they are made
};

struct ApplicationUpgrade {
  std::vector<ApplicationChange> changes;  // those of `to` in its order, then what is removed
  Terms instructions;                      // low-level, as release_handler carries them out
  std::vector<std::string> warnings;       // of what is made: a line each, `FILE: warning: …`
};

// What takes a node that runs the applications `from` to the applications `to`. Each set is in its
// start order. Throws Error: for an .app or .appup that is not one; where an appup is refused or
// there is none; where an application's code has changed and its version has not.
ApplicationUpgrade application_upgrade(const std::vector<ApplicationDirectory>& from,
                                       const std::vector<ApplicationDirectory>& to,
                                       const AppupSources& appups = {});

// Throws Error, with the modules' names, where two directories hold one version of an application
// and its code is not the same.
void check_same_version(const ApplicationResource& older, const ApplicationResource& newer);

}  // namespace relmk::otp
