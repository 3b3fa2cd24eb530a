// Release upgrade files, relup (sasl's relup(4)): what systools_relup makes of releases and their
// appups.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "otp/release/release_applications.h"
#include "otp/upgrade/appup.h"
#include "otp/upgrade/instructions.h"
#include "sys/error.h"
#include "term/term.h"

namespace relmk::otp {

// One way between two releases.
struct RelupRequest {
  UpgradeDirection direction = UpgradeDirection::Up;
  const ReleaseApplications* top = nullptr;   // the newer release, whose appups say the way
  const ReleaseApplications* base = nullptr;  // upwards from it, downwards to it
  bool restart_emulator = false;              // also at the end of it all
};

// The script for an application of the newer release, which the other one has in another version.
using AppupScripts = std::function<UpgradeScript(UpgradeDirection, const ApplicationResource& newer,
                                                 const std::string& other_version)>;

// What systools warns of, in its words.
struct UpgradeWarning {
  std::string file;
  Position at{};
  std::string message;
  bool operator==(const UpgradeWarning&) const = default;
};

// Adds a warning to those that are not told yet.
void add_warning(std::vector<UpgradeWarning>& warnings, UpgradeWarning warning);

// Those of NAME.appup beside each NAME.app. Throws Error in systools' words; an appup of another
// version than the application is added to `warnings`, which must live as long.
AppupScripts appups_in_ebin(std::vector<UpgradeWarning>& warnings);

// systools' words for an application whose appup has no entry for a version.
std::string no_appup_entry(const ApplicationResource& newer, const std::string& version,
                           const std::string& file);

// {Vsn, Description, Instructions}, an entry of a relup; Vsn is that of `base` in both directions.
// Throws Error in systools' words.
Term relup_entry(const RelupRequest& request, const AppupScripts& scripts,
                 std::vector<UpgradeWarning>& warnings);

// {Vsn, Up, Down}. Entries are given in the order of the releases that they lead from and to;
// systools has the last one first, and so has this.
Term relup_term(const std::string& version, const Terms& up, const Terms& down);

// The file that release_handler reads: `%% coding: utf-8` and the term, as systools writes it.
std::string relup_text(const Term& relup);

// Throws Error, in systools' words, for a release that lacks sasl.
void check_upgradable(const ReleaseApplications& release);

}  // namespace relmk::otp
