// Text in lines, words and parts. Without streams: they bring libstdc++'s locales, a sixth of what
// nodetool would be, into each release.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace relmk::sys {

// What stands between separators. A separator at the end of the text ends the last part: nothing
// comes after it. The parts are views of `text`.
std::vector<std::string_view> parts(std::string_view text, char separator);

// The lines, without their ends.
std::vector<std::string_view> lines(std::string_view text);

// What stands between spaces, tabs and ends of lines.
std::vector<std::string_view> words(std::string_view text);

// The texts, with separators between them.
std::string joined(const std::vector<std::string>& texts, std::string_view separator);

}  // namespace relmk::sys
