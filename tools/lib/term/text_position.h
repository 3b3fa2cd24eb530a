// Offsets in a text as lines and columns.
#pragma once

#include <cstddef>
#include <string_view>

#include "sys/error.h"

namespace relmk::term {

// Where a byte of a UTF-8 text stands; an offset beyond its end stands for the end.
Position position_of(std::string_view text, size_t offset);

// The same for many offsets that mostly ascend: what lies before the last one is not read again.
class TextPositions {
 public:
  explicit TextPositions(std::string_view text) : text_(text) {}
  Position at(size_t offset);

 private:
  std::string_view text_;
  size_t offset_ = 0;
  Position at_{1, 1};
};

}  // namespace relmk::term
