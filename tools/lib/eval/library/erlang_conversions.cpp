// Module erlang: conversions between types.
#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "eval/evaluate/fun.h"
#include "eval/library/erlang.h"
#include "eval/library/support.h"
#include "term/character_data.h"
#include "term/external.h"
#include "term/integer.h"
#include "term/print.h"

namespace relmk::eval {
namespace erlang_conversions_module {
namespace {

constexpr size_t kLongestAtom = 255;

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'z') return c - 'a' + 10;
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  return 99;
}

int checked_base(const Term& base) {
  const int64_t value = small_integer(base);
  if (value < 2 || value > 36) raise_badarg();
  return static_cast<int>(value);
}

// A flat list of bytes; badarg for anything else.
std::string latin1_bytes(const Term& list) {
  if (!list.is_proper_list()) raise_badarg();
  std::string bytes;
  for (const Term& c : list.elements()) {
    if (!c.is_small_integer() || c.as_integer() < 0 || c.as_integer() > 255) raise_badarg();
    bytes += static_cast<char>(c.as_integer());
  }
  return bytes;
}

const std::string& binary_bytes(const Term& term) {
  if (!term.is_binary()) raise_badarg();
  return term.bytes();
}

Term to_atom(std::u32string_view text) {
  if (text.size() > kLongestAtom) raise_error("system_limit");
  std::string utf8;
  for (const char32_t c : text)
    sys::append_utf8(utf8, c);
  return Term::atom(utf8);
}

Term list_to_atom(Evaluator&, const Terms& a) {
  if (!a[0].is_string()) raise_badarg();
  return to_atom(sys::code_points(a[0].to_utf8()));
}

Term atom_to_list(Evaluator&, const Terms& a) {
  if (!a[0].is_atom()) raise_badarg();
  return Term::string(a[0].atom_text());
}

bool is_latin1(const Term& encoding) {
  if (encoding.is_atom("latin1")) return true;
  if (encoding.is_atom("utf8") || encoding.is_atom("unicode")) return false;
  raise_badarg();
}

Term atom_to_binary(Evaluator&, const Terms& a) {
  if (!a[0].is_atom()) raise_badarg();
  if (a.size() == 1 || !is_latin1(a[1])) return Term::binary(a[0].atom_text());
  std::string bytes;
  for (const char32_t c : sys::code_points(a[0].atom_text())) {
    if (c > 0xff) raise_badarg();
    bytes += static_cast<char>(c);
  }
  return Term::binary(std::move(bytes));
}

Term binary_to_atom(Evaluator&, const Terms& a) {
  const std::string& bytes = binary_bytes(a[0]);
  if (a.size() == 2 && is_latin1(a[1])) {
    return to_atom(sys::latin1_code_points(bytes));
  }
  const std::optional<std::u32string> text = term::chardata(a[0]);
  if (!text) raise_badarg();
  return to_atom(*text);
}

Term known_integer(std::string_view text, int base) {
  const std::optional<Term> value = parse_integer(text, base);
  if (!value) raise_badarg();
  return *value;
}

Term list_to_integer(Evaluator&, const Terms& a) {
  return known_integer(latin1_bytes(a[0]), a.size() == 2 ? checked_base(a[1]) : 10);
}

Term binary_to_integer(Evaluator&, const Terms& a) {
  return known_integer(binary_bytes(a[0]), a.size() == 2 ? checked_base(a[1]) : 10);
}

std::string checked_integer_text(const Terms& a) {
  if (!a[0].is_integer()) raise_badarg();
  return integer_text(a[0], a.size() == 2 ? checked_base(a[1]) : 10);
}

Term integer_to_list(Evaluator&, const Terms& a) {
  return Term::string(checked_integer_text(a));
}

Term integer_to_binary(Evaluator&, const Terms& a) {
  return Term::binary(checked_integer_text(a));
}

Term known_float(std::string_view text) {
  const std::optional<Term> value = parse_float(text);
  if (!value) raise_badarg();
  return *value;
}

Term list_to_float(Evaluator&, const Terms& a) {
  return known_float(latin1_bytes(a[0]));
}
Term binary_to_float(Evaluator&, const Terms& a) {
  return known_float(binary_bytes(a[0]));
}

std::string without_trailing_zeros(std::string text) {
  const size_t dot = text.find('.');
  if (dot == std::string::npos) return text;
  size_t end = text.find_last_not_of('0');
  if (end == dot) ++end;
  return text.substr(0, end + 1);
}

// float_to_list/2's options: decimals, scientific, compact, short.
std::string float_text(const Terms& a) {
  if (!a[0].is_float()) raise_badarg();
  const double value = a[0].as_float();
  if (a.size() == 1) return fmt::format("{:.20e}", value);
  if (!a[1].is_proper_list()) raise_badarg();
  std::string text = fmt::format("{:.20e}", value);
  bool compact = false;
  bool decimals = false;
  for (const Term& option : a[1].elements()) {
    if (option.is_atom("compact")) {
      compact = true;
    } else if (option.is_tagged("decimals", 2) || option.is_tagged("scientific", 2)) {
      const int64_t digits = small_integer(option[1]);
      decimals = option.is_tagged("decimals", 2);
      if (digits < 0 || digits > (decimals ? 253 : 249)) raise_badarg();
      if (decimals && std::fabs(value) >= 1e15) leave_to_vm("float_to_list of a large float");
      text =
          decimals ? fmt::format("{:.{}f}", value, digits) : fmt::format("{:.{}e}", value, digits);
    } else if (option.is_atom("short")) {
      decimals = false;
      text = term::print_plain(a[0]);
    } else {
      raise_badarg();
    }
  }
  return compact && decimals ? without_trailing_zeros(text) : text;
}

Term float_to_list(Evaluator&, const Terms& a) {
  return Term::string(float_text(a));
}
Term float_to_binary(Evaluator&, const Terms& a) {
  return Term::binary(float_text(a));
}

Term list_to_tuple(Evaluator&, const Terms& a) {
  if (!a[0].is_proper_list()) raise_badarg();
  return Term::tuple(a[0].elements());
}

Term tuple_to_list(Evaluator&, const Terms& a) {
  if (!a[0].is_tuple()) raise_badarg();
  return Term::list(a[0].elements());
}

// list_to_binary/1 and iolist_to_binary/1: the first wants a list.
Term list_to_binary(Evaluator&, const Terms& a) {
  std::optional<std::string> bytes;
  if (a[0].is_list()) bytes = term::iodata(a[0]);
  if (!bytes) raise_badarg();
  return Term::binary(std::move(*bytes));
}

Term iolist_to_binary(Evaluator&, const Terms& a) {
  std::optional<std::string> bytes = term::iodata(a[0]);
  if (!bytes) raise_badarg();
  return Term::binary(std::move(*bytes));
}

Term iolist_size(Evaluator&, const Terms& a) {
  const std::optional<std::string> bytes = term::iodata(a[0]);
  if (!bytes) raise_badarg();
  return static_cast<int64_t>(bytes->size());
}

Term binary_to_list(Evaluator&, const Terms& a) {
  const std::string& bytes = binary_bytes(a[0]);
  const int64_t from = a.size() == 3 ? small_integer(a[1]) : 1;
  const int64_t to = a.size() == 3 ? small_integer(a[2]) : static_cast<int64_t>(bytes.size());
  if (a.size() == 3 && (from < 1 || to < from || to > static_cast<int64_t>(bytes.size()))) {
    raise_badarg();
  }
  Terms elements;
  for (int64_t i = from; i <= to; ++i)
    elements.emplace_back(
        static_cast<int64_t>(static_cast<unsigned char>(bytes[static_cast<size_t>(i - 1)])));
  return Term::list(std::move(elements));
}

Term bitstring_to_list(Evaluator& e, const Terms& a) {
  if (!a[0].is_bitstring()) raise_badarg();
  if (!a[0].is_binary()) leave_to_vm("erlang:bitstring_to_list/1");
  return binary_to_list(e, a);
}

bool holds_own_fun(const Term& term) {
  if (term.kind() == term::TermKind::Fun) return as_evaluated_fun(term) != nullptr;
  if (term.is_map()) {
    return std::any_of(term.entries().begin(), term.entries().end(), [](const auto& entry) {
      return holds_own_fun(entry.first) || holds_own_fun(entry.second);
    });
  }
  if (!term.is_tuple() && !term.is_list()) return false;
  return std::any_of(term.elements().begin(), term.elements().end(), holds_own_fun) ||
         (term.is_list() && term.tail() != nullptr && holds_own_fun(*term.tail()));
}

Term term_to_binary(Evaluator& evaluator, const Terms& a) {
  if (evaluator.otp_release() == 0 || holds_own_fun(a[0])) leave_to_vm("erlang:term_to_binary/1");
  return Term::binary(term::encode_external(a[0], {.latin1_atoms = evaluator.otp_release() < 26}));
}

Term binary_to_term(Evaluator&, const Terms& a) {
  try {
    return term::decode_external(binary_bytes(a[0]));
  } catch (const Error&) {
    raise_badarg();
  }
}

Term fun_to_list(Evaluator&, const Terms& a) {
  if (as_external_fun(a[0]) == nullptr) leave_to_vm("erlang:fun_to_list/1");
  return Term::string(a[0].as_opaque().text());
}

constexpr bool kAuto = true;

constexpr LibraryFunction kFunctions[] = {
    {"atom_to_binary", 1, atom_to_binary, 0, kAuto},
    {"atom_to_binary", 2, atom_to_binary, 0, kAuto},
    {"atom_to_list", 1, atom_to_list, 0, kAuto},
    {"binary_to_atom", 1, binary_to_atom, 0, kAuto},
    {"binary_to_atom", 2, binary_to_atom, 0, kAuto},
    {"binary_to_float", 1, binary_to_float, 0, kAuto},
    {"binary_to_integer", 1, binary_to_integer, 0, kAuto},
    {"binary_to_integer", 2, binary_to_integer, 0, kAuto},
    {"binary_to_list", 1, binary_to_list, 0, kAuto},
    {"binary_to_list", 3, binary_to_list, 0, kAuto},
    {"binary_to_term", 1, binary_to_term, 0, kAuto},
    {"bitstring_to_list", 1, bitstring_to_list, 0, kAuto},
    {"float_to_binary", 1, float_to_binary, 0, kAuto},
    {"float_to_binary", 2, float_to_binary, 0, kAuto},
    {"float_to_list", 1, float_to_list, 0, kAuto},
    {"float_to_list", 2, float_to_list, 0, kAuto},
    {"fun_to_list", 1, fun_to_list},
    {"integer_to_binary", 1, integer_to_binary, 0, kAuto},
    {"integer_to_binary", 2, integer_to_binary, 0, kAuto},
    {"integer_to_list", 1, integer_to_list, 0, kAuto},
    {"integer_to_list", 2, integer_to_list, 0, kAuto},
    {"iolist_size", 1, iolist_size, 0, kAuto},
    {"iolist_to_binary", 1, iolist_to_binary, 0, kAuto},
    {"list_to_atom", 1, list_to_atom, 0, kAuto},
    {"list_to_binary", 1, list_to_binary, 0, kAuto},
    {"list_to_float", 1, list_to_float, 0, kAuto},
    {"list_to_integer", 1, list_to_integer, 0, kAuto},
    {"list_to_integer", 2, list_to_integer, 0, kAuto},
    {"list_to_tuple", 1, list_to_tuple, 0, kAuto},
    {"term_to_binary", 1, term_to_binary, 0, kAuto},
    {"tuple_to_list", 1, tuple_to_list, 0, kAuto},
};

}  // namespace
}  // namespace erlang_conversions_module

