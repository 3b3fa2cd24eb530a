// The file of this process's executable.
#pragma once

#include "sys/files.h"

namespace relmk::sys {

// Its path, as /proc says it; without /proc, as in a bare chroot, that by which it was started.
fs::path own_executable();

}  // namespace relmk::sys
