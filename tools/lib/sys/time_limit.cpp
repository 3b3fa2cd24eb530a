#include "sys/time_limit.h"

#include <fmt/core.h>

#include <charconv>

namespace relmk::sys {

TimeLimit time_limit(const Environment& environment, const std::string& variable,
                     std::chrono::seconds unless_said) {
  constexpr int kLongest = 100'000'000;
  const std::string& text = sys::variable(environment, variable);
  if (text.empty()) return {variable, unless_said};
  int seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size() || seconds < 0 || seconds > kLongest)
    throw Error(variable + " is no number of seconds: " + text);
  return {variable, std::chrono::seconds(seconds)};
}

Error too_slow(const std::string& what, const TimeLimit& limit) {
  return Error(fmt::format("{} has not ended within {} seconds", what, limit.limit.count()))
      .with_hint(limit.variable + " sets this limit");
}

}  // namespace relmk::sys
