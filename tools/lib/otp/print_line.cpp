#include "otp/print_line.h"

#include <limits>

#include "term/print.h"

namespace relmk {

std::string print_line(const Term& term) {
  PrintOptions options;
  options.unicode = true;
  options.width = std::numeric_limits<int>::max() / 2;
  return print_pretty(term, options);
}

}  // namespace relmk
