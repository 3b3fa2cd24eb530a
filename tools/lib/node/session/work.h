// What a process of a node does for us, and the expressions that begin it; see guardian.h. These
// are composed in the external term format: a command waits for them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "node/distribution/header.h"
#include "term/term.h"

namespace relmk::node {

// What work is done with.
struct WorkOptions {
  bool keep_output = false;   // what is printed goes to the node's own output
  bool keep_running = false;  // the work goes on when we go
};

// Expressions of on_node/NAME.exprs, as erl_eval takes them, in the external term format.
// References in them (ATOM_CACHE_REF) are to `atoms`.
struct Expressions {
  std::string_view external;
  NamedAtoms atoms;
  bool is_once = false;  // on_node/once.exprs, with what it reads where it needs it
};

namespace on_node {
Expressions elixir();
Expressions once();
Expressions session();
// A term to be sent, see term::encoded_term(); without references.
Term print();
}  // namespace on_node

class Work {
 public:
  // Calls a function: see Guardian::result().
  static Work call(const std::string& module, const std::string& function, const Terms& arguments);
  // Evaluates expressions, with `Text` where there is one, with `Tag`, and with `Answers`, a
  // process: what it gets as {Tag, Answer} is an answer.
  static Work evaluate(const Expressions& expressions, const std::optional<Term>& text = {});
  // The node's shell:start/1, or its IEx: `kind` is `shell` or `iex`. {shell, Process} is an
  // answer.
  static Work shell(std::string_view kind);

  // What a guardian has bound, beside its work: the client's process, the tag of its messages, and
  // the name of its filter of log events.
  struct Client {
    Term process;
    Term tag;
    std::string filter;
  };
  // The arguments of the erl_eval:exprs/4 that is the guardian: a term to be sent, whose references
  // are to atoms().
  Term guardian(const Client& client, const WorkOptions& options) const;
  NamedAtoms atoms() const;

 private:
  enum class Kind { Call, Expressions, Shell };
  // What of a client the expressions get, encoded.
  struct Ends {
    std::string name, peer, stay, tag;
  };
  explicit Work(Kind kind) : kind_(kind) {}
  void put_with(std::string& out, std::string_view tag) const;
  void put_bindings(std::string& out, const Ends& ends) const;

  Kind kind_;
  std::string module_, function_;
  std::string argument_;  // the arguments; the text; the kind of shell
  Expressions expressions_;
};

}  // namespace relmk::node
