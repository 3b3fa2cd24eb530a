#include "sys/memory_limit.h"

#include <fmt/core.h>

#include <charconv>

namespace relmk::sys {

MemoryLimit memory_limit(const Environment& environment, const std::string& variable,
                         size_t unless_said) {
  constexpr size_t kMost = size_t{1} << 32;  // MiB
  const std::string& text = sys::variable(environment, variable);
  if (text.empty()) return {variable, unless_said};
  size_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count > kMost)
    throw Error(variable + " is no number of MiB: " + text);
  return {variable, count * kMebibyte};
}

Error too_large(const std::string& what, const MemoryLimit& limit) {
  return Error(fmt::format("{} takes more than {} MiB of memory", what, limit.bytes / kMebibyte))
      .with_hint(limit.variable + " sets this limit");
}

}  // namespace relmk::sys
