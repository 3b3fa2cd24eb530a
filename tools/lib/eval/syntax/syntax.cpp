#include "eval/syntax/syntax.h"

#include <iterator>

namespace relmk::eval {
namespace {

// What the expressions that go on this thread held: the outermost of them lets go of it.
thread_local Expressions* let_go = nullptr;

void take(Expressions& all, Expressions& from) {
  all.insert(all.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

void take(Expressions& all, ExpressionPtr& from) {
  if (from) all.push_back(std::move(from));
}

void take(Expressions& all, std::vector<Clause>& from) {
  for (Clause& clause : from) {
    take(all, clause.patterns);
    for (Expressions& guard : clause.guards)
      take(all, guard);
    take(all, clause.body);
  }
}

void take_parts(Expressions& all, Expression& from) {
  take(all, from.parts);
  take(all, from.clauses);
  take(all, from.handlers);
  take(all, from.cleanup);
  for (MapField& field : from.fields) {
    take(all, field.key);
    take(all, field.value);
  }
  for (Segment& segment : from.segments) {
    take(all, segment.value);
    take(all, segment.size);
  }
  for (Qualifier& qualifier : from.qualifiers) {
    take(all, qualifier.pattern);
    take(all, qualifier.value_pattern);
    take(all, qualifier.source);
  }
}

}  // namespace

Expression::~Expression() {
  if (let_go != nullptr) {
    take_parts(*let_go, *this);
    return;
  }
  Expressions all;
  let_go = &all;
  take_parts(all, *this);
  while (!all.empty()) {
    const ExpressionPtr last = std::move(all.back());
    all.pop_back();
  }
  let_go = nullptr;
}

}  // namespace relmk::eval
