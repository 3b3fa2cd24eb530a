// The parts of a start script, each a shell file of its own, and how they are put together.
#pragma once

#include <string>
#include <vector>

namespace relmk::relx {

struct ScriptPart {
  std::string mark;  // the script has it where the part is to stand: `# @MARK@`
  std::string text;  // begins with a comment for its readers here, and an empty line behind it
};

// The parts that the scripts of all kinds of releases have: FINISH_EXCHANGE, QUOTE.
std::vector<ScriptPart> common_script_parts();

// Puts each part, without the comment that it begins with, in the place of its mark, wherever that
// is.
void put_script_parts(std::string& script, const std::vector<ScriptPart>& parts);

// Puts `value` in the place of `mark`, wherever that is. What `value` holds is not looked at.
void replace_all(std::string& text, const std::string& mark, const std::string& value);

}  // namespace relmk::relx
