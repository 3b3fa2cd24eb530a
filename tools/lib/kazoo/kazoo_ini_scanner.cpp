// In leex the longest match counts and, of two as long, the earlier rule.
#include "kazoo/kazoo_ini_scanner.h"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "sys/error.h"
#include "term/float_digits.h"
#include "term/text_position.h"

namespace relmk::kazoo {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

bool is_name_character(char c) {
  return is_letter(c) || is_digit(c) ||
         std::string_view("_:@-. ").find(c) != std::string_view::npos;
}

std::string strip_spaces(std::string_view text) {
  const size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

// zucchini's rules, each matched at one place: the end of its match, or 0.
class Rules {
 public:
  Rules(std::string_view text, size_t begin) : text_(text), begin_(begin) {
    after_blanks_ = skip(begin, is_blank);
  }

  // Its end is `begin` where nothing matches.
  IniLexeme longest() const {
    using enum IniLexeme::Kind;
    IniLexeme best{Space, begin_, begin_};
    const auto offer = [&](IniLexeme::Kind kind, size_t end) {
      if (end > best.end) best = {kind, begin_, end};
    };
    // In zucchini's order.
    if (at(begin_) == '=') offer(Equals, begin_ + 1);
    if (at(begin_) == ']') offer(Close, begin_ + 1);
    if (at(after_blanks_) == '[') offer(Open, after_blanks_ + 1);
    offer(Key, key_end(']'));
    offer(Key, key_end('='));
    offer(Word, word_end());
    offer(Integer, integer_end());
    offer(Float, float_end());
    offer(Quoted, quoted_end());
    offer(Other, skip(begin_, [](char c) {
            return std::string_view("=[;\"\n").find(c) == std::string_view::npos;
          }));
    if (at(begin_) == ';') offer(Comment, line_end());
    offer(Space, skip(begin_, [](char c) { return static_cast<unsigned char>(c) <= ' '; }));
    return best;
  }

 private:
  // '\n' after the end of the text: no rule takes it for anything but the end of a line.
  char at(size_t index) const { return index < text_.size() ? text_[index] : '\n'; }

  template <typename Predicate>
  size_t skip(size_t index, Predicate accepted) const {
    while (index < text_.size() && accepted(text_[index]))
      ++index;
    return index;
  }

  size_t line_end() const { return std::min(text_.find('\n', begin_), text_.size()); }

  // A letter, and what follows of a name, to the last letter or digit: at least two characters.
  size_t word_end() const {
    if (!is_letter(at(after_blanks_))) return 0;
    size_t end = skip(after_blanks_, is_name_character);
    while (!is_letter(text_[end - 1]) && !is_digit(text_[end - 1]))
      --end;
    return end - after_blanks_ >= 2 ? end : 0;
  }

  // A word and blanks before `closing`, which is not taken with it but counts for the length.
  size_t key_end(char closing) const {
    const size_t word = word_end();
    if (word == 0) return 0;
    const size_t end = skip(word, is_blank);
    return at(end) == closing ? end + 1 : 0;
  }

  size_t integer_end() const {
    const size_t digits = after_blanks_ + (at(after_blanks_) == '-' ? 1 : 0);
    const size_t end = skip(digits, is_digit);
    return end > digits ? end : 0;
  }

  size_t float_end() const {
    const size_t point = integer_end();
    if (point == 0 || at(point) != '.') return 0;
    const size_t end = skip(point + 1, is_digit);
    return end > point + 1 ? end : 0;
  }

  // To the last quote of the line, over at least one character.
  size_t quoted_end() const {
    if (at(after_blanks_) != '"') return 0;
    const size_t last = text_.substr(0, line_end()).rfind('"');
    return last >= after_blanks_ + 2 ? last + 1 : 0;
  }

  std::string_view text_;
  size_t begin_;
  size_t after_blanks_;
};

// The digits of the shortest decimal that gives the same float, set as kz_mochinum:digits/1 sets
// them: plain from 1.0e-6 up to six places more than there are digits, else with an exponent.
std::optional<std::string> kazoo_float(std::string_view text) {
  // Not from_chars: with it come tables of 20 kB into nodetool, and libm, which each start would
  // load.
  errno = 0;
  const double value = std::strtod(std::string(text).c_str(), nullptr);
  if (errno == ERANGE && (value == 0 || std::isinf(value))) return {};
  if (value == 0) return "0.0";
  auto [digits, place] = term::shortest_digits(value);
  const int more = place - static_cast<int>(digits.size());
  const std::string minus = value < 0 ? "-" : "";
  if (place > 0 && more < 0) return minus + digits.insert(static_cast<size_t>(place), ".");
  if (place > 0 && more < 6)
    return minus + digits + std::string(static_cast<size_t>(more), '0') + ".0";
  if (place <= 0 && place > -6) {
    return minus + "0." + std::string(static_cast<size_t>(-place), '0') + digits;
  }
  const std::string rest = digits.size() > 1 ? digits.substr(1) : "0";
  return fmt::format("{}{}.{}e{}{}", minus, digits[0], rest, place < 0 ? '-' : '+',
                     std::abs(place - 1));
}

std::string kazoo_integer(std::string_view text) {
  const bool negative = text.front() == '-';
  const size_t first = text.find_first_not_of("-0");
  if (first == std::string_view::npos) return "0";
  return (negative ? "-" : "") + std::string(text.substr(first));
}

}  // namespace

std::vector<IniLexeme> scan_kazoo_ini(const std::string& file, std::string_view text) {
  using enum IniLexeme::Kind;
  std::vector<IniLexeme> out;
  for (size_t next = 0; next < text.size();) {
    IniLexeme lexeme = Rules(text, next).longest();
    const auto fail = [&](std::string_view what) {
      throw Error(
          file, term::position_of(text, text.find_first_not_of(" \t", lexeme.begin)),
          fmt::format("Kazoo's parser fails at {}; Kazoo would not start, not even with its "
                      "built-in cookie change_me",
                      what));
    };
    if (lexeme.end == lexeme.begin) fail("a quote that nothing closes");
    if (lexeme.kind == Key) --lexeme.end;
    if (lexeme.is_number()) {
      const std::string number = strip_spaces(text.substr(lexeme.begin, lexeme.end - lexeme.begin));
      if (number.front() == '\t') fail("a number after a tab");
      if (lexeme.kind == Float && !kazoo_float(number)) fail("a number that is too large");
    }
    if (lexeme.kind != Comment && lexeme.kind != Space) out.push_back(lexeme);
    next = lexeme.end;
  }
  return out;
}

std::string lexeme_text(std::string_view text, const IniLexeme& lexeme) {
  const std::string stripped = strip_spaces(text.substr(lexeme.begin, lexeme.end - lexeme.begin));
  if (lexeme.kind == IniLexeme::Kind::Integer) return kazoo_integer(stripped);
  if (lexeme.kind == IniLexeme::Kind::Float) return kazoo_float(stripped).value_or(stripped);
  return stripped;
}

}  // namespace relmk::kazoo
