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
// for, nor the Elixir and Erlang in PATH. That PATH has none any more doesn't count as a change.
// Starts no VM.
std::optional<Term> kept_answer(const Question& question);

// Keeps the answer `term`, which depends on `basis`. Keeps nothing where the evaluation ran a
// program, since nobody knows on what that depends, where something that it read has changed after
// `asked`, and where the file cannot be written.
void keep_answer(const Question& question, const Term& term, const Basis& basis,
                 fs::file_time_type asked);

}  // namespace relmk::mix
