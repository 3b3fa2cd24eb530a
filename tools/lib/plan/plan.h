// The plan of a release: every file that is to be, each with its source. A value: dry-run prints
// it, assembly executes it, an incremental build compares it, tar streams it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sys/files.h"

namespace relmk::plan {

struct PlannedFile {
  enum class Kind {
    Directory,
    Copy,    // the bytes, mode and time of `source`
    Strip,   // a BEAM file: `source` without its debug chunks, gzipped; those whose ids, of four
             // characters each, `content` holds stay
    Chunks,  // a BEAM file: of `source` the chunks whose ids, of four characters each, `content`
             // holds
    CompressedChunks,  // the same, gzipped
    Content,           // `content`, with the time of `source` where there is one
    Link,              // a symbolic link to `source`, as it stands
    Computed,          // what `computed` gives, the same for as long as `content` is the same: this
                       // stands for what it is computed of
  };
  Kind kind = Kind::Directory;
  std::string source;  // a path; what a link says
  std::string content;
  std::optional<unsigned> mode;  // permission bits; absent: 0755 for directories and 0644 for
                                 // content, the source's own for copies
  std::shared_ptr<const std::function<std::string()>> computed = {};  // may throw Error
};

// Whether its bytes are made, not a source's: its kind is Content or Computed.
bool is_written(const PlannedFile& file);
// The bytes of a file for which is_written() is true.
std::string written_bytes(const PlannedFile& file);

// A part of a plan, for a loop over it. It holds until the plan changes.
struct PlannedFiles {
  using Iterator = std::map<std::string, PlannedFile>::const_iterator;
  Iterator first, last;
  Iterator begin() const { return first; }
  Iterator end() const { return last; }
  bool empty() const { return first == last; }
};

class Plan {
 public:
  // Plans a file at `path`, relative to the release's root, in place of what was planned there and
  // below; only a directory on a directory keeps what it holds, and takes the new mode where there
  // is one. Parent directories come by themselves. Throws Error for a path that leaves the root, or
  // that runs through something which is not a directory.
  void add(const std::string& path, PlannedFile file);
  // Plans all that another plan has, as if each of its files were added.
  void add_all(Plan other);
  // Takes `path` and all below it out of the plan.
  void remove(const std::string& path);
  // nullptr when nothing is planned there. The pointer holds until the plan changes.
  const PlannedFile* find(const std::string& path) const;
  // What is planned below a directory, "" for the root, in the order of paths.
  PlannedFiles below(const std::string& path) const;
  // The names of what is planned directly in a directory.
  std::vector<std::string> names_in(const std::string& path) const;
  // By path in the order of bytes, so parents stand before what they hold.
  const std::map<std::string, PlannedFile>& files() const { return files_; }

 private:
  void add_parents(const std::string& path);

  // The directories above each path stand in it, too.
  std::map<std::string, PlannedFile> files_;
};

// `path` without `.`, `..` and doubled slashes, relative to the release's root; of an absolute
// path, all behind its first slash. Throws Error when it leaves the root, or has a name that an
// exchange has (sys/exchange.h).
std::string path_in_release(const std::string& path);

}  // namespace relmk::plan
