#include "mix/question.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <cerrno>
#include <sstream>

#include "sys/error.h"
#include "sys/subprocess.h"
#include "term/external.h"

namespace relmk::mix {
namespace {

class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "relmk-mix.XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw sys::system_error(name, "cannot create", errno);
    path_ = fs::canonical(name);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

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

fs::path elixir_executable() {
  const char* value = std::getenv("PATH");
  std::istringstream directories(value == nullptr ? "" : value);
  for (std::string directory; std::getline(directories, directory, ':');) {
    const fs::path file = fs::path(directory.empty() ? "." : directory) / "elixir";
    std::error_code error;
    if (!fs::is_regular_file(file, error) || ::access(file.c_str(), X_OK) != 0) continue;
    return fs::canonical(file, error);
  }
  return {};
}

Term ask_elixir(const Question& question) {
  const std::string mix_exs = (question.project / question.mix_exs).string();
  if (elixir_executable().empty()) {
    throw Error(mix_exs, "there is no elixir in PATH to read this")
        .with_hint("install the Elixir that the project was compiled with");
  }
  const Scratch scratch;
  const fs::path answer = scratch.path() / "answer";
  sys::Command command;
  // +fnu: file names are UTF-8, whatever the locale; Elixir warns of others.
  command.argv = {"elixir",
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
  const sys::Finished finished = sys::run_command(command);
  fmt::print(stderr, "{}{}", finished.output, finished.errors);
  std::error_code error;
  if (!fs::is_regular_file(answer, error)) {
    throw Error(mix_exs, fmt::format("elixir gave no answer (exit {}): {}", finished.code,
                                     last_line(finished.errors + finished.output)));
  }
  return term::decode_external(sys::read_file(answer));
}

}  // namespace relmk::mix
