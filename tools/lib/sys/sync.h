// What was written brought to the disk, so that it is there after a power cut.
#pragma once

#include "sys/files.h"

namespace relmk::sys {

// All that was written to the file system that holds `path`. Throws Error.
void sync_file_system(const fs::path& path);

// The names in a directory. Throws Error where there is none.
void sync_directory(const fs::path& path);

}  // namespace relmk::sys
