// Offsets in a text as lines and columns.
#pragma once

#include <cstddef>
#include <string_view>

#include "sys/error.h"

namespace relmk::term {

// Where a byte of a UTF-8 text stands; an offset beyond its end stands for the end.
Position position_of(std::string_view text, size_t offset);

}  // namespace relmk::term
