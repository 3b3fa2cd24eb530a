// Module string's two halves.
#pragma once

#include "eval/library/library.h"

namespace relmk::eval {

// On lists of characters, one element a character: tokens/2, join/2, strip/1, …
LibraryTable old_string_functions();
// On chardata, one grapheme cluster a character: trim/1, split/2, …
LibraryTable new_string_functions();

}  // namespace relmk::eval
