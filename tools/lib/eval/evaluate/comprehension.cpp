// The evaluator's comprehensions, and the bit strings that are built like them.
#include "eval/evaluate/evaluator.h"
#include "eval/evaluate/guard_expression.h"
#include "eval/library/support.h"

namespace relmk::eval {

struct Evaluator::Collected {
  Terms elements;
  term::BitWriter bits;
  std::vector<Term::MapEntry> entries;
};

namespace {

[[noreturn]] void fail_in_comprehension(Position at, std::string_view tag, const Term& value) {
  throw Raised(Atom("error"), Term::tuple({Term::atom(tag), value}), Term(), at);
}

}  // namespace

Term Evaluator::comprehension(const Expression& e, const Bindings& scope) {
  Collected into;
  qualify(e, 0, scope, into);
  switch (e.comprehends) {
    case Comprehends::List:
      return Term::list(std::move(into.elements), e.at);
    case Comprehends::Binary:
      return into.bits.term();
    default:
      return Term::map(std::move(into.entries));
  }
}

void Evaluator::qualify(const Expression& e, size_t index, const Bindings& scope, Collected& into) {
  Bindings own = scope;
  if (index < e.qualifiers.size()) {
    const Qualifier& qualifier = e.qualifiers[index];
    if (qualifier.kind != GeneratorKind::Filter) return generate(e, index, scope, into);
    if (filter_holds(*qualifier.source, own)) qualify(e, index + 1, own, into);
    return;
  }
  Term value = evaluate(*e.parts[0], own);
  if (e.comprehends == Comprehends::List) {
    into.elements.push_back(std::move(value));
  } else if (e.comprehends == Comprehends::Binary) {
    if (!value.is_bitstring()) {
      throw Raised(Atom("error"), Term::atom("badarg"), Term(), e.parts[0]->at);
    }
    into.bits.append(value.bytes(), value.bit_size());
  } else {
    into.entries.emplace_back(std::move(value), evaluate(*e.parts[1], own));
  }
}

bool Evaluator::filter_holds(const Expression& filter, Bindings& scope) {
  if (is_guard_expression(filter, otp_release_)) return guard_holds(filter, scope);
  const Term value = evaluate(filter, scope);
  if (!value.is_boolean()) fail_in_comprehension(filter.at, "bad_filter", value);
  return value.is_atom("true");
}

void Evaluator::generate(const Expression& e, size_t index, const Bindings& scope,
                         Collected& into) {
  const Qualifier& qualifier = e.qualifiers[index];
  Bindings own = scope;
  const Term source = evaluate(*qualifier.source, own);
  // The pattern's variables hide those outside of the comprehension.
  const auto with = [&](const auto& matches) {
    Bindings bound;
    Bindings sizes = scope;
    if (!matches(bound, sizes)) return;
    Bindings inner = scope;
    inner.add_all(bound);
    qualify(e, index + 1, inner, into);
  };
  if (qualifier.kind == GeneratorKind::Binary) {
    if (!source.is_bitstring()) fail_in_comprehension(qualifier.at, "bad_generator", source);
    return generate_bits(e, index, source, scope, into);
  }
  if (qualifier.kind == GeneratorKind::Map) {
    if (!source.is_map()) fail_in_comprehension(qualifier.at, "bad_generator", source);
    for (const auto& [key, value] : entries_in_order(*this, source)) {
      with([&, &k = key, &v = value](Bindings& bound, Bindings& sizes) {
        return match(*qualifier.pattern, k, bound, sizes) &&
               match(*qualifier.value_pattern, v, bound, sizes);
      });
    }
    return;
  }
  if (!source.is_list()) fail_in_comprehension(qualifier.at, "bad_generator", source);
  for (const Term& element : source.elements()) {
    with([&](Bindings& bound, Bindings& sizes) {
      return match(*qualifier.pattern, element, bound, sizes);
    });
  }
  if (source.tail() != nullptr)
    fail_in_comprehension(qualifier.at, "bad_generator", *source.tail());
}

// A pattern that does not match still takes as many bits as it has; too few bits end it.
void Evaluator::generate_bits(const Expression& e, size_t index, const Term& source,
                              const Bindings& scope, Collected& into) {
  const Expression& pattern = *e.qualifiers[index].pattern;
  BitReader reader(source);
  while (true) {
    Bindings bound;
    Bindings sizes = scope;
    bool matches = true;
    const size_t left_before = reader.left();
    for (const Segment& segment : pattern.segments) {
      const std::optional<bool> taken = match_segment(segment, reader, bound, sizes);
      if (!taken) return;
      matches = matches && *taken;
    }
    if (reader.left() == left_before) throw UnknownToEvaluator("an empty generator pattern", e.at);
    if (!matches) continue;
    Bindings inner = scope;
    inner.add_all(bound);
    qualify(e, index + 1, inner, into);
  }
}

// All values and sizes are evaluated before the first segment is made.
Term Evaluator::bits(const Expression& e, Bindings& scope) {
  std::vector<std::pair<Term, SegmentSize>> made;
  for (const Segment& segment : e.segments) {
    Term value = evaluate(*segment.value, scope);
    SegmentSize size = default_segment_size(segment);
    if (segment.size) {
      const Term given = evaluate(*segment.size, scope);
      if (given.is_atom("all")) throw UnknownToEvaluator("a segment of size all", segment.at);
      if (!given.is_small_integer()) {
        throw Raised(Atom("error"), Term::atom("badarg"), Term(), segment.at);
      }
      size = given.as_integer();
    }
    made.emplace_back(std::move(value), size);
  }
  term::BitWriter writer;
  for (size_t i = 0; i < made.size(); ++i) {
    const Segment& segment = e.segments[i];
    try {
      if (!segment.value->is_string) {
        write_segment(writer, segment, made[i].first, made[i].second);
        continue;
      }
      for (const Term& character : made[i].first.elements())
        write_segment(writer, segment, character, made[i].second);
    } catch (Raised& raised) {
      raised.set_position(segment.at);
      throw;
    }
  }
  return writer.term();
}

}  // namespace relmk::eval
