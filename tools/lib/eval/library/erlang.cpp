// Module erlang: type tests, parts of terms and numbers. Conversions between types are in
// erlang_conversions.cpp; exceptions, and what is asked of the runtime, in erlang_runtime.cpp.
#include "eval/library/erlang.h"

#include <algorithm>
#include <cmath>

#include "eval/evaluate/fun.h"
#include "eval/library/support.h"
#include "term/integer.h"

namespace relmk::eval {
namespace erlang_module {
namespace {

template <bool (*Test)(const Term&)>
Term test(Evaluator&, const Terms& a) {
  return Term::boolean(Test(a[0]));
}

bool is_atom(const Term& t) {
  return t.is_atom();
}
bool is_binary(const Term& t) {
  return t.is_binary();
}
bool is_bitstring(const Term& t) {
  return t.is_bitstring();
}
bool is_boolean(const Term& t) {
  return t.is_boolean();
}
bool is_float(const Term& t) {
  return t.is_float();
}
bool is_fun(const Term& t) {
  return is_function(t);
}
bool is_integer(const Term& t) {
  return t.is_integer();
}
bool is_list(const Term& t) {
  return t.is_list();
}
bool is_map(const Term& t) {
  return t.is_map();
}
bool is_number(const Term& t) {
  return t.kind() == term::TermKind::Number;
}
bool is_pid(const Term& t) {
  return t.kind() == term::TermKind::Pid;
}
bool is_port(const Term& t) {
  return t.kind() == term::TermKind::Port;
}
bool is_reference(const Term& t) {
  return t.kind() == term::TermKind::Reference;
}
bool is_tuple(const Term& t) {
  return t.is_tuple();
}

Term is_function_2(Evaluator&, const Terms& a) {
  if (!a[1].is_integer() || Term::compare(a[1], 0) < 0) raise_badarg();
  if (!a[1].is_small_integer()) return Term::boolean(false);
  return Term::boolean(is_function(a[0], static_cast<size_t>(a[1].as_integer())));
}

Term is_record_2(Evaluator&, const Terms& a) {
  if (!a[1].is_atom()) raise_badarg();
  return Term::boolean(a[0].is_tagged(a[1].atom_text()));
}

Term is_record_3(Evaluator&, const Terms& a) {
  if (!a[1].is_atom()) raise_badarg();
  const int64_t size = small_integer(a[2]);
  if (size < 0) raise_badarg();
  return Term::boolean(size > 0 && a[0].is_tagged(a[1].atom_text(), static_cast<size_t>(size)));
}

Term is_map_key(Evaluator&, const Terms& a) {
  if (!a[1].is_map()) raise_error("badmap", a[1]);
  return Term::boolean(a[1].find(a[0]) != nullptr);
}

Term map_get(Evaluator&, const Terms& a) {
  if (!a[1].is_map()) raise_error("badmap", a[1]);
  const Term* value = a[1].find(a[0]);
  if (value == nullptr) raise_error("badkey", a[0]);
  return *value;
}

Term map_size(Evaluator&, const Terms& a) {
  if (!a[0].is_map()) raise_error("badmap", a[0]);
  return static_cast<int64_t>(a[0].entries().size());
}

Term hd(Evaluator&, const Terms& a) {
  if (!a[0].is_list() || a[0].elements().empty()) raise_badarg();
  return a[0][0];
}

Term tl(Evaluator&, const Terms& a) {
  if (!a[0].is_list() || a[0].elements().empty()) raise_badarg();
  Terms rest(a[0].elements().begin() + 1, a[0].elements().end());
  return a[0].tail() != nullptr ? Term::improper_list(std::move(rest), *a[0].tail())
                                : Term::list(std::move(rest));
}

Term length(Evaluator&, const Terms& a) {
  if (!a[0].is_proper_list()) raise_badarg();
  return static_cast<int64_t>(a[0].elements().size());
}

Term tuple_size(Evaluator&, const Terms& a) {
  if (!a[0].is_tuple()) raise_badarg();
  return static_cast<int64_t>(a[0].elements().size());
}

Term byte_size(Evaluator&, const Terms& a) {
  if (!a[0].is_bitstring()) raise_badarg();
  return static_cast<int64_t>(a[0].bytes().size());
}

Term bit_size(Evaluator&, const Terms& a) {
  if (!a[0].is_bitstring()) raise_badarg();
  return static_cast<int64_t>(a[0].bit_size());
}

Term size(Evaluator& e, const Terms& a) {
  if (a[0].is_tuple()) return tuple_size(e, a);
  if (!a[0].is_bitstring()) raise_badarg();
  return static_cast<int64_t>(a[0].bit_size() / 8);
}

size_t tuple_index(const Term& index, const Term& tuple) {
  const int64_t i = small_integer(index);
  if (!tuple.is_tuple() || i < 1 || static_cast<size_t>(i) > tuple.elements().size()) {
    raise_badarg();
  }
  return static_cast<size_t>(i - 1);
}

Term element(Evaluator&, const Terms& a) {
  return a[1][tuple_index(a[0], a[1])];
}

Term setelement(Evaluator&, const Terms& a) {
  const size_t index = tuple_index(a[0], a[1]);
  Terms elements = a[1].elements();
  elements[index] = a[2];
  return Term::tuple(std::move(elements));
}

Term append_element(Evaluator&, const Terms& a) {
  if (!a[0].is_tuple()) raise_badarg();
  Terms elements = a[0].elements();
  elements.push_back(a[1]);
  return Term::tuple(std::move(elements));
}

Term delete_element(Evaluator&, const Terms& a) {
  const size_t index = tuple_index(a[0], a[1]);
  Terms elements = a[1].elements();
  elements.erase(elements.begin() + static_cast<std::ptrdiff_t>(index));
  return Term::tuple(std::move(elements));
}

Term insert_element(Evaluator&, const Terms& a) {
  const int64_t i = small_integer(a[0]);
  if (!a[1].is_tuple() || i < 1 || static_cast<size_t>(i) > a[1].elements().size() + 1) {
    raise_badarg();
  }
  Terms elements = a[1].elements();
  elements.insert(elements.begin() + (i - 1), a[2]);
  return Term::tuple(std::move(elements));
}

Term make_tuple(Evaluator&, const Terms& a) {
  const int64_t arity = small_integer(a[0]);
  if (arity < 0 || arity > 1 << 20) raise_badarg();
  return Term::tuple(Terms(static_cast<size_t>(arity), a[1]));
}

Term binary_part(Evaluator&, const Terms& a) {
  const bool pair = a.size() == 2;
  if (!a[0].is_binary() || (pair && !a[1].is_tuple(2))) raise_badarg();
  int64_t start = small_integer(pair ? a[1][0] : a[1]);
  int64_t count = small_integer(pair ? a[1][1] : a[2]);
  const auto size = static_cast<int64_t>(a[0].bytes().size());
  if (count < 0) {
    start += count;
    count = -count;
  }
  if (start < 0 || start > size || count > size - start) raise_badarg();
  return Term::binary(a[0].bytes().substr(static_cast<size_t>(start), static_cast<size_t>(count)));
}

Term split_binary(Evaluator&, const Terms& a) {
  const int64_t at = small_integer(a[1]);
  if (!a[0].is_binary() || at < 0 || static_cast<size_t>(at) > a[0].bytes().size()) raise_badarg();
  const std::string& bytes = a[0].bytes();
  return Term::tuple({Term::binary(bytes.substr(0, static_cast<size_t>(at))),
                      Term::binary(bytes.substr(static_cast<size_t>(at)))});
}

Term abs(Evaluator&, const Terms& a) {
  if (a[0].is_float()) {
    const double value = a[0].as_float();
    // The sign of which a later release drops.
    if (value == 0 && std::signbit(value)) leave_to_vm("abs(-0.0)");
    return std::fabs(value);
  }
  if (!a[0].is_integer()) raise_badarg();
  return Term::big({mpz_class(abs(a[0].as_big().value))});
}

Term to_integer(const Term& number, double (*round)(double)) {
  if (number.is_integer()) return number;
  if (!number.is_float()) raise_badarg();
  return Term::big({mpz_class(round(number.as_float()))});
}

Term round(Evaluator&, const Terms& a) {
  return to_integer(a[0], std::round);
}
Term trunc(Evaluator&, const Terms& a) {
  return to_integer(a[0], std::trunc);
}
Term floor(Evaluator&, const Terms& a) {
  return to_integer(a[0], std::floor);
}
Term ceil(Evaluator&, const Terms& a) {
  return to_integer(a[0], std::ceil);
}

Term to_float(Evaluator&, const Terms& a) {
  if (a[0].is_float()) return a[0];
  if (!a[0].is_integer()) raise_badarg();
  const auto value = term::to_double(a[0].as_big().value);
  if (!std::isfinite(value)) raise_badarg();
  return value;
}

Term max(Evaluator&, const Terms& a) {
  return Term::compare(a[0], a[1]) < 0 ? a[1] : a[0];
}
Term min(Evaluator&, const Terms& a) {
  return Term::compare(a[0], a[1]) > 0 ? a[1] : a[0];
}

constexpr bool kAuto = true;
constexpr bool kGuard = true;

constexpr LibraryFunction kFunctions[] = {
    {"is_atom", 1, test<is_atom>, 0, kAuto, kGuard},
    {"is_binary", 1, test<is_binary>, 0, kAuto, kGuard},
    {"is_bitstring", 1, test<is_bitstring>, 0, kAuto, kGuard},
    {"is_boolean", 1, test<is_boolean>, 0, kAuto, kGuard},
    {"is_float", 1, test<is_float>, 0, kAuto, kGuard},
    {"is_function", 1, test<is_fun>, 0, kAuto, kGuard},
    {"is_function", 2, is_function_2, 0, kAuto, kGuard},
    {"is_integer", 1, test<is_integer>, 0, kAuto, kGuard},
    {"is_list", 1, test<is_list>, 0, kAuto, kGuard},
    {"is_map", 1, test<is_map>, 0, kAuto, kGuard},
    {"is_map_key", 2, is_map_key, 0, kAuto, kGuard},
    {"is_number", 1, test<is_number>, 0, kAuto, kGuard},
    {"is_pid", 1, test<is_pid>, 0, kAuto, kGuard},
    {"is_port", 1, test<is_port>, 0, kAuto, kGuard},
    {"is_record", 2, is_record_2, 0, kAuto, kGuard},
    {"is_record", 3, is_record_3, 0, kAuto, kGuard},
    {"is_reference", 1, test<is_reference>, 0, kAuto, kGuard},
    {"is_tuple", 1, test<is_tuple>, 0, kAuto, kGuard},
    {"abs", 1, abs, 0, kAuto, kGuard},
    {"binary_part", 2, binary_part, 0, kAuto, kGuard},
    {"binary_part", 3, binary_part, 0, kAuto, kGuard},
    {"bit_size", 1, bit_size, 0, kAuto, kGuard},
    {"byte_size", 1, byte_size, 0, kAuto, kGuard},
    {"ceil", 1, ceil, 0, kAuto, kGuard},
    {"element", 2, element, 0, kAuto, kGuard},
    {"float", 1, to_float, 0, kAuto, kGuard},
    {"floor", 1, floor, 0, kAuto, kGuard},
    {"hd", 1, hd, 0, kAuto, kGuard},
    {"length", 1, length, 0, kAuto, kGuard},
    {"map_get", 2, map_get, 0, kAuto, kGuard},
    {"map_size", 1, map_size, 0, kAuto, kGuard},
    {"round", 1, round, 0, kAuto, kGuard},
    {"size", 1, size, 0, kAuto, kGuard},
    {"tl", 1, tl, 0, kAuto, kGuard},
    {"trunc", 1, trunc, 0, kAuto, kGuard},
    {"tuple_size", 1, tuple_size, 0, kAuto, kGuard},
    {"append_element", 2, append_element},
    {"delete_element", 2, delete_element},
    {"insert_element", 3, insert_element},
    {"make_tuple", 2, make_tuple},
    {"max", 2, max, 0, kAuto},
    {"min", 2, min, 0, kAuto},
    {"setelement", 3, setelement, 0, kAuto},
    {"split_binary", 2, split_binary, 0, kAuto},
};

}  // namespace
}  // namespace erlang_module

LibraryTable erlang_functions() {
  static const std::vector<LibraryFunction> all = [] {
    std::vector<LibraryFunction> joined(std::begin(erlang_module::kFunctions),
                                        std::end(erlang_module::kFunctions));
    for (const LibraryTable& part : {erlang_conversions(), erlang_runtime()})
      joined.insert(joined.end(), part.begin(), part.end());
    return joined;
  }();
  return all;
}

}  // namespace relmk::eval
