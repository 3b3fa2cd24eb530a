// Erlang terms as values: immutable, cheap to copy, compared as Erlang compares them.
//
// A list or tuple that was read from text remembers where its bracket stood; the position is not
// part of the value.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sys/error.h"
#include "sys/utf8.h"

namespace relmk::term {

struct BigInteger;  // term/integer.h
class Term;
using Terms = std::vector<Term>;

// How deep terms may be nested that come from outside: readers refuse deeper ones, so that what
// walks a term may call itself.
constexpr int kDeepestTerm = 1000;

// An interned atom: equality is one comparison of pointers. Texts live as long as the process.
class Atom {
 public:
  explicit Atom(std::string_view utf8);
  const std::string& text() const { return *text_; }  // UTF-8, unquoted
  bool operator==(const Atom&) const = default;

 private:
  const std::string* text_;
};

// The base of what an evaluator or a node keeps in a term and nobody else looks into: a fun, pid,
// port or reference.
class Opaque {
 public:
  virtual ~Opaque() = default;
  // As io_lib prints it: `#Fun<erl_eval.6.1>`, `<0.1.0>`, …
  virtual std::string text() const = 0;
  // In the external term format, without the version byte; empty when it has none (a fun of ours).
  virtual std::string external() const { return {}; }
  // For the order of terms among those of one kind.
  virtual std::string key() const { return text(); }
};

// The kinds in the order in which Erlang compares them.
enum class TermKind { Number, Atom, Reference, Fun, Port, Pid, Tuple, Map, List, Bitstring };

class Term {
 public:
  using MapEntry = std::pair<Term, Term>;

  Term() : Term(Terms{}, nullptr) {}  // []
  Term(int64_t value) : value_(value) {}
  Term(int value) : value_(static_cast<int64_t>(value)) {}
  Term(double value) : value_(value) {}
  Term(Atom atom) : value_(atom) {}

  static Term atom(std::string_view utf8) { return Term(Atom(utf8)); }
  static Term boolean(bool value) { return atom(value ? "true" : "false"); }
  static Term big(BigInteger value);  // an int64_t where it fits
  static Term tuple(Terms elements, Position at = {});
  static Term list(Terms elements, Position at = {});
  // [E1, … | Tail]; a tail that is a list is taken in, so that a list has one representation.
  static Term improper_list(Terms elements, const Term& tail, Position at = {});
  // A list of the code points of a UTF-8 text (bytes that are not UTF-8 count as Latin-1).
  static Term string(std::string_view utf8, Position at = {});
  // Pairs in any order; of equal keys the last one counts.
  static Term map(std::vector<MapEntry> entries);
  static Term binary(std::string bytes);
  // `bits` bits, the last byte filled with zeros.
  static Term bitstring(std::string bytes, size_t bits);
  // `kind` is Reference, Fun, Port or Pid.
  static Term opaque(TermKind kind, std::shared_ptr<const Opaque> object);

  TermKind kind() const;
  bool is_integer() const;  // of any size
  bool is_small_integer() const { return std::holds_alternative<int64_t>(value_); }
  bool is_float() const { return std::holds_alternative<double>(value_); }
  bool is_atom() const { return std::holds_alternative<Atom>(value_); }
  bool is_atom(std::string_view text) const { return is_atom() && as_atom().text() == text; }
  bool is_boolean() const { return is_atom("true") || is_atom("false"); }
  bool is_tuple() const { return kind() == TermKind::Tuple; }
  bool is_tuple(size_t arity) const { return is_tuple() && elements().size() == arity; }
  // {Tag, …} with that many elements (0: any number).
  bool is_tagged(std::string_view tag, size_t arity = 0) const;
  bool is_list() const { return kind() == TermKind::List; }
  bool is_proper_list() const { return is_list() && tail() == nullptr; }
  bool is_nil() const { return is_proper_list() && elements().empty(); }
  bool is_map() const { return kind() == TermKind::Map; }
  bool is_bitstring() const { return kind() == TermKind::Bitstring; }
  bool is_binary() const { return is_bitstring() && bit_size() % 8 == 0; }
  // A proper list of Unicode code points (the empty one too).
  bool is_string() const;

  // The accessors below expect the kind that they name; a wrong one is a fault of the caller and
  // throws std::bad_variant_access or std::logic_error.
  int64_t as_integer() const { return std::get<int64_t>(value_); }
  BigInteger as_big() const;  // of any integer
  double as_float() const { return std::get<double>(value_); }
  Atom as_atom() const { return std::get<Atom>(value_); }
  const std::string& atom_text() const { return std::get<Atom>(value_).text(); }
  const Terms& elements() const;  // of a tuple, or those of a list before its tail
  const Term& operator[](size_t index) const { return elements().at(index); }  // from 0
  const Term* tail() const;                      // an improper list's tail, else nullptr
  const std::vector<MapEntry>& entries() const;  // of a map, in the order of keys
  const Term* find(const Term& key) const;       // in a map; nullptr when absent
  const std::string& bytes() const;              // of a bitstring
  size_t bit_size() const;                       // of a bitstring
  const Opaque& as_opaque() const;
  std::string to_utf8() const;  // of a string, see is_string()

  Position position() const;  // where a list or tuple was read, else {0, 0}

  // `=:=`: 1 and 1.0 differ.
  bool operator==(const Term& other) const;
  // Erlang's term order (`<`), where 1 and 1.0 are equal: negative, 0 or positive.
  static int compare(const Term& a, const Term& b);
  // As compare, but an integer goes before the float of its value: the order of map keys.
  static int compare_exact(const Term& a, const Term& b);

 private:
  struct Sequence;  // a list's or a tuple's elements
  struct Map;
  struct Bits;
  struct Object;
  Term(Terms elements, std::nullptr_t);
  using Value = std::variant<int64_t, std::shared_ptr<const BigInteger>, double, Atom,
                             std::shared_ptr<const Sequence>, std::shared_ptr<const Map>,
                             std::shared_ptr<const Bits>, std::shared_ptr<const Object>>;
  explicit Term(Value value) : value_(std::move(value)) {}
  const Sequence& sequence() const { return *std::get<std::shared_ptr<const Sequence>>(value_); }
  static int compare_numbers(const Term& a, const Term& b, bool exact);
  static int compare_terms(const Term& a, const Term& b, bool exact);
  Value value_;
};

// proplists: the value of the first {Key, Value} (or of the atom Key, which stands for {Key, true})
// in a list; nullopt when there is none, or when `list` is no proper list.
std::optional<Term> proplist_value(const Term& list, std::string_view key);

}  // namespace relmk::term

// Words of every room.
namespace relmk {
using term::Atom;
using term::Term;
using term::Terms;
}  // namespace relmk
