// Erlang expressions as trees: what the parser makes and the evaluator walks. The kinds are those
// of the abstract format (ERTS User's Guide, "The Abstract Format"), for expressions and patterns.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sys/error.h"
#include "term/bits.h"
#include "term/term.h"

namespace relmk::eval {

struct Expression;
using ExpressionPtr = std::shared_ptr<const Expression>;
using Expressions = std::vector<ExpressionPtr>;

enum class ExpressionKind {
  Literal,       // value: a character, integer, float, atom, string or []
  Variable,      // name
  Cons,          // parts: head, tail
  Tuple,         // parts
  Map,           // fields
  MapUpdate,     // parts: the map; fields
  Bits,          // segments
  Record,        // name; parts hold what can be evaluated: it fails in any case
  Match,         // parts: pattern, value
  MaybeMatch,    // parts: pattern, value (`?=`)
  Operator,      // name; parts: one or two operands
  Call,          // parts: function, arguments
  Remote,        // parts: module, function
  LocalFun,      // name; arity
  RemoteFun,     // parts: module, name, arity
  Fun,           // clauses; name where it has one
  Block,         // parts: body
  Case,          // parts: value; clauses
  If,            // clauses
  Try,           // parts: body; clauses; handlers; cleanup
  Receive,       // nothing of it is kept
  Catch,         // parts: expression
  Maybe,         // parts: body; clauses of its else
  Comprehension  // comprehends; parts: element (map: key, value); qualifiers
};

struct Clause {
  Position at;
  Expressions patterns;             // try's handlers: class, reason, stacktrace variable
  std::vector<Expressions> guards;  // alternatives of conjunctions; empty: none
  Expressions body;
};

struct MapField {
  Position at;
  ExpressionPtr key;
  ExpressionPtr value;
  bool exact = false;  // := rather than =>
};

using SegmentKind = term::SegmentType::Kind;

struct Segment {
  Position at;
  ExpressionPtr value;
  ExpressionPtr size;  // nullptr: the type's default
  SegmentKind type = SegmentKind::Integer;
  bool is_signed = false;
  bool little = false;
  int unit = 1;
  bool plain = false;  // neither size nor type was given
};

enum class GeneratorKind { Filter, List, Binary, Map };

struct Qualifier {
  Position at;
  GeneratorKind kind = GeneratorKind::Filter;
  ExpressionPtr pattern;  // of a map generator: the key's
  ExpressionPtr value_pattern;
  ExpressionPtr source;  // or the filter
};

enum class Comprehends { List, Binary, Map };

struct Expression : std::enable_shared_from_this<Expression> {
  ExpressionKind kind = ExpressionKind::Literal;
  Position at;
  Term value;
  std::optional<Atom> name;
  int arity = 0;
  bool is_string = false;  // a Literal written with quotes
  Expressions parts;
  std::vector<Clause> clauses;
  std::vector<Clause> handlers;
  Expressions cleanup;
  std::vector<MapField> fields;
  std::vector<Segment> segments;
  std::vector<Qualifier> qualifiers;
  Comprehends comprehends = Comprehends::List;

  Expression() = default;
  Expression(const Expression&) = delete;
  Expression& operator=(const Expression&) = delete;
  // Takes no stack, however deep it is: a chain of operators is as deep as it is long.
  ~Expression();

  bool is(ExpressionKind which) const { return kind == which; }
  bool is_atom() const { return kind == ExpressionKind::Literal && value.is_atom(); }
  bool is_variable(std::string_view text) const {
    return kind == ExpressionKind::Variable && name->text() == text;
  }
};

// One form of a script: expressions up to a full stop.
struct ScriptForm {
  Expressions body;
  Position end;  // of its full stop
};

}  // namespace relmk::eval
