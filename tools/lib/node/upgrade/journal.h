// What an upgrade notes in releases/.relmk-upgrade while it is under way, so that who comes after a
// kill or a power cut can make RELEASES and start_erl.data whole again: release_handler truncates
// both before it writes them.
//
// The start script of the permanent version is bin/NAME: replacing that file is what makes a
// version permanent. So what a start finds in the journal is settled by the version of the script
// that runs.
#pragma once

#include <optional>
#include <string>

#include "start/start_environment.h"
#include "sys/error.h"
#include "sys/files.h"

namespace relmk::node {

// One command that changes a release at a time. Another one is refused (Error); a start skips what
// it would repair.
class UpgradeLock {
 public:
  explicit UpgradeLock(const fs::path& releases);
  UpgradeLock(const UpgradeLock&) = delete;
  UpgradeLock& operator=(const UpgradeLock&) = delete;
  ~UpgradeLock();
  static std::optional<int> try_lock(const fs::path& releases);  // a descriptor

 private:
  int fd_ = -1;
};

struct UpgradeJournal {
  std::string from, to;
};

class Journal {
 public:
  explicit Journal(fs::path releases) : releases_(std::move(releases)) {}

  // Notes the upgrade, and keeps copies of RELEASES and start_erl.data as they are. Throws Error,
  // with nothing of it left.
  void begin(const UpgradeJournal& upgrade);
  // nullopt where none is under way.
  std::optional<UpgradeJournal> read() const;
  // Whether RELEASES, as it is now, can be read. Also true where there is no such file.
  bool is_readable() const;
  // Puts the copies back, by renaming them: no disk is too full for that. Once. Returns what keeps
  // one of them from its place, to be told; the copy stays then.
  [[nodiscard]] std::optional<Error> restore() const;
  void end();
  // Restores, and ends unless that fails: the next command, or start, tries again.
  [[nodiscard]] std::optional<Error> undo();

 private:
  fs::path directory() const { return releases_ / ".relmk-upgrade"; }
  fs::path releases_;
};

// Before a node of this version is started: finishes or undoes what an upgrade left, writes
// RELEASES and start_erl.data anew where one of them cannot be read, and makes bin/NAME this
// version's where release_handler itself has made that permanent. Does nothing while an
// upgrade is under way, nor in a release that this user may not write. Never throws, for a node
// that can start is not to be kept from it: what cannot be done is a warning.
void repair_releases(const start::ReleasePlace& release);

}  // namespace relmk::node
