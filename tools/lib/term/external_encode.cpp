#include <algorithm>
#include <bit>
#include <iterator>

#include "term/external.h"
#include "term/external_fun.h"
#include "term/external_tag.h"
#include "term/integer.h"

namespace relmk::term {

namespace {

class Encoder {
 public:
  explicit Encoder(const ExternalOptions& options) : options_(options) {}
  void term(const Term& term);
  std::string take() { return std::move(out_); }
  void byte(uint64_t value) { out_ += static_cast<char>(value); }

 private:
  void number(uint64_t value, int bytes) {
    for (int shift = bytes * 8 - 8; shift >= 0; shift -= 8)
      byte(value >> shift);
  }
  void integer(const Term& value);
  void atom(const Atom& atom);
  void list(const Term& list);
  void bitstring(const Term& bits);

  ExternalOptions options_;
  std::string out_;
};

void Encoder::integer(const Term& value) {
  if (value.is_small_integer()) {
    const int64_t small = value.as_integer();
    if (small >= 0 && small <= 255) {
      byte(tag::kSmallInteger);
      return byte(static_cast<uint64_t>(small));
    }
    if (small >= INT32_MIN && small <= INT32_MAX) {
      byte(tag::kInteger);
      return number(static_cast<uint64_t>(small), 4);
    }
  }
  const mpz_class big = value.as_big().value;
  const std::string digits = bytes_of_magnitude(big);  // base 256, lowest first
  byte(digits.size() <= 255 ? tag::kSmallBig : tag::kLargeBig);
  number(digits.size(), digits.size() <= 255 ? 1 : 4);
  byte(big < 0 ? 1 : 0);
  out_ += digits;
}

void Encoder::atom(const Atom& atom) {
  const std::string& text = atom.text();
  const bool is_ascii = std::all_of(text.begin(), text.end(), [](char c) { return c >= 0; });
  if (options_.latin1_atoms) {
    const std::u32string characters = is_ascii ? std::u32string() : sys::code_points(text);
    if (std::all_of(characters.begin(), characters.end(), [](char32_t c) { return c <= 0xff; })) {
      byte(tag::kAtom);
      number(is_ascii ? text.size() : characters.size(), 2);
      if (is_ascii) out_ += text;
      for (const char32_t c : characters)
        byte(c);
      return;
    }
  }
  byte(text.size() <= 255 ? tag::kSmallAtomUtf8 : tag::kAtomUtf8);
  number(text.size(), text.size() <= 255 ? 1 : 2);
  out_ += text;
}

void Encoder::list(const Term& list) {
  const Terms& elements = list.elements();
  if (elements.empty()) return byte(tag::kNil);
  const bool is_bytes =
      list.tail() == nullptr && elements.size() <= 0xffff &&
      std::all_of(elements.begin(), elements.end(), [](const Term& e) {
        return e.is_small_integer() && e.as_integer() >= 0 && e.as_integer() <= 255;
      });
  if (is_bytes) {
    byte(tag::kString);
    number(elements.size(), 2);
    for (const Term& element : elements)
      byte(static_cast<uint64_t>(element.as_integer()));
    return;
  }
  byte(tag::kList);
  number(elements.size(), 4);
  for (const Term& element : elements)
    term(element);
  if (list.tail() == nullptr) return byte(tag::kNil);
  term(*list.tail());
}

void Encoder::bitstring(const Term& bits) {
  const std::string& bytes = bits.bytes();
  byte(bits.is_binary() ? tag::kBinary : tag::kBitBinary);
  number(bytes.size(), 4);
  if (!bits.is_binary()) byte(bits.bit_size() % 8);
  out_ += bytes;
}

void Encoder::term(const Term& value) {
  switch (value.kind()) {
    case TermKind::Number:
      if (!value.is_float()) return integer(value);
      byte(tag::kNewFloat);
      return number(std::bit_cast<uint64_t>(value.as_float()), 8);
    case TermKind::Atom:
      return atom(value.as_atom());
    case TermKind::Tuple: {
      const Terms& elements = value.elements();
      byte(elements.size() <= 255 ? tag::kSmallTuple : tag::kLargeTuple);
      number(elements.size(), elements.size() <= 255 ? 1 : 4);
      for (const Term& element : elements)
        term(element);
      return;
    }
    case TermKind::Map:
      byte(tag::kMap);
      number(value.entries().size(), 4);
      for (const Term::MapEntry& entry : value.entries()) {
        term(entry.first);
        term(entry.second);
      }
      return;
    case TermKind::List:
      return list(value);
    case TermKind::Bitstring:
      return bitstring(value);
    default:
      break;
  }
  if (const auto* fun = dynamic_cast<const ExternalFun*>(&value.as_opaque())) {
    byte(tag::kExport);
    atom(fun->module);
    atom(fun->function);
    return integer(fun->arity);
  }
  const std::string bytes = value.as_opaque().external();
  if (bytes.empty()) throw Error(value.as_opaque().text() + " has no external format");
  out_ += bytes;
}

}  // namespace

std::string encode_external(const Term& term, const ExternalOptions& options) {
  Encoder encoder(options);
  encoder.byte(tag::kVersion);
  encoder.term(term);
  return encoder.take();
}

}  // namespace relmk::term