LibraryTable erlang_conversions() {
  return erlang_conversions_module::kFunctions;
}

std::optional<Term> parse_integer(std::string_view text, int base) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) return {};
  for (const char c : text) {
    if (erlang_conversions_module::digit_value(c) >= base) return {};
  }
  const mpz_class value = term::integer_of_digits(std::string(text), base);
  return Term::big({negative ? mpz_class(-value) : value});
}

std::optional<Term> parse_float(std::string_view text) {
  std::string_view rest = text;
  const auto digits = [&] {
    const size_t n = std::min(rest.find_first_not_of("0123456789"), rest.size());
    rest.remove_prefix(n);
    return n;
  };
  if (rest.starts_with('-') || rest.starts_with('+')) rest.remove_prefix(1);
  if (digits() == 0 || !rest.starts_with('.')) return {};
  rest.remove_prefix(1);
  if (digits() == 0) return {};
  if (rest.starts_with('e') || rest.starts_with('E')) {
    rest.remove_prefix(1);
    if (rest.starts_with('-') || rest.starts_with('+')) rest.remove_prefix(1);
    if (digits() == 0) return {};
  }
  if (!rest.empty()) return {};
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec == std::errc::result_out_of_range) {
    // Too small is zero, too large is none.
    if (std::fabs(std::strtod(std::string(text).c_str(), nullptr)) > 1) return {};
    return Term(0.0);
  }
  return Term(value);
}

std::string integer_text(const Term& integer, int base) {
  // A negative base asks for capital letters.
  return integer.as_big().value.get_str(base == 10 ? 10 : -base);
}

}  // namespace relmk::eval
