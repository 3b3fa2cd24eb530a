// How terms compare: `<` and `=:=`.
#include <algorithm>
#include <cmath>
#include <cstddef>

#include "term/integer.h"
#include "term/term.h"

namespace relmk::term {

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
  const mpz_class whole(b);  // rounded towards zero
  const int by_whole = three_way(a, whole);
  return by_whole != 0 ? by_whole : three_way(0.0, b - whole.get_d());
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
      if (&x == &y) return 0;  // copies share them
      if (x.size() != y.size()) return three_way(x.size(), y.size());
      for (size_t i = 0; i < x.size(); ++i) {
        if (const int order = compare_terms(x[i], y[i], exact)) return order;
      }
      return 0;
    }
    case TermKind::List: {
      const Terms& x = a.elements();
      const Terms& y = b.elements();
      if (&x == &y) return 0;  // and the tail
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

}  // namespace relmk::term
