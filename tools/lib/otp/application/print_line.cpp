#include "otp/application/print_line.h"

#include <limits>

#include "term/print.h"

namespace relmk::otp {

std::string print_line(const Term& term) {
  term::PrintOptions options;
  options.unicode = true;
  options.width = std::numeric_limits<int>::max() / 2;
  return term::print_pretty(term, options);
}

}  // namespace relmk::otp
