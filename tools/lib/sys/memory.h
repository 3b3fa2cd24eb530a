// Memory from the system.
#pragma once

#include <cstddef>

namespace relmk::sys {

// Takes `bytes` from the system at once and keeps what is freed, for a tool that is going to use
// about as much: the system takes longer to give it page by page, each when it is first touched.
// Returns whether the system did so (Linux 5.14 and later); else nothing has changed.
bool take_memory(size_t bytes);

}  // namespace relmk::sys
