// The digits in which a float is printed: the fewest that read back as the same float, as Erlang's
// float_to_list(Float, [short]) and Kazoo's kz_mochinum:digits/1 choose them.
#pragma once

#include <string>

namespace relmk::term {

struct FloatDigits {
  std::string digits;  // without zeros in front or behind; "0" for 0.0
  int point = 0;       // the decimal point's place among them: 0.0125 has {"125", -1}
};

// Of the value without its sign; of two as short as each other, the one that is nearer. `value` is
// finite.
FloatDigits shortest_digits(double value);

}  // namespace relmk::term
