// The segments of bit syntax: their types, and values of them in and out of bitstrings
// (Erlang Reference Manual, "Bit Syntax Expressions").
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eval/syntax/syntax.h"

namespace relmk::eval {

// `signed`, `little`, `unit:8`, …
struct SegmentModifier {
  std::string name;
  std::optional<int64_t> value;
};

// Sets type, unit and the like of a segment whose value and size are set. False where erl_bits
// would refuse them.
bool apply_segment_modifiers(Segment& segment, const std::vector<SegmentModifier>& modifiers);

// The size of a segment, in units; nullopt: all that is left, or as much as a UTF character takes.
using SegmentSize = std::optional<int64_t>;

// The size that the type has by itself.
SegmentSize default_segment_size(const Segment& segment);

// Appends a value as a segment of that type. Raises badarg for a value that does not fit the type.
void write_segment(term::BitWriter& writer, const Segment& segment, const Term& value,
                   SegmentSize size);

// Takes bits from the start of a bitstring.
class BitReader {
 public:
  explicit BitReader(const Term& bitstring)
      : bytes_(bitstring.bytes()), left_(bitstring.bit_size()) {}
  size_t left() const { return left_; }
  // The next bits, which are taken; nullopt, and nothing is taken, when there are not as many.
  std::optional<Term> take(size_t bits);
  Term rest() const;

 private:
  std::string bytes_;
  size_t offset_ = 0;  // of bits
  size_t left_;
};

// The value of the next segment, which is taken; nullopt when it is not there.
std::optional<Term> read_segment(BitReader& reader, const Segment& segment, SegmentSize size);

}  // namespace relmk::eval
