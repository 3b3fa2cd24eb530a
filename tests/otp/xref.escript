#!/usr/bin/env escript
%% -*- erlang -*-
%%! +A0
%% Calls to functions that a release does not hold: what xref says, as relx asks it, and what xref-release does.
%% Arguments: xref-release, strip-beams, beam-probe, and a directory for files.

main([Xref, Strip, Probe, Dir]) ->
    Root = filename:join(Dir, "release"),
    Applications = [kernel, stdlib, sasl, tools, runtime_tools, ssl],
    [link_application(Root, A) || A <- Applications],
    ErtsName = "erts-" ++ erlang:system_info(version),
    ok = file:make_symlink(filename:join(code:lib_dir(), ErtsName), filename:join([Root, "lib", ErtsName])),
    demo(Root),
    describe(Root, Applications),

    report("xref-release --all", expected(Root, Applications ++ [demo]), ours(Xref, [Root, "--all"])),
    Demo = expected(Root, [demo]),
    report("xref-release, of what is not OTP's", Demo, ours(Xref, [Root])),
    report("xref-release --app", expected(Root, [sasl]), ours(Xref, [Root, "--app", "sasl"])),
    strict(Xref, Root),
    [modules_mode(Probe, Dir, Root, A) || A <- [demo, ssl, tools]],
    stripped(Xref, Strip, Root, Applications ++ [demo], Demo).

link_application(Root, Name) ->
    To = filename:join([Root, "lib", filename:basename(code:lib_dir(Name))]),
    ok = filelib:ensure_dir(To),
    ok = file:make_symlink(code:lib_dir(Name), To).

describe(Root, Applications) ->
    ok = filelib:ensure_path(filename:join([Root, "releases", "1"])),
    Erts = erlang:system_info(version),
    ok = file:write_file(filename:join([Root, "releases", "start_erl.data"]), [Erts, " 1"]),
    Named = [{A, vsn(A)} || A <- Applications] ++ [{demo, "1"}],
    ok = file:write_file(filename:join([Root, "releases", "1", "x.rel"]),
                         io_lib:format("~p.~n", [{release, {"x", "1"}, {erts, Erts}, Named}])),
    [Boot | _] = lists:append([filelib:wildcard(filename:join([code:root_dir(), D, "start_clean.boot"]))
                               || D <- ["bin", "releases/*"]]),
    {ok, _} = file:copy(Boot, filename:join([Root, "releases", "1", "start.boot"])).

vsn(Name) ->
    [_ | Version] = string:split(filename:basename(code:lib_dir(Name)), "-"),
    lists:flatten(Version).

%% A library of all the ways to call a function.
demo(Root) ->
    Ebin = filename:join([Root, "lib", "demo-1", "ebin"]),
    ok = filelib:ensure_path(Ebin),
    ok = file:write_file(filename:join(Ebin, "demo.app"),
                         "{application,demo,[{vsn,\"1\"},{modules,[demo,demo2]},{applications,[kernel,stdlib]}]}.\n"),
    [compile_module(Ebin, Text) || Text <- demo_texts()].

compile_module(Ebin, Text) ->
    Source = filename:join(Ebin, "x.erl"),
    ok = file:write_file(Source, unicode:characters_to_binary(Text)),
    {ok, Module, Code} = compile:file(Source, [binary, debug_info, return_errors]),
    ok = file:delete(Source),
    ok = file:write_file(filename:join(Ebin, atom_to_list(Module) ++ ".beam"), Code).

