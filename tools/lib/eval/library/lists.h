// The parts of module lists that have files of their own.
#pragma once

#include "eval/library/library.h"

namespace relmk::eval {

// On lists of tuples: keyfind/3 and the like.
LibraryTable lists_key_functions();
// merge/2 and the like.
LibraryTable lists_merge_functions();
// Those that call a fun: map/2, foldl/3, sort/2, …
LibraryTable lists_fun_functions();

}  // namespace relmk::eval
