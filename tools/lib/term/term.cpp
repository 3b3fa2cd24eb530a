#include "term/term.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <unordered_set>

#include "term/integer.h"

namespace relmk::term {

struct Term::Sequence {
  bool is_tuple = false;
  Terms elements;
  std::optional<Term> tail;
  Position at;
};

struct Term::Map {
  std::vector<MapEntry> entries;
};

struct Term::Bits {
  std::string bytes;
  size_t bits = 0;
};

struct Term::Object {
  TermKind kind;
  std::shared_ptr<const Opaque> object;
};

Atom::Atom(std::string_view utf8) {
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  static std::shared_mutex lock;
  static auto& table = *new std::unordered_set<std::string, Hash, std::equal_to<>>;
  {
    const std::shared_lock hold(lock);
    if (const auto known = table.find(utf8); known != table.end()) {
      text_ = &*known;
      return;
    }
  }
  const std::unique_lock hold(lock);
  text_ = &*table.emplace(utf8).first;
}

Term::Term(Terms elements, std::nullptr_t) {
  static const auto nil = std::make_shared<const Sequence>();
  if (elements.empty()) {
    value_ = nil;
  } else {
    value_ = std::make_shared<const Sequence>(Sequence{false, std::move(elements), {}, {}});
  }
}

Term Term::big(BigInteger value) {
  if (value.value.fits_slong_p()) return Term(int64_t{value.value.get_si()});
  return Term(Value(std::make_shared<const BigInteger>(std::move(value))));
}

Term Term::tuple(Terms elements, Position at) {
  return Term(Value(std::make_shared<const Sequence>(Sequence{true, std::move(elements), {}, at})));
}

Term Term::list(Terms elements, Position at) {
  if (elements.empty() && !at) return Term();
  return Term(
      Value(std::make_shared<const Sequence>(Sequence{false, std::move(elements), {}, at})));
}

Term Term::improper_list(Terms elements, const Term& tail, Position at) {
  if (elements.empty()) return tail;
  std::optional<Term> rest = tail;
  if (tail.is_list()) {
    elements.insert(elements.end(), tail.elements().begin(), tail.elements().end());
    rest = tail.sequence().tail;
  }
  return Term(Value(
      std::make_shared<const Sequence>(Sequence{false, std::move(elements), std::move(rest), at})));
}

Term Term::string(std::string_view utf8, Position at) {
  Terms elements;
  elements.reserve(utf8.size());
  for (const char32_t c : sys::code_points(utf8))
    elements.emplace_back(static_cast<int64_t>(c));
  return list(std::move(elements), at);
}

Term Term::map(std::vector<MapEntry> entries) {
  const auto before = [](const MapEntry& a, const MapEntry& b) {
    return compare_exact(a.first, b.first) < 0;
  };
  std::stable_sort(entries.begin(), entries.end(), before);
  std::vector<MapEntry> unique;
  unique.reserve(entries.size());
  for (MapEntry& entry : entries) {
    if (!unique.empty() && unique.back().first == entry.first) {
      unique.back() = std::move(entry);
    } else {
      unique.push_back(std::move(entry));
    }
  }
  return Term(Value(std::make_shared<const Map>(Map{std::move(unique)})));
}

Term Term::binary(std::string bytes) {
  const size_t bits = bytes.size() * 8;
  return bitstring(std::move(bytes), bits);
}

Term Term::bitstring(std::string bytes, size_t bits) {
  bytes.resize((bits + 7) / 8);
  if (bits % 8 != 0) bytes.back() = static_cast<char>(bytes.back() & (0xff << (8 - bits % 8)));
  return Term(Value(std::make_shared<const Bits>(Bits{std::move(bytes), bits})));
}

Term Term::opaque(TermKind kind, std::shared_ptr<const Opaque> object) {
  return Term(Value(std::make_shared<const Object>(Object{kind, std::move(object)})));
}

TermKind Term::kind() const {
  switch (value_.index()) {
    case 0:
    case 1:
    case 2:
      return TermKind::Number;
    case 3:
      return TermKind::Atom;
    case 4:
      return sequence().is_tuple ? TermKind::Tuple : TermKind::List;
    case 5:
      return TermKind::Map;
    case 6:
      return TermKind::Bitstring;
    default:
      return std::get<std::shared_ptr<const Object>>(value_)->kind;
  }
}

bool Term::is_integer() const {
  return value_.index() <= 1;
}

bool Term::is_tagged(std::string_view tag, size_t arity) const {
  return is_tuple() && !elements().empty() && (arity == 0 || elements().size() == arity) &&
         elements()[0].is_atom(tag);
}

bool Term::is_string() const {
  if (!is_proper_list()) return false;
  return std::all_of(elements().begin(), elements().end(), [](const Term& e) {
    if (!e.is_small_integer()) return false;
    const int64_t c = e.as_integer();
    return (c >= 0 && c < 0xd800) || (c > 0xdfff && c <= 0x10ffff);
  });
}

BigInteger Term::as_big() const {
  if (is_small_integer()) return {mpz_class(as_integer())};
  return *std::get<std::shared_ptr<const BigInteger>>(value_);
}

const Terms& Term::elements() const {
  return sequence().elements;
}

const Term* Term::tail() const {
  const Sequence& all = sequence();
  return all.tail ? &*all.tail : nullptr;
}

const std::vector<Term::MapEntry>& Term::entries() const {
  return std::get<std::shared_ptr<const Map>>(value_)->entries;
}

const Term* Term::find(const Term& key) const {
  const auto& all = entries();
  const auto at = std::lower_bound(
      all.begin(), all.end(), key,
      [](const MapEntry& entry, const Term& k) { return compare_exact(entry.first, k) < 0; });
  return at != all.end() && at->first == key ? &at->second : nullptr;
}

const std::string& Term::bytes() const {
  return std::get<std::shared_ptr<const Bits>>(value_)->bytes;
}

size_t Term::bit_size() const {
  return std::get<std::shared_ptr<const Bits>>(value_)->bits;
}

const Opaque& Term::as_opaque() const {
  return *std::get<std::shared_ptr<const Object>>(value_)->object;
}

std::string Term::to_utf8() const {
  std::string out;
  out.reserve(elements().size());
  for (const Term& c : elements())
    sys::append_utf8(out, static_cast<char32_t>(c.as_integer()));
  return out;
}

Position Term::position() const {
  return value_.index() == 4 ? sequence().at : Position{};
}

bool Term::operator==(const Term& other) const {
  return compare_terms(*this, other, true) == 0;
}

int Term::compare(const Term& a, const Term& b) {
  return compare_terms(a, b, false);
}

int Term::compare_exact(const Term& a, const Term& b) {
  return compare_terms(a, b, true);
}

namespace {

template <class T>
int three_way(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

// Exact, however large the integer: a float is first cut to an integer where its fraction can't
// matter, and otherwise the integer is small enough to be a float.
int compare_big_with_float(const mpz_class& a, double b) {
  if (std::isinf(b)) return b > 0 ? -1 : 1;
  const double whole = std::trunc(b);
  const int by_whole = three_way(a, mpz_class(whole));
  return by_whole != 0 ? by_whole : three_way(0.0, b - whole);
}

}  // namespace

int Term::compare_numbers(const Term& a, const Term& b, bool exact) {
  if (a.is_float() && b.is_float()) {
    const int order = three_way(a.as_float(), b.as_float());
    // 0.0 and -0.0 are equal as numbers, but not the same term.
    if (order != 0 || !exact) return order;
    return three_way(std::signbit(b.as_float()), std::signbit(a.as_float()));
  }
  if (a.is_small_integer() && b.is_small_integer())
    return three_way(a.as_integer(), b.as_integer());
  if (exact && a.is_float() != b.is_float()) return a.is_float() ? 1 : -1;
  if (a.is_float()) return -compare_big_with_float(b.as_big().value, a.as_float());
  if (b.is_float()) return compare_big_with_float(a.as_big().value, b.as_float());
  return cmp(a.as_big().value, b.as_big().value);
}

int Term::compare_terms(const Term& a, const Term& b, bool exact) {
  const TermKind kind = a.kind();
  if (kind != b.kind()) return three_way(kind, b.kind());
  switch (kind) {
    case TermKind::Number:
      return compare_numbers(a, b, exact);
    case TermKind::Atom:
      return a.as_atom() == b.as_atom() ? 0 : three_way(a.atom_text(), b.atom_text());
    case TermKind::Tuple: {
      const Terms& x = a.elements();
      const Terms& y = b.elements();
      if (x.size() != y.size()) return three_way(x.size(), y.size());
      for (size_t i = 0; i < x.size(); ++i) {
        if (const int order = compare_terms(x[i], y[i], exact)) return order;
      }
      return 0;
    }
    case TermKind::List: {
      const Terms& x = a.elements();
      const Terms& y = b.elements();
      const size_t common = std::min(x.size(), y.size());
      for (size_t i = 0; i < common; ++i) {
        if (const int order = compare_terms(x[i], y[i], exact)) return order;
      }
      // What follows is the rest of a list, or a tail of any kind; [] is less than any other list.
      const auto rest_of = [](const Term& list, size_t from) {
        const Terms rest(list.elements().begin() + static_cast<std::ptrdiff_t>(from),
                         list.elements().end());
        return list.tail() ? improper_list(rest, *list.tail()) : Term::list(rest);
      };
      if (x.size() == y.size() && a.tail() == nullptr && b.tail() == nullptr) return 0;
      if (a.tail() == nullptr && b.tail() == nullptr) return three_way(x.size(), y.size());
      if (x.size() > common && y.size() == common && b.tail() == nullptr) return 1;
      if (y.size() > common && x.size() == common && a.tail() == nullptr) return -1;
      return compare_terms(rest_of(a, common), rest_of(b, common), exact);
    }
    case TermKind::Map: {
      const auto& x = a.entries();
      const auto& y = b.entries();
      if (x.size() != y.size()) return three_way(x.size(), y.size());
      for (size_t i = 0; i < x.size(); ++i) {
        if (const int order = compare_exact(x[i].first, y[i].first)) return order;
      }
      for (size_t i = 0; i < x.size(); ++i) {
        if (const int order = compare_terms(x[i].second, y[i].second, exact)) return order;
      }
      return 0;
    }
    case TermKind::Bitstring: {
      const size_t common = std::min(a.bit_size(), b.bit_size()) / 8;
      const auto bits = [&](const Term& t) {
        // The bits after the common whole bytes, as a number of at most 8 bits to compare first.
        return common < t.bytes().size() ? static_cast<unsigned char>(t.bytes()[common]) : 0U;
      };
      if (const int order = a.bytes().compare(0, common, b.bytes(), 0, common)) return order;
      if (bits(a) != bits(b) && std::min(a.bit_size(), b.bit_size()) % 8 != 0) {
        const unsigned shift = 8 - static_cast<unsigned>(std::min(a.bit_size(), b.bit_size()) % 8);
        if (const int order = three_way(bits(a) >> shift, bits(b) >> shift)) return order;
      }
      return three_way(a.bit_size(), b.bit_size());
    }
    default:
      return three_way(a.as_opaque().key(), b.as_opaque().key());
  }
}

std::optional<Term> proplist_value(const Term& list, std::string_view key) {
  if (!list.is_proper_list()) return {};
  for (const Term& entry : list.elements()) {
    if (entry.is_tagged(key, 2)) return entry[1];
    if (entry.is_atom(key)) return Term::boolean(true);
  }
  return {};
}

}  // namespace relmk::term
