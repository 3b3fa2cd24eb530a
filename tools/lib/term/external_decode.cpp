// Every length is checked against the bytes that are left before anything of that length is made,
// so that what is allocated stays in proportion to the input.
#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <memory>

#include "sys/gzip.h"
#include "term/external.h"
#include "term/external_fun.h"
#include "term/external_tag.h"
#include "term/external_view.h"
#include "term/integer.h"

namespace relmk::term {

namespace {

// A pid, port, reference or fun of some node, or a term that is nested too deeply.
class Foreign : public Opaque {
 public:
  Foreign(std::string text, std::string bytes) : text_(std::move(text)), bytes_(std::move(bytes)) {}
  std::string text() const override { return text_; }
  std::string external() const override { return bytes_; }
  std::string key() const override { return bytes_; }

 private:
  std::string text_;
  std::string bytes_;
};

class Decoder {
 public:
  Decoder(std::string_view bytes, DeepTerms deep) : bytes_(bytes), deep_(deep) {}
  Term versioned_term();
  size_t offset() const { return at_; }

 private:
  Term term();
  Term unnested_term();
  Term deep_term();
  Term part();
  Term big(uint64_t size);
  Term old_float();
  Term atom_of(std::string_view text, bool is_utf8);
  Term string();
  Term list();
  Term tuple(uint64_t arity);
  Term map();
  Term bitstring();
  Term pid(bool has_long_creation);
  Term port(int number_bytes, int creation_bytes);
  uint64_t words();
  Term reference(uint64_t words, int creation_bytes);
  Term fun();
  Term external_fun();
  Term foreign(TermKind kind, size_t begin, std::string text) const;

  uint64_t number(int size);
  std::string_view take(uint64_t size);
  size_t left() const { return bytes_.size() - at_; }
  // How many elements to make room for: nested lists may each claim all the bytes that are left.
  static size_t likely(uint64_t claimed) { return std::min<uint64_t>(claimed, 4096); }
  // A term takes much more memory than its byte or two.
  void take_parts(size_t count) {
    if (count > kMostExternalParts - parts_)
      fail(fmt::format("more than {} terms in one", kMostExternalParts));
    parts_ += count;
  }
  [[noreturn]] void fail(std::string_view what) const {
    throw Error(fmt::format("external term format: byte {}: {}", at_, what));
  }

