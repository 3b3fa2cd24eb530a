// A template is read with a name in place of each reference, as wide as that, so that positions
// hold. Where this is no term, the reference may stand for something else (`{ip, {${IP}}}` with
// IP="127,0,0,1", or a `, {more, 1}` at the end of a list). Then, unless the defaults make it one,
// only what no reference touches is looked at: that brackets fit, and that two terms have a comma
// between them.
#include "start/sys_config.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include "start/environment_substitution.h"
#include "sys/error.h"
#include "term/consult.h"
#include "term/print.h"
#include "term/scanner.h"
#include "term/text_position.h"

namespace relmk::start {
namespace {

// The references that are not within quotes or a comment.
std::vector<VariableReference> bare_references(std::string_view text) {
  std::vector<VariableReference> out;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '$') {
      const auto reference = find_variable(text.substr(0, text.find('\n', i)), i);
      if (reference && reference->begin == i) {
        out.push_back(*reference);
        i = reference->end - 1;
      } else {
        i += text.substr(i, 2) == "$\\" ? 2 : 1;  // a character, as $"
      }
    } else if (c == '%') {
      i = std::min(text.find('\n', i), text.size());
    } else if (c == '"' || c == '\'') {
      for (++i; i < text.size() && text[i] != c; ++i) {
        if (text[i] == '\\') ++i;
      }
    }
  }
  return out;
}

enum class Includes { Yes, No };

// application_controller:check_conf_data/1, in its words. With Includes::Yes, that of sys.config,
// which alone may name other files.
class Shape {
 public:
  explicit Shape(const std::string& file, Includes includes = Includes::Yes)
      : file_(file), includes_(includes) {}

  void check(const Terms& terms) const {
    if (terms.size() != 1 || !terms[0].is_list()) {
      const Position at = terms.empty() ? Position{} : terms.back().position();
      throw Error(file_, at, "configuration file must contain ONE list ended by <dot>");
    }
    if (!terms[0].is_proper_list()) throw Error(file_, terms[0].position(), "improper list");
    for (const Term& entry : terms[0].elements()) {
      if (!entry.is_list() || includes_ == Includes::No) check_application(entry);
    }
  }

 private:
  void check_application(const Term& entry) const {
    if (!entry.is_tuple(2)) fail(entry, "invalid application config: " + term::print_pretty(entry));
    if (!entry[0].is_atom()) {
      fail(entry, fmt::format("application: {}; application name must be an atom",
                              term::print_pretty(entry[0])));
    }
    const std::string name = entry[0].atom_text();
    if (!entry[1].is_proper_list()) {
      fail(entry, fmt::format("application: {}; parameters must be a list", name));
    }
    std::set<std::string> known;
    for (const Term& parameter : entry[1].elements()) {
      if (!parameter.is_tuple(2)) {
        fail(parameter.position() ? parameter : entry,
             fmt::format("application: {}; invalid parameter: {}", name,
                         term::print_plain(parameter)));
      }
      if (!parameter[0].is_atom()) {
        fail(parameter, fmt::format("application: {}; invalid parameter name: {}", name,
                                    term::print_pretty(parameter[0])));
      }
      if (!known.insert(parameter[0].atom_text()).second) {
        fail(parameter, fmt::format("application: {}; duplicate parameter: {}", name,
                                    parameter[0].atom_text()));
      }
    }
  }

  [[noreturn]] void fail(const Term& at, const std::string& message) const {
    throw Error(file_, at.position(), message);
  }

  const std::string& file_;
  Includes includes_;
};

// The tokens of a template, of which some are, or touch, a reference.
class Template {
 public:
  Template(const std::string& file, std::string_view text,
           const std::vector<VariableReference>& references)
      : file_(file) {
    term::Scanner scanner(file, term::decode_source(file, mask_variables(text, references)));
    do {
      tokens_.push_back({scanner.next(), false});
    } while (tokens_.back().token.kind != term::TokenKind::End);
    size_t next = 0;
    for (const VariableReference& reference : references) {
      const Position at = term::position_of(text, reference.begin);
      while (next + 1 < tokens_.size() && !before(at, tokens_[next + 1].token.at))
        ++next;
      tokens_[next].is_open = true;
    }
  }

  void check() const {
    std::vector<term::Token> brackets;
    for (size_t i = 0; i + 1 < tokens_.size(); ++i) {
      const term::Token& token = tokens_[i].token;
      if (i > 0) check_pair(tokens_[i - 1], tokens_[i]);
      if (tokens_[i].is_open) continue;
      if (!closing(token).empty()) brackets.push_back(token);
      if (closes(token) || token.kind == term::TokenKind::Dot) {
        const std::string expected = brackets.empty() ? "" : std::string(closing(brackets.back()));
        if (closes(token) ? token.text != expected : !expected.empty()) fail(token, expected);
        if (!brackets.empty()) brackets.pop_back();
      }
    }
    const Entry& last = tokens_[tokens_.size() > 1 ? tokens_.size() - 2 : 0];
    if (!brackets.empty()) {
      throw Error(file_, brackets.back().at,
                  fmt::format("nothing closes this '{}'", brackets.back().text));
    }
    if (last.token.kind != term::TokenKind::Dot && !last.is_open) {
      throw Error(file_, last.token.at, "no ending <dot> found");
    }
  }

