// What is in a directory.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sys/files.h"

namespace relmk::sys {

// The names in a directory that end in `suffix`, in no order; none where there is no directory.
std::vector<std::string> names_in(const fs::path& directory, std::string_view suffix = {});

}  // namespace relmk::sys
