// The parser of one form: what parser.cpp, parser_operands.cpp and parser_clauses.cpp share. It is
// recursive descent with precedence climbing over erl_parse's grammar, and refuses the same token
// as yecc does: the first that no sentence could have there.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "eval/evaluate/failure.h"
#include "eval/evaluate/segments.h"
#include "eval/syntax/parser.h"
#include "term/scanner.h"

namespace relmk::eval {

inline constexpr int kWeakest = 0;  // an operator's precedence: none binds less

std::shared_ptr<Expression> make_expression(ExpressionKind kind, Position at,
                                            Expressions parts = {});
ExpressionPtr make_literal(Position at, Term value);
ExpressionPtr make_variable(Position at, std::string_view name);

class FormParser {
 public:
  FormParser(const std::string& file, std::vector<term::Token> tokens, const ParserOptions& options)
      : file_(file), tokens_(std::move(tokens)), options_(options) {}
  ScriptForm form();

 private:
  const term::Token& peek(size_t ahead = 0) const {
    return tokens_[std::min(next_ + ahead, tokens_.size() - 1)];
  }
  const term::Token& take() { return tokens_[std::min(next_++, tokens_.size() - 1)]; }
  bool at(std::string_view text) const { return peek().is(text); }
  bool accept(std::string_view text) {
    if (!at(text)) return false;
    ++next_;
    return true;
  }
  Position expect(std::string_view text);
  [[noreturn]] void fail() const;
  // OTP may know this syntax, or word its refusal in its own way.
  [[noreturn]] void leave_to_erlang(const std::string& what) const;
  Expressions expressions();
  ExpressionPtr expression(int weakest = kWeakest);
  ExpressionPtr combine(const term::Token& symbol, ExpressionPtr left, ExpressionPtr right);
  ExpressionPtr prefixed();
  // Remote names, calls, map updates and records: what follows an operand without an operator.
  ExpressionPtr postfixed();
  ExpressionPtr map_updates(ExpressionPtr map);
  Expressions arguments();
  ExpressionPtr map_or_record(ExpressionPtr updated);
  MapField map_field();
  // No record is ever defined in a script: erl_lint refuses them all by name.
  ExpressionPtr record(Position where, ExpressionPtr updated);
  ExpressionPtr primary();
  ExpressionPtr strings();
  // A binary, or for ~s and ~S a string. No modifier means anything yet.
  ExpressionPtr sigil();
  ExpressionPtr bracketed();
  ExpressionPtr tuple();
  ExpressionPtr list();
  ExpressionPtr bits();
  Segment segment();
  SegmentModifier segment_modifier();
  ExpressionPtr comprehension(Position where, Comprehends what, Expressions element,
                              std::string_view close);
  Qualifier qualifier();
  ExpressionPtr structured();
  ExpressionPtr if_expression();
  std::vector<Expressions> guards();
  // What follows the patterns of a clause.
  void finish(Clause& clause);
  std::vector<Clause> case_clauses();
  ExpressionPtr case_expression();
  ExpressionPtr fun_expression();
  ExpressionPtr remote_fun(Position where);
  ExpressionPtr name_or_variable();
  ExpressionPtr fun_clauses(Position where);
  ExpressionPtr try_expression();
  // Class:Reason:Stacktrace, all three as patterns; `throw` and `_` stand for what is left out.
  Clause handler();
  ExpressionPtr maybe_expression();
  const std::string& file_;
  std::vector<term::Token> tokens_;
  const ParserOptions& options_;
  size_t next_ = 0;
};

}  // namespace relmk::eval
