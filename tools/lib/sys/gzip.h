// gzip (RFC 1952) and zlib (RFC 1950) in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace relmk::sys {

// `level` is libdeflate's, 1 (fast) to 12. The header has no time and no name: equal bytes give
// equal bytes.
std::string gzip(std::string_view bytes, int level);

bool is_gzip(std::string_view bytes);

// The content of one gzip member. Throws Error when it is broken, or holds more than `limit` bytes.
std::string gunzip(std::string_view bytes, size_t limit = SIZE_MAX);

// What the zlib stream at the beginning of `zlib` holds, and takes the stream off; empty when it is
// broken or holds another number of bytes than `size`. Throws Error for a size of more than 256
// MiB.
std::string zlib_inflate(std::string_view& zlib, size_t size);

}  // namespace relmk::sys
