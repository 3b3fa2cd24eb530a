#include "eval/evaluate/segments.h"

#include "catch.h"

namespace eval_segments_test {

using namespace relmk;
using namespace relmk::eval;

namespace {

Segment segment(std::vector<SegmentModifier> modifiers) {
  Segment made;
  made.size = std::make_shared<Expression>();
  REQUIRE(apply_segment_modifiers(made, modifiers));
  return made;
}

Term written(const Segment& segment, const Term& value, SegmentSize size) {
  term::BitWriter writer;
  write_segment(writer, segment, value, size);
  return writer.term();
}

}  // namespace

TEST_CASE("segments: an integer reads back as it was written") {
  const Segment little = segment({{"little", {}}, {"signed", {}}});
  for (const int size : {1, 7, 8, 9, 15, 16, 31, 64, 70}) {
    const Term bits = written(little, -1, size);
    CHECK(bits.bit_size() == static_cast<size_t>(size));
    BitReader reader(bits);
    CHECK(read_segment(reader, little, size) == Term(-1));
    CHECK(reader.left() == 0);
  }
}

TEST_CASE("segments: little-endian bits that are no whole bytes go last") {
  CHECK(written(segment({{"little", {}}}), 0x234, 12) == Term::bitstring("\x34\x20", 12));
}

TEST_CASE("segments: bits are appended at any place") {
  term::BitWriter writer;
  writer.append("\xa0", 3);
  writer.append("\xff\x00", 9);
  CHECK(writer.term() == Term::bitstring("\xbf\xe0", 12));
}

TEST_CASE("segments: a size, a unit or a type that cannot be is refused") {
  Segment plain;
  CHECK_FALSE(apply_segment_modifiers(plain, {{"unit", 8}}));
  CHECK_FALSE(apply_segment_modifiers(plain, {{"float", {}}, {"integer", {}}}));
  CHECK_FALSE(apply_segment_modifiers(plain, {{"unit", 257}}));
  CHECK_FALSE(apply_segment_modifiers(plain, {{"nonsense", {}}}));
}

}  // namespace eval_segments_test
