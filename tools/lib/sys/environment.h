// The environment as a value: mains read it once and hand it in, so that the library's functions
// say what they go by, and tests give them what they like.
#pragma once

#include <map>
#include <string>

namespace relmk::sys {

using Environment = std::map<std::string, std::string>;

// The environment of this process.
Environment process_environment();

// The value of a variable; empty where it is not set.
const std::string& variable(const Environment& environment, const std::string& name);

}  // namespace relmk::sys
