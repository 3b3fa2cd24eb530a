#include "enit/node_functions.h"

#include "enit/boot.h"

namespace relmk::enit {

std::string node_functions() {
  return "MakePermanent = " + make_permanent_fun() + ",\n" + R"(
Text = fun(Format, Arguments) -> unicode:characters_to_binary(io_lib:format(Format, Arguments, [{chars_limit, 2000}])) end,
WithoutEval = fun(Stack) -> lists:takewhile(fun(Frame) -> element(1, Frame) =/= erl_eval end, Stack) end,
Set = fun(App, Values, Removed) ->
    [application:set_env(App, Key, Value, [{timeout, infinity}]) || {Key, Value} <- Values],
    [application:unset_env(App, Key, [{timeout, infinity}]) || Key <- Removed]
end,
Callback = fun(App) ->
    Runs = lists:keymember(App, 1, application:which_applications(infinity)),
    case Runs andalso application:get_key(App, mod) of
        {ok, {Module, _}} ->
            _ = code:ensure_loaded(Module),
            case erlang:function_exported(Module, config_change, 3) of
                true -> Module;
                false -> none
            end;
        _ -> none
    end
end,
Call = fun(_, none, _) -> none;
          (_, _, {[], [], []}) -> none;
          (App, Module, {Changed, New, Removed}) ->
    Tag = make_ref(),
    {Pid, Monitor} = spawn_monitor(fun() ->
        exit({Tag, try Module:config_change(Changed, New, Removed)
                   catch Class:Reason:Stack -> {error, {Class, Reason, WithoutEval(Stack)}}
                   end})
    end),
    receive
        {'DOWN', Monitor, process, Pid, {Tag, ok}} -> ok;
        {'DOWN', Monitor, process, Pid, {Tag, {error, Why}}} -> {failed, Text("~0tp", [Why])};
        {'DOWN', Monitor, process, Pid, {Tag, Other}} ->
            {failed, Text("returned ~0tp", [Other])};
        {'DOWN', Monitor, process, Pid, Why} -> {failed, Text("~0tp", [Why])}
    after Timeout ->
        exit(Pid, kill),
        receive {'DOWN', Monitor, process, Pid, _} -> ok end,
        Seconds = case Timeout rem 1000 of 0 -> Timeout div 1000; _ -> Timeout / 1000 end,
        {failed, Text("no answer within ~w second~s", [Seconds, case Seconds of 1 -> ""; _ -> "s" end])}
    end
end,
Lists = fun(Before, Values, Removed) ->
    {[{Key, Value} || {Key, Value} <- Values, {_, {ok, Old}} <- [lists:keyfind(Key, 1, Before)],
                      Old =/= Value],
     [{Key, Value} || {Key, Value} <- Values, {_, undefined} <- [lists:keyfind(Key, 1, Before)]],
     [Key || Key <- Removed, {_, {ok, _}} <- [lists:keyfind(Key, 1, Before)]]}
end,
)";
}

}  // namespace relmk::enit
