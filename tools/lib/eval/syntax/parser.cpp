#include "eval/syntax/parser.h"

#include <array>

#include "eval/evaluate/stack.h"
#include "eval/syntax/form_parser.h"

namespace relmk::eval {
namespace {

// How strongly an operator binds, and which way chains of it group.
struct Binding {
  std::string_view symbol;
  int strength;
  enum { Left, Right, None } chains;
};

constexpr int kPrefix = 600;

constexpr std::array kOperators = {
    Binding{"=", 100, Binding::Right},      Binding{"!", 100, Binding::Right},
    Binding{"orelse", 150, Binding::Right}, Binding{"andalso", 160, Binding::Right},
    Binding{"==", 200, Binding::None},      Binding{"/=", 200, Binding::None},
    Binding{"=<", 200, Binding::None},      Binding{"<", 200, Binding::None},
    Binding{">=", 200, Binding::None},      Binding{">", 200, Binding::None},
    Binding{"=:=", 200, Binding::None},     Binding{"=/=", 200, Binding::None},
    Binding{"++", 300, Binding::Right},     Binding{"--", 300, Binding::Right},
    Binding{"+", 400, Binding::Left},       Binding{"-", 400, Binding::Left},
    Binding{"bor", 400, Binding::Left},     Binding{"bxor", 400, Binding::Left},
    Binding{"bsl", 400, Binding::Left},     Binding{"bsr", 400, Binding::Left},
    Binding{"or", 400, Binding::Left},      Binding{"xor", 400, Binding::Left},
    Binding{"*", 500, Binding::Left},       Binding{"/", 500, Binding::Left},
    Binding{"div", 500, Binding::Left},     Binding{"rem", 500, Binding::Left},
    Binding{"band", 500, Binding::Left},    Binding{"and", 500, Binding::Left},
};

const Binding* find_operator(const term::Token& token) {
  if (token.kind != term::TokenKind::Punctuation && token.kind != term::TokenKind::Reserved)
    return nullptr;
  for (const Binding& known : kOperators) {
    if (known.symbol == token.text) return &known;
  }
  return nullptr;
}

}  // namespace

std::shared_ptr<Expression> make_expression(ExpressionKind kind, Position at, Expressions parts) {
  auto made = std::make_shared<Expression>();
  made->kind = kind;
  made->at = at;
  made->parts = std::move(parts);
  return made;
}

ExpressionPtr make_literal(Position at, Term value) {
  auto made = make_expression(ExpressionKind::Literal, at);
  made->value = std::move(value);
  return made;
}

ExpressionPtr make_variable(Position at, std::string_view name) {
  auto made = make_expression(ExpressionKind::Variable, at);
  made->name = Atom(name);
  return made;
}

ScriptForm FormParser::form() {
  Expressions body = expressions();
  if (peek().kind != term::TokenKind::Dot) fail();
  return {std::move(body), peek().at};
}

Position FormParser::expect(std::string_view text) {
  if (!at(text)) fail();
  return take().at;
}

void FormParser::fail() const {
  throw Error(file_, peek().at, "syntax error before: " + term::token_text(peek()));
}

void FormParser::leave_to_erlang(const std::string& what) const {
  throw UnknownToEvaluator(what, peek().at);
}

Expressions FormParser::expressions() {
  Expressions all = {expression()};
  while (accept(","))
    all.push_back(expression());
  return all;
}

ExpressionPtr FormParser::expression(int weakest) {
  check_stack("deeply nested expressions");
  ExpressionPtr left = prefixed();
  int none_after = kPrefix;
  while (const Binding* binding = find_operator(peek())) {
    if (binding->strength < weakest || binding->strength >= none_after) break;
    const term::Token symbol = take();
    const int right_weakest = binding->strength + (binding->chains == Binding::Right ? 0 : 1);
    ExpressionPtr right = expression(right_weakest);
    left = combine(symbol, std::move(left), std::move(right));
    // a == b == c has no meaning: the second operator is where the error is.
    if (binding->chains == Binding::None) none_after = binding->strength;
  }
  return left;
}

ExpressionPtr FormParser::combine(const term::Token& symbol, ExpressionPtr left,
                                  ExpressionPtr right) {
  const bool match = symbol.is("=");
  const Position where = match ? left->at : symbol.at;
  auto made = make_expression(match ? ExpressionKind::Match : ExpressionKind::Operator, where,
                              {std::move(left), std::move(right)});
  made->name = Atom(symbol.text);
  return made;
}

ExpressionPtr FormParser::prefixed() {
  const term::Token& token = peek();
  if (token.is("catch")) {
    take();
    return make_expression(ExpressionKind::Catch, token.at, {expression()});
  }
  if (token.is("+") || token.is("-") || token.is("bnot") || token.is("not")) {
    take();
    auto made = make_expression(ExpressionKind::Operator, token.at, {expression(kPrefix)});
    made->name = Atom(token.text);
    return made;
  }
  return postfixed();
}

ExpressionPtr FormParser::postfixed() {
  if (at("#")) return map_updates(map_or_record(nullptr));
  ExpressionPtr operand = primary();
  if (at("#")) return map_updates(map_or_record(std::move(operand)));
  if (at(":")) {
    const Position where = take().at;
    operand = make_expression(ExpressionKind::Remote, where, {std::move(operand), primary()});
  }
  if (!at("(")) return operand;
  Expressions parts = arguments();
  const Position where = operand->is(ExpressionKind::Remote) ? operand->parts[0]->at : operand->at;
  parts.insert(parts.begin(), std::move(operand));
  return make_expression(ExpressionKind::Call, where, std::move(parts));
}

Expressions FormParser::arguments() {
  expect("(");
  if (accept(")")) return {};
  Expressions all = expressions();
  expect(")");
  return all;
}

ParsedScript parse_script(const std::string& file, std::u32string text,
                          const ParserOptions& options) {
  ParsedScript parsed;
  term::Scanner scanner(file, std::move(text), {.maybe_reserved = options.maybe});
  try {
    while (true) {
      std::vector<term::Token> tokens = {scanner.next()};
      if (tokens[0].kind == term::TokenKind::End) return parsed;
      while (tokens.back().kind != term::TokenKind::Dot &&
             tokens.back().kind != term::TokenKind::End)
        tokens.push_back(scanner.next());
      parsed.forms.push_back(FormParser(file, std::move(tokens), options).form());
    }
  } catch (const Error& error) {
    parsed.error = error;
  }
  return parsed;
}

}  // namespace relmk::eval
