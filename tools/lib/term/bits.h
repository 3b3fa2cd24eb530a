// Bitstrings put together bit by bit, as the segments of <<…>> are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "term/term.h"

namespace relmk::term {

class BitWriter {
 public:
  // The lowest `count` (up to 64) bits of a number, the highest of them first.
  void append(uint64_t value, size_t count);
  // The first `bits` bits of `bytes`.
  void append(std::string_view bytes, size_t bits);
  size_t bit_size() const { return bits_; }
  // A bitstring of all that was appended.
  Term term() const;
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
  size_t bits_ = 0;
};

// What follows a segment's slash: `/little-signed-integer-unit:8`.
struct SegmentType {
  enum class Kind { Integer, Float, Binary, Utf8, Utf16, Utf32 };
  Kind kind = Kind::Integer;
  std::optional<int> unit;  // absent: that of the kind
  bool is_signed = false;
  bool is_little = false;  // `native` counts as little

  // Takes in one word of the type list. Returns false for an unknown word, or for one that says
  // something else than an earlier one.
  bool add(std::string_view word);
  bool add_unit(int64_t unit);
  // The unit that holds: 1, or 8 for `binary`.
  int64_t effective_unit() const;

 private:
  bool has_kind_ = false;
  bool has_sign_ = false;
  bool has_endianness_ = false;
  int default_unit_ = 1;
};

// Appends a segment's value as Erlang constructs it. Returns false where Erlang raises badarg: a
// value that is not of the type, a size or unit that the type does not have.
bool append_segment(BitWriter& out, const Term& value, const std::optional<Term>& size,
                    const SegmentType& type);

}  // namespace relmk::term
