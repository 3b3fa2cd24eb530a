// A node of a few lines that does work: its guardians (node/session/guardian.h) tell what a test
// says. Other calls return `ok`.
#pragma once

#include <functional>
#include <string>

#include "answering_node.h"
#include "node/session/target.h"
#include "term/print.h"

namespace relmk::node {

class WorkingNode {
 public:
  // What a guardian tells when it is started, given the tag of its messages.
  using Told = std::function<Terms(const Term& tag)>;
  // What it tells when it gets a message.
  using Answers = std::function<Terms(const Term& tag, const Term& message)>;

  // Where it can be reached.
  Target target(Told told, Answers answers = nullptr) {
    node_.receive = [this, told = std::move(told), answers = std::move(answers)](
                        FakeNode& self, const Term& control, const Term& payload) {
      const bool is_call = control[0] == Term(29);
      if (is_call && !payload[1].is_atom("erl_eval")) {
        answer_call(self, control, payload, Term::atom("ok"));
      } else if (is_call) {
        request_ = payload;
        client_ = control[2];
        tag_ = bound("Tag");
        tell(self, told(tag_));
      } else if (answers && payload.is_tuple()) {
        tell(self, answers(tag_, payload));
      }
      return true;
    };
    Target target;
    target.address = node_.listen();
    target.cookie = {"secret", "test"};
    return target;
  }

  // The value of a binding that the last guardian was started with; `unbound` where it has none.
  Term bound(const char* name) const {
    const Term& bindings = request_[3][1];
    const Term known = proplist_value(bindings, "Known").value_or(Term());
    const auto value = proplist_value(bindings, name);
    return value ? *value : proplist_value(known, name).value_or(Term::atom("unbound"));
  }
  // Whether the last guardian lets the work print where the node does.
  bool prints_itself() const {
    return term::print_plain(request_[3][0]).find("whereis") != std::string::npos;
  }

 private:
  void tell(FakeNode& self, const Terms& messages) const {
    for (const Term& message : messages)
      self.send(Term::tuple({Term(2), Term::atom(""), client_}), Term::tuple({tag_, message}));
  }

  Term request_, client_, tag_;
  FakeNode node_;  // the last: its thread, which uses the others, ends before they do
};

// What a guardian tells: a text of the work's, as {print, Text} or {log, Text}; an answer of the
// work; that the work has ended, and how.
inline Term told_text(const Term& tag, const char* what, const char* text) {
  return Term::tuple({tag, Term::tuple({Term::atom(what), Term::binary(text)})});
}
inline Term told_answer(const Term& tag, const Term& answer) {
  return Term::tuple({tag, answer});
}
inline Term end_of_work(const Term& reason) {
  return Term::tuple({Term::atom("DOWN"), Term(1), Term::atom("process"), Term(2), reason});
}

// The answer of work whose value prints as this.
inline Term printed_value(const std::string& text) {
  return Term::tuple({Term::atom("printed"), Term::binary(text), Term::atom("none")});
}

}  // namespace relmk::node
