#include "node/distribution/bytes.h"

#include <stdexcept>

#include "catch.h"

namespace node_bytes_test {

using namespace relmk::node;

TEST_CASE("bytes: the lowest bytes of a number, the highest first") {
  std::string out = "x";
  append_number(out, 0x12345678, 2);
  append_number(out, 1, 4);
  CHECK(out == std::string("x\x56\x78\0\0\0\1", 7));
}

TEST_CASE("bytes: a number comes back from any place") {
  std::string out = "abc";
  append_number(out, 0xfedcba9876543210, 8);
  CHECK(number_at(out, 3, 8) == 0xfedcba9876543210);
  CHECK(number_at(out, 3, 1) == 0xfe);
  CHECK(number_at(out, 0, 0) == 0);
}

TEST_CASE("bytes: one that is not all there is a fault of the caller") {
  CHECK_THROWS_AS(number_at("abc", 1, 4), std::out_of_range);
}

}  // namespace node_bytes_test
