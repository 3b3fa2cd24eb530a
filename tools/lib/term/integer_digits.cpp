#include "term/integer.h"

namespace relmk::term {

mpz_class integer_of_digits(std::string_view digits, int base) {
  return mpz_class(std::string(digits), base);
}

std::string integer_text(const mpz_class& value) {
  return value.get_str();
}

}  // namespace relmk::term
