#!/usr/bin/env escript
%% What file:script/2 makes of each line of a table, in the form in which eval-probe prints it.
main([Table, Directory]) ->
    io:setopts(standard_io, [{encoding, unicode}]),
    {ok, Bytes} = file:read_file(Table),
    Script = filename:join(Directory, "a.script"),
    Release = {release, {demo, "1.0"}, [kernel, stdlib]},
    Config = [{deps, [a, b]}, {erl_opts, [debug_info]}, {relx, [Release, {dev_mode, true}]}],
    Bindings = [{'CONFIG', Config}, {'SCRIPT', Script}],
    Stdout = group_leader(),
    [print(Line, Script, Bindings, Stdout)
     || Line <- binary:split(Bytes, <<"\n">>, [global]), is_script(Line)].

is_script(<<>>) -> false;
is_script(<<"%%", _/binary>>) -> false;
is_script(_) -> true.

print(Line, Script, Bindings, Stdout) ->
    ok = file:write_file(Script, [Line, "\n"]),
    Self = self(),
    Collector = spawn(fun() -> collect([]) end),
    {Pid, Ref} = spawn_monitor(fun() ->
        group_leader(Collector, self()),
        Self ! {self(), file:script(Script, Bindings)}
    end),
    Text = receive
        {Pid, {ok, Value}} -> io_lib:format(value_format(), [Value]);
        {Pid, {error, {_, file, {Class, Reason, _}}}} ->
            io_lib:format("error evaluation failed with reason ~w:~0tp", [Class, Reason]);
        {Pid, {error, {_, Module, What}}} when Module =/= file ->
            ["error ", Module:format_error(What)];
        {Pid, {error, Other}} -> ["error ", file:format_error(Other)];
        {'DOWN', Ref, process, Pid, Why} -> io_lib:format("error ~tp", [Why])
    end,
    demonitor(Ref, [flush]),
    Collector ! {printed, self()},
    Printed = receive {printed, P} -> P end,
    Suffix = case Printed of "" -> ""; _ -> io_lib:format(" printed ~tw", [Printed]) end,
    io:format(Stdout, "~ts~ts~n", [Text, Suffix]).

%% From OTP 26 on, only `k` has a map's atom keys in an order that others know.
value_format() ->
    case list_to_integer(erlang:system_info(otp_release)) of
        Release when Release >= 26 -> "ok ~tkw";
        _ -> "ok ~tw"
    end.

%% A group leader that keeps what is printed.
collect(Chars) ->
    receive
        {io_request, From, ReplyAs, {put_chars, _, M, F, A}} ->
            case catch unicode:characters_to_list(apply(M, F, A)) of
                Text when is_list(Text) ->
                    From ! {io_reply, ReplyAs, ok},
                    collect([Chars, Text]);
                _ ->
                    From ! {io_reply, ReplyAs, {error, {put_chars, unicode, M, F, A}}},
                    collect(Chars)
            end;
        {io_request, From, ReplyAs, {put_chars, _, Text}} ->
            From ! {io_reply, ReplyAs, ok},
            collect([Chars, Text]);
        {io_request, From, ReplyAs, _} ->
            From ! {io_reply, ReplyAs, {error, request}},
            collect(Chars);
        {printed, To} -> To ! {printed, unicode:characters_to_list(Chars)}
    end.
