#include "sys/environment.h"

#include <unistd.h>

namespace relmk::sys {

Environment process_environment() {
  Environment environment;
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const size_t equals = text.find('=');
    if (equals != std::string::npos)
      environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

const std::string& variable(const Environment& environment, const std::string& name) {
  static const std::string unset;
  const auto found = environment.find(name);
  return found == environment.end() ? unset : found->second;
}

}  // namespace relmk::sys
