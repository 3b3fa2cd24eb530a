// A process and what it has started, as far as the kernel tells: what has left it for the
// background is no part of it any more.
#pragma once

#include <sys/types.h>

#include <cstddef>

namespace relmk::sys {

// Sends a signal to each.
void signal_tree(pid_t pid, int signal);

// Bytes of memory that are their own: no files, and nothing that is shared. A process that is
// gone, or may not be looked at, counts for nothing.
size_t memory_of_tree(pid_t pid);
// What this process alone has mapped to write to, whether or not it has; 0 where nobody tells.
size_t own_mapped_memory();

}  // namespace relmk::sys
