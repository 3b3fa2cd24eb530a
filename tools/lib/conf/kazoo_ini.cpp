// zucchini is a leex scanner, in which the longest match counts and, of two as long, the earlier
// rule, under a small grammar:
//
//   sections   -> section+
//   section    -> '[' key ']' property*
//   property   -> key '=' [value]
//
// Lines mean nothing in it: a value may stand on the line below its name, and what is a comment to
// other parsers (`#`) is a value to this one. So a checker cuts the text into statements, or
// refuses it, exactly as Kazoo does; inih then reads the statements, one a line, in a form in which
// its own dialect (comments within quotes, trimmed tabs, 200 bytes a line) changes nothing.
#include "conf/kazoo_ini.h"

#include <fmt/format.h>
#include <ini.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "term/term.h"

namespace relmk {
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

struct Lexeme {
  enum class Kind { Equals, Open, Close, Key, Word, Integer, Float, Quoted, Other, Comment, Space };
  Kind kind = Kind::Space;
  size_t begin = 0;
  size_t end = 0;  // 0: nothing matches at `begin`

  bool is_value() const { return kind >= Kind::Word && kind <= Kind::Other; }
  size_t size() const { return end - begin; }
};

// zucchini's rules, each matched at one place. 0 stands for no match.
class Rules {
 public:
  Rules(std::string_view text, size_t begin) : text_(text), begin_(begin) {
    after_blanks_ = skip(begin, is_blank);
  }

