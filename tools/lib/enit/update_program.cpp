#include "enit/update_program.h"

namespace relmk::enit {

// What was done is noted in the process's own dictionary, the last first, so that it is known
// wherever the program fails.
const std::string_view kUpdateProgram = R"(
Done = fun(What) -> put(done, [What | get(done)]) end,
Fail = fun(Format, Arguments) -> throw({failed, Text(Format, Arguments)}) end,

ConfData = fun() ->
    State = sys:get_state(application_controller, Timeout),
    case element(tuple_size(State), State) of List when is_list(List) -> List; _ -> [] end
end,
Values = fun(App) -> lists:keydelete(included_applications, 1, application:get_all_env(App)) end,
SetAll = fun(App, Wanted) ->
    Now = Values(App),
    Set(App, Wanted -- Now, [Key || {Key, _} <- Now, not lists:keymember(Key, 1, Wanted)])
end,
EnvOf = fun({application, _, Keys}) -> proplists:get_value(env, Keys, []) end,
ConfigurationOf = fun(App) -> proplists:get_value(App, Configuration, []) end,
Before = [{App, Values(App)} || {{application, App, _}, _} <- Specifications],
%% What the new .app says, then what was configured, then what was set since: but a value that is
%% only the old .app's.
EnvAfter = fun(App, OldSpec, NewSpec) ->
    {_, Had} = lists:keyfind(App, 1, Before),
    Own = [KV || {Key, _} = KV <- Had,
                 not lists:member(KV, EnvOf(OldSpec)) orelse lists:keymember(Key, 1, ConfigurationOf(App))],
    lists:foldl(fun({Key, _} = KV, Env) -> lists:keystore(Key, 1, Env, KV) end, EnvOf(NewSpec), Own)
end,

CodeIn = fun(Ebin, Module) ->
    File = filename:join(Ebin, atom_to_list(Module) ++ ".beam"),
    case file:read_file(File) of
        {ok, Binary} -> {File, Binary};
        {error, Reason} -> {error, File, Reason}
    end
end,
OldCode = fun(Module) ->
    case [Code || {_, Old, _} <- Libraries, Old =/= none, {_, _} = Code <- [CodeIn(Old, Module)]] of
        [Code | _] -> Code;
        [] -> none
    end
end,
Version = fun(Binary) ->
    case beam_lib:version(Binary) of
        {ok, {_, [One]}} -> One;
        {ok, {_, Several}} -> Several;
        _ -> undefined
    end
end,
Purge = fun(Module, soft_purge) ->
               code:soft_purge(Module) orelse
                   Fail("old code of ~tw is still in use, and its appup does not let it be killed", [Module]);
           (Module, _) -> code:purge(Module)
end,
PurgeLater = fun(Module, How) ->
    code:soft_purge(Module) orelse put(unpurged, [{Module, How} | get(unpurged)])
end,

Ask = fun(Request) -> try {ok, Request()} catch _:Why -> {error, Why} end end,
Children = fun(Supervisor) ->
    case get({suspended, Supervisor}) of
        true -> ok;
        _ ->
            case Ask(fun() -> gen_server:call(Supervisor, which_children, Timeout) end) of
                {ok, List} when is_list(List) -> put({children, Supervisor}, List);
                _ -> ok
            end
    end,
    case get({children, Supervisor}) of undefined -> []; Known -> Known end
end,
Modules = fun(Pid, dynamic) ->
                 case Ask(fun() -> gen:call(Pid, self(), get_modules, Timeout) end) of
                     {ok, {ok, List}} when is_list(List) -> List;
                     _ -> []
                 end;
             (_, List) when is_list(List) -> List;
             (_, _) -> []
end,
Walk = fun Walk(Supervisor) ->
    lists:flatmap(fun({Id, Pid, Type, Mods}) when is_pid(Pid) ->
                         [{Supervisor, Id, Pid, Modules(Pid, Mods)}
                          | case Type of supervisor -> Walk(Pid); _ -> [] end];
                     (_) -> []
                  end, Children(Supervisor))
end,
Processes = fun() ->
    lists:flatmap(fun({App, _, _}) ->
        case application_controller:get_master(App) of
            Master when is_pid(Master) ->
                case application_master:get_child(Master) of
                    {Root, _} when is_pid(Root) ->
                        Own = case Ask(fun() -> supervisor:get_callback_module(Root) end) of
                            {ok, Module} when is_atom(Module) -> [Module];
                            _ -> []
                        end,
                        [{undefined, undefined, Root, Own} | Walk(Root)];
                    _ -> []
                end;
            _ -> []
        end
    end, application:which_applications(infinity))
end,
Of = fun(Module) -> [Process || {_, _, _, Mods} = Process <- Processes(), lists:member(Module, Mods)] end,

Suspend = fun(Module, Pid) ->
    case Ask(fun() -> sys:suspend(Pid, Timeout) end) of
        {ok, ok} -> put({suspended, Pid}, true), Done({suspended, Pid}), [Pid];
        {error, {noproc, _}} -> [];
        _ ->
            spawn(fun() -> catch sys:resume(Pid, infinity) end),
            Fail("process ~p, which runs ~tw, could not be suspended", [Pid, Module])
    end
end,
StateOf = fun(Pid) ->
    {status, _, {module, Behaviour}, _} = sys:get_status(Pid, Timeout),
    {Behaviour, sys:get_state(Pid, Timeout)}
end,
PutState = fun(Pid, {gen_event, Handlers}) ->
                  sys:replace_state(Pid, fun({Module, Id, Now}) ->
                      {Module, Id, case [State || {M, I, State} <- Handlers, M =:= Module, I =:= Id] of
                                       [State | _] -> State;
                                       [] -> Now
                                   end}
                  end, Timeout);
              (Pid, {_, State}) -> sys:replace_state(Pid, fun(_) -> State end, Timeout)
end,
ChangeState = fun(Mode, Module, Extra, Pid) ->
    {Old, New} = case lists:keyfind(Module, 1, get(versions)) of
        {_, O, N} -> {O, N};
        false -> {undefined, undefined}
    end,
    {There, Back} = case Mode of up -> {Old, {down, Old}}; down -> {{down, New}, New} end,
    case Ask(fun() -> StateOf(Pid) end) of
        {ok, State} ->
            Done({state, Pid, Module, Back, Extra, State}),
            case Ask(fun() -> sys:change_code(Pid, Module, There, Extra, Timeout) end) of
                {ok, ok} -> ok;
                {ok, {error, Why}} ->
                    Fail("process ~p of ~tw: its code_change failed: ~0tp", [Pid, Module, Why]);
                {error, Why} ->
                    Fail("process ~p of ~tw: its code_change failed: ~0tp", [Pid, Module, Why])
            end;
        {error, Why} -> Fail("process ~p of ~tw: its state is not known: ~0tp", [Pid, Module, Why])
    end
end,

LoadApp = fun(App) ->
    case application:load(App) of
        ok -> Done({app_loaded, App}), Set(App, ConfigurationOf(App), []);
        {error, {already_loaded, _}} -> ok;
        {error, Why} -> Fail("application ~tw cannot be loaded: ~0tp", [App, Why])
    end
end,
StartApp = fun(App) ->
    put(restarted, [App | get(restarted)]),
    application:start(App, temporary)
end,

Change = fun
    ({load_object_code, {App, _, Mods}}) ->
        {_, _, Ebin} = lists:keyfind(App, 1, Libraries),
        [case CodeIn(Ebin, Module) of
             {error, File, Why} -> Fail("~ts cannot be read: ~ts", [File, file:format_error(Why)]);
             {_, Binary} = Code ->
                 put({code, Module}, Code),
                 Had = case OldCode(Module) of {_, Bytes} -> Version(Bytes); none -> undefined end,
                 put(versions, lists:keystore(Module, 1, get(versions), {Module, Had, Version(Binary)}))
         end || Module <- Mods];
    (point_of_no_return) ->
        case get(switched) of
            true -> ok;
            _ ->
                put(switched, true),
                Done(switched),
                [begin code:add_pathz(New), Old =/= none andalso code:del_path(Old) end
                 || {_, Old, New} <- Libraries, New =/= none],
                ok = application_controller:change_application_data([New || {_, New} <- Specifications], ConfData()),
                [SetAll(App, EnvAfter(App, Old, New)) || {{_, App, _} = Old, New} <- Specifications]
        end;
    ({load, {Module, Pre, Post}}) ->
        Purge(Module, Pre),
        {File, Binary} = get({code, Module}),
        case code:load_binary(Module, File, Binary) of
            {module, _} -> Done({code, Module}), PurgeLater(Module, Post);
            {error, Why} -> Done({code, Module}), Fail("module ~tw cannot be loaded: ~0tp", [Module, Why])
        end;
    ({remove, {Module, Pre, Post}}) ->
        Purge(Module, Pre),
        code:delete(Module),
        Done({code, Module}),
        PurgeLater(Module, Post);
    ({purge, Mods}) -> [code:purge(Module) || Module <- Mods];
    ({suspend, Mods}) ->
        [begin
             Module = case One of {M, _} -> M; M -> M end,
             Pids = lists:flatmap(fun({_, _, Pid, _}) -> Suspend(Module, Pid) end, Of(Module)),
             put({of_module, Module}, Pids)
         end || One <- Mods];
    ({resume, Mods}) ->
        [[begin
              erase({suspended, Pid}),
              Done({resumed, Pid}),
              Ask(fun() -> sys:resume(Pid, Timeout) end)
          end || Pid <- case erase({of_module, Module}) of undefined -> []; Pids -> Pids end]
         || Module <- Mods];
    ({code_change, Mode, Mods}) ->
        [[ChangeState(Mode, Module, Extra, Pid)
          || Pid <- case get({of_module, Module}) of undefined -> []; Pids -> Pids end]
         || {Module, Extra} <- Mods];
    ({stop, Mods}) ->
        [[case Ask(fun() -> supervisor:terminate_child(Supervisor, Id) end) of
              {ok, ok} ->
                  Done({stopped, Supervisor, Id}),
                  put({stopped, Module}, [{Supervisor, Id} | case get({stopped, Module}) of undefined -> []; L -> L end]);
              _ -> ok
          end || {Supervisor, Id, _, _} <- Of(Module), Supervisor =/= undefined]
         || Module <- Mods];
    ({start, Mods}) ->
        [[case Ask(fun() -> supervisor:restart_child(Supervisor, Id) end) of
              {ok, {error, Why}} when Why =/= not_found, Why =/= running, Why =/= restarting ->
                  Fail("child ~tp of ~tw cannot be started again: ~0tp", [Id, Module, Why]);
              _ -> Done({started, Supervisor, Id})
          end || {Supervisor, Id} <- case erase({stopped, Module}) of undefined -> []; L -> lists:reverse(L) end]
         || Module <- Mods];
    ({apply, {application, start, [App | _]}}) ->
        LoadApp(App),
        case StartApp(App) of
            ok -> Done({app_started, App});
            {error, {already_started, _}} -> ok;
            {error, Why} -> Fail("application ~tw cannot be started: ~0tp", [App, Why])
        end;
    ({apply, {application, load, [App | _]}}) -> LoadApp(App);
    ({apply, {application, stop, [App]}}) ->
        case application:stop(App) of ok -> Done({app_stopped, App}); _ -> ok end;
    ({apply, {application, unload, [App]}}) ->
        Had = Values(App),
        case application:unload(App) of ok -> Done({app_unloaded, App, Had}); _ -> ok end;
    ({apply, {M, F, A}}) ->
        Done({applied, M, F, length(A)}),
        apply(M, F, A)
end,
Normal = fun({code_change, Mods}) -> {code_change, up, Mods}; (Other) -> Other end,

%% config_change/3 of what has another environment now than before.
TellChange = fun({App, Had}) ->
    Now = Values(App),
    Changes = Lists([{Key, case lists:keyfind(Key, 1, Had) of {_, Value} -> {ok, Value}; false -> undefined end}
                     || {Key, _} <- lists:ukeysort(1, Now ++ Had)],
                    Now, [Key || {Key, _} <- Had, not lists:keymember(Key, 1, Now)]),
    case Call(App, Callback(App), Changes) of
        ok -> Done({told, App, Now});
        none -> ok;
        {failed, Why} -> Fail("~tw: config_change: ~ts", [App, Why])
    end
end,

LoadAgain = fun(Module) ->
    code:soft_purge(Module) orelse code:purge(Module),
    case OldCode(Module) of
        {File, Binary} -> {module, _} = code:load_binary(Module, File, Binary);
        none -> code:delete(Module), code:purge(Module)
    end
end,
TakeBack = fun
    (switched) ->
        [begin Old =/= none andalso code:add_pathz(Old), code:del_path(New) end
         || {_, Old, New} <- Libraries, New =/= none],
        ok = application_controller:change_application_data([Old || {Old, _} <- Specifications], ConfData()),
        [SetAll(App, Had) || {App, Had} <- Before];
    ({code, Module}) -> LoadAgain(Module);
    ({suspended, Pid}) -> erase({suspended, Pid}), sys:resume(Pid, Timeout);
    ({resumed, Pid}) -> put({lived, Pid}, true), sys:suspend(Pid, Timeout);
    ({state, Pid, Module, Back, Extra, State}) ->
        case get({lived, Pid}) of
            true -> ok = sys:change_code(Pid, Module, Back, Extra, Timeout);
            _ -> PutState(Pid, State)
        end;
    ({stopped, Supervisor, Id}) ->
        case supervisor:restart_child(Supervisor, Id) of
            {error, Why} when Why =/= not_found, Why =/= running, Why =/= restarting -> error(Why);
            _ -> ok
        end;
    ({started, Supervisor, Id}) -> supervisor:terminate_child(Supervisor, Id);
    ({app_started, App}) -> application:stop(App);
    ({app_loaded, App}) -> application:unload(App);
    ({app_stopped, App}) -> case StartApp(App) of {error, {already_started, _}} -> ok; ok -> ok end;
    ({app_unloaded, App, Had}) ->
        case application:load(App) of {error, {already_loaded, _}} -> ok; ok -> ok end,
        SetAll(App, Had);
    ({told, App, Now}) -> put(tell_again, [{App, Now} | case get(tell_again) of undefined -> []; L -> L end]);
    ({applied, M, F, Arity}) -> error({cannot_be_taken_back, {M, F, Arity}})
end,
NameOf = fun(switched) -> "the code path and the applications' data";
            (What) -> io_lib:format("~tw ~tp", [element(1, What), element(2, What)])
end,
TakeAllBack = fun() ->
    NotDone = lists:flatmap(fun(What) ->
        try TakeBack(What), [] catch
            exit:{noproc, _} -> [];
            error:{cannot_be_taken_back, {M, F, Arity}} -> [Text("~tw:~tw/~w was called", [M, F, Arity])];
            _:Why -> [Text("~ts: ~0tp", [NameOf(What), Why])]
        end
    end, get(done)),
    NotTold = [Text("~tw: config_change: ~ts", [App, Why]) ||
        {App, Now} <- case get(tell_again) of undefined -> []; L -> L end,
        {_, Had} <- [lists:keyfind(App, 1, Before)],
        {failed, Why} <- [Call(App, Callback(App), Lists(
            [{Key, case lists:keyfind(Key, 1, Now) of {_, Value} -> {ok, Value}; false -> undefined end}
             || {Key, _} <- lists:ukeysort(1, Now ++ Had)],
            Had, [Key || {Key, _} <- Now, not lists:keymember(Key, 1, Had)]))]],
    NotDone ++ NotTold
end,
Finish = fun() ->
    [code:del_path(Old) || {_, Old, none} <- Libraries],
    application:set_env(enit, applied, Applied, [{timeout, infinity}]),
    [code:purge(Module) || {Module, brutal_purge} <- get(unpurged)],
    {done, [{Module, length([P || P <- processes(), erlang:check_process_code(P, Module) =:= true])}
            || {Module, soft_purge} <- lists:usort(get(unpurged)), not code:soft_purge(Module)]}
end,
[put(Key, []) || Key <- [done, unpurged, versions, restarted]],
IsRegistered = (catch register(enit_changes_node, self())),
IsKnown = application:get_env(enit, applied) =:= {ok, AppliedBefore},
case IsRegistered of
    true when not IsKnown ->
        unregister(enit_changes_node),
        busy;
    true ->
        Result = try
            lists:foreach(fun(Instruction) -> Change(Normal(Instruction)) end, Instructions),
            lists:foreach(TellChange, Before),
            Finish()
        catch
            throw:{failed, Reason} -> {put_back, Reason, TakeAllBack()};
            Class:Reason:Stack -> {put_back, Text("~w: ~0tp", [Class, {Reason, WithoutEval(Stack)}]), TakeAllBack()}
        end,
        MakePermanent(get(restarted)),
        unregister(enit_changes_node),
        Result;
    _ -> busy
end.
)";

}  // namespace relmk::enit