 private:
  struct Entry {
    term::Token token;
    bool is_open = false;  // a reference, or glued to one: anything may come of it
  };

  static bool before(Position a, Position b) {
    return a.line != b.line ? a.line < b.line : a.column < b.column;
  }

  static std::string_view closing(const term::Token& token) {
    if (token.is("{")) return "}";
    if (token.is("[")) return "]";
    if (token.is("(")) return ")";
    if (token.is("<<")) return ">>";
    return "";
  }

  static bool closes(const term::Token& token) {
    return token.is("}") || token.is("]") || token.is(")") || token.is(">>");
  }

  static bool is_literal(const term::Token& token) {
    return token.kind != term::TokenKind::Reserved && token.kind != term::TokenKind::Punctuation &&
           token.kind != term::TokenKind::Dot && token.kind != term::TokenKind::End;
  }

  void check_pair(const Entry& first, const Entry& second) const {
    if (first.is_open || second.is_open) return;
    const term::Token& a = first.token;
    const term::Token& b = second.token;
    const bool strings = a.kind == term::TokenKind::String && b.kind == term::TokenKind::String;
    const bool two_terms = (is_literal(a) || closes(a)) && !strings &&
                           (is_literal(b) || b.is("{") || b.is("[") || b.is("<<"));
    const bool no_term = (a.is(",") || !closing(a).empty()) && b.is(",");
    const bool nothing_after = a.is(",") && (closes(b) || b.kind == term::TokenKind::Dot);
    if (two_terms || no_term || nothing_after) fail(b, "");
  }

  [[noreturn]] void fail(const term::Token& token, const std::string& expected) const {
    const bool number = token.kind == term::TokenKind::Integer ||
                        token.kind == term::TokenKind::Float ||
                        token.kind == term::TokenKind::Character;
    const std::string text = number                               ? term::print_plain(token.value)
                             : token.kind == term::TokenKind::Dot ? "."
                                                                  : token.text;
    Error error(file_, token.at, fmt::format("syntax error before: '{}'", text));
    if (expected.empty()) throw error;
    throw std::move(error).with_hint(fmt::format("'{}' is expected", expected));
  }

  const std::string& file_;
  std::vector<Entry> tokens_;
};

std::optional<Terms> consulted(const std::string& file, std::string_view text) {
  try {
    return term::consult_text(file, text);
  } catch (const Error&) {
    return {};
  }
}

// As where no variable is set: that is what the default of ${IP:-{127,0,0,1}}, which ends at its
// first brace, is written for.
std::string with_defaults(std::string_view text, const std::vector<VariableReference>& references) {
  std::string out;
  size_t next = 0;
  for (const VariableReference& reference : references) {
    out += text.substr(next, reference.begin - next);
    out += reference.fallback.value_or("value");
    next = reference.end;
  }
  return out + std::string(text.substr(next));
}

// Those of a template that are terms whatever its references stand for, or by their defaults; else
// none.
std::optional<Terms> consulted_template(const std::string& file, std::string_view text,
                                        const std::vector<VariableReference>& references) {
  if (std::optional<Terms> terms = consulted(file, mask_variables(text, references))) return terms;
  return consulted(file, with_defaults(text, references));
}

}  // namespace

void validate_sys_config(const std::string& file, std::string_view text) {
  const std::vector<VariableReference> references = bare_references(text);
  if (references.empty()) {
    Shape(file).check(term::consult_text(file, text));
    return;
  }
  if (consulted_template(file, text, references)) return;
  Template(file, text, references).check();
}

void check_sys_config_of_vm(const std::string& file, std::string_view text) {
  try {
    Shape(file).check(term::consult_text(file, text));
  } catch (const Error& error) {
    if (bare_references(text).empty()) throw;
    throw Error(error).with_hint(
        "variables are replaced in sys.config.src, and in sys.config where RELX_REPLACE_OS_VARS is "
        "set");
  }
}

void check_included_config(const std::string& file, std::string_view text) {
  Shape(file, Includes::No).check(term::consult_text(file, text));
}

std::vector<IncludedConfig> included_configs(const std::string& file, std::string_view text) {
  std::vector<IncludedConfig> out;
  const Terms terms = consulted_template(file, text, bare_references(text)).value_or(Terms{});
  if (terms.size() != 1 || !terms[0].is_proper_list()) return out;
  for (const Term& entry : terms[0].elements()) {
    if (!entry.is_string() || entry.is_nil()) continue;
    fs::path path = entry.to_utf8();
    if (path.extension() != ".config") path += ".config";
    out.push_back({path, entry.position() ? entry.position() : terms[0].position()});
  }
  return out;
}

void check_included_configs(const std::string& file, std::string_view text,
                            const fs::path& directory, const fs::path& root) {
  for (const IncludedConfig& included : included_configs(file, text)) {
    std::error_code ignored;
    fs::path path = directory / included.path;
    if (!fs::exists(path, ignored)) path = root / included.path;
    if (!fs::exists(path, ignored)) {
      throw Error(file, included.at,
                  fmt::format("the included configuration {} is not there", included.path.string()))
          .with_hint(
              fmt::format("it is looked for in {} and in {}", directory.string(), root.string()));
    }
    check_included_config(path.string(), sys::read_file(path));
  }
}

}  // namespace relmk::start
