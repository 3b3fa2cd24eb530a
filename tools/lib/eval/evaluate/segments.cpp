#include "eval/evaluate/segments.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "eval/evaluate/failure.h"
#include "term/integer.h"

namespace relmk::eval {
namespace {

using boost::multiprecision::cpp_int;

// What a script could not mean: the VM has its own limit and error for it.
constexpr int64_t kMostBits = int64_t{1} << 30;

bool set_type(Segment& segment, const std::string& name) {
  constexpr std::pair<std::string_view, SegmentType> kTypes[] = {
      {"integer", SegmentType::Integer},  {"float", SegmentType::Float},
      {"binary", SegmentType::Binary},    {"bytes", SegmentType::Binary},
      {"bitstring", SegmentType::Binary}, {"bits", SegmentType::Binary},
      {"utf8", SegmentType::Utf8},        {"utf16", SegmentType::Utf16},
      {"utf32", SegmentType::Utf32}};
  for (const auto& [known, type] : kTypes) {
    if (known != name) continue;
    segment.type = type;
    segment.unit = name == "binary" || name == "bytes" ? 8 : 1;
    return true;
  }
  return false;
}

bool is_utf(SegmentType type) {
  return type == SegmentType::Utf8 || type == SegmentType::Utf16 || type == SegmentType::Utf32;
}

std::string reversed(std::string bytes) {
  std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

// The lowest `bits` bits of an integer, two's complement, most significant first and filled with
// zeros at the end.
std::string big_endian(cpp_int value, size_t bits) {
  value &= (cpp_int(1) << bits) - 1;
  const size_t padding = (8 - bits % 8) % 8;
  value <<= padding;
  std::string bytes((bits + 7) / 8, '\0');
  for (size_t i = bytes.size(); i-- > 0; value >>= 8)
    bytes[i] = static_cast<char>(static_cast<unsigned>(value & 0xff));
  return bytes;
}

cpp_int modulo(const cpp_int& value, size_t bits) {
  const cpp_int range = cpp_int(1) << bits;
  cpp_int rest = value % range;
  if (rest < 0) rest += range;
  return rest;
}

void write_integer(BitWriter& writer, const Term& value, size_t bits, bool little) {
  if (!value.is_integer()) raise_badarg();
  const cpp_int low = modulo(value.as_big().value, bits);
  if (!little) return writer.append(big_endian(low, bits), bits);
  // Whole bytes, least significant first; what is left of the bits goes last.
  const size_t whole = bits / 8;
  writer.append(reversed(big_endian(modulo(low, whole * 8), whole * 8)), whole * 8);
  writer.append(big_endian(low >> (whole * 8), bits % 8), bits % 8);
}

uint16_t half_of(double value) {
  const uint64_t wide = std::bit_cast<uint64_t>(value);
  const auto sign = static_cast<uint16_t>((wide >> 48) & 0x8000);
  const double magnitude = std::fabs(value);
  if (magnitude == 0) return sign;
  int exponent = 0;
  std::frexp(magnitude, &exponent);
  exponent = std::max(exponent - 1, -14);
  const double scaled = std::nearbyint(std::ldexp(magnitude, 10 - exponent));
  auto mantissa = static_cast<int64_t>(scaled);
  if (mantissa >= 2048) {
    mantissa /= 2;
    ++exponent;
  }
  if (exponent > 15) raise_badarg();
  if (mantissa < 1024) return static_cast<uint16_t>(sign | mantissa);
  return static_cast<uint16_t>(sign | ((exponent + 15) << 10) | (mantissa - 1024));
}

double float_of_half(unsigned half) {
  const int exponent = static_cast<int>((half >> 10) & 0x1f);
  const double mantissa = half & 0x3ff;
  const double magnitude =
      exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(mantissa + 1024, exponent - 25);
  return (half & 0x8000) != 0 ? -magnitude : magnitude;
}

void write_float(BitWriter& writer, const Term& value, size_t bits, bool little) {
  double number = 0;
  if (value.is_float()) {
    number = value.as_float();
  } else if (value.is_integer()) {
    number = static_cast<double>(value.as_big().value);
    if (std::isinf(number)) raise_badarg();
  } else {
    raise_badarg();
  }
  uint64_t pattern = 0;
  if (bits == 64) {
    pattern = std::bit_cast<uint64_t>(number);
  } else if (bits == 32) {
    const auto narrow = static_cast<float>(number);
    if (std::isinf(narrow)) raise_badarg();
    pattern = std::bit_cast<uint32_t>(narrow);
  } else if (bits == 16) {
    pattern = half_of(number);
  } else {
    raise_badarg();
  }
  const std::string bytes = big_endian(cpp_int(pattern), bits);
  writer.append(little ? reversed(bytes) : bytes, bits);
}

void write_binary(BitWriter& writer, const Term& value, const Segment& segment, SegmentSize size) {
  if (!value.is_bitstring()) raise_badarg();
  if (!size) {
    if (value.bit_size() % static_cast<size_t>(segment.unit) != 0) raise_badarg();
    return writer.append(value.bytes(), value.bit_size());
  }
  const auto bits = static_cast<size_t>(*size * segment.unit);
  if (bits > value.bit_size()) raise_badarg();
  writer.append(value.bytes(), bits);
}

bool is_character(int64_t c) {
  return (c >= 0 && c < 0xd800) || (c > 0xdfff && c <= 0x10ffff);
}

std::string utf16(char32_t c, bool little) {
  std::string bytes;
  const auto unit = [&](unsigned u) {
    const char high = static_cast<char>(u >> 8);
    const char low = static_cast<char>(u & 0xff);
    bytes += little ? low : high;
    bytes += little ? high : low;
  };
  if (c < 0x10000) {
    unit(c);
  } else {
    unit(0xd800 + ((c - 0x10000) >> 10));
    unit(0xdc00 + ((c - 0x10000) & 0x3ff));
  }
  return bytes;
}

void write_character(BitWriter& writer, const Segment& segment, const Term& value) {
  if (!value.is_small_integer() || !is_character(value.as_integer())) raise_badarg();
  const auto c = static_cast<char32_t>(value.as_integer());
  std::string bytes;
  if (segment.type == SegmentType::Utf8) {
    term::append_utf8(bytes, c);
  } else if (segment.type == SegmentType::Utf16) {
    bytes = utf16(c, segment.little);
  } else {
    bytes = big_endian(cpp_int(static_cast<uint32_t>(c)), 32);
    if (segment.little) bytes = reversed(bytes);
  }
  writer.append(bytes, bytes.size() * 8);
}

cpp_int unsigned_big_endian(const Term& bits) {
  cpp_int value = 0;
  for (const char byte : bits.bytes())
    value = (value << 8) | static_cast<unsigned char>(byte);
  return value >> ((8 - bits.bit_size() % 8) % 8);
}

Term integer_of(const Term& bits, bool is_signed, bool little) {
  const size_t size = bits.bit_size();
  cpp_int value;
  if (little) {
    const size_t whole = size / 8;
    const std::string low = bits.bytes().substr(0, whole);
    value = unsigned_big_endian(Term::binary(reversed(low)));
    if (size % 8 != 0) {
      const cpp_int high =
          unsigned_big_endian(Term::bitstring(bits.bytes().substr(whole), size % 8));
      value |= high << (whole * 8);
    }
  } else {
    value = unsigned_big_endian(bits);
  }
  if (is_signed && size > 0 && bit_test(value, static_cast<unsigned>(size - 1))) {
    value -= cpp_int(1) << size;
  }
  return Term::big({value});
}

std::optional<Term> float_of(const Term& bits, bool little) {
  const std::string bytes = little ? reversed(bits.bytes()) : bits.bytes();
  const auto pattern = static_cast<uint64_t>(unsigned_big_endian(Term::binary(bytes)));
  double value = 0;
  if (bits.bit_size() == 64) {
    value = std::bit_cast<double>(pattern);
  } else if (bits.bit_size() == 32) {
    value = std::bit_cast<float>(static_cast<uint32_t>(pattern));
  } else {
    if ((pattern & 0x7c00) == 0x7c00) return {};
    value = float_of_half(static_cast<unsigned>(pattern));
  }
  if (!std::isfinite(value)) return {};
  return Term(value);
}

std::optional<Term> read_utf8(BitReader& reader) {
  BitReader ahead = reader;
  const auto first = ahead.take(8);
  if (!first) return {};
  const unsigned lead = static_cast<unsigned char>(first->bytes()[0]);
  const size_t more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
  std::string bytes = first->bytes();
  if (more > 0) {
    const auto rest = ahead.take(more * 8);
    if (!rest) return {};
    bytes += rest->bytes();
  }
  const std::u32string text = term::code_points(bytes);
  std::string again;
  if (text.size() == 1) term::append_utf8(again, text[0]);
  if (again != bytes) return {};
  reader = ahead;
  return Term(static_cast<int64_t>(text[0]));
}

std::optional<int64_t> read_unsigned(BitReader& reader, size_t bits, bool little) {
  const auto taken = reader.take(bits);
  if (!taken) return {};
  return integer_of(*taken, false, little).as_integer();
}

std::optional<Term> read_character(BitReader& reader, const Segment& segment) {
  if (segment.type == SegmentType::Utf8) return read_utf8(reader);
  BitReader ahead = reader;
  const bool wide = segment.type == SegmentType::Utf32;
  std::optional<int64_t> c = read_unsigned(ahead, wide ? 32 : 16, segment.little);
  if (!c) return {};
  if (!wide && *c >= 0xd800 && *c < 0xdc00) {
    const std::optional<int64_t> low = read_unsigned(ahead, 16, segment.little);
    if (!low || *low < 0xdc00 || *low > 0xdfff) return {};
    c = 0x10000 + ((*c - 0xd800) << 10) + (*low - 0xdc00);
  }
  if (!is_character(*c)) return {};
  reader = ahead;
  return Term(*c);
}

}  // namespace

bool apply_segment_modifiers(Segment& segment, const std::vector<SegmentModifier>& modifiers) {
  segment.plain = modifiers.empty() && !segment.size;
  std::optional<int64_t> unit;
  int types = 0;
  for (const SegmentModifier& modifier : modifiers) {
    if (modifier.name == "unit") {
      if (!modifier.value || *modifier.value < 1 || *modifier.value > 256 || unit) return false;
      unit = modifier.value;
    } else if (modifier.value) {
      return false;
    } else if (set_type(segment, modifier.name)) {
      if (++types > 1) return false;
    } else if (modifier.name == "signed" || modifier.name == "unsigned") {
      segment.is_signed = modifier.name == "signed";
    } else if (modifier.name == "little" || modifier.name == "big" || modifier.name == "native") {
      segment.little = modifier.name == "little" ||
                       (modifier.name == "native" && std::endian::native == std::endian::little);
    } else {
      return false;
    }
  }
  if (is_utf(segment.type)) return !segment.size && !unit;
  if (!unit) return true;
  // A unit by itself means something for binaries only.
  if (!segment.size && segment.type != SegmentType::Binary) return false;
  segment.unit = static_cast<int>(*unit);
  return true;
}

SegmentSize default_segment_size(const Segment& segment) {
  if (segment.type == SegmentType::Integer) return 8;
  if (segment.type == SegmentType::Float) return 64;
  return {};
}

void BitWriter::append(const std::string& bytes, size_t bits) {
  if (bits_ % 8 == 0) {
    bytes_.append(bytes, 0, (bits + 7) / 8);
  } else {
    const size_t shift = bits_ % 8;
    for (size_t i = 0; i < (bits + 7) / 8; ++i) {
      const auto byte = static_cast<unsigned char>(bytes[i]);
      bytes_.back() =
          static_cast<char>(static_cast<unsigned char>(bytes_.back()) | (byte >> shift));
      bytes_ += static_cast<char>(byte << (8 - shift));
    }
  }
  bits_ += bits;
  bytes_.resize((bits_ + 7) / 8);
  if (bits_ % 8 != 0) bytes_.back() = static_cast<char>(bytes_.back() & (0xff << (8 - bits_ % 8)));
}

Term BitWriter::finish() && {
  return Term::bitstring(std::move(bytes_), bits_);
}

void write_segment(BitWriter& writer, const Segment& segment, const Term& value, SegmentSize size) {
  if (is_utf(segment.type)) return write_character(writer, segment, value);
  if (size && (*size < 0 || *size > kMostBits / segment.unit)) {
    if (*size < 0) raise_badarg();
    throw UnknownToEvaluator("a huge bit segment", segment.at);
  }
  if (segment.type == SegmentType::Binary) return write_binary(writer, value, segment, size);
  const auto bits = static_cast<size_t>(size.value_or(0) * segment.unit);
  if (segment.type == SegmentType::Float) return write_float(writer, value, bits, segment.little);
  write_integer(writer, value, bits, segment.little);
}

std::optional<Term> BitReader::take(size_t bits) {
  if (bits > left_) return {};
  const size_t shift = offset_ % 8;
  std::string taken;
  taken.reserve((bits + 7) / 8);
  for (size_t i = offset_ / 8; taken.size() * 8 < bits; ++i) {
    unsigned byte = static_cast<unsigned char>(bytes_[i]) << shift;
    if (shift > 0 && i + 1 < bytes_.size()) {
      byte |= static_cast<unsigned char>(bytes_[i + 1]) >> (8 - shift);
    }
    taken += static_cast<char>(byte);
  }
  offset_ += bits;
  left_ -= bits;
  return Term::bitstring(std::move(taken), bits);
}

Term BitReader::rest() const {
  BitReader copy = *this;
  return *copy.take(left_);
}

std::optional<Term> read_segment(BitReader& reader, const Segment& segment, SegmentSize size) {
  if (is_utf(segment.type)) return read_character(reader, segment);
  const auto unit = static_cast<size_t>(segment.unit);
  if (!size) {
    if (reader.left() % unit != 0) return {};
    return reader.take(reader.left());
  }
  if (*size < 0 || *size > kMostBits / segment.unit) return {};
  const size_t bits = static_cast<size_t>(*size) * unit;
  if (segment.type == SegmentType::Float) {
    if (bits != 16 && bits != 32 && bits != 64) return {};
    BitReader ahead = reader;
    const auto taken = ahead.take(bits);
    if (!taken) return {};
    std::optional<Term> value = float_of(*taken, segment.little);
    if (value) reader = ahead;
    return value;
  }
  std::optional<Term> taken = reader.take(bits);
  if (!taken || segment.type == SegmentType::Binary) return taken;
  return integer_of(*taken, segment.is_signed, segment.little);
}

}  // namespace relmk::eval
