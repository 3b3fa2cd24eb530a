#include "term/bits.h"

#include "catch.h"
#include "term/print.h"

namespace term_bits_test {

using namespace relmk;
using namespace relmk::term;

namespace {

std::string segment(const Term& value, std::optional<Term> size,
                    std::initializer_list<std::string_view> words) {
  SegmentType type;
  for (const std::string_view word : words) {
    if (!type.add(word)) return "bad type";
  }
  BitWriter out;
  return append_segment(out, value, size, type) ? print_plain(out.term()) : "badarg";
}

}  // namespace

TEST_CASE("bits: integers") {
  CHECK(segment(1, {}, {}) == "<<1>>");
  CHECK(segment(-1, 12, {}) == "<<255,15:4>>");
  CHECK(segment(1025, 13, {"little"}) == "<<1,4:5>>");
  CHECK(segment(1, -1, {}) == "badarg");
  CHECK(segment(1.5, {}, {}) == "badarg");
}

TEST_CASE("bits: floats of 16, 32 and 64 bits") {
  CHECK(segment(1.5, 16, {"float"}) == "<<62,0>>");
  CHECK(segment(1, 32, {"float", "little"}) == "<<0,0,128,63>>");
  CHECK(segment(1e300, 32, {"float"}) == "badarg");
  CHECK(segment(1.5, 15, {"float"}) == "badarg");
}

TEST_CASE("bits: characters") {
  CHECK(segment(0x20ac, {}, {"utf8"}) == "<<226,130,172>>");
  CHECK(segment(0x10000, {}, {"utf16"}) == "<<216,0,220,0>>");
  CHECK(segment(0xd800, {}, {"utf8"}) == "badarg");
}

TEST_CASE("bits: contradicting words are no type") {
  CHECK(segment(1, {}, {"integer", "float"}) == "bad type");
  CHECK(segment(1, {}, {"big", "little"}) == "bad type");
  CHECK(segment(Term::binary("a"), {}, {"bytes", "binary"}) == "<<97>>");
}

TEST_CASE("bits: what follows an incomplete byte is shifted") {
  BitWriter out;
  out.append(1, 3);
  out.append("ab", 16);
  CHECK(print_plain(out.term()) == "<<44,44,2:3>>");
}

}  // namespace term_bits_test