demo_texts() ->
    ["-module(demo).\n-export([a/1, 'b c'/2, d/0, e/1, f/1, g/1, h/1, i/0, j/1, k/0, l/1, m/1, n/0, o/1, p/1, q/0]).\n"
     "-import(gone, [imported/1]).\n-import(lists, [map/2]).\n"
     "-record(r, {x = gone:default(1), y = 2, z = #{} :: map(), w = gone:other() :: any()}).\n"
     "a(X) -> gone:f(X), lists:map(fun(Y) -> gone:g(Y) end, X), map(X, imported(X)).\n"
     "'b c'(X, Y) -> [gone:'H H'(Z) || Z <- X, gone:filter(Z)] ++ [Q || {ok, Q} <- gone:gen(Y)].\n"
     "d() -> spawn(gone, spawned, [1, 2]), spawn_link(node(), gone, linked, []), apply(gone, applied, [a]).\n"
     "e(M) -> M:unknown(1), gone:M(), apply(M, f, [1]), apply(gone, f, M), F = fun gone:ext/3, F.\n"
     "f(X) -> Args = [X, 2], apply(gone, bound, Args), apply(gone, longer, [1 | Args]), X.\n"
     "g(X) -> #r{}, #r{x = 1}, #r{_ = X}, X#r{y = gone:update()}.\n"
     "h(X) when is_list(X), length(X) > 1 -> case gone:c() of {_, _} -> 1; _ -> gone:q() end.\n"
     "i() -> try gone:t() of _ -> gone:of_() catch _:_ -> gone:c() after gone:after_() end.\n"
     "j(X) -> receive X -> gone:r() after gone:timeout() -> ok end, fun F(0) -> gone:named(); F(N) -> F(N - 1) end.\n"
     "k() -> <<(gone:bits()):8>>, #{gone:key() => gone:value()}, catch gone:caught(), self() ! gone:sent(), -gone:op().\n"
     "l(X) -> if X -> gone:if_(); true -> lists:no_such_function(X) end, demo:not_exported(), ?MODULE:a(1).\n"
     "m(X) -> erlang:no_such_bif(X), erlang:'+'(X, 1), fun erlang:'-'/2, fun lists:map/2, fun erlang:apply/2, X.\n"
     "n() -> not_exported(), [1, 2, {fun gone:literal/1}].\n"
     "o(X) -> lists:foreach(fun(_) -> ok end, X), gone:module_info(), lists:module_info(exports), ets:nothing(), spawn_opt(gone, opt, [], []).\n"
     "p(X) -> maps:map(fun(K, V) -> fun() -> gone:nested(K, V) end end, X), << <<(gone:bc(Y))>> || <<Y>> <= X >>.\n"
     "q() -> apply(erlang, apply, [gone, twice, [1]]), timer:apply_after(1, gone, timer, []), proc_lib:spawn(gone, proc, []).\n"
     "not_exported() -> gone:from_private().\n",
     ["-module(demo2).\n-export([long/0, tilde/0, 'å'/0]).\n",
      "long() -> [", lists:join(",", [integer_to_list(N) || N <- lists:seq(1, 20000)]), ", gone:at_the_end()].\n",
      "tilde() -> gone:'~p'(), gone:'€'().\n'å'() -> 'gone\\'s':'ü'().\n"]].

%% As relx: xref in functions mode, of these applications, with all of the release as its library.
expected(Root, Applications) ->
    {ok, _} = xref:start(x, [{xref_mode, functions}]),
    [{ok, _} = xref:add_application(x, directory(Root, A), [{name, A}, {warnings, false}]) || A <- Applications],
    ok = xref:set_library_path(x, filelib:wildcard(filename:join([Root, "lib", "*", "ebin"]))),
    {ok, Calls} = xref:analyze(x, undefined_function_calls),
    stopped = xref:stop(x),
    [line(C) || C <- Calls].

directory(Root, Name) ->
    [Directory] = filelib:wildcard(filename:join([Root, "lib", atom_to_list(Name) ++ "-*"])),
    Directory.

line({{M1, F1, A1}, {M2, F2, A2}}) ->
    unicode:characters_to_binary(io_lib:format("~tw:~tw/~w -> ~tw:~tw/~w", [M1, F1, A1, M2, F2, A2])).

ours(Xref, Args) ->
    {0, Text} = run(Xref, Args),
    binary:split(Text, <<"\n">>, [global, trim_all]).

strict(Xref, Root) ->
    {Status, _} = run(Xref, [Root, "--strict"]),
    report("xref-release --strict exits with 1", [1], [Status]).

