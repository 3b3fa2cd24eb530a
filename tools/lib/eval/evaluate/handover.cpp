#include "eval/evaluate/handover.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>

#include "sys/interruption.h"
#include "sys/memory_limit.h"
#include "sys/temporary_directory.h"
#include "sys/time_limit.h"
#include "term/external.h"

namespace relmk::eval {
namespace {

// Evaluated by `erl -eval`. The answer is {ok, Value} or {error, Line, Text, Missing}; the text is
// what file:format_error/1 says, without the line and the stack of erl_eval itself. Missing is the
// function that an undef is about. Calls that were performed before are taken as they come up
// again: evaluation is the same up to where it was given up.
constexpr const char* kDriver = R"(
Dir = os:getenv("RELMK_SCRIPT_EXCHANGE"),
{ok, Request} = file:read_file(filename:join(Dir, "request")),
{File, Bindings, Rebar, Performed} = binary_to_term(Request),
if Rebar =:= [] -> ok;
   true ->
       application:load({application, rebar, [{vsn, Rebar}]}),
       Form = fun(Source) ->
                  {ok, Tokens, _} = erl_scan:string(Source),
                  {ok, Parsed} = erl_parse:parse_form(Tokens),
                  Parsed
              end,
       Load = fun(Module, Sources) ->
                  Named = ["-module(" ++ atom_to_list(Module) ++ ")." | Sources],
                  case catch compile:forms([Form(Source) || Source <- Named]) of
                      {ok, Module, Code} -> code:load_binary(Module, atom_to_list(Module), Code);
                      _ -> ok
                  end
              end,
       Load(rebar3, ["-export([main/1]).", "main(_) -> error."]),
       Load(rebar_api, ["-export([console/2, debug/2, info/2, warn/2, error/2]).",
                        "console(F, A) -> io:format(F ++ \"~n\", A).",
                        "debug(_, _) -> ok.",
                        "info(F, A) -> console(\"===> \" ++ F, A).",
                        "warn(F, A) -> info(F, A).",
                        "error(F, A) -> info(F, A)."])
end,
put(performed, Performed),
Call = fun Call({erlang, apply}, [M, F, As]) -> Call({M, F}, As);
           Call({erlang, apply}, [F, As]) -> Call(F, As);
           Call({file, script}, [F]) -> (get(script))(F, []);
           Call({file, script}, [F, Bs]) -> (get(script))(F, Bs);
           Call({M, F}, As) ->
               case get(performed) of
                   [{M, F, As, Result} | Rest] -> put(performed, Rest), Result;
                   _ -> apply(M, F, As)
               end;
           Call(F, As) ->
               case erlang:fun_info(F, type) of
                   {type, external} ->
                       {module, M} = erlang:fun_info(F, module),
                       {name, Name} = erlang:fun_info(F, name),
                       Call({M, Name}, As);
                   _ -> apply(F, As)
               end
       end,
Forms = fun Forms(Fd, From, Bs, Last, Failure) ->
            First = fun(Error) -> case Failure of none -> {error, Error}; _ -> Failure end end,
            case io:parse_erl_exprs(Fd, '', From) of
                {ok, Exprs, To} ->
                    try erl_eval:exprs(Exprs, Bs, none, {value, Call}) of
                        {value, Value, Bound} -> Forms(Fd, To, Bound, {ok, Value}, Failure)
                    catch Class:Reason:Stack ->
                        Forms(Fd, To, Bs, Last, First({To, file, {Class, Reason, Stack}}))
                    end;
                {error, Error, To} -> Forms(Fd, To, Bs, Last, First(Error));
                {eof, _} when Failure =/= none -> Failure;
                {eof, To} when Last =:= none -> {error, {To, file, undefined_script}};
                {eof, _} -> Last
            end
        end,
put(script, fun(Name, Bs) ->
                case file:open(Name, [read]) of
                    {ok, Fd} ->
                        none =/= epp:set_encoding(Fd) orelse
                            io:setopts(Fd, [{encoding, epp:default_encoding()}]),
                        try Forms(Fd, 1, Bs, none, none) after file:close(Fd) end;
                    Error -> Error
                end
            end),
Script = if Performed =:= [] -> fun file:script/2; true -> get(script) end,
Text = fun(Format, Arguments) ->
           unicode:characters_to_binary(io_lib:format(Format, Arguments)) end,
Answer = case Script(File, orddict:from_list(Bindings)) of
    {ok, Value} -> {ok, Value};
    {error, {Line, file, {Class, Reason, Stack}}} ->
        Missing = case {Reason, Stack} of
            {undef, [{M, F, A, _} | _]} when is_list(A) -> Text("~w:~w/~w", [M, F, length(A)]);
            _ -> <<>>
        end,
        {error, Line, Text("evaluation failed with reason ~w:~0tp", [Class, Reason]), Missing};
    {error, {Line, file, What}} when is_integer(Line) ->
        {error, Line, Text("~ts", [file:format_error({Line, file, What})]), <<>>};
    {error, {Line, Module, What}} when is_integer(Line) ->
        {error, Line, Text("~ts", [Module:format_error(What)]), <<>>};
    {error, What} -> {error, 0, Text("~ts", [file:format_error(What)]), <<>>}
end,
ok = file:write_file(filename:join(Dir, "answer"), term_to_binary(Answer)),
halt(0).
)";

std::string request(const fs::path& file, const ScriptBindings& bindings,
                    const ScriptOptions& options, const PerformedCalls& performed) {
  Terms pairs, calls;
  for (const auto& [name, value] : bindings)
    pairs.push_back(Term::tuple({Term::atom(name), value}));
  for (const PerformedCall& call : performed) {
    calls.push_back(Term::tuple({call.module, call.name, Term::list(call.arguments), call.result}));
  }
  return term::encode_external(
      Term::tuple({Term::binary(file.string()), Term::list(pairs),
                   Term::string(options.rebar_version), Term::list(calls)}));
}

}  // namespace

