// The upgrade of an assembled release: its relup, and the appups that are made for it.
#pragma once

#include <string>
#include <vector>

#include "otp/upgrade/application_upgrade.h"
#include "sys/environment.h"
#include "sys/files.h"

namespace relmk::relx {

struct ReleaseRelupRequest {
  fs::path root;        // DIR/NAME, the assembled release
  std::string name;     // NAME
  std::string version;  // the new one; empty: the one assembled last
  // Versions in the same root, or tarballs of releases; none: the highest version in the root that
  // is below the new one.
  std::vector<std::string> up_from;
  otp::AppupSources appups;  // see there
  bool restart_emulator = false;
  sys::Environment environment;  // which Erlang/OTP is in use
};

// One way into the new version, and back.
struct ReleaseUpgrade {
  std::string from;
  std::vector<otp::ApplicationChange> changes;  // less what is unchanged
  bool restarts_emulator = false;
};

struct ReleaseRelup {
  std::string version;
  fs::path file;  // ROOT/releases/VERSION/relup
  std::vector<ReleaseUpgrade> upgrades;
  std::vector<std::string> warnings;  // lines, `FILE: warning: …`
};

// Makes releases/VERSION/relup, and puts what appups were made for it into the release's own copies
// of NAME.appup (see otp::merged_appup_text; not where an application is a link to the project's).
// Nothing is written before all is made. Throws Error: no such version, none before, or one whose
// applications are gone; an application whose code changed and whose version did not; what
// relup_entry and find_appup throw.
ReleaseRelup make_release_relup(const ReleaseRelupRequest& request);

// A line for each application: from, to, and what will happen to it.
std::string upgrade_table(const std::string& name, const ReleaseRelup& relup);

}  // namespace relmk::relx
