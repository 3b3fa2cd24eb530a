// What a release's node was started from: its boot file, its configuration, the home with its
// cookie, and the applications as they were then.
#pragma once

#include "enit/account.h"
#include "enit/places.h"
#include "sys/descriptor.h"

namespace relmk::enit {

class State {
 public:
  // RELEASES/NAME/.enit where the release's directory is ours, and we and nobody else may write
  // there; else the first of these that can be made: /run/enit/NAME (for root), enit/NAME below
  // $XDG_RUNTIME_DIR, enit-UID/NAME below $TMPDIR or /tmp. Makes the directory. Throws Error.
  State(const ReleasePlace& release, const std::map<std::string, std::string>& environment);

  const fs::path& directory() const { return directory_; }
  fs::path file(const char* name) const { return directory_ / name; }
  fs::path home() const { return directory_ / "home"; }
  fs::path libraries() const { return directory_ / "lib"; }

  // Writes a file that only the account may read. Throws Error.
  void write_private(const fs::path& file, std::string_view bytes, const Account& account) const;
  // Makes a directory below ours, for all to enter, and for us alone to write to.
  void make_directory(const fs::path& directory) const;

 private:
  fs::path directory_;
};

// The right to start a release's node: flock(2) on STATE/lock. Whoever starts the node holds the
// lock, and then the node itself, in which the descriptor stays open.
class StartLock {
 public:
  StartLock() = default;
  // Throws Error, which names the process, where another one holds the lock.
  StartLock(const State& state, const std::string& release);

  // Leaves the descriptor open in exec: the program that this process becomes holds the lock.
  void hand_to_program() const;

 private:
  sys::Descriptor file_;
};

}  // namespace relmk::enit
