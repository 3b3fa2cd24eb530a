// The form parser's structures: what ends in `end` and consists of clauses.
#include "eval/syntax/form_parser.h"

namespace relmk::eval {

ExpressionPtr FormParser::structured() {
  if (at("begin")) {
    const Position where = take().at;
    auto made = make_expression(ExpressionKind::Block, where, expressions());
    expect("end");
    return made;
  }
  if (at("if")) return if_expression();
  if (at("case")) return case_expression();
  if (at("fun")) return fun_expression();
  if (at("try")) return try_expression();
  if (at("maybe") && options_.maybe) return maybe_expression();
  if (at("receive")) leave_to_erlang("receive");
  fail();
}

ExpressionPtr FormParser::if_expression() {
  auto made = make_expression(ExpressionKind::If, expect("if"));
  do {
    Clause clause;
    clause.at = peek().at;
    clause.guards = guards();
    expect("->");
    clause.body = expressions();
    made->clauses.push_back(std::move(clause));
  } while (accept(";"));
  expect("end");
  return made;
}

std::vector<Expressions> FormParser::guards() {
  std::vector<Expressions> all = {expressions()};
  while (accept(";"))
    all.push_back(expressions());
  return all;
}

void FormParser::finish(Clause& clause) {
  if (accept("when")) clause.guards = guards();
  expect("->");
  clause.body = expressions();
}

std::vector<Clause> FormParser::case_clauses() {
  std::vector<Clause> all;
  do {
    Clause clause;
    clause.at = peek().at;
    clause.patterns = {expression()};
    finish(clause);
    all.push_back(std::move(clause));
  } while (accept(";"));
  return all;
}

ExpressionPtr FormParser::case_expression() {
  auto made = make_expression(ExpressionKind::Case, expect("case"));
  made->parts = {expression()};
  expect("of");
  made->clauses = case_clauses();
  expect("end");
  return made;
}

ExpressionPtr FormParser::fun_expression() {
  const Position where = expect("fun");
  if (peek().kind == term::TokenKind::Atom && peek(1).is("/")) {
    auto made = make_expression(ExpressionKind::LocalFun, where);
    made->name = Atom(take().text);
    take();
    if (peek().kind != term::TokenKind::Integer) fail();
    made->arity = static_cast<int>(take().value.as_integer());
    return made;
  }
  const bool named =
      peek().kind == term::TokenKind::Atom || peek().kind == term::TokenKind::Variable;
  if (named && !(peek().kind == term::TokenKind::Variable && peek(1).is("("))) {
    return remote_fun(where);
  }
  return fun_clauses(where);
}

ExpressionPtr FormParser::remote_fun(Position where) {
  auto made = make_expression(ExpressionKind::RemoteFun, where, {name_or_variable()});
  expect(":");
  made->parts.push_back(name_or_variable());
  expect("/");
  if (peek().kind != term::TokenKind::Integer && peek().kind != term::TokenKind::Variable) fail();
  made->parts.push_back(primary());
  return made;
}

ExpressionPtr FormParser::name_or_variable() {
  if (peek().kind != term::TokenKind::Atom && peek().kind != term::TokenKind::Variable) fail();
  return primary();
}

ExpressionPtr FormParser::fun_clauses(Position where) {
  auto made = make_expression(ExpressionKind::Fun, where);
  do {
    Clause clause;
    clause.at = peek().at;
    std::optional<Atom> name;
    if (peek().kind == term::TokenKind::Variable) name = Atom(take().text);
    clause.patterns = arguments();
    finish(clause);
    const bool first = made->clauses.empty();
    if (first) {
      made->name = name;
      made->arity = static_cast<int>(clause.patterns.size());
    } else if (made->name != name || made->arity != static_cast<int>(clause.patterns.size())) {
      leave_to_erlang("fun clauses that differ in name or arity");
    }
    made->clauses.push_back(std::move(clause));
  } while (accept(";"));
  expect("end");
  return made;
}

ExpressionPtr FormParser::try_expression() {
  auto made = make_expression(ExpressionKind::Try, expect("try"));
  made->parts = expressions();
  if (accept("of")) made->clauses = case_clauses();
  if (accept("catch")) {
    do {
      made->handlers.push_back(handler());
    } while (accept(";"));
    if (accept("after")) made->cleanup = expressions();
  } else {
    expect("after");
    made->cleanup = expressions();
  }
  expect("end");
  return made;
}

Clause FormParser::handler() {
  Clause clause;
  clause.at = peek().at;
  ExpressionPtr class_pattern = make_literal(clause.at, Term::atom("throw"));
  const bool named =
      peek().kind == term::TokenKind::Atom || peek().kind == term::TokenKind::Variable;
  if (named && peek(1).is(":")) {
    class_pattern = primary();
    take();
  }
  ExpressionPtr reason = expression();
  ExpressionPtr stacktrace = make_variable(clause.at, "_");
  if (reason->is(ExpressionKind::Remote)) {
    // Reason:Stacktrace was read as a remote name.
    stacktrace = reason->parts[1];
    reason = reason->parts[0];
    if (!stacktrace->is(ExpressionKind::Variable)) leave_to_erlang("a stacktrace pattern");
  } else if (accept(":")) {
    if (peek().kind != term::TokenKind::Variable) fail();
    stacktrace = primary();
  }
  clause.patterns = {std::move(class_pattern), std::move(reason), std::move(stacktrace)};
  finish(clause);
  return clause;
}

ExpressionPtr FormParser::maybe_expression() {
  auto made = make_expression(ExpressionKind::Maybe, expect("maybe"));
  do {
    ExpressionPtr first = expression();
    if (at("?=")) {
      const Position where = take().at;
      first = make_expression(ExpressionKind::MaybeMatch, where, {std::move(first), expression()});
    }
    made->parts.push_back(std::move(first));
  } while (accept(","));
  if (accept("else")) made->clauses = case_clauses();
  expect("end");
  return made;
}

}  // namespace relmk::eval
