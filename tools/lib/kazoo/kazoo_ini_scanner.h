// The lexemes of config.ini, as zucchini's leex scanner cuts them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace relmk::kazoo {

struct IniLexeme {
  enum class Kind { Equals, Open, Close, Key, Word, Integer, Float, Quoted, Other, Comment, Space };
  Kind kind = Kind::Space;
  size_t begin = 0;
  size_t end = 0;  // of a Key: before its `]` or `=`, which is a lexeme of its own

  bool is_number() const { return kind == Kind::Integer || kind == Kind::Float; }
  bool is_value() const { return kind >= Kind::Word && kind <= Kind::Other; }
};

// All lexemes but comments and space. Throws Error where Kazoo's scanner raises an exception, which
// Kazoo does not survive.
std::vector<IniLexeme> scan_kazoo_ini(const std::string& file, std::string_view text);

// What a lexeme says: its text less the spaces around it; a number as Kazoo writes it.
std::string lexeme_text(std::string_view text, const IniLexeme& lexeme);

}  // namespace relmk::kazoo
