// How deep terms are nested.
#pragma once

#include "term/term.h"

namespace relmk::term {

// How deep a term may be nested at all, which an evaluator makes: it has the stack for it. What
// makes a deeper one throws Error.
constexpr int kDeepestMadeTerm = 50'000;

// How many tuples, lists and maps stand in each other there: 0 for 1, 1 for {} or [1], 2 for [{}].
int depth_of(const Term& term);

}  // namespace relmk::term
