#include "mix/question.h"

#include <fmt/core.h>

#include <sstream>
#include <system_error>

#include "sys/error.h"
#include "sys/subprocess.h"
#include "sys/temporary_directory.h"
#include "term/external.h"

namespace relmk::mix {
namespace {

// The last line that says something.
std::string last_line(const std::string& text) {
  std::istringstream lines(text);
  std::string last;
  for (std::string line; std::getline(lines, line);)
    if (line.find_first_not_of(" \t\r") != std::string::npos) last = line;
  return last;
}

}  // namespace

const std::string& question_text() {
  static const std::string text =
#include "mix/question.exs.inc"
      ;
  return text;
}

fs::path elixir_executable(const sys::Environment& environment) {
  const std::optional<fs::path> found = sys::find_in_path("elixir", environment);
  std::error_code error;
  return found ? fs::canonical(*found, error) : fs::path();
}

Term ask_elixir(const Question& question) {
  const std::string mix_exs = (question.project / question.mix_exs).string();
  const std::optional<fs::path> elixir = sys::find_in_path("elixir", question.environment);
  if (!elixir) {
    throw Error(mix_exs, "there is no elixir in PATH to read this")
        .with_hint("install the Elixir that the project was compiled with");
  }
  const sys::TemporaryDirectory scratch("relmk-mix");
  const fs::path answer = scratch.path() / "answer";
  sys::Command command;
  // +fnu: file names are UTF-8, whatever the locale; Elixir warns of others.
  command.argv = {fs::absolute(*elixir).string(),
                  "--erl",
                  "+fnu",
                  "-e",
                  question_text(),
                  "--",
                  answer.string(),
                  question.mix_exs,
                  question.name,
                  question.version,
                  question.directory.string(),
                  scratch.path().string()};
  command.directory = question.project;
  command.environment = question.environment;
  command.limit = question.limit;
  command.name = "elixir, which reads " + mix_exs + ",";
  const sys::Finished finished = sys::run_command(command);
  for (const std::string& text : {finished.output, finished.errors})
    std::fwrite(text.data(), 1, text.size(), stderr);
  if (finished.killed) {
    throw Error(mix_exs,
                fmt::format("elixir gave no answer within {} seconds", question.limit.count()))
        .with_hint("--elixir-wait SECONDS");
  }
  std::error_code error;
  if (!fs::is_regular_file(answer, error)) {
    throw Error(mix_exs, fmt::format("elixir gave no answer (exit {}): {}", finished.code,
                                     last_line(finished.errors + finished.output)));
  }
  return term::decode_external(sys::read_file(answer));
}

}  // namespace relmk::mix
