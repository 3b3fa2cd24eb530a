// JSON (RFC 8259), as far as our executables write it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace relmk::sys {

// A text in quotes. Bytes that are no UTF-8 count as Latin-1.
std::string json_string(std::string_view text);

// An array of such texts.
std::string json_strings(const std::vector<std::string>& texts);

}  // namespace relmk::sys
