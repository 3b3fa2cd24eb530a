// config.ini as Kazoo reads it: the dialect of its INI parser, zucchini 0.1.0.
//
// inih does the reading, but not of the file as it stands. Debian's inih has inih's defaults: it
// cuts a value at ` ;`, within quotes too, but not at a `;` without a space; it ends a line after
// 200 bytes, joins an indented line to the one above, and takes `#` for a comment. Kazoo does none
// of that, and these are no options of a call: INI_MAX_LINE and the like are fixed when the library
// is compiled, and ini_parse_stream() only says where lines come from. So a checker, which must be
// there in any case to refuse what Kazoo refuses, hands inih one statement a line, in a form that
// none of these rules touches.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sys/error.h"

namespace relmk::kazoo {

struct IniProperty {
  enum class Kind {
    Text,
    Number,  // `value` is the number as Kazoo writes it: 12 for `0012`
    Absent,  // `name =` and nothing after it
  };
  std::string name;
  std::string value;  // quotes are part of it
  Kind kind = Kind::Text;
  Position at;  // of the name
};

struct IniSection {
  std::string name;
  std::vector<IniProperty> properties;
  Position at;  // of its bracket
};

// The sections of a file in its order, repeated ones too. Throws Error, with the position and what
// follows for Kazoo, for a text that Kazoo cannot read. No error holds a value of the file.
// Properties that no setting of Kazoo's can be (names with a `:` or a tab, or of more than 60
// characters) are left out.
std::vector<IniSection> parse_kazoo_ini(const std::string& file, std::string_view text);

}  // namespace relmk::kazoo
