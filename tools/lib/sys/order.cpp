#include "sys/order.h"

#include <algorithm>
#include <numeric>

namespace relmk::sys {

std::vector<size_t> order(size_t count, const std::function<bool(size_t, size_t)>& comes_before) {
  std::vector<size_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), size_t{0});
  std::sort(numbers.begin(), numbers.end(), [&](size_t a, size_t b) {
    return comes_before(a, b) || (a < b && !comes_before(b, a));
  });
  return numbers;
}

}  // namespace relmk::sys
