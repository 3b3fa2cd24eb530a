#include "eval/evaluate/segments.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "eval/evaluate/failure.h"
#include "term/integer.h"

namespace relmk::eval {
namespace {

// What a script could not mean: the VM has its own limit and error for it.
constexpr int64_t kMostBits = int64_t{1} << 30;

bool set_type(Segment& segment, const std::string& name) {
  constexpr std::pair<std::string_view, SegmentKind> kTypes[] = {
      {"integer", SegmentKind::Integer},  {"float", SegmentKind::Float},
      {"binary", SegmentKind::Binary},    {"bytes", SegmentKind::Binary},
      {"bitstring", SegmentKind::Binary}, {"bits", SegmentKind::Binary},
      {"utf8", SegmentKind::Utf8},        {"utf16", SegmentKind::Utf16},
      {"utf32", SegmentKind::Utf32}};
  for (const auto& [known, type] : kTypes) {
    if (known != name) continue;
    segment.type = type;
    segment.unit = name == "binary" || name == "bytes" ? 8 : 1;
    return true;
  }
  return false;
}

bool is_utf(SegmentKind type) {
  return type == SegmentKind::Utf8 || type == SegmentKind::Utf16 || type == SegmentKind::Utf32;
}

std::string reversed(std::string bytes) {
  std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

double float_of_half(unsigned half) {
  const int exponent = static_cast<int>((half >> 10) & 0x1f);
  const double mantissa = half & 0x3ff;
  const double magnitude =
      exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(mantissa + 1024, exponent - 25);
  return (half & 0x8000) != 0 ? -magnitude : magnitude;
}

bool is_character(int64_t c) {
  return (c >= 0 && c < 0xd800) || (c > 0xdfff && c <= 0x10ffff);
}

mpz_class unsigned_big_endian(const Term& bits) {
  return term::integer_of_bytes(reversed(bits.bytes())) >> ((8 - bits.bit_size() % 8) % 8);
}

Term integer_of(const Term& bits, bool is_signed, bool little) {
  const size_t size = bits.bit_size();
  mpz_class value;
  if (little) {
    const size_t whole = size / 8;
    const std::string low = bits.bytes().substr(0, whole);
    value = unsigned_big_endian(Term::binary(reversed(low)));
    if (size % 8 != 0) {
      const mpz_class high =
          unsigned_big_endian(Term::bitstring(bits.bytes().substr(whole), size % 8));
      value |= high << (whole * 8);
    }
  } else {
    value = unsigned_big_endian(bits);
  }
  if (is_signed && size > 0 && mpz_tstbit(value.get_mpz_t(), size - 1) != 0) {
    value -= mpz_class(1) << size;
  }
  return Term::big({value});
}

std::optional<Term> float_of(const Term& bits, bool little) {
  const std::string bytes = little ? reversed(bits.bytes()) : bits.bytes();
  const auto pattern = uint64_t{unsigned_big_endian(Term::binary(bytes)).get_ui()};
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
  const std::u32string text = sys::code_points(bytes);
  std::string again;
  if (text.size() == 1) sys::append_utf8(again, text[0]);
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
  if (segment.type == SegmentKind::Utf8) return read_utf8(reader);
  BitReader ahead = reader;
  const bool wide = segment.type == SegmentKind::Utf32;
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
  if (!segment.size && segment.type != SegmentKind::Binary) return false;
  segment.unit = static_cast<int>(*unit);
  return true;
}

SegmentSize default_segment_size(const Segment& segment) {
  if (segment.type == SegmentKind::Integer) return 8;
  if (segment.type == SegmentKind::Float) return 64;
  return {};
}

void write_segment(term::BitWriter& writer, const Segment& segment, const Term& value,
                   SegmentSize size) {
  if (size && !is_utf(segment.type)) {
    if (*size < 0) raise_badarg();
    if (*size > kMostBits / segment.unit)
      throw UnknownToEvaluator("a huge bit segment", segment.at);
  }
  term::SegmentType type;
  type.kind = segment.type;
  type.is_signed = segment.is_signed;
  type.is_little = segment.little;
  if (!is_utf(segment.type) && (size || segment.type == SegmentKind::Binary))
    type.unit = segment.unit;
  const std::optional<Term> count = size ? std::optional<Term>(*size) : std::nullopt;
  if (!term::append_segment(writer, value, count, type)) raise_badarg();
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
  if (segment.type == SegmentKind::Float) {
    if (bits != 16 && bits != 32 && bits != 64) return {};
    BitReader ahead = reader;
    const auto taken = ahead.take(bits);
    if (!taken) return {};
    std::optional<Term> value = float_of(*taken, segment.little);
    if (value) reader = ahead;
    return value;
  }
  std::optional<Term> taken = reader.take(bits);
  if (!taken || segment.type == SegmentKind::Binary) return taken;
  return integer_of(*taken, segment.is_signed, segment.little);
}

}  // namespace relmk::eval
