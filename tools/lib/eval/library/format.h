// io_lib:format's control sequences.
#pragma once

#include "eval/evaluate/evaluator.h"
#include "term/term.h"

namespace relmk::eval {

// io_lib:format(Format, Arguments). Terms printed by ~p and ~w have an uncertain shape, see
// support.h. What a malformed format raises is left to the VM.
Term format_chars(Evaluator& evaluator, const Term& format, const Term& arguments);

// Leaves it to the VM where only that can tell how a term is printed: funs, maps of unknown order.
void check_printable(const Evaluator& evaluator, const Term& term);

}  // namespace relmk::eval
