// From the instructions of appup files (appup(4)) to those that release_handler carries out
// (relup(4)): what sasl's systools_rc does.
#pragma once

#include <string>
#include <vector>

#include "term/term.h"

namespace relmk::otp {

enum class UpgradeDirection { Up, Down };

// What an upgrade knows of an application in one of two releases.
struct UpgradeApplication {
  Atom name{""};
  std::string version;
  Atom start_type{"permanent"};  // as in the .rel; what restart_application starts it as
  std::vector<Atom> modules;     // as in the .app
};

// The instructions for one application, as they stand in its appup file; or those that stand for
// an application that is added or removed.
struct UpgradeScript {
  Term instructions;  // a list
  std::string file;   // where they were read from, for errors; may be empty
};

// systools_rc:translate_scripts/4: the low-level instructions that do the work of all `scripts`,
// with one point_of_no_return among them. `to` are the applications of the release that will run,
// `from` those of the one that runs. High-level instructions are expanded, checked and put into the
// order of their dependencies; where these leave it open, it is the order of the scripts (systools'
// is then that of the VM's atom table). Throws Error in systools' words, with the file and the
// position of the instruction.
Terms low_level_instructions(UpgradeDirection direction, const std::vector<UpgradeScript>& scripts,
                             const std::vector<UpgradeApplication>& to,
                             const std::vector<UpgradeApplication>& from);

}  // namespace relmk::otp
