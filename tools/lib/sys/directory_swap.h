// One directory put in another's place.
#pragma once

#include "sys/files.h"

namespace relmk::sys {

// Puts the directory `staged` where `current` is, in one step: whoever looks sees the old one whole
// or the new one whole. Afterwards `staged` is the old one, or nothing where there was none. Both
// lie on one file system. Throws Error, with both as they were.
void swap_directories(const fs::path& staged, const fs::path& current);

// Where the file system knows no exchange, a swap takes steps. If the process was killed between
// them, this puts the old directory back where there is none. Throws Error.
void restore_swapped(const fs::path& staged, const fs::path& current);

// An advisory lock on a file, held as long as the object lives; another process that wants it
// waits.
class FileLock {
 public:
  // Creates the file where it is missing. Throws Error.
  explicit FileLock(const fs::path& path);
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

 private:
  int fd_ = -1;
};

}  // namespace relmk::sys
