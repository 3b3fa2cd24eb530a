#include "node/session/guardian.h"

#include "answering_node.h"
#include "catch.h"
#include "node/session/session.h"

namespace node_guardian_test {

using namespace relmk;
using namespace relmk::node;

namespace {

class NoTerminal : public Terminal {
 public:
  void write(Rpc&, std::string_view) override {}
  Line read_line(Rpc&, const ReadRequest&) override { return {}; }
};

// A binding among the arguments of the guardian's erl_eval:exprs/4.
Term bound(const Term& call, const char* name) {
  return term::proplist_value(call[3][1], name).value_or(Term::atom("unbound"));
}

// A guardian whose node tells these messages, given the tag.
struct Guarded {
  Term request;
  std::string printed, logged;

  void run(const std::function<Terms(const Term& tag)>& messages,
           const std::function<void(Guardian&)>& use, const WorkOptions& options = {}) {
    FakeNode node;
    node.receive = [&](FakeNode& self, const Term& control, const Term& call) {
      if (!(control[0] == Term(29))) return true;
      request = call;
      const Term tag = bound(call, "Tag");
      for (const Term& message : messages(tag))
        self.send(Term::tuple({Term(2), Term::atom(""), control[2]}), Term::tuple({tag, message}));
      return true;
    };
    NoTerminal terminal;
    Session session(Connection(node.listen(), "secret", Deadline::after(kPatience)), kPatience,
                    terminal);
    Guardian guardian(session.rpc(), session.group_leader(),
                      {[this](std::string_view text) { printed += text; },
                       [this](std::string_view text) { logged += text; }},
                      Work::call("m", "f", {Term(1), Term(1000)}), options);
    use(guardian);
  }
};

Term down(const Term& reason) {
  return Term::tuple({Term::atom("DOWN"), Term(1), Term::atom("process"), Term(2), reason});
}

Term told(const Term& tag, const char* what, const char* text) {
  return Term::tuple({tag, Term::tuple({Term::atom(what), Term::binary(text)})});
}

}  // namespace

TEST_CASE("guardian: the node gets the work and its bindings, in the order of their names") {
  Guarded guarded;
  guarded.run(
      [](const Term& tag) {
        return Terms{down(Term::tuple({tag, Term(5)}))};
      },
      [](Guardian& guardian) { CHECK(guardian.result() == Term(5)); }, {true, false});
  CHECK(guarded.request[1].is_atom("erl_eval"));
  CHECK(bound(guarded.request, "Arguments") == Term::list({Term(1), Term(1000)}));
  const Term known = bound(guarded.request, "Known");
  CHECK(term::proplist_value(known, "Stay") == Term());
  CHECK(term::proplist_value(known, "Name") == bound(guarded.request, "Name"));
  CHECK(known[0][0].is_atom("Name"));  // see on_node/guardian.exprs
  const auto is_sorted = [](const Term& bindings) {
    const Terms& all = bindings.elements();
    return std::is_sorted(all.begin(), all.end(),
                          [](const Term& a, const Term& b) { return Term::compare(a, b) < 0; });
  };
  CHECK(is_sorted(guarded.request[3][1]));
  CHECK(is_sorted(known));
}

TEST_CASE("guardian: a call that returns an atom has it as its result, another way is an error") {
  Guarded guarded;
  const auto ends = [&](const char* how, const Terms& more) {
    guarded.run(
        [&](const Term& tag) {
          Terms reason = {tag, Term::atom(how)};
          reason.insert(reason.end(), more.begin(), more.end());
          return Terms{down(Term::tuple(reason))};
        },
        [&](Guardian& guardian) {
          if (how == std::string("return")) {
            CHECK(guardian.result() == Term::tuple({Term::atom("returned"), Term::atom("ok")}));
          } else {
            CHECK_THROWS_AS(guardian.result(), RemoteError);
          }
        });
  };
  ends("return", {Term::atom("ok")});
  ends("throw", {Term(1)});
  ends("error", {Term::atom("undef"), Term()});
}

TEST_CASE("guardian: another name is taken where the filter's is in use") {
  FakeNode node;
  Terms names;
  node.receive = [&](FakeNode& self, const Term& control, const Term& call) {
    if (!(control[0] == Term(29))) return true;
    names.push_back(bound(call, "Name"));
    const Term taken = Term::tuple({Term::atom("already_exist"), names.back()});
    const Term reason =
        Term::tuple({Term::atom("badmatch"), Term::tuple({Term::atom("error"), taken})});
    if (names.size() < 3) {
      self.send(Term::tuple({Term(28), process_of_node(), control[2], control[1]}),
                Term::tuple({call[0], Term::atom("error"), reason, Term()}));
      return true;
    }
    const Term tag = bound(call, "Tag");
    self.send(Term::tuple({Term(2), Term::atom(""), control[2]}),
              Term::tuple({tag, down(Term::tuple({tag, Term(5)}))}));
    return true;
  };
  NoTerminal terminal;
  Session session(Connection(node.listen(), "secret", Deadline::after(kPatience)), kPatience,
                  terminal);
  Guardian guardian(session.rpc(), session.group_leader(), {}, Work::call("m", "f", {}), {});
  CHECK(guardian.result() == Term(5));
  CHECK(names.size() == 3);
}

TEST_CASE("guardian: what is printed and logged goes where it belongs, answers come in order") {
  Guarded guarded;
  guarded.run(
      [](const Term& tag) {
        return Terms{told(tag, "print", "a"), Term::tuple({tag, Term(1)}), told(tag, "log", "l"),
                     Term::tuple({tag, Term(2)}), down(Term::atom("normal"))};
      },
      [](Guardian& guardian) {
        CHECK(guardian.next_answer() == Term(1));
        CHECK(guardian.next_answer() == Term(2));
        CHECK_FALSE(guardian.next_answer());
        CHECK(guardian.has_ended());
        CHECK_FALSE(guardian.take_answer());
      });
  CHECK(guarded.printed == "a");
  CHECK(guarded.logged == "l");
}

TEST_CASE("guardian: work that ends in another way is an error of the node's") {
  Guarded guarded;
  guarded.run([](const Term&) { return Terms{down(Term::atom("killed"))}; },
              [](Guardian& guardian) { CHECK_THROWS_AS(guardian.result(), RemoteError); });
}

}  // namespace node_guardian_test
