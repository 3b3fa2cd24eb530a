// Room for deep recursion: scripts recurse where other languages loop.
#pragma once

#include <functional>

namespace relmk::eval {

// Runs `work` to its end on a thread of its own, whose stack takes hundreds of thousands of nested
// calls; memory is used only as far as the recursion really goes. What `work` throws is thrown
// here.
void run_on_large_stack(const std::function<void()>& work);

// Throws UnknownToEvaluator{what} when the stack of this thread is nearly used up.
void check_stack(const char* what);

}  // namespace relmk::eval
