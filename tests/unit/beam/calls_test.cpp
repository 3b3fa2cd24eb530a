#include "beam/calls.h"

#include <fmt/core.h>

#include <algorithm>

#include "beam/modules.h"
#include "catch.h"
#include "term/consult.h"
#include "term/external.h"

namespace beam_calls_test {

using namespace relmk;
using namespace relmk::beam;
using namespace std::string_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string lines(const std::vector<Call>& calls) {
  std::string out;
  for (const Call& call : calls)
    out += call.caller.text() + " -> " + call.callee.text() + "\n";
  return out;
}

// The calls of m:f/0, whose body is `body` in the abstract format; `forms` go before it.
std::string calls_of(const std::string& body, const std::string& forms = "") {
  const std::string text = "[" + forms + "{function,1,f,0,[{clause,1,[],[],[" + body + "]}]}].";
  return lines(
      abstract_calls(Atom("m"), term::encode_external(term::consult_text("f", text)[0]).substr(1)));
}

}  // namespace

TEST_CASE("calls: remote calls, and calls in their arguments") {
  CHECK(calls_of("{call,1,{remote,1,{atom,1,a},{atom,1,b}},"
                 "[{call,1,{remote,1,{atom,1,c},{atom,1,'D'}},[]}]}") ==
        "m:f/0 -> a:b/1\nm:f/0 -> c:'D'/0\n");
}

TEST_CASE("calls: local functions are none, imported ones are") {
  const std::string call = "{call,1,{atom,1,g},[{atom,1,x}]}";
  CHECK(calls_of(call, "{attribute,1,import,{i,[{g,1}]}},") == "m:f/0 -> i:g/1\n");
  CHECK(calls_of(call, "{function,1,g,1,[]},").empty());
}

TEST_CASE("calls: what apply and spawn are given") {
  const std::string cons = "{cons,1,{atom,1,x},{nil,1}}";
  CHECK(calls_of("{call,1,{atom,1,spawn},[{atom,1,a},{atom,1,b}," + cons + "]}") ==
        "m:f/0 -> erlang:spawn/3\nm:f/0 -> a:b/1\n");
  CHECK(calls_of("{match,1,{var,1,'As'}," + cons +
                 "},{call,1,{remote,1,{atom,1,erlang},{atom,1,apply}},[{atom,1,a},{atom,1,b},"
                 "{var,1,'As'}]}") == "m:f/0 -> erlang:apply/3\nm:f/0 -> a:b/1\n");
  CHECK(calls_of("{call,1,{remote,1,{var,1,'M'},{atom,1,b}},[]}").empty());
}

TEST_CASE("calls: initial values of a record's fields that are not given") {
  const std::string record =
      "{attribute,1,record,{r,[{record_field,1,{atom,1,x},"
      "{call,1,{remote,1,{atom,1,a},{atom,1,b}},[]}}]}},";
  CHECK(calls_of("{record,1,r,[]}", record) == "m:f/0 -> a:b/0\n");
  CHECK(calls_of("{record,1,r,[{record_field,1,{atom,1,x},{atom,1,y}}]}", record).empty());
  CHECK(calls_of("{record,1,r,[{record_field,1,{var,1,'_'},{atom,1,y}}]}", record).empty());
}

TEST_CASE("calls: a list of ten thousand elements is no deep recursion") {
  std::string list = "\x64\0\1x"s;
  const std::string head = "\x68\4\x64\0\4cons\x61\1\x64\0\1y"s;
  for (int i = 0; i < 10000; ++i)
    list = head + list;
  const std::string forms =
      "\x6c\0\0\0\1\x68\5\x64\0\x08"
      "function\x61\1\x64\0\1f\x61\0"s +
      list + "\x6a";
  CHECK(abstract_calls(Atom("m"), forms).empty());
}

TEST_CASE("calls: arguments that are bound to themselves have an end") {
  const std::string arguments =
      "{cons,1,{atom,1,erlang},{cons,1,{atom,1,apply},{cons,1,{var,1,'As'},{nil,1}}}}";
  CHECK_THROWS_WITH(
      calls_of("{match,1,{var,1,'As'}," + arguments +
               "},{call,1,{atom,1,apply},[{atom,1,erlang},{atom,1,apply},{var,1,'As'}]}"),
      "error: an expression is nested more than 5000 deep");
}

TEST_CASE("calls: initial values that double each other have a limit") {
  std::string records = "{attribute,1,record,{r30,[]}},";
  for (int i = 0; i < 30; ++i) {
    const std::string initial = fmt::format("{{record,1,r{},[]}}", i + 1);
    records += fmt::format(
        "{{attribute,1,record,{{r{},[{{record_field,1,{{atom,1,x}},{}}},{{record_field,1,{{atom,1,"
        "y}},{}}}]}}}},",
        i, initial, initial);
  }
  CHECK_THROWS_WITH(calls_of("{record,1,r0,[]}", records),
                    ContainsSubstring("when they are written out"));
}

TEST_CASE("calls: a list that says to be longer than it is") {
  CHECK_THROWS_WITH(abstract_calls(Atom("m"), "\x6c\xff\xff\xff\xff\x6a"s),
                    "error: malformed external term");
}

TEST_CASE("calls: in the code of a stripped file") {
  // func_info m '-g/2-fun-0-' 0; call_ext 1 0; int_code_end
  const std::string code = "\0\0\0\x10\0\0\0\0\0\0\0\xb7\0\0\0\1\0\0\0\1\2\x12\x22\0\7\x10\0\3"s;
  const std::string atoms = "\0\0\0\4\1m\x0b-g/2-fun-0-\1a\1b"s;
  const std::string imports = "\0\0\0\1\0\0\0\3\0\0\0\4\0\0\0\1"s;
  const std::string chunks =
      chunk_bytes("AtU8", atoms) + chunk_bytes("Code", code) + chunk_bytes("ImpT", imports);
  const BeamFile beam("f", "FOR1\0\0\0\0BEAM"s + chunks);
  CHECK(lines(external_calls(beam)) == "m:g/2 -> a:b/1\n");
}

TEST_CASE("calls: unknown instructions are refused") {
  const std::string code = "\0\0\0\x10\0\0\0\0\0\0\0\xb7\0\0\0\1\0\0\0\1\xff"s;
  const std::string chunks = chunk_bytes("AtU8", "\0\0\0\1\1m"s) + chunk_bytes("Code", code) +
                             chunk_bytes("ImpT", "\0\0\0\0"s);
  CHECK_THROWS_WITH(
      external_calls(BeamFile("f", "FOR1\0\0\0\0BEAM"s + chunks)),
      "f: error: an instruction that is not known: its OTP is newer than this program");
}

}  // namespace beam_calls_test
