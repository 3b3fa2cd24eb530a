#include "node/session/work.h"

#include <algorithm>

#include "answering_node.h"
#include "catch.h"

namespace node_work_test {

using namespace relmk;
using namespace relmk::node;

namespace {

const Term kTag = Term::tuple({Term(1), Term(2)});

// What a node gets: the references in it are to the atoms that it is told.
Term sent(const Work& work, const WorkOptions& options = {}) {
  const Term term = work.guardian({process_of_node(), kTag, "nodetool_7"}, options);
  const std::string message = encode_header(work.atoms()) + term::encode_external(term).substr(1);
  std::string_view rest = message;
  AtomCache cache;
  const std::vector<std::string> atoms = cache.take_header(rest);
  const std::string external = term::take_referring_term(rest, atoms);
  CHECK(rest.empty());
  return term::decode_external(external);
}

Term bound(const Term& arguments, const char* name) {
  return term::proplist_value(arguments[1], name).value_or(Term::atom("unbound"));
}

bool is_in_order(const Term& bindings) {
  const Terms& all = bindings.elements();
  return std::is_sorted(all.begin(), all.end(),
                        [](const Term& a, const Term& b) { return Term::compare(a[0], b[0]) < 0; });
}

bool is_expressions(const Term& term) {
  return term.is_proper_list() && !term.is_nil() && term[0].is_tuple();
}

}  // namespace

TEST_CASE("work: what a guardian gets is four arguments of erl_eval:exprs/4") {
  for (const Work& work : {Work::call("m", "f", {Term(1), Term::atom("x")}),
                           Work::evaluate(on_node::once(), Term::string("1.")),
                           Work::evaluate(on_node::elixir(), Term::binary("1")),
                           Work::evaluate(on_node::session()), Work::shell("shell")}) {
    for (const WorkOptions& options : {WorkOptions{}, WorkOptions{true, true}}) {
      const Term arguments = sent(work, options);
      REQUIRE(arguments.is_proper_list());
      REQUIRE(arguments.elements().size() == 4);
      CHECK(is_expressions(arguments[0]));
      CHECK(arguments[2].is_atom("none"));
      CHECK(is_in_order(arguments[1]));
      const Term known = bound(arguments, "Known");
      CHECK(is_in_order(known));
      CHECK(Term::compare(known[0][0], Term::atom("Leader")) > 0);  // see on_node/guardian.exprs
      CHECK(bound(arguments, "Tag") == kTag);
      CHECK(bound(arguments, "Name").is_atom("nodetool_7"));
      CHECK(bound(arguments, "Peer") == process_of_node());
      CHECK(bound(arguments, "Take").is_tagged("block", 3));
      CHECK(is_expressions(term::decode_external(bound(arguments, "Serve").bytes())));
    }
  }
}

TEST_CASE("work: a call has its function, and what tells its value") {
  const Term arguments = sent(Work::call("m", "a function", {Term(1), Term::atom("x")}));
  CHECK(bound(arguments, "Module").is_atom("m"));
  CHECK(bound(arguments, "Function").is_atom("a function"));
  CHECK(bound(arguments, "Arguments") == Term::list({Term(1), Term::atom("x")}));
  const Term told = *term::proplist_value(bound(arguments, "Known"), "Told");
  CHECK(is_expressions(term::decode_external(told.bytes())));
  CHECK(bound(sent(Work::call("m", "f", {})), "Arguments").is_nil());
  std::string long_name;  // 255 characters are an atom, however many bytes they are
  for (int i = 0; i < 255; ++i)
    long_name += "\xd0\xb6";
  const Term long_ones = sent(Work::call(long_name, long_name, {}));
  CHECK(bound(long_ones, "Module").is_atom(long_name));
  CHECK(bound(long_ones, "Function").is_atom(long_name));
}

TEST_CASE("work: expressions have their text and their tag, in the order of names") {
  const Term once = sent(Work::evaluate(on_node::once(), Term::string("a.")));
  const Term with = bound(once, "With");
  CHECK(is_in_order(with));
  CHECK(Term::compare(with[0][0], Term::atom("Answers")) > 0);  // see on_node/work.exprs
  CHECK(term::proplist_value(with, "Text") == Term::string("a."));
  CHECK(term::proplist_value(with, "Tag") == kTag);
  CHECK(is_expressions(bound(once, "Work")));
  CHECK_FALSE(
      term::proplist_value(bound(sent(Work::evaluate(on_node::session())), "With"), "Text"));
}

TEST_CASE("work: what stays with the node, and where the work prints") {
  const auto stays = [](const Work& work, const WorkOptions& options) {
    return bound(sent(work, options), "Stay");
  };
  const Work call = Work::call("m", "f", {});
  CHECK(stays(call, {}).is_nil());
  CHECK(stays(call, {false, true}) == Term::list({Term::atom("work")}));
  CHECK(stays(Work::shell("iex"), {}) == Term::list({Term::atom("rest")}));
  CHECK(bound(sent(Work::shell("iex")), "Kind").is_atom("iex"));
  CHECK(sent(call, {true, false})[0].elements().size() == sent(call)[0].elements().size() + 1);
}

}  // namespace node_work_test
