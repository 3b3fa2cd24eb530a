// A directory for what nobody wants afterwards.
#pragma once

#include <string>

#include "sys/files.h"

namespace relmk::sys {

// $TMPDIR/PREFIX.XXXXXX (/tmp where that is not set), for its owner alone; removed, with all that
// it holds, when this object goes. What cannot be removed stays, without a word.
class TemporaryDirectory {
 public:
  // Throws Error where none can be made.
  explicit TemporaryDirectory(const std::string& prefix);
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  // Absolute, without links in it.
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace relmk::sys
