#include "eval/evaluate/operators.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "eval/evaluate/failure.h"
#include "term/integer.h"

namespace relmk::eval {
namespace {

// What is larger is the VM's to calculate: only it tells exactly where Erlang's system_limit is.
constexpr int64_t kMostShift = int64_t{1} << 20;
constexpr size_t kMostIntegerBits = size_t{1} << 23;

[[noreturn]] void raise_badarith() {
  raise_error("badarith");
}

bool is_number(const Term& t) {
  return t.kind() == term::TermKind::Number;
}

double to_double(const Term& t) {
  if (t.is_float()) return t.as_float();
  if (t.is_small_integer()) return static_cast<double>(t.as_integer());
  const auto value = term::to_double(t.as_big().value);
  if (!std::isfinite(value)) raise_badarith();
  return value;
}

Term finite(double value) {
  if (!std::isfinite(value)) raise_badarith();
  return Term(value);
}

size_t bits(const mpz_class& number) {
  return mpz_sizeinbase(number.get_mpz_t(), 2);
}

Term arithmetic(char symbol, const Term& a, const Term& b) {
  if (!is_number(a) || !is_number(b)) raise_badarith();
  if (a.is_float() || b.is_float() || symbol == '/') {
    const double x = to_double(a);
    const double y = to_double(b);
    if (symbol == '/' && y == 0) raise_badarith();
    return finite(symbol == '+' ? x + y : symbol == '-' ? x - y : symbol == '*' ? x * y : x / y);
  }
  if (a.is_small_integer() && b.is_small_integer()) {
    int64_t result = 0;
    const int64_t x = a.as_integer();
    const int64_t y = b.as_integer();
    const bool overflow = symbol == '+'   ? __builtin_add_overflow(x, y, &result)
                          : symbol == '-' ? __builtin_sub_overflow(x, y, &result)
                                          : __builtin_mul_overflow(x, y, &result);
    if (!overflow) return Term(result);
  }
  const mpz_class x = a.as_big().value;
  const mpz_class y = b.as_big().value;
  if (symbol == '*' && bits(x) + bits(y) > kMostIntegerBits)
    throw UnknownToEvaluator("a huge product");
  return Term::big({symbol == '+'   ? mpz_class(x + y)
                    : symbol == '-' ? mpz_class(x - y)
                                    : mpz_class(x * y)});
}

Term shift(const Term& value, const Term& by, int direction) {
  const mpz_class number = value.as_big().value;
  if (!by.is_small_integer() || std::llabs(by.as_integer()) > kMostShift) {
    if (number == 0) return 0;
    throw UnknownToEvaluator("a huge shift");
  }
  const int64_t left = by.as_integer() * direction;
  if (left > 0 && bits(number) > kMostIntegerBits) throw UnknownToEvaluator("a huge shift");
  return Term::big({left >= 0 ? mpz_class(number << left) : mpz_class(number >> -left)});
}

mpz_class bitwise(std::string_view symbol, const mpz_class& a, const mpz_class& b) {
  if (symbol == "band") return a & b;
  if (symbol == "bor") return a | b;
  return a ^ b;
}

Term integer_operation(std::string_view symbol, const Term& a, const Term& b) {
  if (!a.is_integer() || !b.is_integer()) raise_badarith();
  if (symbol == "bsl") return shift(a, b, 1);
  if (symbol == "bsr") return shift(a, b, -1);
  const mpz_class x = a.as_big().value;
  const mpz_class y = b.as_big().value;
  if (symbol == "div" || symbol == "rem") {
    if (y == 0) raise_badarith();
    return Term::big({symbol == "div" ? mpz_class(x / y) : mpz_class(x % y)});
  }
  return Term::big({bitwise(symbol, x, y)});
}

Term append(const Term& a, const Term& b) {
  if (!a.is_proper_list()) raise_badarg();
  return Term::improper_list(a.elements(), b);
}

Term subtract(const Term& a, const Term& b) {
  if (!a.is_proper_list() || !b.is_proper_list()) raise_badarg();
  const auto before = [](const Term& x, const Term& y) { return Term::compare_exact(x, y) < 0; };
  std::multiset<Term, decltype(before)> unwanted(b.elements().begin(), b.elements().end(), before);
  Terms left;
  for (const Term& element : a.elements()) {
    const auto found = unwanted.find(element);
    if (found == unwanted.end()) {
      left.push_back(element);
    } else {
      unwanted.erase(found);
    }
  }
  return Term::list(std::move(left));
}

Term logical(std::string_view symbol, const Term& a, const Term& b) {
  if (!a.is_boolean() || !b.is_boolean()) raise_badarg();
  const bool x = a.is_atom("true");
  const bool y = b.is_atom("true");
  return Term::boolean(symbol == "and" ? x && y : symbol == "or" ? x || y : x != y);
}

std::optional<bool> compared(std::string_view symbol, const Term& a, const Term& b) {
  if (symbol == "=:=") return a == b;
  if (symbol == "=/=") return !(a == b);
  constexpr std::array kComparisons = {"==", "/=", "=<", "<", ">=", ">"};
  if (std::find(kComparisons.begin(), kComparisons.end(), symbol) == kComparisons.end()) return {};
  const int order = Term::compare(a, b);
  if (symbol == "==") return order == 0;
  if (symbol == "/=") return order != 0;
  if (symbol == "=<") return order <= 0;
  if (symbol == "<") return order < 0;
  return symbol == ">=" ? order >= 0 : order > 0;
}

Term apply_unary(std::string_view symbol, const Term& a) {
  if (symbol == "not") {
    if (!a.is_boolean()) raise_badarg();
    return Term::boolean(a.is_atom("false"));
  }
  if (symbol == "bnot") {
    if (!a.is_integer()) raise_badarith();
    return Term::big({mpz_class(-a.as_big().value - 1)});
  }
  if (!is_number(a)) raise_badarith();
  if (symbol == "+") return a;
  return a.is_float() ? Term(-a.as_float()) : Term::big({mpz_class(-a.as_big().value)});
}

}  // namespace

bool is_operator(std::string_view symbol, size_t operands) {
  constexpr std::array kUnary = {"+", "-", "not", "bnot"};
  constexpr std::array kBinary = {"+",    "-",   "*",   "/",   "div", "rem", "band", "bor",
                                  "bxor", "bsl", "bsr", "and", "or",  "xor", "++",   "--",
                                  "==",   "/=",  "=<",  "<",   ">=",  ">",   "=:=",  "=/="};
  if (operands == 1) return std::find(kUnary.begin(), kUnary.end(), symbol) != kUnary.end();
  return operands == 2 && std::find(kBinary.begin(), kBinary.end(), symbol) != kBinary.end();
}

Term apply_operator(std::string_view symbol, const Terms& operands) {
  const Term& a = operands[0];
  if (operands.size() == 1) return apply_unary(symbol, a);
  const Term& b = operands[1];
  if (const std::optional<bool> truth = compared(symbol, a, b)) return Term::boolean(*truth);
  if (symbol == "++") return append(a, b);
  if (symbol == "--") return subtract(a, b);
  if (symbol == "and" || symbol == "or" || symbol == "xor") return logical(symbol, a, b);
  if (symbol.size() == 1) return arithmetic(symbol[0], a, b);
  return integer_operation(symbol, a, b);
}

}  // namespace relmk::eval
