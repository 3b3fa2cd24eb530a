// The C library's ceil(3). {fmt} refers to it where it prints floats; libm, which holds it, would
// be loaded by each start of a tool that uses nothing else of it (0.1 ms).
#include <cmath>
#include <cstdint>

extern "C" double ceil(double value) noexcept {
  constexpr double kAllWhole = 0x1p52;  // from here on, no float has a fraction
  if (!(std::fabs(value) < kAllWhole)) return value;
  const auto truncated = static_cast<double>(static_cast<int64_t>(value));
  return std::copysign(truncated < value ? truncated + 1 : truncated, value);
}
