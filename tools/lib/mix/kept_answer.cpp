#include "mix/kept_answer.h"

#include <fmt/core.h>
#include <sha2.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>

#include "sys/error.h"
#include "sys/version.h"
#include "term/external.h"

namespace relmk::mix {
namespace {

using sys::Environment;

constexpr const char* kTag = "relmk_mix_answer";

std::string digest(const std::string& text) {
  std::array<char, SHA256_DIGEST_STRING_LENGTH> hex{};
  SHA256Data(reinterpret_cast<const uint8_t*>(text.data()), text.size(), hex.data());
  return hex.data();
}

// Of a variable `=` and its value; empty where it is not set.
std::string set_value(const Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string() : "=" + found->second;
}

// The whole environment, without what differs from call to call and means nothing to a project.
std::string all_variables(const Environment& environment) {
  static const std::set<std::string> passing = {
      "_", "PWD", "OLDPWD", "SHLVL", "MAKELEVEL", "MAKEFLAGS", "MFLAGS", "COLUMNS", "LINES"};
  std::string all;
  for (const auto& [name, value] : environment)
    if (passing.count(name) == 0) all += name + "=" + value + '\n';
  return all;
}

// Values may be secrets: only a digest is kept.
std::string variable_stamp(const Environment& environment, const std::string& name) {
  return digest(name == "*" ? all_variables(environment) : set_value(environment, name));
}

const char* kind_text(Read::Kind kind) {
  switch (kind) {
    case Read::Kind::Existence:
      return "existence";
    case Read::Kind::Content:
      return "content";
    case Read::Kind::Listing:
      return "listing";
  }
  return "";
}

// Equal as long as what was read is the same.
std::string read_stamp(const fs::path& path, const std::string& kind) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return "absent";
  const bool directory = S_ISDIR(status.st_mode);
  if (kind == "existence" || (directory && kind == "content"))
    return directory ? "directory" : "file";
  return fmt::format("{}-{}-{}.{:09}", status.st_ino, directory ? 0 : status.st_size,
                     status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}

fs::path build_directory(const Question& question) {
  for (const char* name : {"MIX_BUILD_PATH", "MIX_BUILD_ROOT"}) {
    const std::string& value = sys::variable(question.environment, name);
    if (!value.empty()) return question.project / value;
  }
  return question.project / "_build";
}

fs::path answer_file(const Question& question) {
  std::string key = fmt::format("{}\n{}\n{}\n{}\n", RELMK_VERSION, digest(question_text()),
                                question.project.string(), question.mix_exs);
  // Beside Mix's own what the VM reads before anything is traced.
  for (const char* name : {"MIX_ENV", "MIX_TARGET", "MIX_EXS", "ERL_LIBS", "ERL_AFLAGS",
                           "ERL_FLAGS", "ERL_ZFLAGS", "ELIXIR_ERL_OPTIONS"})
    key += set_value(question.environment, name) + "\n";
  key += fmt::format("{}\n{}\n{}", question.name, question.version, question.directory.string());
  return build_directory(question) / ".relmk" / ("mix-" + digest(key).substr(0, 32));
}

std::vector<Read> reads_of(const Basis& basis, const Question& question) {
  std::vector<Read> reads = basis.reads;
  reads.push_back({elixir_executable(question.environment), Read::Kind::Content});
  return reads;
}

// What would answer: the `elixir` and the `erl` in PATH, links followed, empty where there is none.
Term programs_of(const Environment& environment) {
  Terms paths;
  for (const char* name : {"elixir", "erl"}) {
    const std::optional<fs::path> found = sys::find_in_path(name, environment);
    std::error_code error;
    paths.push_back(Term::binary(found ? fs::canonical(*found, error).string() : std::string()));
  }
  return Term::list(std::move(paths));
}

// Whether they are the same; where there is none by now, nothing says otherwise.
bool are_programs(const Term& kept, const Environment& environment) {
  const Terms now = programs_of(environment).elements();
  const Terms& before = kept.elements();
  return std::equal(now.begin(), now.end(), before.begin(), before.end(),
                    [](const Term& a, const Term& b) { return a.bytes().empty() || a == b; });
}

// Whether it may have changed while it was being read.
bool is_newer(const Read& read, fs::file_time_type asked) {
  std::error_code error;
  if (read.kind == Read::Kind::Existence || fs::is_directory(read.path, error)) return false;
  const auto changed = fs::last_write_time(read.path, error);
  return !error && changed > asked;
}

bool holds(const Term& kept, const Environment& environment) {
  for (const Term& read : kept[1].elements()) {
    if (read_stamp(read[0].bytes(), read[1].atom_text()) != read[2].bytes()) return false;
  }
  for (const Term& asked : kept[2].elements()) {
    if (variable_stamp(environment, asked[0].bytes()) != asked[1].bytes()) return false;
  }
  return are_programs(kept[3], environment);
}

}  // namespace

std::optional<Term> kept_answer(const Question& question) {
  try {
    const fs::path file = answer_file(question);
    struct stat status {};
    if (::lstat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
    if (status.st_uid != ::geteuid()) return std::nullopt;
    const Term kept = term::decode_external(sys::read_file(file));
    if (kept.is_tagged(kTag, 5) && holds(kept, question.environment)) return kept[4];
  } catch (const std::exception&) {
    // Elixir is asked again.
  }
  return std::nullopt;
}

void keep_answer(const Question& question, const Term& term, const Basis& basis,
                 fs::file_time_type asked) {
  try {
    const fs::path file = answer_file(question);
    const std::vector<Read> reads = reads_of(basis, question);
    const bool changing = std::any_of(reads.begin(), reads.end(),
                                      [&](const Read& read) { return is_newer(read, asked); });
    if (changing || !basis.programs.empty()) {
      sys::remove_tree(file);
      return;
    }
    Terms stamps;
    for (const Read& read : reads) {
      const char* kind = kind_text(read.kind);
      stamps.push_back(Term::tuple({Term::binary(read.path.string()), Term::atom(kind),
                                    Term::binary(read_stamp(read.path, kind))}));
    }
    Terms variables;
    for (const std::string& name : basis.environment)
      variables.push_back(Term::tuple(
          {Term::binary(name), Term::binary(variable_stamp(question.environment, name))}));
    sys::make_directories(file.parent_path());
    sys::write_file(
        file,
        term::encode_external(Term::tuple({Term::atom(kTag), Term::list(std::move(stamps)),
                                           Term::list(std::move(variables)),
                                           programs_of(question.environment), term})),
        0600);
  } catch (const Error&) {
    // A project that cannot be written to is asked each time.
  }
}

}  // namespace relmk::mix
