#include "node/session/call_arguments.h"

#include "catch.h"
#include "term/print.h"

namespace node_call_arguments_test {

using namespace relmk;
using namespace relmk::node;

namespace {

std::string written(const FunctionCall& call) {
  return call.module + ":" + call.function + term::print_plain(Term::list(call.arguments));
}

}  // namespace

TEST_CASE("call arguments: rpc defaults to start without arguments") {
  CHECK(written(parse_rpc({"kz"})) == "kz:start[]");
  CHECK(written(parse_rpc({"erlang", "node"})) == "erlang:node[]");
}

TEST_CASE("call arguments: rpc takes a list in one word or many") {
  CHECK(written(parse_rpc({"erlang", "length", "[[a,b]]"})) == "erlang:length[[a,b]]");
  CHECK(written(parse_rpc({"erlang length [[a,b]]."})) == "erlang:length[[a,b]]");
  CHECK(written(parse_rpc({"lists", "seq", "[1,", "3]"})) == "lists:seq[1,3]");
}

TEST_CASE("call arguments: rpc takes quoted atoms as names") {
  CHECK(written(parse_rpc({"'Elixir.IO'", "'puts'"})) == "Elixir.IO:puts[]");
}

TEST_CASE("call arguments: rpc refuses what is no list of arguments") {
  CHECK_THROWS_AS(parse_rpc({"a", "b", "{1}"}), Error);
  CHECK_THROWS_AS(parse_rpc({"a", "b", "[1|2]"}), Error);
  CHECK_THROWS_AS(parse_rpc({"a", "b", "[1] . [2]"}), Error);
  CHECK_THROWS_AS(parse_rpc({" "}), Error);
}

TEST_CASE("call arguments: rpcterms takes one term for each argument") {
  CHECK(written(parse_rpcterms({"lists", "append", "[1].", "[2]"})) == "lists:append[[1],[2]]");
  CHECK(written(parse_rpcterms({"a", "b"})) == "a:b[]");
}

}  // namespace node_call_arguments_test