  Lexeme longest() const {
    using enum Lexeme::Kind;
    Lexeme best{Space, begin_, 0};
    const auto offer = [&](Lexeme::Kind kind, size_t end) {
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
    if (best.end == begin_) best.end = 0;
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
  double value = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc()) return {};
  if (value == 0) return "0.0";
  char buffer[64];
  const char* end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
  const std::string_view all(buffer, static_cast<size_t>(end - buffer));
  const size_t exponent_at = all.find('e');
  int exponent = 0;
  const size_t sign = all[exponent_at + 1] == '+' ? 2 : 1;
  std::from_chars(buffer + exponent_at + sign, end, exponent);
  std::string digits;
  for (char c : all.substr(0, exponent_at)) {
    if (is_digit(c)) digits += c;
  }
  const int place = exponent + 1;
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

struct Statement {
  bool is_section = false;
  IniProperty property;  // of a section only name and position
};

class Checker {
 public:
  Checker(const std::string& file, std::string_view text) : file_(file), text_(text) {}

  std::vector<Statement> statements() {
    scan();
    advance();
    do {
      section();
    } while (!at_end_);
    return std::move(out_);
  }

 private:
  using Kind = Lexeme::Kind;

  void section() {
    Statement& section = out_.emplace_back();
    section.is_section = true;
    section.property.at = position();
    expect(Kind::Open);
    section.property.name = name();
    expect(Kind::Key);
    expect(Kind::Close);
    while (!at_end_ && lexeme_.kind == Kind::Key)
      property();
  }

  void property() {
    IniProperty& property = out_.emplace_back().property;
    property.at = position();
    property.name = name();
    expect(Kind::Key);
    expect(Kind::Equals);
    property.kind = IniProperty::Kind::Absent;
    if (at_end_ || !lexeme_.is_value()) return;
    read_value(property);
    advance();
  }

  void read_value(IniProperty& property) {
    const std::string text = strip_spaces(text_.substr(lexeme_.begin, lexeme_.size()));
    if (lexeme_.kind != Kind::Integer && lexeme_.kind != Kind::Float) {
      property.kind = IniProperty::Kind::Text;
      property.value = text;
      return;
    }
    property.kind = IniProperty::Kind::Number;
    property.value = lexeme_.kind == Kind::Float ? *kazoo_float(text) : kazoo_integer(text);
  }

  // What a key is called: the text before its `]` or `=`, less the spaces around it.
  std::string name() const { return strip_spaces(text_.substr(lexeme_.begin, lexeme_.size())); }

  void expect(Kind kind) {
    if (at_end_ || lexeme_.kind != kind) refuse();
    advance();
  }

  // All lexemes but comments and space. The `]` or `=` that ends a key is a lexeme of its own.
  // Kazoo, too, scans the whole text before it looks at its grammar.
  void scan() {
    for (size_t next = 0; next < text_.size(); next = lexeme_.end) {
      lexeme_ = Rules(text_, next).longest();
      if (lexeme_.end == 0) fail("a quote that nothing closes");
      if (lexeme_.kind == Kind::Key) --lexeme_.end;
      if (lexeme_.kind == Kind::Integer || lexeme_.kind == Kind::Float) check_number();
      if (lexeme_.kind != Kind::Comment && lexeme_.kind != Kind::Space) lexemes_.push_back(lexeme_);
    }
  }

  void check_number() const {
    const std::string text = strip_spaces(text_.substr(lexeme_.begin, lexeme_.size()));
    if (text.front() == '\t') fail("a number after a tab");
    if (lexeme_.kind == Kind::Float && !kazoo_float(text)) fail("a number that is too large");
  }

  void advance() {
    at_end_ = next_ == lexemes_.size();
    if (!at_end_) lexeme_ = lexemes_[next_++];
  }

  Position position() const { return position_of(text_.find_first_not_of(" \t", lexeme_.begin)); }

  Position position_of(size_t offset) const {
    offset = std::min(offset, text_.size());
    const std::string_view before = text_.substr(0, offset);
    const size_t newline = before.rfind('\n');
    const size_t line_begin = newline == std::string_view::npos ? 0 : newline + 1;
    const auto lines = std::count(before.begin(), before.end(), '\n');
    return {static_cast<int>(lines) + 1,
            static_cast<int>(code_points(before.substr(line_begin)).size()) + 1};
  }

  // An exception in Kazoo's scanner, which Kazoo does not survive.
  [[noreturn]] void fail(std::string_view what) const {
    throw Error(file_, position(),
                fmt::format("Kazoo's parser fails at {}; Kazoo would not start, not even with its "
                            "built-in cookie change_me",
                            what));
  }

  // A syntax error, which Kazoo takes for a file that is not there.
  [[noreturn]] void refuse_at(Position at, std::string_view why) const {
    throw Error(file_, at,
                fmt::format("Kazoo's parser refuses the file: {}; Kazoo would run with its "
                            "built-in cookie change_me",
                            why));
  }

  [[noreturn]] void refuse() const {
    if (text_.find_first_not_of(" \t\r\n") == std::string_view::npos) refuse_at({}, "it is empty");
    if (text_.starts_with("\xEF\xBB\xBF")) refuse_at({1, 1}, "it begins with a byte order mark");
    if (at_end_) refuse_at(position_of(text_.size()), "it ends before a [section] is complete");
    if (strip_spaces(text_.substr(lexeme_.begin, lexeme_.size())).starts_with('#')) {
      refuse_at(position(), "a comment begins with ';', not with '#'");
    }
    const size_t carriage_return =
        text_.substr(0, text_.find('\n', lexeme_.begin)).find('\r', lexeme_.begin);
    if (carriage_return != std::string_view::npos) {
      refuse_at(position_of(carriage_return), "a carriage return (CR) is in the line");
    }
    refuse_at(position(), expectation());
  }

  // What stands wrong at the lexeme, without its text: it may be part of a cookie.
  std::string_view expectation() const {
    const size_t line_begin = text_.substr(0, lexeme_.begin).rfind('\n') + 1;
    const std::string before = strip_spaces(text_.substr(line_begin, lexeme_.begin - line_begin));
    if (lexeme_.is_value() && before.starts_with('['))
      return "nothing may stand on the line after ']'";
    if (before.empty() && lexeme_.is_value()) return "a line is no [section] and no `name = value`";
    return "a stray character";
  }

  const std::string& file_;
  std::string_view text_;
  std::vector<Statement> out_;
  std::vector<Lexeme> lexemes_;
  size_t next_ = 0;  // among the lexemes
  Lexeme lexeme_;    // the one at hand, unless at_end_
  bool at_end_ = false;
};

// The statements on their way through inih, which asks for lines and answers with properties.
class Lines {
 public:
  explicit Lines(std::vector<Statement> statements) : statements_(std::move(statements)) {}

  std::vector<IniSection> sections() && {
    if (ini_parse_stream(next_line, this, take_property, this) != 0) {
      throw std::logic_error("inih refuses a statement of config.ini that was checked");
    }
    return std::move(sections_);
  }

 private:
  // inih's lines have 200 bytes: a longer value goes as several properties of one name.
  static constexpr size_t piece_size = 60;

  static char* next_line(char* line, int size, void* self) {
    const std::string text = static_cast<Lines*>(self)->next();
    if (text.empty() || text.size() >= static_cast<size_t>(size)) return nullptr;
    line[text.copy(line, text.size())] = '\0';
    return line;
  }

  static int take_property(void* self, const char*, const char* name, const char* value) {
    static_cast<Lines*>(self)->take(name, value);
    return 1;
  }

  // The line for the rest of the statement at hand, or for the next one; empty after the last.
  std::string next() {
    if (!rest_.empty()) return property_line(statements_[next_ - 1].property.name);
    if (next_ == statements_.size()) return "";
    const IniProperty& property = statements_[next_++].property;
    if (statements_[next_ - 1].is_section) {
      // inih tells sections apart by name alone, and Kazoo's repeat.
      sections_.push_back({property.name, {}, property.at});
      return "[" + property.name.substr(0, piece_size) + "]\n";
    }
    if (property.name.size() > piece_size ||
        property.name.find_first_of(":\t") != std::string::npos) {
      return ";\n";
    }
    sections_.back().properties.push_back(property);
    sections_.back().properties.back().value.clear();
    rest_ = property.value;
    return property_line(property.name);
  }

  std::string property_line(const std::string& name) {
    std::string line = name + " = ";
    for (char c : rest_.substr(0, piece_size)) {
      const bool special = c == ';' || (c >= 0 && c <= ' ');
      if (special) line += escape;
      line += static_cast<char>(special ? c + '@' : c);
    }
    rest_.erase(0, piece_size);
    return line + "\n";
  }

  void take(const char* name, const char* value) {
    IniProperty& property = sections_.back().properties.back();
    property.name = name;
    for (; *value != '\0'; ++value) {
      const bool special = *value == escape;
      if (special) ++value;
      property.value += static_cast<char>(special ? *value - '@' : *value);
    }
  }

  static constexpr char escape = '\1';
  std::vector<Statement> statements_;
  std::vector<IniSection> sections_;
  size_t next_ = 0;   // among the statements
  std::string rest_;  // of the value that is being handed over
};

}  // namespace

std::vector<IniSection> parse_kazoo_ini(const std::string& file, std::string_view text) {
  return Lines(Checker(file, text).statements()).sections();
}

}  // namespace relmk
