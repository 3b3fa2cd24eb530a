#include "enit/update_program.h"

#include "catch.h"
#include "enit/node_functions.h"
#include "evaluated_program.h"

namespace enit_update_program_test {

using namespace relmk;
using namespace relmk::enit;

namespace {

// A node that runs version 1 of `a`, whose process `counter` has a state that version 2 changes. In
// the variables Old and New are its directories.
std::string node_of(const fs::path& directory) {
  return "Directory = " + term::print_plain(Term::string(directory.string())) + R"(,
Make = fun(Vsn, Forms) ->
    Ebin = filename:join([Directory, Vsn, "ebin"]),
    ok = filelib:ensure_dir(filename:join(Ebin, "x")),
    Text1 = "-module(a). -vsn(\"" ++ Vsn ++ "\"). -export([init/1, handle_call/3, handle_cast/2, code_change/3]). "
        "handle_cast(_, S) -> {noreply, S}. " ++ Forms,
    {ok, Tokens, _} = erl_scan:string(Text1),
    Split = fun Split([]) -> [];
                Split(Rest) ->
                    {Form, [Dot | More]} = lists:splitwith(fun({dot, _}) -> false; (_) -> true end, Rest),
                    {ok, Parsed} = erl_parse:parse_form(Form ++ [Dot]),
                    [Parsed | Split(More)]
            end,
    {ok, a, Binary} = compile:forms(Split(Tokens)),
    ok = file:write_file(filename:join(Ebin, "a.beam"), Binary),
    Spec = {application, a, [{vsn, Vsn}, {modules, [a]}, {registered, []}, {applications, [kernel, stdlib]},
        {env, [{limit, list_to_integer(Vsn) * 10}]}]},
    ok = file:write_file(filename:join(Ebin, "a.app"), io_lib:format("~p.~n", [Spec])),
    {Ebin, Spec}
end,
{Old, OldSpec} = Make("1", "init(_) -> {ok, 5}. handle_call(_, _, N) -> {reply, {1, N}, N}. code_change(_, N, _) -> {ok, N}."),
{New, NewSpec} = Make("2", "init(_) -> {ok, {n, 0}}. handle_call(_, _, S) -> {reply, {2, S}, S}. code_change(_, N, _) -> {ok, {n, N}}."),
true = code:add_pathz(Old),
ok = application:load(a),
ok = application:start(a),
{module, a} = code:load_file(a),
{ok, Counter} = gen_server:start({local, counter}, a, [], []),
Says = fun() -> gen_server:call(Counter, what, 60000) end,
Timeout = 60000,
Libraries = [{a, Old, New}],
Specifications = [{OldSpec, NewSpec}],
Configuration = [],
AppliedBefore = before,
Applied = 'after',
application:set_env(enit, applied, before),
)";
}

// The program with these instructions in that node, and then what the node is.
std::string outcome(const std::string& instructions) {
  const Scratch scratch;
  std::string program(kUpdateProgram);
  program.resize(program.rfind('.'));
  return evaluated_program(node_of(scratch.path) + "Instructions = " + instructions + ",\n" +
                           node_functions() + "Outcome = begin " + program + R"( end,
{Vsn, Limit, Known} = {[V || {a, _, V} <- application:loaded_applications()], application:get_env(a, limit),
    application:get_env(enit, applied)},
{case Outcome of {put_back, Why, Left} -> {put_back, is_binary(Why), Left}; _ -> Outcome end,
 Says(), Vsn, Limit, Known, lists:member(Old, code:get_path()), lists:member(New, code:get_path()),
 whereis(enit_changes_node)}.)");
}

const char* const kLoad =
    "{load_object_code, {a, \"2\", [a]}}, point_of_no_return, {load, {a, brutal_purge, "
    "brutal_purge}}";

std::string version(const char* number) {
  return "[" + term::print_plain(Term::string(number)) + "]";
}

}  // namespace

TEST_CASE("enit update program: code, applications and their environments are exchanged") {
  CHECK(outcome("[" + std::string(kLoad) + "]") ==
        "{{done,[]},{2,5}," + version("2") + ",{ok,20},{ok,'after'},false,true,undefined}");
}

TEST_CASE("enit update program: what fails is taken back") {
  CHECK(outcome("[" + std::string(kLoad) + ", {load_object_code, {a, \"2\", [absent]}}]") ==
        "{{put_back,true,[]},{1,5}," + version("1") + ",{ok,10},{ok,before},true,false,undefined}");
}

TEST_CASE("enit update program: what cannot be taken back is named") {
  CHECK(outcome("[{apply, {erlang, system_time, []}}, " + std::string(kLoad) +
                ", {load_object_code, {a, \"2\", [absent]}}]")
            .find("{put_back,true,[<<") != std::string::npos);
}

TEST_CASE("enit update program: a node that was changed since it was asked is left alone") {
  CHECK(outcome("[], application:set_env(enit, applied, other)") ==
        "{busy,{1,5}," + version("1") + ",{ok,10},{ok,other},true,false,undefined}");
}

}  // namespace enit_update_program_test
