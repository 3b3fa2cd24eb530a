// Erlang tokens, as erl_scan makes them: what consult and the expression parser both stand on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sys/error.h"
#include "term/term.h"

namespace relmk {

enum class TokenKind {
  Atom,         // text: the atom, unquoted
  Variable,     // text
  Integer,      // value
  Float,        // value
  Character,    // value: $a as an integer
  String,       // text: UTF-8
  Sigil,        // ~b"…" and the like, OTP 27: text is the content, sigil its name and modifiers
  Reserved,     // after, and, andalso, … : text
  Punctuation,  // text: ( ) [ ] { } , ; -> := => << >> ...
  Dot,          // the full stop that ends a form
  End,          // of the text
};

struct Token {
  TokenKind kind = TokenKind::End;
  std::string text;
  Term value;
  Position at;
  std::string sigil;

  bool is(std::string_view punctuation_or_reserved) const {
    return (kind == TokenKind::Punctuation || kind == TokenKind::Reserved) &&
           text == punctuation_or_reserved;
  }
};

// Erlang source or term text, already decoded to code points.
class Scanner {
 public:
  // `file` is used in errors only.
  Scanner(std::string file, std::u32string text);
  // The next token; End at the end of the text, again and again.
  // Throws Error in erl_scan's own words (`illegal character`, `unterminated string starting with
  // …`).
  Token next();

 private:
  std::string file_;
  std::u32string text_;
  size_t offset_ = 0;
  Position at_{1, 1};
};

// Decodes file content as epp and file:consult do: UTF-8, or Latin-1 where an encoding comment in
// the first two lines says so. Throws Error with a position where the bytes are not of that
// encoding.
std::u32string decode_source(const std::string& file, std::string_view bytes);

}  // namespace relmk
