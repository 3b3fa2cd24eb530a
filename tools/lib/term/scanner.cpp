// The names below are those of erl_scan's clauses where one stands for another; where OTP versions
// differ, erl_scan of OTP 27 is meant.
#include "term/scanner.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "term/integer.h"
#include "term/print.h"

namespace relmk::term {

namespace {

constexpr size_t kLongestAtom = 255;  // characters

bool is_digit(char32_t c) {
  return c >= '0' && c <= '9';
}

bool is_white_space(char32_t c) {
  return c <= ' ' || (c >= 0x80 && c <= 0xa0);
}

bool starts_atom(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 0xdf && c <= 0xff && c != 0xf7);
}

bool starts_variable(char32_t c) {
  return (c >= 'A' && c <= 'Z') || c == '_' || (c >= 0xc0 && c <= 0xde && c != 0xd7);
}

bool continues_name(char32_t c) {
  return starts_atom(c) || starts_variable(c) || is_digit(c) || c == '@';
}

// The value of a digit in bases up to 36, else 36.
unsigned digit_value(char32_t c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'z') return c - 'a' + 10;
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  return 36;
}

// ASCII text of a number, less the underscores between its digits.
std::string number_text(std::u32string_view digits) {
  std::string out;
  for (const char32_t c : digits) {
    if (c != '_') out += static_cast<char>(c);
  }
  return out;
}

Term integer_of(const std::string& digits, unsigned base) {
  int64_t small = 0;
  const char* const end = digits.data() + digits.size();
  if (std::from_chars(digits.data(), end, small, static_cast<int>(base)).ec == std::errc())
    return small;
  return Term::big({integer_of_digits(digits, static_cast<int>(base))});
}

}  // namespace

bool is_reserved_word(std::string_view word) {
  static constexpr std::string_view kWords[] = {
      "after", "and",  "andalso", "band",   "begin",   "bnot", "bor", "bsl",  "bsr",
      "bxor",  "case", "catch",   "cond",   "div",     "end",  "fun", "if",   "let",
      "not",   "of",   "or",      "orelse", "receive", "rem",  "try", "when", "xor"};
  if (word.size() < 2 || word.size() > 7) return false;
  for (const std::string_view reserved : kWords) {
    if (word == reserved) return true;
  }
  return false;
}

Scanner::Scanner(std::string file, std::u32string text, ScannerOptions options)
    : file_(std::move(file)), text_(std::move(text)), options_(options) {}

char32_t Scanner::peek(size_t ahead) const {
  return offset_ + ahead < text_.size() ? text_[offset_ + ahead] : kEnd;
}

char32_t Scanner::take() {
  const char32_t c = text_[offset_++];
  if (c == '\n') {
    ++at_.line;
    at_.column = 1;
  } else {
    ++at_.column;
  }
  return c;
}

void Scanner::fail(Position at, std::string message) const {
  throw Error(file_, at, std::move(message));
}

void Scanner::skip_white_space() {
  for (;;) {
    const char32_t c = peek();
    if (c == '%') {
      const Position comment = at_;
      while (peek() != '\n' && peek() != kEnd) {
        if (peek() == 0xfffe || peek() == 0xffff) fail(comment, "illegal character");
        take();
      }
    } else if (c != kEnd && is_white_space(c)) {
      take();
    } else {
      return;
    }
  }
}

Token Scanner::next() {
  skip_white_space();
  const char32_t c = peek();
  if (c == kEnd) {
    Token token;
    token.at = at_;
    return token;
  }
  if (starts_atom(c)) return name(TokenKind::Atom);
  if (starts_variable(c)) return name(TokenKind::Variable);
  if (is_digit(c)) return number();
  if (c == '"') return quoted(TokenKind::String);
  if (c == '\'') return quoted(TokenKind::Atom);
  if (c == '$') return character();
  if (c == '~') return sigil();
  return punctuation();
}

Token Scanner::name(TokenKind kind) {
  Token token;
  token.kind = kind;
  token.at = at_;
  size_t end = offset_ + 1;
  while (end < text_.size() && continues_name(text_[end]))
    ++end;
  const size_t length = end - offset_;
  token.text = sys::utf8(std::u32string_view(text_).substr(offset_, length));
  offset_ = end;
  at_.column += static_cast<int>(length);  // a name has no newline
  if (length > kLongestAtom)
    fail(token.at, kind == TokenKind::Atom ? "illegal atom" : "illegal var");
  if (kind == TokenKind::Atom &&
      (is_reserved_word(token.text) ||
       (options_.maybe_reserved && (token.text == "maybe" || token.text == "else"))))
    token.kind = TokenKind::Reserved;
  return token;
}

