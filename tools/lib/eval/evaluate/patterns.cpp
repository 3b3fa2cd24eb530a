// The evaluator's patterns. Variables that a pattern binds are added to `bound` also where it fails
// in the end: callers throw those away.
#include <algorithm>

#include "eval/evaluate/evaluator.h"
#include "eval/evaluate/operators.h"
#include "eval/evaluate/stack.h"

namespace relmk::eval {

bool Evaluator::match(const Expression& pattern, const Term& value, Bindings& bound,
                      Bindings& sizes) {
  // A pattern without parts is where a function that calls itself without end comes to its limit.
  const bool has_parts =
      pattern.kind != ExpressionKind::Literal && pattern.kind != ExpressionKind::Variable;
  if (has_parts) check_stack("deeply nested patterns");
  switch (pattern.kind) {
    case ExpressionKind::Literal:
      return pattern.value == value;
    case ExpressionKind::Variable: {
      if (pattern.name->text() == "_") return true;
      if (const Term* known = bound.find(*pattern.name)) return *known == value;
      bound.add(*pattern.name, value);
      return true;
    }
    case ExpressionKind::Match:
      return match(*pattern.parts[0], value, bound, sizes) &&
             match(*pattern.parts[1], value, bound, sizes);
    case ExpressionKind::Cons:
      return match_cons(pattern, value, bound, sizes);
    case ExpressionKind::Tuple: {
      if (!value.is_tuple(pattern.parts.size())) return false;
      for (size_t i = 0; i < pattern.parts.size(); ++i) {
        if (!match(*pattern.parts[i], value[i], bound, sizes)) return false;
      }
      return true;
    }
    case ExpressionKind::Map:
      return match_map(pattern, value, bound, sizes);
    case ExpressionKind::Bits:
      return match_bits(pattern, value, bound, sizes);
    case ExpressionKind::Operator: {
      if (pattern.name->text() == "++") return match_prefix(pattern, value, bound, sizes);
      Bindings none;
      return evaluate(pattern, none) == value;
    }
    default:
      throw UnknownToEvaluator("an unknown pattern", pattern.at);
  }
}

// [A, B | T], element by element without making the lists in between.
bool Evaluator::match_cons(const Expression& pattern, const Term& value, Bindings& bound,
                           Bindings& sizes) {
  if (!value.is_list()) return false;
  const Terms& elements = value.elements();
  const Expression* cell = &pattern;
  size_t used = 0;
  for (; cell->is(ExpressionKind::Cons); cell = cell->parts[1].get(), ++used) {
    if (used == elements.size()) {
      return false;
    }
    if (!match(*cell->parts[0], elements[used], bound, sizes)) return false;
  }
  if (cell->is_variable("_")) return true;
  Terms rest(elements.begin() + static_cast<std::ptrdiff_t>(used), elements.end());
  const Term tail = value.tail() != nullptr ? Term::improper_list(std::move(rest), *value.tail())
                                            : Term::list(std::move(rest));
  return match(*cell, tail, bound, sizes);
}

// "prefix" ++ Rest
bool Evaluator::match_prefix(const Expression& pattern, const Term& value, Bindings& bound,
                             Bindings& sizes) {
  Bindings none;
  const Term prefix = evaluate(*pattern.parts[0], none);
  if (!value.is_list()) {
    return prefix.is_nil() && match(*pattern.parts[1], value, bound, sizes);
  }
  const Terms& elements = value.elements();
  const Terms& wanted = prefix.elements();
  if (elements.size() < wanted.size()) return false;
  if (!std::equal(wanted.begin(), wanted.end(), elements.begin())) return false;
  Terms rest(elements.begin() + static_cast<std::ptrdiff_t>(wanted.size()), elements.end());
  const Term tail = value.tail() != nullptr ? Term::improper_list(std::move(rest), *value.tail())
                                            : Term::list(std::move(rest));
  return match(*pattern.parts[1], tail, bound, sizes);
}

bool Evaluator::match_map(const Expression& pattern, const Term& value, Bindings& bound,
                          Bindings& sizes) {
  if (!value.is_map()) return false;
  for (const MapField& field : pattern.fields) {
    Term key;
    try {
      Bindings own = sizes;
      key = evaluate(*field.key, own);
    } catch (const Raised&) {
      return false;
    }
    const Term* found = value.find(key);
    if (found == nullptr || !match(*field.value, *found, bound, sizes)) return false;
  }
  return true;
}

bool Evaluator::match_bits(const Expression& pattern, const Term& value, Bindings& bound,
                           Bindings& sizes) {
  if (!value.is_bitstring()) return false;
  BitReader reader(value);
  for (const Segment& segment : pattern.segments) {
    if (!match_segment(segment, reader, bound, sizes).value_or(false)) return false;
  }
  return reader.left() == 0;
}

SegmentSize Evaluator::segment_size(const Segment& segment, Bindings& scope) {
  Bindings own = scope;
  const Term size = evaluate(*segment.size, own);
  return size.is_small_integer() ? size.as_integer() : -1;
}

std::optional<bool> Evaluator::match_segment(const Segment& segment, BitReader& reader,
                                             Bindings& bound, Bindings& sizes) {
  SegmentSize size = default_segment_size(segment);
  if (segment.size) {
    try {
      size = segment_size(segment, sizes);
    } catch (const Raised&) {
      return {};
    }
  }
  const Expression& pattern = *segment.value;
  if (pattern.is_string) {
    if (segment.plain && reader.left() < pattern.value.elements().size() * 8) return {};
    bool same = true;
    for (const Term& character : pattern.value.elements()) {
      const std::optional<Term> taken = read_segment(reader, segment, size);
      if (!taken) return {};
      if (!(*taken == character)) same = false;
      if (!same && !segment.plain) return false;
    }
    return same;
  }
  const std::optional<Term> value = read_segment(reader, segment, size);
  if (!value) return {};
  if (pattern.is(ExpressionKind::Literal) && pattern.value.is_integer() && value->is_float()) {
    return Term::compare(pattern.value, *value) == 0;
  }
  if (!match(pattern, *value, bound, sizes)) return false;
  if (pattern.is(ExpressionKind::Variable) && pattern.name->text() != "_") {
    sizes.add(*pattern.name, *bound.find(*pattern.name));
  }
  return true;
}

}  // namespace relmk::eval