Error too_slow(const std::string& what, const ScriptOptions& options) {
  return sys::too_slow(what, {"RELMK_SCRIPT_TIMEOUT", options.limit});
}

Error too_large(const std::string& what, const ScriptOptions& options) {
  return sys::too_large(what, {"RELMK_SCRIPT_MEMORY", options.most_memory});
}

sys::Finished run_within_limits(sys::Command command, const ScriptOptions& options) {
  command.limit = options.limit;
  command.most_memory = options.most_memory;
  sys::Finished finished = sys::run_command(command);
  if (finished.killed) throw too_slow(command.name, options);
  if (finished.outgrown) throw too_large(command.name, options);
  return finished;
}

void print_output(const ScriptOptions& options, std::string_view text) {
  if (text.empty()) return;
  if (options.output) {
    options.output(text);
  } else {
    std::fwrite(text.data(), 1, text.size(), stderr);
  }
}

Term hand_over_to_erl(const fs::path& file, const ScriptBindings& bindings,
                      const ScriptOptions& options, const PerformedCalls& performed) {
  const sys::Interruption interruption;  // ends when erl and the directory are gone
  const sys::TemporaryDirectory exchange("relmk-script");
  sys::write_file(exchange.path() / "request", request(file, bindings, options, performed), 0600);
  sys::Command command;
  command.argv = {options.erl, "-noshell", "-noinput", "-boot", "no_dot_erlang", "-eval", kDriver};
  command.environment["RELMK_SCRIPT_EXCHANGE"] = exchange.path().string();
  command.name = options.erl + ", which evaluates the script,";
  sys::Finished finished;
  try {
    finished = run_within_limits(std::move(command), options);
  } catch (Error& error) {
    throw std::move(error).in_file(file.string());
  }
  print_output(options, finished.output);
  print_output(options, finished.errors);

  const fs::path answer_file = exchange.path() / "answer";
  if (!fs::exists(answer_file)) {
    throw Error(file, fmt::format("{} ended with exit code {} while it evaluated the script",
                                  options.erl, finished.code));
  }
  const Term answer = term::decode_external(sys::read_file(answer_file));
  if (answer.is_tagged("ok", 2)) return answer[1];
  Error failure(file, {static_cast<int>(answer[1].as_integer()), 0}, answer[2].bytes());
  if (answer[3].bytes().empty()) throw failure;
  throw std::move(failure).with_hint("there is no function " + answer[3].bytes());
}

}  // namespace relmk::eval
