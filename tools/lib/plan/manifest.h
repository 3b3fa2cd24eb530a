// What the last assembly put where: how an unchanged release is recognised, files that have not
// changed are taken over, and those that the plan no longer has are let go.
//
// A text file, a line per planned file: its path, the stamp of its source, the stamp of the file
// that was made, with tabs between. It is private to relmk and of this version of it; one that
// cannot be understood counts as absent.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "plan/plan.h"
#include "sys/files.h"

namespace relmk::plan {

// Size, time, mode and path, or the like: as long as it is equal, the file is taken to be.
using Stamp = std::string;

// Of what a planned file is made from. Throws Error where the source cannot be read.
Stamp stamp_of(const PlannedFile& file);
// Of what stands at a path; links are not followed. Empty when there is nothing.
Stamp stamp_of_target(const fs::path& path);

class Manifest {
 public:
  struct Entry {
    Stamp source;
    Stamp target;
  };

  // Of what `plan` would make now, targets yet unknown. Sources are looked at on several threads.
  static Manifest of_plan(const Plan& plan);
  // nullopt when there is none, or one of another version of relmk.
  static std::optional<Manifest> read(const fs::path& file);
  void write(const fs::path& file) const;

  // Whether the other one's files are made from the same.
  bool same_sources(const Manifest& other) const;
  // Whether all files in the release are those that were made.
  bool holds_in(const fs::path& release_dir) const;
  // Notes the files as they stand in the release.
  void take_targets(const fs::path& release_dir);

  const std::map<std::string, Entry>& entries() const {
    return entries_;
  }  // by path in the release

 private:
  std::map<std::string, Entry> entries_;
};

}  // namespace relmk::plan
