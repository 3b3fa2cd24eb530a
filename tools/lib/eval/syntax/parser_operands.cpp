// The form parser's operands: literals, lists, tuples, maps, bits and comprehensions.
#include "eval/evaluate/stack.h"
#include "eval/syntax/form_parser.h"

namespace relmk::eval {

ExpressionPtr FormParser::map_updates(ExpressionPtr map) {
  while (at("#"))
    map = map_or_record(std::move(map));
  return map;
}

ExpressionPtr FormParser::map_or_record(ExpressionPtr updated) {
  const Position where = expect("#");
  if (peek().kind == term::TokenKind::Atom || !at("{")) return record(where, std::move(updated));
  take();
  auto made = make_expression(updated ? ExpressionKind::MapUpdate : ExpressionKind::Map, where);
  if (updated) made->parts = {std::move(updated)};
  if (accept("}")) return made;
  made->fields.push_back(map_field());
  if (at("||") && !made->fields[0].exact && made->parts.empty()) {
    if (!options_.map_comprehensions) fail();
    take();
    return comprehension(where, Comprehends::Map, {made->fields[0].key, made->fields[0].value},
                         "}");
  }
  while (accept(","))
    made->fields.push_back(map_field());
  expect("}");
  return made;
}

MapField FormParser::map_field() {
  ExpressionPtr key = expression();
  if (!at("=>") && !at(":=")) fail();
  const term::Token arrow = take();
  return {arrow.at, std::move(key), expression(), arrow.is(":=")};
}

ExpressionPtr FormParser::record(Position where, ExpressionPtr updated) {
  if (peek().kind != term::TokenKind::Atom) fail();
  auto made = make_expression(ExpressionKind::Record, where);
  made->name = Atom(take().text);
  if (updated) made->parts = {std::move(updated)};
  if (accept(".")) {
    if (peek().kind != term::TokenKind::Atom) fail();
    take();
    return made;
  }
  expect("{");
  while (!at("}")) {
    if (peek().kind != term::TokenKind::Atom && peek().kind != term::TokenKind::Variable) fail();
    take();
    expect("=");
    made->parts.push_back(expression());
    if (!at("}")) expect(",");
  }
  take();
  return made;
}

ExpressionPtr FormParser::primary() {
  const term::Token& token = peek();
  switch (token.kind) {
    case term::TokenKind::Variable:
      take();
      return make_variable(token.at, token.text);
    case term::TokenKind::Atom:
      take();
      return make_literal(token.at, Term::atom(token.text));
    case term::TokenKind::Integer:
    case term::TokenKind::Float:
    case term::TokenKind::Character:
      take();
      return make_literal(token.at, token.value);
    case term::TokenKind::String:
      return strings();
    case term::TokenKind::Sigil:
      return sigil();
    case term::TokenKind::Punctuation:
      return bracketed();
    case term::TokenKind::Reserved:
      return structured();
    default:
      fail();
  }
}

ExpressionPtr FormParser::strings() {
  const Position where = peek().at;
  std::string text;
  while (peek().kind == term::TokenKind::String)
    text += take().text;
  auto made = make_expression(ExpressionKind::Literal, where);
  made->value = Term::string(text);
  made->is_string = true;
  return made;
}

ExpressionPtr FormParser::sigil() {
  const term::Token token = take();
  if (!options_.sigils || token.sigil.size() > 1) leave_to_erlang("a sigil");
  const bool is_string = token.sigil == "s" || token.sigil == "S";
  return make_literal(token.at, is_string ? Term::string(token.text) : Term::binary(token.text));
}

ExpressionPtr FormParser::bracketed() {
  if (at("[")) return list();
  if (at("{")) return tuple();
  if (at("<<")) return bits();
  expect("(");
  ExpressionPtr inner = expression();
  expect(")");
  return inner;
}

ExpressionPtr FormParser::tuple() {
  const Position where = expect("{");
  if (accept("}")) return make_expression(ExpressionKind::Tuple, where);
  auto made = make_expression(ExpressionKind::Tuple, where, expressions());
  expect("}");
  return made;
}

ExpressionPtr FormParser::list() {
  const Position where = expect("[");
  if (accept("]")) return make_literal(where, Term());
  ExpressionPtr first = expression();
  if (accept("||")) return comprehension(where, Comprehends::List, {std::move(first)}, "]");
  Expressions elements = {std::move(first)};
  while (accept(","))
    elements.push_back(expression());
  ExpressionPtr tail;
  if (accept("|")) {
    tail = expression();
  } else {
    tail = make_literal(peek().at, Term());
  }
  expect("]");
  for (size_t i = elements.size(); i-- > 0;) {
    const Position element_at = i == 0 ? where : elements[i]->at;
    tail = make_expression(ExpressionKind::Cons, element_at,
                           {std::move(elements[i]), std::move(tail)});
  }
  return tail;
}

ExpressionPtr FormParser::bits() {
  const Position where = expect("<<");
  auto made = make_expression(ExpressionKind::Bits, where);
  if (accept(">>")) return made;
  made->segments.push_back(segment());
  if (at("||") && made->segments[0].plain) {
    take();
    return comprehension(where, Comprehends::Binary, {made->segments[0].value}, ">>");
  }
  while (accept(","))
    made->segments.push_back(segment());
  expect(">>");
  return made;
}

Segment FormParser::segment() {
  check_stack("deeply nested bitstrings");
  Segment made;
  made.at = peek().at;
  if (at("+") || at("-") || at("bnot") || at("not")) {
    const term::Token symbol = take();
    auto operation = make_expression(ExpressionKind::Operator, symbol.at, {primary()});
    operation->name = Atom(symbol.text);
    made.value = std::move(operation);
  } else {
    made.value = primary();
  }
  if (accept(":")) made.size = primary();
  std::vector<SegmentModifier> modifiers;
  if (accept("/")) {
    do {
      modifiers.push_back(segment_modifier());
    } while (accept("-"));
  }
  if (!apply_segment_modifiers(made, modifiers)) leave_to_erlang("a bit type");
  return made;
}

SegmentModifier FormParser::segment_modifier() {
  if (peek().kind != term::TokenKind::Atom) fail();
  SegmentModifier made{take().text, {}};
  if (!accept(":")) return made;
  if (peek().kind != term::TokenKind::Integer) fail();
  const Term value = take().value;
  if (!value.is_small_integer()) leave_to_erlang("a bit unit");
  made.value = value.as_integer();
  return made;
}

ExpressionPtr FormParser::comprehension(Position where, Comprehends what, Expressions element,
                                        std::string_view close) {
  auto made = make_expression(ExpressionKind::Comprehension, where, std::move(element));
  made->comprehends = what;
  do {
    made->qualifiers.push_back(qualifier());
  } while (accept(","));
  if (at("&&") || at("&")) leave_to_erlang("a zip generator");
  expect(close);
  return made;
}

Qualifier FormParser::qualifier() {
  Qualifier made;
  ExpressionPtr first = expression();
  made.at = peek().at;
  if (at(":=")) {
    if (!options_.map_comprehensions) fail();
    take();
    made.kind = GeneratorKind::Map;
    made.value_pattern = expression();
    if (!at("<-") && !at("<:-")) fail();
  }
  if (at("<:-") || at("<:=")) leave_to_erlang("a strict generator");
  if (!at("<-") && !at("<=")) {
    made.source = std::move(first);
    return made;
  }
  const bool binary = at("<=");
  if (binary && !first->is(ExpressionKind::Bits)) fail();
  if (made.kind == GeneratorKind::Filter) {
    made.kind = binary ? GeneratorKind::Binary : GeneratorKind::List;
  }
  take();
  made.pattern = std::move(first);
  made.source = expression();
  return made;
}

}  // namespace relmk::eval
