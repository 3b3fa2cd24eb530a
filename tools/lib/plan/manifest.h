// What the last assembly put where: how an unchanged release is recognised, files that have not
// changed are left alone, and those that the plan no longer has are let go.
//
// A text file, a line per planned file, private to relmk. One of another version of relmk tells
// what was made, but not that it is unchanged; one that cannot be understood counts as absent.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/plan.h"
#include "sys/files.h"

namespace relmk::plan {

// What the system tells of a file without opening it.
struct FileStamp {
  uint64_t inode = 0;
  int64_t size = 0;
  int64_t modified = 0;  // nanoseconds since 1970
  int64_t changed = 0;   // of content or attributes; 0: not known, or too close to the look at it
  unsigned mode = 0;     // type and permission bits; 0: there is no file

  static FileStamp of(const struct stat& status);
  // The same of a source that was just looked at: its time of change counts only where a later
  // change would get another one.
  static FileStamp of_source(const struct stat& status);
  // Of what stands at a path, links not followed; of nothing where nothing is.
  static FileStamp at(const fs::path& path);
  bool operator==(const FileStamp&) const = default;
};

// Whether a file is the one that it was.
enum class Sameness {
  Same,
  Perhaps,  // size, time and mode are equal, but it may have been written or put there since: only
            // its content tells
  Other,
};
Sameness compare(const FileStamp& before, const FileStamp& now);

struct ManifestEntry {
  std::string path;  // in the release
  PlannedFile::Kind kind = PlannedFile::Kind::Directory;
  int mode = -1;           // the planned one; -1: none
  std::string source;      // of a copy its source, of a link what it says
  uint64_t content = 0;    // digest of a planned content
  FileStamp source_stamp;  // links followed
  FileStamp target;        // of the file that was made

  // Whether it is made in the same way of the same source, which may have changed.
  bool same_recipe(const ManifestEntry& other) const;
};

class Manifest {
 public:
  // Of what `plan` would make, targets yet unknown.
  static Manifest of_plan(const Plan& plan);
  // Notes what the system tells of the sources now, on several threads. Throws Error for one that
  // cannot be read.
  void look_at_sources();
  // nullopt when there is none that can be understood.
  static std::optional<Manifest> read(const fs::path& file);
  std::string text() const;

  // In the order of paths, which is the plan's.
  const std::vector<ManifestEntry>& entries() const { return entries_; }
  std::vector<ManifestEntry>& entries() { return entries_; }
  // nullptr when there is none.
  const ManifestEntry* find(std::string_view path) const;

 private:
  std::vector<ManifestEntry> entries_;
};

}  // namespace relmk::plan
