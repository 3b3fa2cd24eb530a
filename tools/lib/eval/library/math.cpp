// Module math.
#include <cmath>

#include "eval/library/support.h"
#include "term/integer.h"

namespace relmk::eval {
namespace math_module {
namespace {

double number(const Term& term) {
  if (term.is_float()) return term.as_float();
  if (!term.is_integer()) raise_badarg();
  const auto value = term::to_double(term.as_big().value);
  if (!std::isfinite(value)) leave_to_vm("math of a huge integer");
  return value;
}

Term result(double value) {
  if (!std::isfinite(value)) raise_error("badarith");
  return value;
}

template <double (*Function)(double)>
Term of_one(Evaluator&, const Terms& a) {
  return result(Function(number(a[0])));
}

template <double (*Function)(double, double)>
Term of_two(Evaluator&, const Terms& a) {
  return result(Function(number(a[0]), number(a[1])));
}

Term pi(Evaluator&, const Terms&) {
  return M_PI;
}

constexpr LibraryFunction kFunctions[] = {
    {"ceil", 1, of_one<std::ceil>},   {"exp", 1, of_one<std::exp>},
    {"floor", 1, of_one<std::floor>}, {"fmod", 2, of_two<std::fmod>},
    {"log", 1, of_one<std::log>},     {"log10", 1, of_one<std::log10>},
    {"log2", 1, of_one<std::log2>},   {"pi", 0, pi},
    {"pow", 2, of_two<std::pow>},     {"sqrt", 1, of_one<std::sqrt>},
};

}  // namespace
}  // namespace math_module

LibraryTable math_functions() {
  return math_module::kFunctions;
}

}  // namespace relmk::eval
