// A limit for TOML documents that nest: toml++ limits arrays and inline tables, but not the parts
// of a key, `a.a.a = 1`, each of which is a table in the one before, and destroys them by
// recursion.
#pragma once

#include <string>
#include <string_view>

namespace relmk::term {

// How many tables and arrays may stand in each other.
constexpr int kDeepestToml = 250;

// Throws Error where a document nests more deeply. What else may be wrong with it is not told.
void check_toml_depth(const std::string& file, std::string_view text);

}  // namespace relmk::term
