// ${VAR} and ${VAR:-default} in vm.args and sys.config, as relx's start script replaces them
// (replace_os_vars in its extended_bin).
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relmk::start {

// A `${…}` in a text: from its dollar up to the first closing brace.
struct VariableReference {
  size_t begin = 0;  // of the dollar
  size_t end = 0;    // behind the brace
  std::string name;
  std::optional<std::string> fallback;  // what stands after `:-`
};

// The first reference at or after `from`. Its braces stand on one line.
std::optional<VariableReference> find_variable(std::string_view text, size_t from = 0);

// The text with each of these references, which stand in its order, replaced by as many letters as
// it has characters: what else is there keeps its place.
std::string mask_variables(std::string_view text, const std::vector<VariableReference>& references);

// The text with the values of its variables. A variable that is not set is empty; the default holds
// where the variable is empty or not set. What a value or a default brings in is looked through
// again, but a variable does not stand in for itself within its own value. Every byte of a value
// arrives as it is.
std::string substitute_variables(std::string_view text,
                                 const std::map<std::string, std::string>& environment);

// The same for a whole file, whose last line gets a newline if it has none.
std::string substitute_environment(std::string_view text,
                                   const std::map<std::string, std::string>& environment);

}  // namespace relmk::start