%% As systools' option exref: xref in modules mode.
modules_mode(Probe, Dir, Root, Application) ->
    Directories = filelib:wildcard(filename:join([Root, "lib", "*", "ebin"])),
    {ok, _} = xref:start(x, [{xref_mode, modules}]),
    {ok, _} = xref:add_application(x, directory(Root, Application), [{name, Application}]),
    ok = xref:set_library_path(x, Directories),
    {ok, Expected} = xref:analyze(x, undefined_functions),
    stopped = xref:stop(x),
    List = filename:join(Dir, "directories"),
    Out = filename:join(Dir, "undefined"),
    ok = file:write_file(List, [[D, $\n] || D <- [filename:join(directory(Root, Application), "ebin") | Directories]]),
    {0, _} = run(Probe, ["undefined", List, Out]),
    {ok, Actual} = file:consult(Out),
    report(["undefined functions of ", atom_to_list(Application)], Expected, Actual).

%% Without debug information: each function that is found is one that xref finds, and each of the import table that does
%% not exist is found. The compiler may have moved a call into another function.
stripped(Xref, Strip, Root, Applications, Demo) ->
    All = expected(Root, Applications),
    Imports = lists:usort([I || A <- Applications, I <- undefined_imports(Root, A)]),
    [copy_ebin(directory(Root, A)) || A <- Applications],
    {0, _} = run(Strip, [directory(Root, A) || A <- Applications]),
    Ours = ours(Xref, [Root, "--all"]),
    Callees = callees(Ours),
    report("of stripped files, only what xref finds", [], Callees -- callees(All)),
    report("of stripped files, all imports", [], Imports -- Callees),
    %% What is given to spawn and its kin is missing.
    Missing = Demo -- ours(Xref, [Root]),
    report("of stripped files, all but indirect calls",
           [<<"demo:d/0 -> gone:linked/0">>, <<"demo:d/0 -> gone:spawned/2">>, <<"demo:f/1 -> gone:bound/2">>,
            <<"demo:f/1 -> gone:longer/3">>, <<"demo:o/1 -> gone:opt/0">>], Missing).

callees(Lines) ->
    lists:usort([Callee || Line <- Lines, [_, Callee] <- [binary:split(Line, <<" -> ">>)]]).

undefined_imports(Root, Name) ->
    [line_of(I) || F <- filelib:wildcard(filename:join([directory(Root, Name), "ebin", "*.beam"])),
                   {ok, {_, [{imports, Imports}]}} <- [beam_lib:chunks(F, [imports])], I <- Imports, not exists(Root, I)].

line_of({M, F, A}) -> unicode:characters_to_binary(io_lib:format("~tw:~tw/~w", [M, F, A])).

exists(Root, {M, F, A}) ->
    erlang:is_builtin(M, F, A) orelse
        case filelib:wildcard(filename:join([Root, "lib", "*", "ebin", atom_to_list(M) ++ ".beam"])) of
            [File | _] ->
                {ok, {_, [{exports, Exports}]}} = beam_lib:chunks(File, [exports]),
                lists:member({F, A}, Exports);
            [] -> false
        end.

copy_ebin(Directory) ->
    case file:read_link(Directory) of
        {ok, Target} ->
            ok = file:delete(Directory),
            To = filename:join(Directory, "ebin"),
            ok = filelib:ensure_path(To),
            [{ok, _} = file:copy(F, filename:join(To, filename:basename(F)))
             || F <- filelib:wildcard(filename:join([Target, "ebin", "*"]))];
        _ -> ok
    end.

run(Program, Args) ->
    Port = open_port({spawn_executable, Program}, [{args, Args}, exit_status, binary]),
    finish(Port, <<>>).

finish(Port, Text) ->
    receive
        {Port, {data, More}} -> finish(Port, <<Text/binary, More/binary>>);
        {Port, {exit_status, Status}} -> {Status, Text}
    end.

report(What, Expected, Expected) ->
    io:format("ok - ~ts: ~w lines~n", [What, length(Expected)]);
report(What, Expected, Actual) ->
    io:format("not ok - ~ts~n", [What]),
    [io:format("  # ~ts ~tp~n", [Label, L]) || {Label, Lines} <- [{"missing", Expected -- Actual}, {"too much", Actual -- Expected}],
                                               L <- lists:sublist(Lines, 15)].
