// Memory from the system.
#pragma once

#include <cstddef>

namespace relmk::sys {

// Takes `bytes` from the system at once and keeps what is freed, for a tool that is going to use
// about as much: the system takes longer to give it page by page, each when it is first touched.
// Returns whether the system did so (Linux 5.14 and later); else nothing has changed.
// `bytes_of_thread` are for each thread that prepares itself by take_thread_memory().
bool take_memory(size_t bytes, size_t bytes_of_thread);
// More of it, where take_memory() has been called with success; else nothing is done.
void take_more_memory(size_t bytes);

// For the calling thread, what take_memory() has said; sys/workers calls it.
void take_thread_memory();

}  // namespace relmk::sys
