#include "node/upgrade/program.h"
#include "sys/order.h"

#include <algorithm>
#include <string>

namespace relmk::node {

// release_handler finds processes through supervisors, with calls that have no limit or five
// seconds; a supervisor that is suspended or silent ends it. The walk here is the same, but each
// call has a limit, and it goes on after a failure, to tell all of them.
const std::string_view kProbeProgram = R"((fun() ->
Handler = try sys:get_state(release_handler, Limit) of
    H -> {element(4, H), element(5, H), element(7, H), element(8, H)}
catch _:_ -> none end,
Children = fun(Sup) ->
    try sys:get_status(Sup, Limit) of
        {status, _, _, [_, suspended | _]} -> suspended;
        _ ->
            try gen_server:call(Sup, which_children, Limit) of
                List when is_list(List) -> List;
                _ -> []
            catch
                exit:{timeout, _} -> silent;
                _:_ -> []
            end
    catch
        exit:{timeout, _} -> silent;
        _:_ -> []
    end
end,
Modules = fun
    (Pid, dynamic) ->
        try gen:call(Pid, self(), get_modules, Limit) of
            {ok, Ms} when is_list(Ms) -> Ms;
            _ -> []
        catch
            exit:timeout -> silent;
            exit:{timeout, _} -> silent;
            _:_ -> []
        end;
    (_, Ms) when is_list(Ms) -> Ms;
    (_, _) -> []
end,
Walk = fun Walk(Sup, Name, {Found, Bad}) ->
    case Children(Sup) of
        Why when is_atom(Why) -> {Found, [{supervisor, Name, Sup, Why} | Bad]};
        List ->
            lists:foldl(fun
                ({Id, Pid, supervisor, Ms}, {F, B}) when is_pid(Pid) ->
                    Walk(Pid, Id, {[{Pid, Id, Modules(Pid, Ms)} | F], B});
                ({Id, Pid, _, Ms}, {F, B}) when is_pid(Pid) ->
                    case Modules(Pid, Ms) of
                        silent -> {F, [{worker, Id, Pid, get_modules} | B]};
                        L -> {[{Pid, Id, L} | F], B}
                    end;
                (_, Both) -> Both
            end, {Found, Bad}, List)
    end
end,
{Procs, Bad1} = lists:foldl(fun({App, _, _}, {F, B}) ->
    case application_controller:get_master(App) of
        Master when is_pid(Master) ->
            case application_master:get_child(Master) of
                {Root, _} when is_pid(Root) ->
                    Callback = try supervisor:get_callback_module(Root) of
                        M when is_atom(M) -> [M];
                        _ -> []
                    catch _:_ -> []
                    end,
                    Walk(Root, App, {[{Root, App, Callback} | F], B});
                _ -> {F, B}
            end;
        _ -> {F, B}
    end
end, {[], []}, case {Changed, Suspended} of {[], []} -> []; _ -> application:which_applications() end),
Bad2 = lists:foldl(fun
    (_, B) when length(B) >= 5 -> B;
    ({Pid, Id, Ms}, B) ->
        case [M || M <- Ms, lists:member(M, Suspended)] of
            [] -> B;
            [M | _] ->
                try sys:statistics(Pid, get, Limit) of
                    _ -> B
                catch
                    exit:{timeout, _} -> [{worker, Id, Pid, M} | B];
                    _:_ -> B
                end
        end
end, Bad1, Procs),
Known = maps:from_list([{Pid, true} || {Pid, _, _} <- Procs]),
Runs = fun(Pid) ->
    case process_info(Pid, [dictionary, current_stacktrace]) of
        [{_, Dictionary}, {_, Stack}] ->
            First = case lists:keyfind('$initial_call', 1, Dictionary) of
                {_, {M, _, _}} -> [M];
                _ -> []
            end,
            First ++ [M || {M, _, _, _} <- Stack];
        _ -> []
    end
end,
Outside = case Changed of
    [] -> [];
    _ -> lists:usort([{Pid, M} || Pid <- processes(), Pid =/= self(), not maps:is_key(Pid, Known),
                      M <- Runs(Pid), lists:keymember(M, 1, Changed)])
end,
OldCode = [{M, Purge, lists:sublist([P || P <- processes(), erlang:check_process_code(P, M) =:= true], 9)}
           || {M, Purge} <- Changed, erlang:check_old_code(M)],
[{handler, Handler},
 {problems, lists:reverse(Bad2)},
 {outside, lists:sublist(Outside, 99)},
 {old_code, OldCode},
 {environment, [{A, application:get_all_env(A)} || {A, _, _} <- application:loaded_applications()]},
 {arguments, init:get_arguments()},
 {erts, erlang:system_info(version)},
 {root, code:root_dir()},
 {heart, whereis(heart) =/= undefined},
 {libraries, [{A, D} || {A, _, _} <- application:loaded_applications(), D <- [code:lib_dir(A)], is_list(D)]},
 {system_libraries, filename:dirname(code:lib_dir(kernel))},
 {paths, code:get_path()},
 {script, init:script_id()}]
end)().)";

// release_handler swallows a suspend that fails, so that its calls of sys:suspend are watched.
//
// It says {error, Reason} for a failure before and after the point of no return; after it, init is
// on its way down then: it was told before release_handler takes the next call.
//
// Putting the environment back: change_application_data takes {env, Env} of the specification, then
// the configuration, then the command line; what still differs from what it was (set or unset while
// the node ran) is set key by key. config_change told the applications the new values when the
// relup failed, so it tells them the old ones.
const std::string_view kInstallProgram = R"((fun() ->
Environment = fun() -> [{A, lists:sort(application:get_all_env(A))} || {A, _, _} <- application:loaded_applications()] end,
Before = Environment(),
Configuration = try sys:get_state(application_controller) of
    State -> case element(tuple_size(State), State) of L when is_list(L) -> L; _ -> [] end
