// The question about a release of a Mix project, asked of the project's own Elixir: `elixir` in
// PATH, from the project's directory. The program that asks (question.exs) is handed over as an
// argument: the project holds no file of ours.
#pragma once

#include <chrono>
#include <string>

#include "sys/environment.h"
#include "sys/files.h"
#include "term/term.h"

namespace relmk::mix {

struct Question {
  fs::path project;     // absolute: where mix.exs lies
  std::string mix_exs;  // its name there
  std::string name;     // of the release; empty: the default one
  std::string version;  // in place of the release's; empty: that
  fs::path
      directory;  // absolute: DIR/NAME takes the place of the release's path; empty: that holds
  sys::Environment environment;     // that Elixir is to find
  std::chrono::seconds limit{600};  // for the answer
};

// The program, as Elixir text.
const std::string& question_text();

// The `elixir` that answers, links followed; empty when there is none.
fs::path elixir_executable(const sys::Environment& environment);

// Elixir's answer, a term for answer_of_term(). What the project prints on the way goes to stderr.
// Starts a VM; takes as long as the project's mix.exs does, up to the limit. Throws Error where
// there is no Elixir, where the limit is reached, and with Elixir's own words where it gave no
// answer.
Term ask_elixir(const Question& question);

}  // namespace relmk::mix
