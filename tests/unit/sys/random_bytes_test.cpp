#include "sys/random_bytes.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <vector>

#include "catch.h"

namespace sys_random_bytes_test {

using namespace relmk;

TEST_CASE("random bytes: other ones each time") {
  std::set<std::array<unsigned char, 16>> seen;
  for (int i = 0; i < 100; ++i)
    seen.insert(sys::random_bytes<16>());
  CHECK(seen.size() == 100);
}

TEST_CASE("random bytes: all that is asked for is filled, also a megabyte") {
  constexpr size_t kSize = size_t{1} << 20;
  std::vector<unsigned char> bytes(kSize);
  sys::fill_with_random(bytes.data(), bytes.size());
  // Of 1,024 random bytes all being 0 there is no chance to speak of.
  for (auto at = bytes.begin(); at != bytes.end(); at += 1024)
    CHECK(std::any_of(at, at + 1024, [](unsigned char byte) { return byte != 0; }));
}

TEST_CASE("random bytes: none") {
  unsigned char untouched = 7;
  sys::fill_with_random(&untouched, 0);
  CHECK(untouched == 7);
}

}  // namespace sys_random_bytes_test