Token Scanner::number() {
  Token token;
  token.kind = TokenKind::Integer;
  token.at = at_;
  const size_t begin = offset_;
  take();
  while (is_digit(peek()) || (peek() == '_' && is_digit(peek(1))))
    take();
  if (peek() == '.' && is_digit(peek(1))) return fraction(std::move(token), begin);
  if (peek() == '#') return based_integer(std::move(token), begin);
  token.value = integer_of(number_text({text_.data() + begin, offset_ - begin}), 10);
  return token;
}

Token Scanner::based_integer(Token token, size_t begin) {
  std::string base_text = number_text({text_.data() + begin, offset_ - begin});
  base_text.erase(0, std::min(base_text.find_first_not_of('0'), base_text.size() - 1));
  const unsigned base = base_text.size() > 2
                            ? 0
                            : static_cast<unsigned>(std::strtoul(base_text.c_str(), nullptr, 10));
  if (base < 2 || base > 36) fail(token.at, fmt::format("illegal base '{}'", base_text));
  take();
  const size_t digits = offset_;
  const auto is_based = [base](char32_t c) { return digit_value(c) < base; };
  while (is_based(peek()) || (peek() == '_' && offset_ > digits && is_based(peek(1))))
    take();
  if (offset_ == digits) fail(token.at, "illegal integer");
  token.value = integer_of(number_text({text_.data() + digits, offset_ - digits}), base);
  return token;
}

Token Scanner::fraction(Token token, size_t begin) {
  const auto take_digits = [this](char32_t previous) {
    while (is_digit(peek()) || (peek() == '_' && is_digit(peek(1)) && is_digit(previous)))
      previous = take();
  };
  token.kind = TokenKind::Float;
  take();
  take_digits(take());
  if (peek() == 'e' || peek() == 'E') {
    take();
    if (peek() == '+' || peek() == '-') take();
    take_digits(0);
  }
  const std::string digits = number_text({text_.data() + begin, offset_ - begin});
  if (!is_digit(static_cast<unsigned char>(digits.back()))) fail(token.at, "illegal float");
  // Not from_chars, which does not tell a number too small (0.0 in Erlang) from one too large.
  const double value = std::strtod(digits.c_str(), nullptr);
  if (std::isinf(value)) fail(token.at, "illegal float");
  token.value = value;
  return token;
}

Token Scanner::punctuation() {
  // Of two that begin alike the longer is first.
  static constexpr std::u32string_view kLong[] = {
      U"...", U"..",  U"?=",  U"<<", U"<-", U"<=", U">>", U">=", U"->", U"--",
      U"++",  U"=:=", U"=/=", U"=<", U"=>", U"==", U"/=", U"||", U":=", U"::"};
  Token token;
  token.at = at_;
  token.kind = TokenKind::Punctuation;
  const char32_t c = peek();
  if (c == '.' && (peek(1) == kEnd || peek(1) == '%' || is_white_space(peek(1)))) {
    token.kind = TokenKind::Dot;
    token.text = ".";
    take();
    if (peek() != '%' && peek() != kEnd) take();
    return token;
  }
  static constexpr std::u32string_view kBeginLong = U".?<>-+=/|:";
  const std::u32string_view rest = std::u32string_view(text_).substr(offset_, 3);
  size_t length = 1;
  if (kBeginLong.find(c) != kBeginLong.npos) {
    const auto* const sign =
        std::find_if(std::begin(kLong), std::end(kLong),
                     [&](std::u32string_view one) { return rest.substr(0, one.size()) == one; });
    if (sign != std::end(kLong)) length = sign->size();
  }
  if (length == 1 && c == 0xfeff) {
    throw Error(file_, token.at, "illegal character")
        .with_hint("a byte order mark, which UTF-8 does not need: save the file without it");
  }
  if (length == 1 && c > 0xff) fail(token.at, "illegal character");
  for (; length > 0; --length)
    sys::append_utf8(token.text, take());
  return token;
}

std::string token_text(const Token& token) {
  switch (token.kind) {
    case TokenKind::Atom:
      return print_atom(Atom(token.text), true);
    case TokenKind::Variable:
      return token.text;
    case TokenKind::Integer:
    case TokenKind::Float:
      return print_plain(token.value);
    case TokenKind::Character:
      return print_character(static_cast<char32_t>(token.value.as_integer()), true);
    case TokenKind::String:
    case TokenKind::Sigil:
      return print_quoted(sys::code_points(token.text), '"', true);
    case TokenKind::Reserved:
    case TokenKind::Punctuation:
    case TokenKind::Dot:
      return print_quoted(sys::code_points(token.text), '\'', true);
    case TokenKind::End:
      return {};
  }
  return {};
}

}  // namespace relmk::term
