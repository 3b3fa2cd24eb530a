// The rules are those of erl_bits (types, sizes, units) and of the VM's construction of binaries.
#include "term/bits.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "term/integer.h"

namespace relmk::term {

namespace {

using Kind = SegmentType::Kind;

constexpr uint64_t kMostBits = uint64_t{1} << 32;  // of one segment; more is a mistake

void append_little(BitWriter& out, uint64_t value, size_t count) {
  for (; count >= 8; count -= 8, value >>= 8)
    out.append(value & 0xff, 8);
  if (count > 0) out.append(value, count);
}

// The bytes, lowest first, of an integer's two's complement in `bits` bits.
std::string low_bytes(const mpz_class& value, size_t bits) {
  mpz_class rest;
  mpz_fdiv_r_2exp(rest.get_mpz_t(), value.get_mpz_t(), bits);
  std::string bytes = bytes_of_magnitude(rest);
  bytes.resize((bits + 7) / 8);
  return bytes;
}

void append_integer(BitWriter& out, const Term& value, size_t bits, bool little) {
  if (value.is_small_integer() && bits <= 64) {
    const auto number = static_cast<uint64_t>(value.as_integer());
    little ? append_little(out, number, bits) : out.append(number, bits);
    return;
  }
  const std::string bytes = low_bytes(value.as_big().value, bits);
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const size_t partial = bits % 8;
  if (little) {
    for (size_t i = 0; i < bits / 8; ++i)
      out.append(byte(i), 8);
    if (partial > 0) out.append(byte(bits / 8), partial);
  } else {
    if (partial > 0) out.append(byte(bits / 8), partial);
    for (size_t i = bits / 8; i > 0; --i)
      out.append(byte(i - 1), 8);
  }
}

// IEEE 754 binary16, rounded to nearest, ties to even. nullopt where it would be infinite.
std::optional<uint16_t> half_float(double value) {
  constexpr int kFraction = 52;      // bits of a double's fraction
  constexpr int kHalfFraction = 10;  // of a half's
  constexpr int kLeastExponent = -14;
  const uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  const double magnitude = std::fabs(value);
  if (magnitude >= 65520.0) return {};
  const uint64_t encoded = std::bit_cast<uint64_t>(magnitude);
  const int exponent = static_cast<int>(encoded >> kFraction) - 1023;
  // The bits that go, more of them where the half is subnormal; of what is less than its least
  // fraction by far, nothing is left.
  const int below = kFraction - kHalfFraction + std::max(0, kLeastExponent - exponent);
  if (below > kFraction + 1) return sign;
  const uint64_t one = uint64_t{1} << kFraction;
  const uint64_t significand = (encoded & (one - 1)) | one;
  const uint64_t tie = uint64_t{1} << (below - 1);
  const uint64_t rest = significand & (2 * tie - 1);
  uint64_t kept = significand >> below;
  if (rest > tie || (rest == tie && kept % 2 != 0)) ++kept;
  // The highest bit of `kept`, where it is not subnormal, counts as one of the exponent.
  const int carried = std::max(0, exponent - kLeastExponent);
  return static_cast<uint16_t>(sign + (carried << kHalfFraction) + static_cast<int>(kept));
}

bool append_float(BitWriter& out, const Term& value, uint64_t bits, bool little) {
  double number = 0;
  if (value.is_float()) {
    number = value.as_float();
  } else if (value.is_integer()) {
    number = to_double(value.as_big().value);
    if (std::isinf(number)) return false;
  } else {
    return false;
  }
  uint64_t encoded = 0;
  if (bits == 64) {
    encoded = std::bit_cast<uint64_t>(number);
  } else if (bits == 32) {
    const auto single = static_cast<float>(number);
    if (std::isinf(single)) return false;
    encoded = std::bit_cast<uint32_t>(single);
  } else if (bits == 16) {
    const auto half = half_float(number);
    if (!half) return false;
    encoded = *half;
  } else {
    return false;
  }
  little ? append_little(out, encoded, bits) : out.append(encoded, bits);
  return true;
}

bool append_character(BitWriter& out, const Term& value, Kind kind, bool little) {
  if (!value.is_small_integer()) return false;
  const int64_t c = value.as_integer();
  if (c < 0 || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) return false;
  const auto code_point = static_cast<char32_t>(c);
  const auto append_word = [&](uint64_t word, size_t bits) {
    little ? append_little(out, word, bits) : out.append(word, bits);
  };
  if (kind == Kind::Utf8) {
    std::string bytes;
    sys::append_utf8(bytes, code_point);
    out.append(bytes, bytes.size() * 8);
  } else if (kind == Kind::Utf32) {
    append_word(code_point, 32);
  } else if (code_point < 0x10000) {
    append_word(code_point, 16);
  } else {
    append_word(0xd800 + ((code_point - 0x10000) >> 10), 16);
    append_word(0xdc00 + ((code_point - 0x10000) & 0x3ff), 16);
  }
  return true;
}

// All of a bitstring, which must be a number of whole units, or its first `bits` bits.
bool append_bitstring(BitWriter& out, const Term& value, std::optional<uint64_t> bits,
                      uint64_t unit) {
  if (!value.is_bitstring()) return false;
  if (!bits && value.bit_size() % unit != 0) return false;
  if (bits && *bits > value.bit_size()) return false;
  out.append(value.bytes(), bits.value_or(value.bit_size()));
  return true;
}

}  // namespace

void BitWriter::append(uint64_t value, size_t count) {
  if (bits_ % 8 == 0 && count == 8) {
    bytes_ += static_cast<char>(value);
    bits_ += 8;
    return;
  }
  for (size_t i = count; i > 0; --i) {
    if (bits_ % 8 == 0) bytes_ += '\0';
    if ((value >> (i - 1)) & 1)
      bytes_.back() = static_cast<char>(bytes_.back() | (0x80 >> (bits_ % 8)));
    ++bits_;
  }
}

void BitWriter::append(std::string_view bytes, size_t bits) {
  size_t i = 0;
  if (bits_ % 8 == 0) {
    i = bits / 8;
    bytes_.append(bytes.substr(0, i));
    bits_ += i * 8;
  }
  for (; (i + 1) * 8 <= bits; ++i)
    append(static_cast<unsigned char>(bytes[i]), 8);
  if (bits % 8 > 0) append(static_cast<unsigned char>(bytes[i]) >> (8 - bits % 8), bits % 8);
}

Term BitWriter::term() const {
  return Term::bitstring(bytes_, bits_);
}

bool SegmentType::add(std::string_view word) {
  const auto say = [](bool& said, bool same) {
    const bool fine = !said || same;
    said = true;
    return fine;
  };
  const auto say_kind = [&](Kind said, int unit) {
    const bool fine = say(has_kind_, kind == said && default_unit_ == unit);
    kind = said;
    default_unit_ = unit;
    return fine;
  };
  const auto say_sign = [&](bool said) {
    const bool fine = say(has_sign_, is_signed == said);
    is_signed = said;
    return fine;
  };
  const auto say_little = [&](bool said) {
    const bool fine = say(has_endianness_, is_little == said);
    is_little = said;
    return fine;
  };
  if (word == "integer") return say_kind(Kind::Integer, 1);
  if (word == "float") return say_kind(Kind::Float, 1);
  if (word == "binary" || word == "bytes") return say_kind(Kind::Binary, 8);
  if (word == "bitstring" || word == "bits") return say_kind(Kind::Binary, 1);
  if (word == "utf8") return say_kind(Kind::Utf8, 1);
  if (word == "utf16") return say_kind(Kind::Utf16, 1);
  if (word == "utf32") return say_kind(Kind::Utf32, 1);
  if (word == "signed") return say_sign(true);
  if (word == "unsigned") return say_sign(false);
  if (word == "big") return say_little(false);
  if (word == "little" || word == "native") return say_little(true);
  return false;
}

bool SegmentType::add_unit(int64_t value) {
  if (value < 1 || value > 256 || (unit && *unit != value)) return false;
  unit = static_cast<int>(value);
  return true;
}

int64_t SegmentType::effective_unit() const {
  return unit.value_or(default_unit_);
}

bool append_segment(BitWriter& out, const Term& value, const std::optional<Term>& size,
                    const SegmentType& type) {
  const bool is_character =
      type.kind == Kind::Utf8 || type.kind == Kind::Utf16 || type.kind == Kind::Utf32;
  if (is_character) {
    if (size || type.unit) return false;
    return append_character(out, value, type.kind, type.is_little);
  }
  const auto unit = static_cast<uint64_t>(type.effective_unit());
  if (!size) {
    if (type.kind == Kind::Binary) return append_bitstring(out, value, {}, unit);
    if (type.unit) return false;
    if (type.kind == Kind::Float) return append_float(out, value, 64, type.is_little);
    if (!value.is_integer()) return false;
    append_integer(out, value, 8, type.is_little);
    return true;
  }
  if (!size->is_small_integer() || size->as_integer() < 0) return false;
  const auto count = static_cast<uint64_t>(size->as_integer());
  if (count > kMostBits / unit) return false;
  const uint64_t bits = count * unit;
  if (type.kind == Kind::Binary) return append_bitstring(out, value, bits, unit);
  if (type.kind == Kind::Float) return append_float(out, value, bits, type.is_little);
  if (!value.is_integer()) return false;
  append_integer(out, value, bits, type.is_little);
  return true;
}

}  // namespace relmk::term
