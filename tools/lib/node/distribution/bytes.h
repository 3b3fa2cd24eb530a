// Big-endian numbers in messages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace relmk::node {

// Appends the lowest `size` bytes of a number.
inline void append_number(std::string& out, uint64_t number, size_t size) {
  for (size_t left = size; left-- > 0;)
    out += static_cast<char>(number >> (8 * left));
}

// The number in the first `size` bytes, which must be there.
inline uint64_t number_at(std::string_view bytes, size_t offset, size_t size) {
  uint64_t number = 0;
  for (size_t i = 0; i < size; ++i) {
    number = number << 8 | static_cast<unsigned char>(bytes.at(offset + i));
  }
  return number;
}

}  // namespace relmk::node