catch _:_ -> [] end,
Specifications = case file:read_file(OldBoot) of
    {ok, Boot} ->
        {script, _, Script} = binary_to_term(Boot),
        [S || {apply, {application, load, [S]}} <- Script]
            ++ [S || {kernelProcess, application_controller, {application_controller, start, [S]}} <- Script];
    _ -> []
end,
Supervised = fun() -> try [P || {_, _, P, _} <- release_handler_1:get_supervised_procs()] catch _:_ -> [] end end,
IsSuspended = fun(P) ->
    case catch sys:get_status(P, 5000) of {status, _, _, [_, suspended | _]} -> true; _ -> false end
end,
SuspendedBefore = case ResumeEarly of true -> [P || P <- Supervised(), IsSuspended(P)]; false -> [] end,

PutBack = fun() ->
    Told = application_controller:prep_config_change(),
    Given = [case lists:keyfind(A, 1, Before) of
                 {_, Env} -> {application, A, lists:keystore(env, 1, Keys, {env, Env})};
                 false -> S
             end || {application, A, Keys} = S <- Specifications],
    _ = application_controller:change_application_data(Given, Configuration),
    lists:foreach(fun({A, Env}) ->
        Now = application:get_all_env(A),
        [application:unset_env(A, K) || {K, _} <- Now, not lists:keymember(K, 1, Env)],
        [application:set_env(A, K, V) || {K, V} <- Env, lists:keyfind(K, 1, Now) =/= {K, V}]
    end, Before),
    _ = application_controller:config_change(Told),
    case ResumeEarly of
        true -> [catch sys:resume(P) || P <- Supervised() -- SuspendedBefore, IsSuspended(P)];
        false -> ok
    end,
    case [A || {A, E} <- Environment(), lists:keyfind(A, 1, Before) =/= {A, E}] of
        [] -> ok;
        Differ -> {differs, Differ}
    end
end,

Handler = whereis(release_handler),
Patterns = [{sys, suspend, 1}, {sys, suspend, 2}],
Watched = try
    [erlang:trace_pattern(P, [{'_', [], [{exception_trace}]}], [global]) || P <- Patterns],
    erlang:trace(Handler, true, [call]),
    true
catch _:_ -> false end,
Result = try release_handler:install_release(Vsn, Options) catch Class:Why -> {error, {Class, Why}} end,
case Result of {error, R} -> Client ! {Tag, {failed, R}}; _ -> ok end,
case Watched of
    true ->
        catch erlang:trace(Handler, false, [call]),
        [catch erlang:trace_pattern(P, false, [global]) || P <- Patterns],
        case catch erlang:trace_delivered(Handler) of
            Ref when is_reference(Ref) -> receive {trace_delivered, _, Ref} -> ok after 1000 -> ok end;
            _ -> ok
        end;
    false -> ok
end,
Collect = fun Collect(Last, Failed) ->
    receive
        {trace, Handler, call, {sys, suspend, [Pid | _]}} -> Collect(Pid, Failed);
        {trace, Handler, exception_from, {sys, suspend, _}, _} -> Collect(Last, [Last | Failed]);
        {trace, Handler, _, _} -> Collect(Last, Failed);
        {trace, Handler, _, _, _} -> Collect(Last, Failed)
    after 0 -> lists:usort(Failed)
    end
end,
Silent = Collect(none, []),
case Result of
    {ok, _, _} -> {ok, Silent};
    {continue_after_restart, _, _} -> {restarts, emulator};
    {error, Reason} ->
        catch sys:get_state(release_handler, 5000),
        case catch init:get_status() of
            {started, _} -> {failed, Reason, PutBack()};
            _ -> {down, Reason}
        end
end
end)().)";

const std::string_view kProvidersProgram = R"(
try
    Load = fun({Module, Value}, All) -> Module:load(All, Value) end,
    Loaded = lists:foldl(Load, Configuration, maps:get(providers, State)),
    {ok, unicode:characters_to_binary(io_lib:format("%% coding: utf-8~n~tp.~n", [Loaded]))}
catch Class:Reason:Stack ->
    Text = try 'Elixir.Exception':format_banner(Class, Reason, Stack)
           catch _:_ -> io_lib:format("~tp", [Reason])
           end,
    {error, unicode:characters_to_binary(Text)}
end.)";

Term run_program(Rpc& rpc, std::string_view text, ProgramBindings bindings,
                 const Deadline& deadline) {
  const Term scanned = rpc.call("erl_scan", "string", {Term::string(text)}, deadline);
  const Term parsed = rpc.call("erl_parse", "parse_exprs", {scanned[1]}, deadline);
  if (!parsed.is_tagged("ok", 2)) throw Error("a program for the node cannot be read there");
  sys::put_in_order(bindings, [](const auto& a, const auto& b) { return a.first < b.first; });
  Terms bound;
  for (const auto& [name, value] : bindings)
    bound.push_back(Term::tuple({Term::atom(name), value}));
  const Term result = rpc.call("erl_eval", "exprs", {parsed[1], Term::list(bound)}, deadline);
  return result[1];
}

}  // namespace relmk::node
