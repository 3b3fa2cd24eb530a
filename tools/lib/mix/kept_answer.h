// Elixir's answer, kept until something changes that it stands on.
//
// A file in _build/.relmk, private to its owner (it holds the project's configuration) and to this
// version of relmk. One that cannot be read counts as absent.
#pragma once

#include <optional>

#include "mix/answer.h"
#include "mix/question.h"
#include "term/term.h"

namespace relmk::mix {

// The answer to the same question in the same MIX_ENV and MIX_TARGET, where nothing has changed
// since: no file that the evaluation read, no directory that it listed, no variable that it asked
// for, neither Elixir nor Erlang: other ones in PATH are a change, none is not. Starts no VM.
std::optional<Term> kept_answer(const Question& question);

// Keeps the answer `term`, which stands on `basis`. Not where the evaluation ran a program, of
// which nobody knows what it stands on, nor where something that it read has changed after `asked`.
// Where it cannot be written, it isn't.
void keep_answer(const Question& question, const Term& term, const Basis& basis,
                 fs::file_time_type asked);

}  // namespace relmk::mix
