#include "enit/node_functions.h"

#include "catch.h"
#include "evaluated_program.h"

namespace enit_node_functions_test {

using namespace relmk;
using namespace relmk::enit;

namespace {

// An application `a` whose module does as its parameter `does` says.
const char* const kApplication = R"(
{ok, Tokens, _} = erl_scan:string(
    "-module(a). -export([start/2, stop/1, config_change/3]). start(_, _) -> {ok, spawn_link(timer, sleep, [infinity])}. "
    "stop(_) -> ok. config_change(C, N, R) -> case application:get_env(a, does) of "
    "{ok, slow} -> timer:sleep(infinity); {ok, undefined_function} -> no_such_module:f(); {ok, {returns, It}} -> It; "
    "{ok, sets} -> application:set_env(a, got, {C, N, R}) end."),
Split = fun Split([]) -> [];
            Split(Rest) ->
                {Form, [Dot | More]} = lists:splitwith(fun({dot, _}) -> false; (_) -> true end, Rest),
                {ok, Parsed} = erl_parse:parse_form(Form ++ [Dot]),
                [Parsed | Split(More)]
        end,
{ok, a, Binary} = compile:forms(Split(Tokens)),
{module, a} = code:load_binary(a, "a.beam", Binary),
ok = application:load({application, a, [{vsn, "1"}, {modules, [a]}, {applications, [kernel, stdlib]}, {mod, {a, []}}]}),
ok = application:load({application, library, [{vsn, "1"}, {modules, []}, {applications, [kernel, stdlib]}]}),
NotRunning = Callback(a),
ok = application:start(a),
ok = application:start(library),
)";

}  // namespace

TEST_CASE("enit node functions: the three lists of a change") {
  CHECK(evaluated_program("Timeout = 1,\n" + node_functions() +
                          "Lists([{same, {ok, 1}}, {other, {ok, 1}}, {new, undefined}, {gone, {ok, "
                          "1}}, {never, undefined}],\n"
                          "      [{same, 1}, {other, 2}, {new, 3}], [gone, never]).") ==
        "{[{other,2}],[{new,3}],[gone]}");
}

TEST_CASE("enit node functions: whose callback is called, and what its end is taken for") {
  CHECK(evaluated_program("Timeout = 60000,\n" + node_functions() + kApplication + R"(
Does = fun(What) -> Set(a, [{does, What}], []), Call(a, Callback(a), {[{k, 1}], [], []}) end,
Starts = fun({failed, Why}, Begin) -> string:prefix(Why, Begin) =/= nomatch; (_, _) -> false end,
{NotRunning, Callback(a), Callback(library), Callback(nowhere),
 Does(sets), application:get_env(a, got),
 Call(a, a, {[], [], []}), Call(library, none, {[{k, 1}], [], []}),
 Starts(Does({returns, {error, refused}}), "refused"), Starts(Does({returns, perhaps}), "returned perhaps"),
 Starts(Does(undefined_function), "{error,undef"),
 %% The frames of what evaluates this are nobody's business.
 begin {failed, Told} = Does(undefined_function), string:find(Told, "erl_eval") end}.)") ==
        "{none,a,none,none,ok,{ok,{[{k,1}],[],[]}},none,none,true,true,true,nomatch}");
}

TEST_CASE("enit node functions: an environment is set, and what was started is made permanent") {
  CHECK(evaluated_program("Timeout = 60000,\n" + node_functions() + kApplication + R"(
Set(a, [{one, 1}, {two, 2}], []),
Set(a, [{two, 3}], [one]),
Types = fun() -> [Type || {App, Type} <- proplists:get_value(started, application:info()), App =:= a] end,
Before = Types(),
{lists:sort(application:get_all_env(a)), Before, MakePermanent([a]), Types(), Text("~0tp", [{"text", [8364]}])}.)") ==
        "{[{two,3}],[temporary],ok,[permanent]," +
            std::string("<<123,34,116,101,120,116,34,44,91,56,51,54,52,93,125>>}"));
}

TEST_CASE("enit node functions: a callback that does not end is ended") {
  CHECK(evaluated_program("Timeout = 100,\n" + node_functions() + kApplication + R"(
Set(a, [{does, slow}], []),
{NotRunning, Call(a, Callback(a), {[{k, 1}], [], []}) =:= {failed, <<"no answer within 0.1 seconds">>}}.)") ==
        "{none,true}");
  CHECK(evaluated_program("Timeout = 0,\n" + node_functions() + kApplication + R"(
Set(a, [{does, slow}], []),
{NotRunning, Call(a, Callback(a), {[{k, 1}], [], []}) =:= {failed, <<"no answer within 0 seconds">>}}.)") ==
        "{none,true}");
}

TEST_CASE("enit node functions: a long reason is cut") {
  CHECK(evaluated_program("Timeout = 60000,\n" + node_functions() + kApplication + R"(
Set(a, [{does, {returns, {error, lists:seq(1, 100000)}}}], []),
{failed, Why} = Call(a, Callback(a), {[{k, 1}], [], []}),
{NotRunning, byte_size(Why) < 3000, string:find(Why, "[1,2,3,") =:= Why}.)") == "{none,true,true}");
}

}  // namespace enit_node_functions_test
