// What takes a node from the applications that it runs to those that are installed now.
#pragma once

#include "enit/applied.h"
#include "otp/upgrade/application_upgrade.h"

namespace relmk::enit {

struct ApplicationUpdate {
  using Kind = otp::ApplicationChange::Kind;
  using Source = otp::ApplicationChange::Source;
  Kind kind = Kind::Unchanged;
  Atom name{""};
  otp::ApplicationResource running;  // where it is not added
  otp::ApplicationResource wanted;   // where it is not removed
  bool downwards = false;            // the wanted version is the lower one
  Source source = Source::None;      // of the instructions, where it is Changed
  Term instructions;                 // as in an appup file
};

struct UpdatePlan {
  std::vector<ApplicationUpdate> updates;  // less what is unchanged
  // The applications that will run: of those that don't change, as they run now.
  otp::ReleaseApplications applications;
  Terms instructions;                 // low-level, as release_handler carries them out
  std::vector<std::string> warnings;  // of what is made: a line each
  bool is_empty() const { return updates.empty(); }
};

// The instructions are those of the appup of the higher version, or made of the modules where it
// has none. Throws Error: for an application that runs, but whose files are gone; for an appup that
// is refused; for code that changed and kept its version; for an update that restarts the emulator.
UpdatePlan update_plan(const Applied& applied, const otp::ReleaseApplications& wanted);

// `APP 1.0 -> 1.1 (its appup)`, and a line for each instruction, with its module.
std::string update_text(const UpdatePlan& plan);

// The application as it runs. Throws Error where its files are gone.
otp::ApplicationResource running_application(const Applied::Application& application);

}  // namespace relmk::enit
