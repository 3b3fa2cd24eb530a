// What is in a directory.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sys/descriptor.h"
#include "sys/files.h"

namespace relmk::sys {

// The names in a directory that end in `suffix`, in no order; none where there is no directory.
std::vector<std::string> names_in(const fs::path& directory, std::string_view suffix = {});

struct DirectoryEntry {
  enum class Type { File, Directory, Other };
  std::string name;
  Type type;      // of a link, what it leads to
  bool is_there;  // false of a link that leads nowhere, and of one that went meanwhile
};

// All that is in a directory, in no order. What is no link is not looked at by itself where the
// file system tells its type. Throws Error where the directory cannot be read.
std::vector<DirectoryEntry> entries_in(const std::string& directory);

// Stands for paths in calls such as fstatat(), for paths of which many lie in the directory of the
// one before: the kernel walks to that directory once.
class PathWalk {
 public:
  struct Place {
    int directory;  // a descriptor, or AT_FDCWD
    const char* name;
  };
  // Holds until the next call, and as long as `path` does.
  Place place_of(const std::string& path);

 private:
  std::string parent_;
  Descriptor directory_{-1};
};

}  // namespace relmk::sys
