// Erlang tokens, as erl_scan makes them: what consult and the expression parser both stand on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sys/error.h"
#include "term/term.h"

namespace relmk::term {

enum class TokenKind {
  Atom,       // text: the atom, unquoted
  Variable,   // text
  Integer,    // value
  Float,      // value
  Character,  // value: $a as an integer
  String,     // text: UTF-8
  Sigil,      // ~b"…" and the like, OTP 27: text is the content, `sigil` the name: b, B, s, S, ""
  Reserved,   // after, and, andalso, … : text
  Punctuation,  // text: ( ) [ ] { } , ; -> := => << >> ...
  Dot,          // the full stop that ends a form
  End,          // of the text
};

struct Token {
  TokenKind kind = TokenKind::End;
  std::string text;
  Term value = 0;
  Position at;
  std::string sigil;

  bool is(std::string_view punctuation_or_reserved) const {
    return (kind == TokenKind::Punctuation || kind == TokenKind::Reserved) &&
           text == punctuation_or_reserved;
  }
};

struct ScannerOptions {
  // Whether the words of the feature maybe_expr, `maybe` and `else`, are reserved.
  bool maybe_reserved = false;
};

// Erlang source or term text, already decoded to code points.
//
// Triple-quoted strings and sigils are OTP 27's. Where OTP 27 refuses a run of quotes that earlier
// ones read as adjacent strings (`""""`, `"""a"`), it is read as they read it.
class Scanner {
 public:
  // `file` is used in errors only.
  Scanner(std::string file, std::u32string text, ScannerOptions options = {});
  // The next token; End at the end of the text, again and again.
  // Throws Error in erl_scan's own words (`illegal character`, `unterminated string starting with
  // …`).
  Token next();

 private:
  static constexpr char32_t kEnd = 0xffffffff;  // what peek() says past the end

  // Of a triple-quoted string: its content, with the newline, and its line in the file.
  struct QuotedLine {
    std::u32string text;
    int number;
  };

  char32_t peek(size_t ahead = 0) const;
  // Takes one character, and the next line where it is a newline.
  char32_t take();
  void skip_white_space();
  Token name(TokenKind kind);
  Token number();
  Token based_integer(Token token, size_t begin);
  Token fraction(Token token, size_t begin);
  Token character();
  Token quoted(TokenKind kind);
  Token triple_quoted(Token token, bool verbatim);
  bool closes_here(size_t quotes) const;
  std::u32string unindented(std::vector<QuotedLine> lines, const std::u32string& indentation) const;
  Token sigil();
  Token punctuation();
  std::u32string quoted_content(Position start, char32_t open, char32_t close);
  std::u32string verbatim_content(Position start, char32_t open, char32_t close);
  char32_t escape(Position start);
  bool is_triple_quote();
  [[noreturn]] void fail(Position at, std::string message) const;
  [[noreturn]] void fail_unterminated(Position at, char32_t quote, size_t quotes,
                                      std::u32string_view head) const;

  std::string file_;
  std::u32string text_;
  ScannerOptions options_;
  size_t offset_ = 0;
  size_t plain_quotes_end_ = 0;  // of the last run of quotes that begins no triple-quoted string
  Position at_{1, 1};
};

// A token as yecc names it in its errors; empty for the end.
std::string token_text(const Token& token);

// Whether erl_scan makes a word a reserved one: after, and, andalso, … (`maybe` and `else` are
// not).
bool is_reserved_word(std::string_view word);

// Decodes file content as epp and file:consult do: UTF-8, or Latin-1 where an encoding comment in
// the first two lines says so. Throws Error with a position where the bytes are not of that
// encoding, and for more than 16 MiB: each character of a text is a term of its own.
std::u32string decode_source(const std::string& file, std::string_view bytes);

}  // namespace relmk::term
