// A variable that is no argument's matters to nobody, so the text is cut into arguments to find
// out: with a mark in place of each value that may be at fault.
#include "start/vm_args_template.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

#include "start/environment_substitution.h"
#include "start/vm_args.h"

namespace relmk::start {
namespace {

constexpr char kUnsetMark = '\1';
constexpr char kLinesMark = '\2';

// The variables that are not set, or whose values have several lines, hold their names between
// marks instead.
sys::Environment marked(std::string_view text, const sys::Environment& environment) {
  sys::Environment out = environment;
  const auto mark = [&](const std::string& name, char c) { out[name] = c + name + c; };
  for (auto found = find_variable(text); found; found = find_variable(text, found->end)) {
    const auto value = environment.find(found->name);
    if (value == environment.end()) {
      if (!found->fallback) mark(found->name, kUnsetMark);
    } else if (value->second.find('\n') != std::string::npos) {
      mark(found->name, kLinesMark);
    }
  }
  return out;
}

// The first variable, at or after `from`, that a mark in a word names; moves `from` behind it.
std::optional<std::string> marked_variable(const std::string& word, char mark, size_t& from) {
  const size_t begin = word.find(mark, from);
  if (begin == std::string::npos) return std::nullopt;
  const size_t end = word.find(mark, begin + 1);
  from = end + 1;
  return word.substr(begin + 1, end - begin - 1);
}

std::optional<std::string> marked_variable(const std::string& word, char mark) {
  size_t from = 0;
  return marked_variable(word, mark, from);
}

bool is_of_identity(std::string_view flag) {
  constexpr std::array<std::string_view, 9> flags = {
      "-name",        "-sname",         "-setcookie",        "-args_file",    "-proto_dist",
      "-epmd_module", "-erl_epmd_port", "-ssl_dist_optfile", "-ssl_dist_opt",
  };
  return std::find(flags.begin(), flags.end(), flag) != flags.end();
}

}  // namespace

std::string fill_vm_args(const std::string& file, std::string_view text,
                         const sys::Environment& environment, NeededVariables needed) {
  const sys::Environment with_marks = marked(text, environment);
  if (with_marks != environment) {
    std::string flag;
    for (const VmArgument& word : split_vm_args(file, substitute_environment(text, with_marks))) {
      if (word.text.starts_with('-') || word.text.starts_with('+')) flag = word.text;
      const auto unset = marked_variable(word.text, kUnsetMark);
      if (unset && (needed == NeededVariables::All || is_of_identity(flag))) {
        throw Error(file, {word.at.line, 0},
                    fmt::format("the variable {} is not set, and has no default", *unset))
            .with_hint(fmt::format("set it, or write ${{{}:-DEFAULT}}", *unset));
      }
      const auto lines = marked_variable(word.text, kLinesMark);
      if (lines && flag == "-setcookie") {
        throw Error(file, {word.at.line, 0},
                    fmt::format("the variable {} holds a newline, which no cookie can", *lines));
      }
    }
  }
  return substitute_environment(text, environment);
}

std::set<std::string> variables_of_vm_args(const fs::path& file) {
  std::error_code ignored;
  fs::path source = file.native() + ".src";
  if (!fs::is_regular_file(source, ignored)) source = file;
  if (!fs::is_regular_file(source, ignored)) return {};
  const std::string text = sys::read_file(source);
  std::set<std::string> variables;
  for (const VmArgument& word :
       split_vm_args(source.string(), substitute_environment(text, marked(text, {})))) {
    size_t from = 0;
    while (auto variable = marked_variable(word.text, kUnsetMark, from))
      variables.insert(*std::move(variable));
  }
  return variables;
}

}  // namespace relmk::start
