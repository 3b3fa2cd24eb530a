// Whole files: read, written so that a reader sees the old content or the new, never a part.
#pragma once

#include <sys/stat.h>

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

// The same; empty where it cannot be read.
std::string read_file_if_possible(const fs::path& path);

// As read_file, and the file's status before its first byte was read.
struct ReadFile {
  std::string bytes;
  struct stat status;
};
ReadFile read_file_and_status(const fs::path& path);

// Replaces `path` by a file of these bytes and this mode (permission bits, umask not applied):
// written beside it under a temporary name, then renamed. On failure the old file is as it was and
// the temporary one is gone. Throws Error.
void write_file(const fs::path& path, std::string_view bytes, unsigned mode = 0644);

// Creates a file of these bytes and this mode where there is none. For files that nobody looks at
// yet: it is written in place. With `source`, it has the times of that status. Returns its own
// status. Throws Error, and leaves no file then.
struct stat create_file(const fs::path& path, std::string_view bytes, unsigned mode = 0644,
                        const struct stat* source = nullptr);

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

// Copies content, those permission bits that are among `kept_bits`, and times of a regular file to
// a path that does not exist yet; shares extents where the file system can. Returns the status of
// the one before it was read, and of the other. Throws Error, and leaves no file then.
struct CopiedFile {
  struct stat from, to;
};
CopiedFile copy_regular_file(const fs::path& from, const fs::path& to, unsigned kept_bits = 07777);

// Removes a file, link or whole tree; links are not followed; a path that does not exist is fine.
// Throws Error.
void remove_tree(const fs::path& path);

}  // namespace relmk::sys
