// file:consult/1 reads the tokens up to a full stop, parses them as the body of a function
// (erl_parse:parse_term/1) and takes the expression for a term where it is one. So a token that no
// expression could have here is a syntax error, and an expression that is no term is a bad term.
#include "term/consult.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "term/bits.h"
#include "term/external_fun.h"
#include "term/integer.h"
#include "term/scanner.h"

namespace relmk::term {

namespace {

// Thrown where the expression stops being a term; caught where the form began.
struct BadTerm {
  Token token;
};

class TermParser {
 public:
  TermParser(std::string file, std::u32string text)
      : file_(std::move(file)), scanner_(file_, std::move(text)) {}

  Terms forms() {
    Terms all;
    for (advance(); token_.kind != TokenKind::End; advance())
      all.push_back(form());
    return all;
  }

  // What follows the first form is not even scanned.
  std::optional<Term> first() {
    advance();
    if (token_.kind == TokenKind::End) return std::nullopt;
    return form();
  }

 private:
  Term form();
  Term term();
  Term unnested_term();
  Term signed_number();
  Term string();
  Term list();
  Term tuple();
  Term map();
  Term binary();
  void segment(BitWriter& out);
  void take_bits(Position at, const Term& size, const SegmentType& type);
  SegmentType segment_type();
  Term fun();
  Term parenthesized();

  void advance() {
    last_ = token_.at;
    token_ = scanner_.next();
  }
  bool at(std::string_view sign) const { return token_.is(sign); }
  bool accept(std::string_view sign) {
    if (!at(sign)) return false;
    advance();
    return true;
  }
  void expect(std::string_view sign) {
    if (!accept(sign)) fail();
  }
  // The token that stands here can't follow what was read.
  [[noreturn]] void fail();
  [[noreturn]] void fail_syntax();
  [[noreturn]] void bad_term(const Token& token);
  bool begins_expression() const;
  bool continues_expression() const;
  void skip_form();

