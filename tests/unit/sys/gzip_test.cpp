#include "sys/gzip.h"

#include "catch.h"

// nodetool's own, which would otherwise be in no executable together with libdeflate's.
#include <libdeflate.h>
#define libdeflate_crc32 nodetool_crc32
#include "../../../tools/nodetool/crc32.cpp"
#undef libdeflate_crc32
#include "sys/error.h"

namespace sys_gzip_test {

using namespace relmk;
using namespace relmk::sys;

namespace {

const std::string kText = std::string(5000, 'a') + "b";

}  // namespace

TEST_CASE("gzip: what was compressed comes back, at any level") {
  for (const int level : {1, 6, 12})
    CHECK(gunzip(gzip(kText, level)) == kText);
  CHECK(gunzip(gzip("", 6)).empty());
}

TEST_CASE("gzip: equal bytes give equal bytes, without a time or a name") {
  const std::string packed = gzip(kText, 6);
  CHECK(packed == gzip(kText, 6));
  CHECK(packed.substr(3, 5) == std::string(5, '\0'));  // flags and time of RFC 1952
}

TEST_CASE("gzip: only what begins as gzip does is it") {
  CHECK(is_gzip(gzip("", 1)));
  CHECK_FALSE(is_gzip(""));
  CHECK_FALSE(is_gzip("\x1f"));
  CHECK_FALSE(is_gzip("FOR1"));
}

TEST_CASE("gzip: broken data is refused") {
  const std::string packed = gzip(kText, 6);
  CHECK_THROWS_AS(gunzip(packed.substr(0, packed.size() - 1)), Error);
  CHECK_THROWS_AS(gunzip("no gzip at all, but long enough"), Error);
  std::string other = packed;
  other[other.size() - 6] ^= 1;  // in its checksum
  CHECK_THROWS_AS(gunzip(other), Error);
}

TEST_CASE("gzip: a zlib stream is taken off what follows it, where its size is as told") {
  const std::string stream("\x78\x9c\x4b\x4c\x4a\x06\x00\x02\x4d\x01\x27", 11);  // of "abc"
  const std::string bytes = stream + "rest";
  std::string_view rest = bytes;
  CHECK(zlib_inflate(rest, 3) == "abc");
  CHECK(rest == "rest");
  rest = bytes;
  CHECK(zlib_inflate(rest, 2).empty());
  rest = bytes;
  CHECK(zlib_inflate(rest, 4).empty());
  rest = "zzzz";
  CHECK(zlib_inflate(rest, 3).empty());
}

TEST_CASE("gzip: the checksum in nodetool is libdeflate's") {
  std::string bytes;
  for (unsigned i = 0; i < 1000; ++i)
    bytes += static_cast<char>(i * i % 251 + i / 7);
  for (size_t begin = 0; begin < 9; ++begin) {
    for (size_t size = 0; begin + size <= bytes.size(); size += size < 40 ? 1 : 37) {
      const char* at = bytes.data() + begin;
      CHECK(nodetool_crc32(0, at, size) == libdeflate_crc32(0, at, size));
      CHECK(nodetool_crc32(0x12345678, at, size) == libdeflate_crc32(0x12345678, at, size));
    }
  }
}

}  // namespace sys_gzip_test
