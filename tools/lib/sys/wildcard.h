// File name patterns as filelib:wildcard/2 of Erlang matches them: ? * ** [a-z] {a,b} and \ before
// a character that shall stand for itself.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sys/files.h"

namespace relmk::sys {

// The paths that match, in the order of bytes; relative ones for a relative pattern, which is
// matched below `directory`. A pattern without special characters gives itself where that exists.
// Names that begin with a dot match like others. Throws Error for an unclosed `{`.
std::vector<fs::path> wildcard(const std::string& pattern, const fs::path& directory);

// What a pattern is matched against where that is not the disk. Paths are as `pattern` makes them;
// the empty one is where a relative pattern starts.
struct WildcardNames {
  std::function<std::vector<std::string>(const fs::path& directory)> names_in;
  std::function<bool(const fs::path& path)> exists;
};
std::vector<fs::path> wildcard(const std::string& pattern, const WildcardNames& names);

}  // namespace relmk::sys
