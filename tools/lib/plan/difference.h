// What must be done so that a directory holds a plan: the steps of an exchange, and the files that
// are to be made for it.
//
// Only what relmk made gives way: what this or another version's manifest names, as it was made. A
// directory that others put in place of a planned one, by a link or a mount, is used as it is; no
// step crosses from one mount to another.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "plan/manifest.h"
#include "plan/plan.h"
#include "sys/directory.h"
#include "sys/exchange.h"
#include "sys/files.h"
#include "sys/mount.h"

namespace relmk::plan {

// A planned file that must be made.
struct FileToMake {
  size_t entry;                // its place in the manifest
  fs::path at;                 // where it is made
  std::optional<size_t> step;  // which brings it in place; absent: it lies in a new directory
  bool replaces = false;       // a file stands there, perhaps the same
};

struct DifferenceRequest {
  fs::path root;                   // the release's directory, which exists
  fs::path area;                   // where to stage what goes to the root's mount
  const Manifest* last = nullptr;  // this version's, of the last assembly
  bool keeps_changes = false;      // see AssemblyRequest
  // Those of the other versions that share the directory; called when something is to go, or
  // changes are to be kept.
  std::function<std::vector<Manifest>()> others;
  std::map<std::string, std::string> derived = {};  // see AssemblyRequest
};

class Difference {
 public:
  // Looks at all that is planned and adds the steps to `exchange`; notes in `wanted`, the manifest
  // of `plan`, the targets of the files that stay. Makes nothing but the areas of the exchange that
  // are needed. Throws Error for what is in the way, and names it.
  Difference(const Plan& plan, Manifest& wanted, const DifferenceRequest& request,
             sys::Exchange& exchange);

  const std::vector<FileToMake>& files() const { return files_; }
  // New directories, parents first: where they are to be made, and their modes.
  const std::vector<std::pair<fs::path, unsigned>>& directories() const { return directories_; }
  size_t kept() const { return kept_; }

 private:
  using Mount = sys::Mount;
  struct Seen;
  struct Directory {
    bool exists = false;
    Mount mount;      // where it exists
    fs::path staged;  // where not
  };

  static Seen look(const std::string& path, bool follow);
  static Seen look(const std::string& path, const sys::PathWalk::Place& place, bool follow);
  size_t area_of(const Mount& mount);
  Directory& parent_of(const std::string& path);
  void look_at_directory(size_t entry);
  void add_new_directory(size_t entry, Directory& directory, const Directory& parent);
  void enter(size_t entry, Directory& directory, const Seen& seen, const Directory& parent);
  bool gives_way(size_t entry) const;
  void look_at_files();
  bool is_same(size_t entry, const Seen& seen) const;
  bool is_of_another_version(const ManifestEntry& wanted, const ManifestEntry& before,
                             const FileStamp& there) const;
  void add_file(size_t entry, const Seen& seen, bool same);
  bool is_ours(const std::string& path);
  bool is_planned(const std::string& path) const { return wanted_.find(path) != nullptr; }
  void clear(const std::string& path, const Seen& seen, const Mount& mount, const fs::path& source);
  void let_go_of_stale();
  Seen followed_before(const std::string& path) const;
  const Directory* real_directory(const std::string& path);
  bool is_as_made(const ManifestEntry& entry, const Seen& seen) const;
  void open_directories();
  const std::vector<Manifest>& others();

  const Plan& plan_;
  Manifest& wanted_;
  const DifferenceRequest request_;
  sys::Exchange& exchange_;
  Mount root_mount_;
  std::unordered_map<std::string, Directory> planned_directories_;
  std::unordered_map<std::string, std::optional<Directory>> other_directories_;
  std::map<Mount, fs::path> area_places_;
  std::map<Mount, size_t> areas_;
  std::map<std::string, std::pair<unsigned, unsigned>> modes_;  // before and after
  std::map<std::string, bool> changed_directories_;             // in which steps are taken
  std::map<std::string, bool> cleared_;
  std::optional<std::vector<Manifest>> others_;
  std::vector<const ManifestEntry*> before_;  // by entry, what the last manifest says of it
  std::vector<FileToMake> files_;
  std::vector<std::pair<fs::path, unsigned>> directories_;
  size_t kept_ = 0;
};

}  // namespace relmk::plan
