// Integers beyond 64 bits. Only the .cpp files that calculate include this: the header is heavy.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>

namespace relmk::term {

struct BigInteger {
  boost::multiprecision::cpp_int value;
};

}  // namespace relmk::term