  std::string_view bytes_;
  DeepTerms deep_;
  size_t at_ = 0;
  int depth_ = 0;
  size_t parts_ = 0;  // terms that were made
};

std::string_view Decoder::take(uint64_t size) {
  if (size > left()) fail("the data ends too early");
  at_ += size;
  return bytes_.substr(at_ - size, size);
}

uint64_t Decoder::number(int size) {
  uint64_t value = 0;
  for (const char c : take(static_cast<uint64_t>(size)))
    value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

Term Decoder::versioned_term() {
  if (number(1) != tag::kVersion) {
    at_ = 0;
    fail("not the version of an external term");
  }
  if (left() == 0 || static_cast<uint8_t>(bytes_[at_]) != tag::kCompressed) return term();
  number(1);
  const uint64_t size = number(4);
  std::string_view rest = bytes_.substr(at_);
  const std::string plain = sys::zlib_inflate(rest, size);
  if (plain.empty()) fail("broken compressed data");
  at_ = bytes_.size() - rest.size();
  return Decoder(plain, deep_).term();
}

Term Decoder::term() {
  if (depth_ == kDeepestTerm) return deep_term();
  take_parts(1);
  ++depth_;
  Term result = unnested_term();
  --depth_;
  return result;
}

Term Decoder::deep_term() {
  if (deep_ == DeepTerms::Refused) fail("term nested too deeply");
  const size_t begin = at_;
  take(ExternalView(bytes_.substr(at_)).bytes().size());
  return foreign(TermKind::Reference, begin, "...");
}

// Of a pid, port, reference or fun: an atom or an integer.
Term Decoder::part() {
  const ExternalView next(bytes_.substr(at_));
  if (left() == 0 || (!next.is_atom() && !next.integer())) fail("neither an atom nor an integer");
  return unnested_term();
}

Term Decoder::unnested_term() {
  switch (number(1)) {
    case tag::kSmallInteger:
      return static_cast<int64_t>(number(1));
    case tag::kInteger:
      return static_cast<int64_t>(static_cast<int32_t>(number(4)));
    case tag::kSmallBig:
      return big(number(1));
    case tag::kLargeBig:
      return big(number(4));
    case tag::kNewFloat: {
      const double value = std::bit_cast<double>(number(8));
      if (!std::isfinite(value)) fail("not a finite float");
      return value;
    }
    case tag::kFloat:
      return old_float();
    case tag::kAtom:
      return atom_of(take(number(2)), false);
    case tag::kSmallAtom:
      return atom_of(take(number(1)), false);
    case tag::kAtomUtf8:
      return atom_of(take(number(2)), true);
    case tag::kSmallAtomUtf8:
      return atom_of(take(number(1)), true);
    case tag::kSmallTuple:
      return tuple(number(1));
    case tag::kLargeTuple:
      return tuple(number(4));
    case tag::kNil:
      return Term();
    case tag::kString:
      return string();
    case tag::kList:
      return list();
    case tag::kMap:
      return map();
    case tag::kBinary:
      return Term::binary(std::string(take(number(4))));
    case tag::kBitBinary:
      return bitstring();
    case tag::kPid:
      return pid(false);
    case tag::kNewPid:
      return pid(true);
    case tag::kPort:
      return port(4, 1);
    case tag::kNewPort:
      return port(4, 4);
    case tag::kV4Port:
      return port(8, 4);
    case tag::kReference:
      return reference(0, 1);
    case tag::kNewReference:
      return reference(words(), 1);
    case tag::kNewerReference:
      return reference(words(), 4);
    case tag::kExport:
      return external_fun();
    case tag::kNewFun:
      return fun();
    default:
      --at_;
      fail(fmt::format("unknown tag {}", static_cast<uint8_t>(bytes_[at_])));
  }
}

Term Decoder::big(uint64_t size) {
  const uint64_t sign = number(1);
  const std::string_view digits = take(size);
  BigInteger result;
  result.value = integer_of_bytes(digits);
  if (sign != 0) result.value = -result.value;
  return Term::big(std::move(result));
}

// 31 characters of a decimal, filled with zero bytes.
Term Decoder::old_float() {
  const std::string text(take(31));
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || !std::isfinite(value)) fail("not a float");
  return value;
}

Term Decoder::atom_of(std::string_view text, bool is_utf8) {
  constexpr size_t kLongest = 255;
  size_t length = 0;
  std::string converted;
  for (size_t i = 0; i < text.size(); ++length) {
    const sys::Utf8Character c = is_utf8
                                     ? sys::utf8_character(text.substr(i))
                                     : sys::Utf8Character{static_cast<unsigned char>(text[i]), 1};
    if (c.size == 0) fail("an atom that is not UTF-8");
    i += c.size;
    if (!is_utf8) sys::append_utf8(converted, c.code_point);
  }
  if (length > kLongest) fail("an atom of more than 255 characters");
  return Atom(is_utf8 ? text : converted);
}

Term Decoder::string() {
  Terms elements;
  const std::string_view bytes = take(number(2));
  take_parts(bytes.size());
  elements.reserve(bytes.size());
  for (const char c : bytes)
    elements.emplace_back(static_cast<int64_t>(static_cast<unsigned char>(c)));
  return Term::list(std::move(elements));
}

Term Decoder::list() {
  const uint64_t length = number(4);
  if (length > left()) fail("a list longer than the data");
  Terms elements;
  elements.reserve(likely(length));
  for (uint64_t i = 0; i < length; ++i)
    elements.push_back(term());
  const Term tail = term();
  if (tail.is_nil()) return Term::list(std::move(elements));
  return Term::improper_list(std::move(elements), tail);
}

Term Decoder::tuple(uint64_t arity) {
  if (arity > left()) fail("a tuple larger than the data");
  Terms elements;
  elements.reserve(likely(arity));
  for (uint64_t i = 0; i < arity; ++i)
    elements.push_back(term());
  return Term::tuple(std::move(elements));
}

Term Decoder::map() {
  const uint64_t size = number(4);
  if (size > left() / 2) fail("a map larger than the data");
  std::vector<Term::MapEntry> entries;
  entries.reserve(likely(size));
  for (uint64_t i = 0; i < size; ++i) {
    Term key = term();
    entries.emplace_back(std::move(key), term());
  }
  const Term result = Term::map(std::move(entries));
  if (result.entries().size() != size) fail("a map with a key twice");
  return result;
}

Term Decoder::bitstring() {
  const uint64_t size = number(4);
  const uint64_t last = number(1);
  if (last < 1 || last > 8 || size == 0) fail("a wrong number of bits");
  return Term::bitstring(std::string(take(size)), (size - 1) * 8 + last);
}

Term Decoder::foreign(TermKind kind, size_t begin, std::string text) const {
  return Term::opaque(kind, std::make_shared<Foreign>(
                                std::move(text), std::string(bytes_.substr(begin, at_ - begin))));
}

Term Decoder::pid(bool has_long_creation) {
  const size_t begin = at_ - 1;
  if (!part().is_atom()) fail("a node that is no atom");
  const uint64_t id = number(4);
  const uint64_t serial = number(4);
  number(has_long_creation ? 4 : 1);
  return foreign(TermKind::Pid, begin, fmt::format("<0.{}.{}>", id, serial));
}

Term Decoder::port(int number_bytes, int creation_bytes) {
  const size_t begin = at_ - 1;
  if (!part().is_atom()) fail("a node that is no atom");
  const uint64_t id = number(number_bytes);
  number(creation_bytes);
  return foreign(TermKind::Port, begin, fmt::format("#Port<0.{}>", id));
}

uint64_t Decoder::words() {
  const uint64_t count = number(2);
  if (count < 1 || count > 5) fail("a reference of no length that there is");
  return count;
}

// `words` 0 stands for the oldest form, which has one word before its creation.
Term Decoder::reference(uint64_t words, int creation_bytes) {
  const bool is_oldest = words == 0;
  const size_t begin = at_ - (is_oldest ? 1 : 3);
  if (!part().is_atom()) fail("a node that is no atom");
  if (!is_oldest) number(creation_bytes);
  std::string text;
  for (uint64_t i = 0; i < (is_oldest ? 1 : words); ++i)
    text = fmt::format(".{}{}", number(4), text);
  if (is_oldest) number(creation_bytes);
  return foreign(TermKind::Reference, begin, fmt::format("#Ref<0{}>", text));
}

Term Decoder::external_fun() {
  const Term module = part();
  const Term function = part();
  const Term arity = part();
  if (!module.is_atom() || !function.is_atom() || !arity.is_small_integer()) fail("not a fun");
  return ExternalFun::term(module.as_atom(), function.as_atom(), arity.as_integer());
}

// Its environment is left as it is: the size says where it ends.
Term Decoder::fun() {
  const size_t begin = at_ - 1;
  const uint64_t size = number(4);
  if (size < 29 || size - 4 > left()) fail("a fun larger than the data");
  const size_t end = begin + 1 + size;
  take(1 + 16);
  const uint64_t index = number(4);
  take(4);
  const Term module = part();
  const Term old_index = part();
  const Term old_uniq = part();
  if (!module.is_atom() || !old_uniq.is_small_integer() || at_ > end) fail("not a fun");
  at_ = end;
  return foreign(TermKind::Fun, begin,
                 fmt::format("#Fun<{}.{}.{}>", module.atom_text(), index, old_uniq.as_integer()));
}

}  // namespace

Term decode_external(std::string_view bytes) {
  return take_external(bytes);
}

Term take_external(std::string_view& bytes, DeepTerms deep) {
  Decoder decoder(bytes, deep);
  Term result = decoder.versioned_term();
  bytes.remove_prefix(decoder.offset());
  return result;
}

Term encoded_term(std::string_view external) {
  return Term::opaque(TermKind::Reference,
                      std::make_shared<Foreign>("...", std::string(external.substr(1))));
}

}  // namespace relmk::term
