// zucchini is a leex scanner under a small grammar:
//
//   sections   -> section+
//   section    -> '[' key ']' property*
//   property   -> key '=' [value]
//
// Lines mean nothing in it: a value may stand on the line below its name, and what is a comment to
// other parsers (`#`) is a value to this one. So a checker cuts the text into statements, or
// refuses it, exactly as Kazoo does; inih then reads the statements, one a line, in a form in which
// its own dialect (comments within quotes, trimmed tabs, 200 bytes a line) changes nothing.
#include "kazoo/kazoo_ini.h"

#include <fmt/core.h>
#include <ini.h>

#include <algorithm>
#include <utility>

#include "kazoo/kazoo_ini_scanner.h"
#include "term/text_position.h"

namespace relmk::kazoo {
namespace {

struct Statement {
  bool is_section = false;
  IniProperty property;  // of a section only name and position
};

class Checker {
 public:
  Checker(const std::string& file, std::string_view text)
      : file_(file), text_(text), positions_(text), lexemes_(scan_kazoo_ini(file, text)) {}

  std::vector<Statement> statements() {
    advance();
    do {
      section();
    } while (!at_end_);
    return std::move(out_);
  }

 private:
  using Kind = IniLexeme::Kind;

  void section() {
    Statement& section = out_.emplace_back();
    section.is_section = true;
    section.property.at = position();
    expect(Kind::Open);
    section.property.name = lexeme_text(text_, lexeme_);
    expect(Kind::Key);
    expect(Kind::Close);
    while (!at_end_ && lexeme_.kind == Kind::Key)
      property();
  }

  void property() {
    IniProperty& property = out_.emplace_back().property;
    property.at = position();
    property.name = lexeme_text(text_, lexeme_);
    expect(Kind::Key);
    expect(Kind::Equals);
    property.kind = IniProperty::Kind::Absent;
    if (at_end_ || !lexeme_.is_value()) return;
    property.kind = lexeme_.is_number() ? IniProperty::Kind::Number : IniProperty::Kind::Text;
    property.value = lexeme_text(text_, lexeme_);
    advance();
  }

  void expect(Kind kind) {
    if (at_end_ || lexeme_.kind != kind) refuse();
    advance();
  }

  void advance() {
    at_end_ = next_ == lexemes_.size();
    if (!at_end_) lexeme_ = lexemes_[next_++];
  }

  Position position() { return positions_.at(text_.find_first_not_of(" \t", lexeme_.begin)); }

  // A syntax error, which Kazoo takes for a file that is not there.
  [[noreturn]] void refuse_at(Position at, std::string_view why) const {
    throw Error(file_, at,
                fmt::format("Kazoo's parser refuses the file: {}; Kazoo would run with its "
                            "built-in cookie change_me",
                            why));
  }

  [[noreturn]] void refuse() {
    if (text_.find_first_not_of(" \t\r\n") == std::string_view::npos) refuse_at({}, "it is empty");
    if (text_.starts_with("\xEF\xBB\xBF")) refuse_at({1, 1}, "it begins with a byte order mark");
    if (at_end_) {
      refuse_at(term::position_of(text_, text_.size()), "it ends before a [section] is complete");
    }
    if (lexeme_text(text_, lexeme_).starts_with('#')) {
      refuse_at(position(), "a comment begins with ';', not with '#'");
    }
    const std::string_view to_end_of_line = text_.substr(0, text_.find('\n', lexeme_.begin));
    const size_t carriage_return = to_end_of_line.find('\r', lexeme_.begin);
    if (carriage_return != std::string_view::npos) {
      refuse_at(term::position_of(text_, carriage_return), "a carriage return (CR) is in the line");
    }
    refuse_at(position(), expectation());
  }

  // What stands wrong at the lexeme, without its text: it may be part of a cookie.
  std::string_view expectation() const {
    if (!lexeme_.is_value()) return "a stray character";
    const size_t line_begin = text_.substr(0, lexeme_.begin).rfind('\n') + 1;
    const std::string_view line = text_.substr(line_begin, lexeme_.begin - line_begin);
    const size_t first = line.find_first_not_of(" \t");
    if (first == std::string_view::npos) return "a line is no [section] and no `name = value`";
    if (line[first] == '[') return "nothing may stand on the line after ']'";
    if (line.ends_with('"')) return "nothing may stand on the line after a closing quote";
    return "a stray character";
  }

  const std::string& file_;
  std::string_view text_;
  term::TextPositions positions_;
  std::vector<Statement> out_;
  std::vector<IniLexeme> lexemes_;
  size_t next_ = 0;   // among the lexemes
  IniLexeme lexeme_;  // the one at hand, unless at_end_
  bool at_end_ = false;
};

// The statements on their way through inih, which asks for lines and answers with properties.
class Lines {
 public:
  explicit Lines(std::vector<Statement> statements) : statements_(std::move(statements)) {}

  std::vector<IniSection> sections() && {
    if (ini_parse_stream(next_line, this, take_property, this) != 0) {
      throw Error("inih refuses a statement of config.ini that was checked");
    }
    return std::move(sections_);
  }

 private:
  // inih's lines have 200 bytes: a longer value goes as several properties of one name.
  static constexpr size_t kPieceSize = 60;

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
    if (rest_at_ < rest_.size()) return property_line(statements_[next_ - 1].property.name);
    if (next_ == statements_.size()) return "";
    const IniProperty& property = statements_[next_++].property;
    if (statements_[next_ - 1].is_section) {
      // inih tells sections apart by name alone, and Kazoo's repeat.
      sections_.push_back({property.name, {}, property.at});
      return "[" + property.name.substr(0, kPieceSize) + "]\n";
    }
    if (property.name.size() > kPieceSize ||
        property.name.find_first_of(":\t") != std::string::npos) {
      return ";\n";
    }
    sections_.back().properties.push_back(property);
    sections_.back().properties.back().value.clear();
    rest_ = property.value;
    rest_at_ = 0;
    return property_line(property.name);
  }

  std::string property_line(const std::string& name) {
    std::string line = name + " = ";
    for (char c : rest_.substr(rest_at_, kPieceSize)) {
      const bool special = c == ';' || (c >= 0 && c <= ' ');
      if (special) line += kEscape;
      line += static_cast<char>(special ? c + '@' : c);
    }
    rest_at_ += std::min(kPieceSize, rest_.size() - rest_at_);
    return line + "\n";
  }

  void take(const char* name, const char* value) {
    IniProperty& property = sections_.back().properties.back();
    property.name = name;
    for (; *value != '\0'; ++value) {
      const bool special = *value == kEscape;
      if (special) ++value;
      property.value += static_cast<char>(special ? *value - '@' : *value);
    }
  }

  static constexpr char kEscape = '\1';
  std::vector<Statement> statements_;
  std::vector<IniSection> sections_;
  size_t next_ = 0;     // among the statements
  std::string rest_;    // the value that is being handed over
  size_t rest_at_ = 0;  // what of it is not handed over yet
};

}  // namespace

std::vector<IniSection> parse_kazoo_ini(const std::string& file, std::string_view text) {
  return Lines(Checker(file, text).statements()).sections();
}

}  // namespace relmk::kazoo
