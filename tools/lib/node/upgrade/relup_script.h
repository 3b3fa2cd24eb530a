// The part of a relup that leads from one version to another (sasl's relup(4)), as release_handler
// finds it: upwards in the new version's relup, else downwards in the running one's.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "term/term.h"

namespace relmk::node {

struct RelupScript {
  Terms instructions;
  bool upwards = true;
  bool restarts_first = false;  // restart_new_emulator: the rest is done by the new emulator
  bool restarts_last = false;   // restart_emulator: boots the other version as a whole
  bool suspends_early = false;  // suspend before the point of no return
  bool restarts() const { return restarts_first || restarts_last; }

  // {Module, soft_purge | brutal_purge} of those that are loaded or removed.
  std::vector<std::pair<Atom, Atom>> changed_modules() const;
  // Of those, the ones whose old code release_handler:make_permanent takes away, with the processes
  // that still run it (PostPurge is brutal_purge, as systools writes it).
  bool kills_when_permanent(Atom module) const;
  std::vector<Atom> suspended_modules() const;
  // Whether release_handler looks for processes, through the supervisors.
  bool looks_for_processes() const;
};

struct RelupFile {
  std::string file;                 // for errors
  std::optional<std::string> text;  // absent: there is no such file
};

// Throws Error where there is none, which names the pairs that there are, and for a relup that
// release_handler would not take.
RelupScript find_relup_script(const std::string& from, const std::string& to,
                              const RelupFile& new_relup, const RelupFile& running_relup);

}  // namespace relmk::node
