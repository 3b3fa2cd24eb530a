// Random bytes of the system, for secrets, too (getrandom(2)).
#pragma once

#include <array>
#include <cstddef>

namespace relmk::sys {

// Throws Error where the system has none.
void fill_with_random(unsigned char* bytes, size_t size);

template <size_t size>
std::array<unsigned char, size> random_bytes() {
  std::array<unsigned char, size> bytes;
  fill_with_random(bytes.data(), size);
  return bytes;
}

}  // namespace relmk::sys
