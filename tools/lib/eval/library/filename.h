// Module filename on texts of code points, for who else needs it.
#pragma once

#include <string>

namespace relmk::eval {

std::u32string join_names(const std::u32string& first, const std::u32string& second);
std::u32string directory_of(const std::u32string& name);

}  // namespace relmk::eval
