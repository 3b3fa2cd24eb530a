#include "mix/question.h"

#include "catch.h"
#include "scratch.h"
#include "sys/error.h"

namespace mix_question_test {

using namespace relmk;

namespace {

// A project, and in place of Elixir a shell script that is called as it is:
// elixir --erl +fnu -e PROGRAM -- ANSWER MIX_EXS NAME VERSION DIRECTORY SCRATCH
struct Asked {
  Scratch scratch;
  mix::Question question;

  explicit Asked(const std::string& shell) {
    sys::make_directories(scratch.path / "bin");
    sys::write_file(scratch.path / "bin/elixir", "#!/bin/sh\nshift 5\n" + shell, 0755);
    question = {scratch.path,
                "mix.exs",
                "r",
                "2",
                "/out",
                {{"PATH", (scratch.path / "bin").string() + ":/usr/bin:/bin"}, {"SECRET", "s"}}};
  }
  std::string error() const {
    try {
      mix::ask_elixir(question);
    } catch (const Error& error) {
      return error.text().substr((scratch.path / "mix.exs").string().size());
    }
    return "none";
  }
};

}  // namespace

TEST_CASE("mix question: the answer is a term, asked in the project's directory") {
  const Asked asked(
      "test \"$2 $3 $4 $5 $SECRET\" = 'mix.exs r 2 /out s' && test -e bin/elixir && test -d \"$6\" "
      "&& printf '\\203\\141\\7' >\"$1\"\n");
  CHECK(mix::ask_elixir(asked.question) == Term(7));
}

TEST_CASE("mix question: no answer is an error with the last words") {
  CHECK(Asked("echo some; echo other >&2; echo; exit 3\n").error() ==
        ": error: elixir gave no answer (exit 3): some");
  CHECK(Asked("echo last >&2; exit 3\n").error() ==
        ": error: elixir gave no answer (exit 3): last");
}

TEST_CASE("mix question: without Elixir in PATH it says so") {
  Asked asked("");
  asked.question.environment["PATH"] = "/none";
  CHECK(asked.error().starts_with(": error: there is no elixir in PATH to read this\nhint: "));
  CHECK(mix::elixir_executable(asked.question.environment).empty());
}

TEST_CASE("mix question: the Elixir that answers is told with its links followed") {
  const Asked asked("");
  const fs::path real = asked.scratch.path / "bin/elixir";
  CHECK(mix::elixir_executable(asked.question.environment) == fs::canonical(real));
  sys::make_directories(asked.scratch.path / "links");
  fs::create_symlink(real, asked.scratch.path / "links/elixir");
  CHECK(mix::elixir_executable({{"PATH", (asked.scratch.path / "links").string()}}) ==
        fs::canonical(real));
}

TEST_CASE("mix question: the program is Elixir text") {
  CHECK(mix::question_text().find(":erlang.trace_pattern") != std::string::npos);
}

}  // namespace mix_question_test
