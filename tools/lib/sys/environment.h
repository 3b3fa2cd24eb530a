// The environment as a value: mains read it once and hand it in, so that the library's functions
// say what they go by, and tests give them what they like.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sys/files.h"

namespace relmk::sys {

using Environment = std::map<std::string, std::string>;

// The environment of this process.
Environment process_environment();

// The value of a variable; empty where it is not set.
const std::string& variable(const Environment& environment, const std::string& name);

// The directories that a variable lists with colons between them (PATH, ERL_LIBS), in its order.
// Empty ones are left out.
std::vector<std::string> listed_directories(const Environment& environment,
                                            const std::string& name);

// The executable regular file `program` that a shell would run: the first one in the directories of
// PATH, of which an empty one is the current directory; without PATH, in those of the system.
// `program` holds no slash. nullopt where there is none.
std::optional<fs::path> find_in_path(const std::string& program, const Environment& environment);

}  // namespace relmk::sys
