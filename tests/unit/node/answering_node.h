// A node of a few lines that answers calls.
#pragma once

#include <functional>
#include <string>

#include "fake_node.h"
#include "node/session/rpc.h"
#include "node/session/target.h"

namespace relmk::node {

// No test waits that long but one that fails.
constexpr std::chrono::milliseconds kPatience(30000);

inline Term process_of_node() {
  return term::decode_external(
      std::string("\x83\x58\x77\x04"
                  "a@bc"
                  "\0\0\0\x07\0\0\0\0\0\0\0\1",
                  20));
}

// Answers the call of a SPAWN_REQUEST, whose arguments are `call`, as erpc:execute_call/4 ends.
inline void answer_call(FakeNode& node, const Term& request, const Term& call, const Term& value) {
  node.send(Term::tuple({Term(31), request[1], request[2], Term(2), process_of_node()}));
  node.send(Term::tuple({Term(28), process_of_node(), request[2], request[1]}),
            Term::tuple({call[0], Term::atom("return"), value}));
}

struct AnsweringNode {
  FakeNode node;
  // Of Module:Function, as "M:F", and its arguments; nullopt closes the connection.
  using Answer =
      std::function<std::optional<Term>(const std::string& name, const Terms& arguments)>;

  // Where it can be reached.
  Target target(Answer answer) {
    node.receive = [answer = std::move(answer)](FakeNode& self, const Term& control,
                                                const Term& call) {
      if (!(control[0] == Term(29))) return true;
      const auto value = answer(call[1].atom_text() + ":" + call[2].atom_text(),
                                call[3].is_proper_list() ? call[3].elements() : Terms{});
      if (value) answer_call(self, control, call, *value);
      return value.has_value();
    };
    Target target;
    target.address = node.listen();
    target.cookie = {"secret", "test"};
    return target;
  }
};

}  // namespace relmk::node
