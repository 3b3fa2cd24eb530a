// The scanner's part for what stands between quotes: strings, quoted atoms, characters, sigils,
// triple-quoted strings, and their escapes.
#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "term/print.h"
#include "term/scanner.h"

namespace relmk::term {

namespace {

bool is_octal(char32_t c) {
  return c >= '0' && c <= '7';
}

int hex_value(char32_t c) {
  if (c >= '0' && c <= '9') return static_cast<int>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<int>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<int>(c - 'A' + 10);
  return -1;
}

// What erl_scan lets stand in quotes.
bool is_unicode(char32_t c) {
  return c < 0xd800 || (c > 0xdfff && c < 0xfffe) || (c > 0xffff && c <= 0x10ffff);
}

bool is_blank(char32_t c) {
  return c != '\n' && (c <= ' ' || (c >= 0x80 && c <= 0xa0));
}

// The delimiter that ends a sigil's text, 0 if none can start with `open`.
char32_t closing_delimiter(char32_t open) {
  switch (open) {
    case '(':
      return ')';
    case '[':
      return ']';
    case '{':
      return '}';
    case '<':
      return '>';
    case '/':
    case '|':
    case '\'':
    case '"':
    case '`':
    case '#':
      return open;
    default:
      return 0;
  }
}

char32_t escaped_character(char32_t c) {
  switch (c) {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'v':
      return '\v';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'e':
      return 0x1b;
    case 's':
      return ' ';
    case 'd':
      return 0x7f;
    default:
      return c;
  }
}

}  // namespace

void Scanner::fail_unterminated(Position at, char32_t quote, size_t quotes,
                                std::u32string_view head) const {
  constexpr size_t kShown = 16;
  const std::string_view thing = quote == '\'' ? "atom"
                                 : quotes > 1  ? "triple-quoted string"
                                               : "string";
  fail(at, fmt::format("unterminated {} starting with {}", thing,
                       print_quoted(head.substr(0, kShown), quote, true)));
}

// What follows a backslash. Where the text ends within it, the result is kEnd. `start` is where an
// illegal one is reported.
char32_t Scanner::escape(Position start) {
  if (peek() == kEnd) return kEnd;
  if (is_octal(peek())) {
    char32_t value = take() - '0';
    for (int more = 2; more > 0 && is_octal(peek()); --more)
      value = value * 8 + take() - '0';
    return value;
  }
  const char32_t c = take();
  if (c == '^') return peek() == kEnd ? kEnd : peek() == '\n' ? take() : take() & 31;
  if (c != 'x') {
    if (!is_unicode(c)) fail(start, "illegal character");
    return escaped_character(c);
  }
  if (peek() == kEnd) return kEnd;
  char32_t value = 0;
  if (peek() != '{') {
    if (hex_value(peek()) < 0 || hex_value(peek(1)) < 0) fail(start, "illegal character");
    value = static_cast<char32_t>(hex_value(take()) * 16);
    return value + static_cast<char32_t>(hex_value(take()));
  }
  take();
  const size_t digits = offset_;
  while (hex_value(peek()) >= 0) {
    value = std::min<char32_t>(value, 0x1000000) * 16;
    value += static_cast<char32_t>(hex_value(take()));
  }
  if (peek() == kEnd) return kEnd;
  if (peek() != '}' || offset_ == digits || !is_unicode(value)) fail(start, "illegal character");
  take();
  return value;
}

Token Scanner::character() {
  Token token;
  token.kind = TokenKind::Character;
  token.at = at_;
  take();
  if (peek() == kEnd) fail(token.at, "unterminated character");
  char32_t c = take();
  if (!is_unicode(c)) fail(token.at, "illegal character");
  if (c == '\\') c = escape(token.at);
  if (c == kEnd) fail(token.at, "unterminated character");
  token.value = static_cast<int64_t>(c);
  return token;
}

// Three quotes or more with nothing but blanks after them on their line.
bool Scanner::is_triple_quote() {
  if (offset_ < plain_quotes_end_) return false;
  size_t quotes = 0;
  while (peek(quotes) == '"')
    ++quotes;
  size_t ahead = quotes;
  while (quotes >= 3 && peek(ahead) != kEnd && is_blank(peek(ahead)))
    ++ahead;
  if (quotes >= 3 && peek(ahead) == '\n') return true;
  plain_quotes_end_ = offset_ + quotes;
  return false;
}

Token Scanner::quoted(TokenKind kind) {
  Token token;
  token.kind = kind;
  token.at = at_;
  if (kind == TokenKind::String && is_triple_quote()) return triple_quoted(std::move(token), true);
  const char32_t quote = take();
  const std::u32string text = quoted_content(token.at, quote, quote);
  if (kind == TokenKind::Atom && text.size() > 255) fail(token.at, "illegal atom");
  token.text = sys::utf8(text);
  return token;
}

std::u32string Scanner::quoted_content(Position start, char32_t open, char32_t close) {
  std::u32string out;
  for (;;) {
    const Position at = at_;
    if (peek() == kEnd) fail_unterminated(start, open, 1, out);
    char32_t c = take();
    if (c == close) return out;
    if (!is_unicode(c)) fail(at, "illegal character");
    if (c == '\\') c = escape(at);
    if (c == kEnd) fail_unterminated(start, open, 1, out);
    out += c;
  }
}

std::u32string Scanner::verbatim_content(Position start, char32_t open, char32_t close) {
  std::u32string out;
  for (;;) {
    const Position at = at_;
    if (peek() == kEnd) fail_unterminated(start, open, 1, out);
    const char32_t c = take();
    if (c == close) return out;
    if (!is_unicode(c)) fail(at, "illegal character");
    out += c == '\\' && peek() == close ? take() : c;
  }
}

// ~ NAME DELIMITER … ; without a delimiter the ~ stands alone, as before OTP 27.
Token Scanner::sigil() {
  size_t length = 1;
  while ((peek(length) >= 'a' && peek(length) <= 'z') ||
         (peek(length) >= 'A' && peek(length) <= 'Z'))
    ++length;
  const char32_t open = peek(length);
  const char32_t close = closing_delimiter(open);
  if (close == 0) return punctuation();
  Token token;
  token.kind = TokenKind::Sigil;
  token.at = at_;
  take();
  for (; length > 1; --length)
    token.sigil += static_cast<char>(take());
  const std::string& name = token.sigil;
  if (!name.empty() && name != "b" && name != "B" && name != "s" && name != "S")
    fail(token.at, "illegal sigil prefix");
  const bool takes_escapes = name == "b" || name == "s";
  if (open == '"' && is_triple_quote()) {
    token = triple_quoted(std::move(token), !takes_escapes);
  } else {
    const Position start = at_;
    take();
    token.text = sys::utf8(takes_escapes || name.empty() ? quoted_content(start, open, close)
                                                         : verbatim_content(start, open, close));
  }
  if ((peek() >= 'a' && peek() <= 'z') || (peek() >= 'A' && peek() <= 'Z'))
    fail(at_, "illegal sigil suffix");
  return token;
}

// The lines between a line of opening quotes and a line that begins with as many; each less the
// white space that stands before the closing ones.
Token Scanner::triple_quoted(Token token, bool verbatim) {
  const Position start = at_;
  size_t quotes = 0;
  for (; peek() == '"'; ++quotes)
    take();
  while (take() != '\n') {
  }
  std::vector<QuotedLine> lines;
  std::u32string all;
  while (!closes_here(quotes)) {
    QuotedLine line{{}, at_.line};
    while (at_.line == line.number) {
      const Position at = at_;
      if (peek() == kEnd) fail_unterminated(start, '"', quotes, all);
      char32_t c = take();
      if (!is_unicode(c)) fail(at, "illegal character");
      if (c == '\\' && !verbatim) c = escape(at);
      if (c == kEnd) fail_unterminated(start, '"', quotes, all);
      line.text += c;
      all += c;
    }
    lines.push_back(std::move(line));
  }
  std::u32string indentation;
  while (peek() != '"')
    indentation += take();
  for (size_t i = 0; i < quotes; ++i)
    take();
  token.text = sys::utf8(unindented(std::move(lines), indentation));
  return token;
}

// Whether the quotes that end a triple-quoted string are the next on this line.
bool Scanner::closes_here(size_t quotes) const {
  size_t ahead = 0;
  while (peek(ahead) != kEnd && is_blank(peek(ahead)))
    ++ahead;
  size_t found = 0;
  while (found < quotes && peek(ahead + found) == '"')
    ++found;
  return found == quotes;
}

// The lines without the indentation of the closing quotes, and without the last newline.
std::u32string Scanner::unindented(std::vector<QuotedLine> lines,
                                   const std::u32string& indentation) const {
  std::u32string text;
  for (QuotedLine& line : lines) {
    const bool empty = line.text == U"\n" || line.text == U"\r\n";
    if (!empty) {
      const auto differ =
          std::mismatch(indentation.begin(), indentation.end(), line.text.begin(), line.text.end());
      if (differ.first != indentation.end())
        fail({line.number, static_cast<int>(differ.first - indentation.begin()) + 1},
             "bad indentation in triple-quoted string");
      line.text.erase(0, indentation.size());
    }
    text += line.text;
  }
  if (!text.empty()) {
    text.pop_back();
    if (!text.empty() && text.back() == '\r') text.pop_back();
  }
  return text;
}

}  // namespace relmk::term
