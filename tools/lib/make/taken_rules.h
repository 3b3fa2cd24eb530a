// A makefile without its rules for some targets: where relmk's own rules take their place, the old
// ones must not be read, since make has no way to forget a rule. Make warns of a recipe that is
// overridden, and keeps the prerequisites of both.
//
// The text keeps its lines, so that positions in messages stay true. It follows "Parsing Makefiles"
// of the GNU make manual: logical lines, recipes, conditionals, define.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace relmk::make {

struct TakenRules {
  std::vector<std::string> targets;    // the rules that are taken out
  std::vector<std::string> variables;  // and these variables where they are set for one of those
};

struct MakefileText {
  std::string text;
  std::vector<std::string> targets;  // those of TakenRules that had a rule, sorted
};

// Of each rule for one of the targets `TARGET: PREREQUISITES` is left, without a recipe, with the
// prerequisites handed to a function of make: `TARGET: $(call relmk_kept,PREREQUISITES)`. Other
// targets of the same rule keep it. Variables that are set for a target, and are not among
// TakenRules::variables, stay.
MakefileText without_rules(std::string_view makefile, const TakenRules& taken);

// The names behind `include`, `-include` and `sinclude`, as they are written.
std::vector<std::string> included_names(std::string_view makefile);

}  // namespace relmk::make
