// Whole files: read, written so that a reader sees the old content or the new, never a part.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace relmk {
namespace fs = std::filesystem;
}

namespace relmk::sys {

// The file's bytes. Throws Error (the path, and the system's reason).
std::string read_file(const fs::path& path);

// Replaces `path` by a file of these bytes and this mode (permission bits, umask not applied):
// written beside it under a temporary name, then renamed. On failure the old file is as it was and
// the temporary one is gone. Throws Error.
void write_file(const fs::path& path, std::string_view bytes, unsigned mode = 0644);

// Creates a file of these bytes and this mode where there is none. For files that nobody looks at
// yet: it is written in place. Throws Error, and leaves no file then.
void create_file(const fs::path& path, std::string_view bytes, unsigned mode = 0644);

struct FileContent {
  fs::path path;
  std::string bytes;
};

// As write_file, for files that belong together: all are replaced or, on failure, none is.
void write_files(const std::vector<FileContent>& files, unsigned mode = 0644);

// As write_file, but leaves a file that has these bytes already untouched (its time of change too).
// Returns true if it wrote.
bool write_file_if_different(const fs::path& path, std::string_view bytes, unsigned mode = 0644);

// Creates a directory and its parents; one that exists is fine. Throws Error.
void make_directories(const fs::path& path);

// Copies content, permission bits and time of modification of a regular file to a path that does
// not exist yet; shares extents where the file system can. Throws Error.
void copy_regular_file(const fs::path& from, const fs::path& to);

// Removes a file, link or whole tree; links are not followed; a path that does not exist is fine.
// Throws Error.
void remove_tree(const fs::path& path);

}  // namespace relmk::sys
