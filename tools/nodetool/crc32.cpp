// The checksum of gzip data (RFC 1952, 8), for libdeflate: in place of its own, whose tables, which
// can't be compressed, are nine kilobytes of each release's tarball.
#include <libdeflate.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace {

constexpr size_t kAtOnce = 8;  // bytes
using Tables = std::array<std::array<uint32_t, 256>, kAtOnce>;

// tables[n][byte]: the byte's part of the checksum of what n more bytes follow.
Tables checksums_of_bytes() {
  constexpr uint32_t kPolynomial = 0xedb88320;
  Tables tables;
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc >> 1) ^ (crc % 2 != 0 ? kPolynomial : 0);
    tables[0][byte] = crc;
  }
  for (size_t n = 1; n < kAtOnce; ++n)
    for (size_t byte = 0; byte < 256; ++byte)
      tables[n][byte] = (tables[n - 1][byte] >> 8) ^ tables[0][tables[n - 1][byte] % 256];
  return tables;
}

}  // namespace

extern "C" uint32_t libdeflate_crc32(uint32_t crc, const void* bytes, size_t size) {
  static const Tables tables = checksums_of_bytes();
  const auto* at = static_cast<const unsigned char*>(bytes);
  crc = ~crc;
  for (; size >= kAtOnce; size -= kAtOnce, at += kAtOnce) {
    uint32_t next = 0;
    for (size_t i = 0; i < kAtOnce; ++i, crc >>= 8)
      next ^= tables[kAtOnce - 1 - i][(crc ^ at[i]) % 256];
    crc = next;
  }
  for (; size > 0; --size, ++at)
    crc = (crc >> 8) ^ tables[0][(crc ^ *at) % 256];
  return ~crc;
}