  std::string file_;
  Scanner scanner_;
  Token token_;
  Position last_;  // where the token before this one stood
  int depth_ = 0;
  uint64_t sized_bits_ = 0;  // that segments with a size have made, in all of the text
  bool after_term_ = false;  // whether what was read last is a whole term
  bool is_signed_ = false;   // and is a number with a sign
};

Term TermParser::form() {
  Position start = token_.at;
  try {
    Term result = term();
    if (at(",")) {
      advance();
      start = token_.at;
      const Token second = token_;
      do {
        term();
      } while (accept(","));
      if (token_.kind != TokenKind::Dot) fail();
      bad_term(second);
    }
    if (token_.kind != TokenKind::Dot) fail();
    return result;
  } catch (const BadTerm& bad) {
    Error error(file_, start, "bad term");
    if (bad.token.at == start) throw error;
    throw std::move(error).with_hint(fmt::format("{} at line {}, column {} makes it none",
                                                 token_text(bad.token), bad.token.at.line,
                                                 bad.token.at.column));
  }
}

// As io:read, which scans a form to its end before it parses: an error of the scanner goes first.
void TermParser::skip_form() {
  while (token_.kind != TokenKind::Dot && token_.kind != TokenKind::End)
    token_ = scanner_.next();
}

void TermParser::bad_term(const Token& token) {
  const BadTerm bad{token};
  skip_form();
  throw bad;
}

void TermParser::fail() {
  if (!(after_term_ ? continues_expression() : begins_expression())) fail_syntax();
  const Token found = token_;
  if (at("#")) {  // a map, or a record and its field
    advance();
    if (token_.kind == TokenKind::Atom) advance();
    if (!at("{") && !at(".")) fail_syntax();
  }
  bad_term(found);
}

void TermParser::fail_syntax() {
  const Token found = token_;
  skip_form();
  const Position where = found.kind == TokenKind::End ? last_ : found.at;
  throw Error(file_, where, "syntax error before: " + token_text(found));
}

bool TermParser::begins_expression() const {
  if (token_.kind == TokenKind::Variable) return true;
  static constexpr std::string_view kSigns[] = {"begin", "case", "catch", "fun", "if", "receive",
                                                "try",   "not",  "bnot",  "+",   "-",  "#",
                                                "(",     "<<",   "[",     "{"};
  return std::any_of(std::begin(kSigns), std::end(kSigns), [this](auto sign) { return at(sign); });
}

bool TermParser::continues_expression() const {
  static constexpr std::string_view kSigns[] = {
      "(",   ":",   "#",    "=",   "!",   "+",   "-",    "++",      "--",    "*",   "/",
      "==",  "/=",  "=<",   "<",   ">=",  ">",   "=:=",  "=/=",     "div",   "rem", "or",
      "xor", "bor", "bxor", "bsl", "bsr", "and", "band", "andalso", "orelse"};
  return std::any_of(std::begin(kSigns), std::end(kSigns), [this](auto sign) { return at(sign); });
}

Term TermParser::term() {
  if (++depth_ > kDeepestTerm) throw Error(file_, token_.at, "term nested too deeply");
  after_term_ = false;
  if (!at("(") && !at("-") && !at("+")) is_signed_ = false;
  Term result = unnested_term();
  after_term_ = true;
  --depth_;
  return result;
}

Term TermParser::unnested_term() {
  const Token token = token_;
  switch (token.kind) {
    case TokenKind::Atom:
      advance();
      return Atom(token.text);
    case TokenKind::Integer:
    case TokenKind::Float:
    case TokenKind::Character:
      advance();
      return token.value;
    case TokenKind::String:
      return string();
    case TokenKind::Sigil:
      advance();
      return token.sigil == "s" || token.sigil == "S" ? Term::string(token.text, token.at)
                                                      : Term::binary(token.text);
    default:
      break;
  }
  if (at("{")) return tuple();
  if (at("[")) return list();
  if (at("<<")) return binary();
  if (at("#")) return map();
  if (at("-") || at("+")) return signed_number();
  if (at("(")) return parenthesized();
  if (at("fun")) return fun();
  fail();
}

// -$a is a number too; -(-1) is an expression.
Term TermParser::signed_number() {
  const Token sign = token_;
  advance();
  const Term value = term();
  const bool is_number = value.is_integer() || value.is_float();
  if (!is_number || is_signed_) bad_term(sign);
  is_signed_ = true;
  if (sign.text == "+") return value;
  if (value.is_float()) return -value.as_float();
  return Term::big({mpz_class(-value.as_big().value)});
}

Term TermParser::parenthesized() {
  advance();
  Term value = term();
  expect(")");
  return value;
}

// Adjacent strings are one.
Term TermParser::string() {
  const Position start = token_.at;
  std::string text;
  for (; token_.kind == TokenKind::String; advance())
    text += token_.text;
  return Term::string(text, start);
}

Term TermParser::list() {
  const Position start = token_.at;
  advance();
  Terms elements;
  if (accept("]")) return Term::list({}, start);
  do {
    elements.push_back(term());
  } while (accept(","));
  if (!accept("|")) {
    if (at("||") && elements.size() == 1) bad_term(token_);
    expect("]");
    return Term::list(std::move(elements), start);
  }
  const Term tail = term();
  expect("]");
  return Term::improper_list(std::move(elements), tail, start);
}

Term TermParser::tuple() {
  const Position start = token_.at;
  advance();
  Terms elements;
  if (accept("}")) return Term::tuple({}, start);
  do {
    elements.push_back(term());
  } while (accept(","));
  expect("}");
  return Term::tuple(std::move(elements), start);
}

Term TermParser::map() {
  const Token start = token_;
  advance();
  if (token_.kind == TokenKind::Atom) {  // a record
    advance();
    at("{") || at(".") ? bad_term(start) : fail_syntax();
  }
  expect("{");
  std::vector<Term::MapEntry> entries;
  if (accept("}")) return Term::map({});
  do {
    Term key = term();
    if (at(":=")) bad_term(token_);
    expect("=>");
    entries.emplace_back(std::move(key), term());
  } while (accept(","));
  expect("}");
  return Term::map(std::move(entries));
}

Term TermParser::binary() {
  advance();
  BitWriter out;
  if (accept(">>")) return out.term();
  do {
    segment(out);
  } while (accept(","));
  expect(">>");
  return out.term();
}

void TermParser::segment(BitWriter& out) {
  const Token start = token_;
  Terms values = {term()};
  // Each character of a string literal is a segment.
  if (start.kind == TokenKind::String) values = Terms(values[0].elements());
  std::optional<Term> size;
  if (accept(":")) {
    if (at("-") || at("+")) fail_syntax();
    size = term();
  }
  SegmentType type;
  if (accept("/")) type = segment_type();
  for (const Term& value : values) {
    if (size) take_bits(start.at, *size, type);
    if (!append_segment(out, value, size, type)) bad_term(start);
  }
}

// A few characters can ask for any number of bits.
void TermParser::take_bits(Position at, const Term& size, const SegmentType& type) {
  constexpr uint64_t kMostBits = uint64_t{8} * 16 << 20;
  if (type.kind != SegmentType::Kind::Integer || !size.is_small_integer()) return;
  const auto count = static_cast<uint64_t>(std::max<int64_t>(size.as_integer(), 0));
  const auto unit = static_cast<uint64_t>(type.effective_unit());
  if (count > (kMostBits - sized_bits_) / unit)
    throw Error(file_, at, "segments with sizes of more than 16 MiB in a text");
  sized_bits_ += count * unit;
}

SegmentType TermParser::segment_type() {
  SegmentType type;
  do {
    const Token word = token_;
    if (word.kind != TokenKind::Atom) fail();
    advance();
    if (accept(":")) {
      const Term unit = token_.value;
      if (token_.kind != TokenKind::Integer) fail();
      advance();
      if (word.text != "unit" || !unit.is_small_integer() || !type.add_unit(unit.as_integer()))
        bad_term(word);
    } else if (!type.add(word.text)) {
      bad_term(word);
    }
  } while (accept("-"));
  return type;
}

// Of all funs only fun M:F/A is a term.
Term TermParser::fun() {
  const Token start = token_;
  advance();
  if (token_.kind != TokenKind::Atom) {
    if (at("(") || token_.kind == TokenKind::Variable) bad_term(start);
    fail();
  }
  const Atom module(token_.text);
  advance();
  if (at("/")) bad_term(start);
  expect(":");
  if (token_.kind == TokenKind::Variable) bad_term(token_);
  if (token_.kind != TokenKind::Atom) fail();
  const Atom function(token_.text);
  advance();
  expect("/");
  if (token_.kind == TokenKind::Variable) bad_term(token_);
  if (token_.kind != TokenKind::Integer) fail();
  const Token arity = token_;
  advance();
  if (!arity.value.is_small_integer() || arity.value.as_integer() > 255) bad_term(arity);
  return ExternalFun::term(module, function, arity.value.as_integer());
}

}  // namespace

Terms consult_text(const std::string& name, std::string_view text) {
  return TermParser(name, decode_source(name, text)).forms();
}

Terms consult_file(const fs::path& path) {
  return consult_text(path.string(), sys::read_file(path));
}

std::optional<Term> consult_first_term(const fs::path& path) {
  const std::string name = path.string();
  return TermParser(name, decode_source(name, sys::read_file(path))).first();
}

}  // namespace relmk::term
