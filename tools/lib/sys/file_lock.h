// Advisory locks on files and directories (flock(2)).
#pragma once

#include <chrono>
#include <string>

#include "sys/files.h"

namespace relmk::sys {

// A lock, held as long as the object lives; another process that wants it waits.
class FileLock {
 public:
  // Locks the directory or the file at `path`, which it creates where nothing is. Where another
  // process holds the lock, says on stderr which one, and waits for it, `limit` at most. Throws
  // Error.
  FileLock(const fs::path& path, std::chrono::seconds limit);
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

 private:
  int fd_ = -1;
};

// Who holds the lock on an open file, as the system tells it: `process 123 (make-tar)`; `another
// process` where it tells nothing.
std::string lock_holder(int fd);

}  // namespace relmk::sys
