// Brings to the disk what was written, so that it is there after a power cut.
#pragma once

#include "sys/files.h"

namespace relmk::sys {

// Does so for the whole file system that holds `path`. Throws Error.
void sync_file_system(const fs::path& path);

// Does so for the names in a directory. Throws Error where there is no such directory.
void sync_directory(const fs::path& path);

}  // namespace relmk::sys
