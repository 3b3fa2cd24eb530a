// Which file system a file is on.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <utility>

#include "sys/files.h"

namespace relmk::sys {

// A device, and which mount of it (0 before Linux 5.8, which does not tell). Between two mounts, no
// file moves by being renamed.
using Mount = std::pair<uint64_t, uint64_t>;

// Of a status that was asked for with STATX_MNT_ID.
Mount mount_of(const struct statx& status);
// Of what is at a path, links followed. Throws Error.
Mount mount_of(const fs::path& path);

}  // namespace relmk::sys
