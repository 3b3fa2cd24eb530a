// What a Tab completes in a remote shell: modules and functions as the node's own shell does
// (edlin_expand), variables that were typed before, and keys of maps that are bound to a variable.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "node/console/line_editor.h"
#include "node/session/rpc.h"

namespace relmk::node {

// The word before the cursor, and the variable whose map it is a key of, as in `Map#{ke`.
struct CompletionContext {
  std::string word;
  std::string map_variable;  // empty: none
};
CompletionContext completion_context(const std::string& before);

// The longest text that all of the choices begin with.
std::string common_prefix(const std::vector<std::string>& choices);

class ShellCompleter {
 public:
  ShellCompleter(Rpc& rpc, Term shell) : rpc_(rpc), shell_(std::move(shell)) {}

  // Remembers the variables in {ok, Tokens, EndLocation}.
  void learn(const Term& scanned);
  // `expand_fun`: the fun that the shell has set for this, if it has.
  LineEditor::Completion complete(const std::string& before, const std::optional<Term>& expand_fun);
  // The same of IEx.
  LineEditor::Completion complete_elixir(const std::string& before);

 private:
  std::vector<std::string> map_keys(const std::string& variable);
  Term expand_by_edlin(const Term& reversed);
  LineEditor::Completion expand(const std::string& before, const std::optional<Term>& expand_fun);

  Rpc& rpc_;
  Term shell_;
  std::set<std::string> variables_;
  std::optional<bool> has_options_;  // the node's edlin_expand:expand/2
};

}  // namespace relmk::node
