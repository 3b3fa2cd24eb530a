#!/usr/bin/env escript
%% Lays out pairs of releases with appups, lets systools:make_relup make each relup, and compares.
%%
%%   make_relup.escript generate DIR    for each case DIR/CASE/: what make-relup is to be given, one
%%                                      argument a line, in `arguments`, and in `otp` what systools did
%%   make_relup.escript compare DIR     with what make-relup did: DIR/CASE/ours/relup, DIR/CASE/err
%%
%% Where modules depend on each other only through a third, systools' order is that of the VM's atom
%% table. Only there another order is accepted that keeps to the dependencies.
-mode(compile).

main(["generate", Dir]) ->
    %% systools looks for each .app in every directory of the path.
    code:set_path([filename:join(code:lib_dir(App), "ebin") || App <- [kernel, stdlib, sasl]]),
    Cases = written_cases() ++ [random_case(Seed) || Seed <- lists:seq(1, 250)],
    lists:foreach(fun(Case) -> generate(Dir, Case) end, Cases);
main(["compare", Dir]) ->
    Cases = filelib:wildcard(filename:join(Dir, "*/otp")),
    Kinds = [compare(filename:dirname(Otp)) || Otp <- Cases],
    %% What the cases are worth: how many of each outcome there were.
    [io:format("# ~w: ~w~n", [Kind, length([K || K <- Kinds, K =:= Kind])])
     || Kind <- lists:usort(Kinds)].

%% A case is a map: name; libs, [{App, Vsn, Keys, Appup}]; rels, [{File, Vsn, Erts, Apps}], the new
%% one first; from, to, options; graphs of dependencies.

generate(Dir, #{name := Name, libs := Libs, rels := Rels, from := From, to := To} = Case) ->
    CaseDir = filename:join(Dir, Name),
    ok = filelib:ensure_path(filename:join(CaseDir, "otp")),
    ok = file:set_cwd(CaseDir),
    lists:foreach(fun write_lib/1, Libs),
    lists:foreach(fun write_rel/1, Rels),
    Options = maps:get(options, Case, []),
    Top = element(1, hd(Rels)),
    write("arguments", [[A, $\n] || A <- [Top, "-I", "lib/*/ebin"]
        ++ lists:append([["--from", F] || F <- From]) ++ lists:append([["--to", F] || F <- To])
        ++ ["--restart-emulator" || lists:member(restart_emulator, Options)]]),
    Answer = try
                 systools:make_relup(Top, From, To, [silent, {path, ["lib/*/ebin"]},
                                                     {outdir, "otp"} | Options])
             catch Class:Reason -> {crash, {Class, Reason}}
             end,
    file:write_file("answer", term_to_binary({outcome(Answer), maps:get(graphs, Case, [])})).

outcome({ok, Relup, Module, Warnings}) ->
    Texts = [squeezed(string:replace(Module:format_warning(W), "*WARNING* ", "")) || W <- Warnings],
    {ok, Relup, lists:usort(Texts)};
outcome({error, systools_rc, {_, [{_, _, _, _} | _]}}) -> crash;
outcome({error, Module, Reason}) ->
    try {error, squeezed(Module:format_error(Reason))}
    catch _:_ -> crash
    end;
outcome({crash, _}) -> crash.

%% Without white space: systools breaks lines where make-relup does not.
squeezed(Text) ->
    [C || C <- unicode:characters_to_list(Text), not lists:member(C, " \n\t")].

write_lib({App, Vsn, Keys, Appup}) ->
    Ebin = lists:flatten(io_lib:format("lib/~s-~s/ebin", [App, Vsn])),
    ok = filelib:ensure_path(Ebin),
    Default = [{description, "d"}, {vsn, Vsn}, {registered, []}, {modules, []}, {applications, []}],
    All = Keys ++ [D || {K, _} = D <- Default, not lists:keymember(K, 1, Keys)],
    File = filename:join(Ebin, atom_to_list(App)),
    write(File ++ ".app", {application, App, All}),
    case Appup of
        none -> ok;
        {text, Text} -> write(File ++ ".appup", Text);
        _ -> write(File ++ ".appup", Appup)
    end.

write_rel({File, Vsn, Erts, Apps}) ->
    write(File ++ ".rel", {release, {"rel", Vsn}, {erts, Erts}, Apps}).

write(File, Term) when is_tuple(Term) ->
    write(File, io_lib:format("%% -*- coding: utf-8 -*-~n~tp.~n", [Term]));
write(File, Text) ->
    ok = file:write_file(File, unicode:characters_to_binary(Text)).

%% Comparison.

compare(Dir) ->
    {ok, Answer} = file:read_file(filename:join(Dir, "answer")),
    {Outcome, Graphs} = binary_to_term(Answer),
    {ok, Err} = file:read_file(filename:join(Dir, "err")),
    Ours = file:consult(filename:join(Dir, "ours/relup")),
    Lines = string:lexemes(unicode:characters_to_list(Err), "\n"),
    {Kind, Fault} = verdict(Outcome, Ours, Lines, Graphs),
    Name = filename:basename(Dir),
    case Fault of
        ok -> io:format("ok - ~s (~w)~n", [Name, Kind]);
        _ -> io:format("not ok - ~s (~w)~n~ts", [Name, Kind, commented({Fault, Outcome, Ours, Err})])
    end,
    Kind.

commented(Term) ->
    [["  # ", Line, $\n] || Line <- string:split(io_lib:format("~tp", [Term]), "\n", all)].

verdict({ok, Relup, Warnings}, {ok, [Relup]}, Lines, _) -> {equal, warned(Warnings, Lines)};
verdict({ok, Theirs, Warnings}, {ok, [Ours]}, Lines, Graphs) ->
    case lists:any(fun is_open/1, Graphs) of
        false -> {equal, differs};
        true ->
            case canonical(Theirs) =:= canonical(Ours) andalso in_order(Ours, Graphs) of
                true -> {open_order, warned(Warnings, Lines)};
                false -> {open_order, differs}
            end
    end;
verdict({ok, _, _}, _, _, _) -> {equal, fails};
verdict(_, {ok, _}, _, _) -> {error, succeeds};
verdict(crash, _, Lines, _) ->
    {crash, case [L || L <- Lines, string:find(L, "error: ") =/= nomatch] of
                [_] -> ok;
                _ -> no_error
            end};
verdict({error, Text}, _, Lines, _) ->
    Errors = [squeezed(L) || L <- Lines, string:find(L, "error: ") =/= nomatch],
    {error, case Errors of
                [Error] ->
                    case string:find(Error, Text) of nomatch -> other_words; _ -> ok end;
                _ -> not_one_line
            end}.

warned(Warnings, Lines) ->
    Ours = [squeezed(L) || L <- Lines],
    Has = fun(Line, Warning) -> string:find(Line, Warning) =/= nomatch end,
    Missing = [W || W <- Warnings, not lists:any(fun(L) -> Has(L, W) end, Ours)],
    Odd = [L || L <- Ours, not lists:any(fun(W) -> Has(L, W) end, Warnings)],
    Repeated = Ours -- lists:usort(Ours),
    case {Missing, Odd, Repeated} of
        {[], [], []} -> ok;
        Other -> {warnings, Other}
    end.

%% Two modules that hang together, of which none depends on the other, even through others.
is_open(Edges) ->
    G = graph(Edges),
    Open = lists:any(fun(Component) ->
        lists:any(fun({A, B}) ->
            not lists:member(B, digraph_utils:reachable([A], G)) andalso
                not lists:member(A, digraph_utils:reachable([B], G))
        end, [{A, B} || A <- Component, B <- Component, A < B])
    end, digraph_utils:components(G)),
    digraph:delete(G),
    Open.

graph(Edges) ->
    G = digraph:new(),
    [digraph:add_vertex(G, V) || {V, _} <- Edges],
    [digraph:add_edge(G, V, W) || {V, Ws} <- Edges, W <- Ws],
    G.

canonical({Vsn, Up, Down}) ->
    {Vsn, [{V, D, canonical(Is)} || {V, D, Is} <- Up], [{V, D, canonical(Is)} || {V, D, Is} <- Down]};
canonical(Instructions) -> runs([sorted(I) || I <- Instructions], []).

sorted({load_object_code, {A, V, Ms}}) -> {load_object_code, {A, V, lists:sort(Ms)}};
sorted({code_change, Mode, Ms}) -> {code_change, Mode, lists:sort(Ms)};
sorted({Name, Ms}) when Name =:= suspend; Name =:= resume -> {Name, lists:sort(Ms)};
sorted(Other) -> Other.

runs([I | Is], Run) when element(1, I) =:= load; element(1, I) =:= remove;
                         element(1, I) =:= purge; element(1, I) =:= load_object_code ->
    runs(Is, [I | Run]);
runs([I | Is], Run) -> lists:sort(Run) ++ [I | runs(Is, [])];
runs([], Run) -> lists:sort(Run).

in_order({_, Up, Down}, Graphs) ->
    Edges = lists:append(Graphs),
    G = graph(Edges),
    Pairs = [{M, D} || {M, Ds} <- Edges, D <- Ds, M =/= D,
                       not lists:member(M, digraph_utils:reachable([D], G))],
    digraph:delete(G),
    %% Each direction has a graph of its own, whose modules bear its name.
    lists:all(fun({Entries, Before}) ->
        lists:all(fun({_, _, Is}) ->
            Places = lists:zip([loaded(I) || I <- Is], lists:seq(1, length(Is))),
            lists:all(fun({M, D}) ->
                case {lists:keyfind(M, 1, Places), lists:keyfind(D, 1, Places)} of
                    {{_, PM}, {_, PD}} -> Before(PM, PD);
                    _ -> true
                end
            end, Pairs)
        end, Entries)
    end, [{Up, fun(M, D) -> D < M end}, {Down, fun(M, D) -> M < D end}]).

loaded({load, {M, _, _}}) -> M;
loaded({remove, {M, _, _}}) -> M;
loaded(_) -> none.

%% Written cases.

written_cases() ->
    lists:append([
        [script_case(Name, Up, Down) || {Name, Up, Down} <- scripts()],
        [version_case(Name, Old, New, Entry) || {Name, Old, New, Entry} <- versions()],
        release_cases(), file_cases()]).

%% One application `a` from 1 to 2, whose modules are m1 to m6 in both.
script_case(Name, Up, Down) ->
    script_case(Name, {"2", [{"1", Up}], [{"1", Down}]}).
script_case(Name, Appup) ->
    Keys = [{modules, [m1, m2, m3, m4, m5, m6]}],
    B = {b, "1", [{modules, [b1, b2]}], none},
    simple(#{name => "script_" ++ Name,
             libs => [{a, "1", Keys, none}, {a, "2", Keys, Appup}, B],
             rels => [{"new", "2", erts(), [{a, "2"}, {b, "1", temporary}]},
                      {"old", "1", erts(), [{a, "1"}, {b, "1", temporary}]}]}).

simple(#{rels := Rels} = Case) ->
    Olds = [F || {F, _, _, _} <- tl(Rels)],
    Case#{from => maps:get(from, Case, Olds), to => maps:get(to, Case, Olds),
          rels := [{F, V, E, with_otp(Apps)} || {F, V, E, Apps} <- Rels]}.

with_otp(Apps) ->
    [{App, vsn(App)} || App <- [kernel, stdlib, sasl], not lists:keymember(App, 1, Apps)] ++
        [A || A <- Apps, element(2, A) =/= "none"].

erts() -> erlang:system_info(version).

vsn(App) ->
    _ = application:load(App),
    {ok, Vsn} = application:get_key(App, vsn),
    Vsn.

scripts() ->
    Same = fun(Name, Script) -> {Name, Script, Script} end,
    [Same("none", []),
     Same("load", [{load_module, m1}]),
     Same("load_2", [{load_module, m1, [m2]}, {load_module, m2}]),
     Same("load_2_reversed", [{load_module, m2}, {load_module, m1, [m2]}]),
     Same("load_5", [{load_module, m1, soft_purge, brutal_purge, [m2]},
                     {load_module, m2, brutal_purge, soft_purge, []}]),
     Same("update", [{update, m1}]),
     Same("update_soft", [{update, m1, soft}]),
     Same("update_supervisor", [{update, m1, supervisor}]),
     Same("update_advanced", [{update, m1, {advanced, [extra, "text", #{a => 1}]}}]),
     Same("update_deps", [{update, m1, [m2]}, {update, m2, soft, [m3]}, {load_module, m3}]),
     Same("update_advanced_deps", [{update, m1, {advanced, x}, [m2]}, {load_module, m2}]),
     Same("update_6", [{update, m1, soft, soft_purge, soft_purge, []}]),
     Same("update_7", [{update, m1, 5000, {advanced, []}, brutal_purge, soft_purge, []}]),
     Same("update_8", [{update, m1, static, infinity, {advanced, []}, brutal_purge, soft_purge, [m2]},
                       {update, m2, dynamic, default, {advanced, y}, soft_purge, soft_purge, []}]),
     Same("add_module", [{add_module, m1}, {add_module, m2, [m1]}]),
     Same("delete_module", [{delete_module, m1}, {delete_module, m2, [m1]}]),
     Same("delete_after_load", [{delete_module, m1, [m2]}, {load_module, m2}]),
     Same("circle", [{load_module, m3, [m1]}, {load_module, m1, [m2]}, {load_module, m2, [m3]}]),
     Same("circle_and_tail", [{update, m2, soft, [m1]}, {update, m1, {advanced, 1}, [m2, m3]},
                              {load_module, m3, [m4]}, {add_module, m4}]),
     Same("itself", [{load_module, m1, [m1]}]),
     Same("chain", [{load_module, m1, [m2]}, {load_module, m2, [m3]}, {load_module, m3, [m4]},
                    {load_module, m4, [m5]}, {load_module, m5, [m6]}, {load_module, m6}]),
     Same("two_groups", [{load_module, m1, [m3]}, {load_module, m2, [m4]}, {load_module, m3},
                         {load_module, m4}]),
     Same("between", [{load_module, m1, [m2]}, {apply, {io, nl, []}}, {load_module, m2}]),
     Same("apply_first", [{apply, {io, nl, []}}, point_of_no_return, {load_module, m1}]),
     Same("object_code", [{load_object_code, {a, "2", [m1, m2]}}, point_of_no_return,
                          {load, {m1, brutal_purge, soft_purge}}, {suspend, [m1, {m2, 10}]},
                          {resume, [m2, m1]}]),
     Same("object_code_late", [{load, {m1, brutal_purge, soft_purge}},
                               {load_object_code, {a, "2", [m1]}}]),
     Same("object_code_merged", [{load_object_code, {a, "2", [m1, m2]}}, {load_module, m2},
                                 {load_module, m3}, {load_object_code, {a, "2", [m3, m4, m4]}}]),
     Same("object_code_conflict", [{load_object_code, {a, "7", [m1]}}, {load_module, m2}]),
     Same("low_level", [{remove, {m1, brutal_purge, soft_purge}}, {purge, [m1]}, {stop, [m2]},
                        {start, [m2]}, {code_change, [{m1, x}]}, {code_change, down, [{m1, x}]},
                        {sync_nodes, id, [a, b]}, {sync_nodes, id, {m, f, [1]}}, restart, reboot]),
     Same("restart_application", [{restart_application, a}]),
     Same("restart_other", [{restart_application, b}, {load_module, m1}]),
     Same("restart_unknown", [{restart_application, c}]),
     Same("restart_and_load", [{restart_application, a}, {load_module, m1}]),
     Same("add_application", [{add_application, b}]),
     Same("add_application_load", [{add_application, b, load}]),
     Same("add_application_none", [{add_application, b, none}]),
     Same("add_unknown", [{add_application, c, temporary}]),
     Same("remove_present", [{remove_application, b}]),
     Same("remove_unknown", [{remove_application, c}]),
     Same("emulator", [{load_module, m1}, restart_new_emulator, {load_module, m2}]),
     Same("emulator_end", [restart_emulator, {load_module, m1}, restart_emulator]),
     Same("emulator_both", [restart_emulator, {load_module, m1}, restart_new_emulator]),
     Same("emulator_before", [restart_new_emulator, point_of_no_return]),
     Same("points", [point_of_no_return, point_of_no_return]),
     Same("before_point", [{load_module, m1}, point_of_no_return]),
     Same("no_object_code", [{load, {m1, brutal_purge, brutal_purge}}]),
     Same("not_resumed", [{suspend, [m1, {m2, 5}]}, {resume, [m1]}]),
     Same("not_suspended", [{suspend, [m1]}, {resume, [m2, m1]}]),
     Same("not_stopped", [{start, [m1]}]),
     Same("not_started", [{stop, [m1]}]),
     Same("defined_twice", [{load_module, m1}, {update, m1}]),
     Same("undefined", [{load_module, m1, [m2]}]),
     Same("foreign_module", [{load_module, lists}]),
     Same("unknown_module", [{load_module, nobody}]),
     Same("nested", [[{apply, {io, nl, []}}, {apply, {io, nl, [x]}}], {load_module, m1}]),
     Same("nested_short", [[{load_module, m1}]]),
     Same("no_list", load_module),
     Same("improper", [{load_module, m1} | m2]),
     Same("improper_deps", [{load_module, m1, [m1 | m2]}]),
     Same("atom", [load_module]),
     Same("empty_tuple", [{}]),
     Same("number", [17]),
     Same("backup", [mnesia_backup]),
     Same("bad_module", [{load_module, "m1"}]),
     Same("bad_dep", [{load_module, m1, ["m2"]}]),
     Same("bad_change", [{update, m1, {retarded, []}}]),
     Same("bad_change_atom", [{update, m1, hard}]),
     Same("bad_type", [{update, m1, fixed, default, soft, soft_purge, soft_purge, []}]),
     Same("bad_timeout", [{update, m1, 0, soft, soft_purge, soft_purge, []}]),
     Same("bad_suspend_timeout", [{suspend, [{m1, never}]}, {resume, [m1]}]),
     Same("bad_purge", [{load_module, m1, purge, soft_purge, []}]),
     Same("bad_list", [{purge, m1}]),
     Same("bad_args", [{apply, {m, f, a}}]),
     Same("bad_function", [{apply, {m, "f", []}}]),
     Same("bad_apply", [{apply, m}]),
     Same("bad_node", [{sync_nodes, x, ["n"]}]),
     Same("bad_start_type", [{add_application, b, sometimes}]),
     Same("bad_application", [{restart_application, "b"}]),
     Same("bad_library", [{load_object_code, {"a", "2", []}}]),
     Same("bad_library_vsn", [{load_object_code, {a, '2', []}}]),
     Same("bad_code_change", [{code_change, [m1]}]),
     Same("bad_mode", [{code_change, sideways, [{m1, x}]}]),
     Same("unicode", [{apply, {'m\x{e9}', 'f\x{3b1}', ["\x{3b1}", <<"x">>, 1.5, #{'\x{3b1}' => $a}]}}]),
     Same("bad_unicode", [{load_module, "\x{3b1}"}, {apply, {m, f, a}}]),
     Same("long", [{apply, {m, f, [lists:duplicate(90, ab), lists:seq(1, 60)]}}]),
     {"up_only_error", [{load_module, m1}], [{load_module, nobody}]}].

versions() ->
    [{"exact", "1.0", "2", "1.0"}, {"other", "1.0", "2", "1.1"},
     {"regexp", "1.0.7", "2", <<"1\\.[0-9.]+">>}, {"regexp_part", "1.0.7", "2", <<"1\\.[0-9]">>},
     {"regexp_anchored", "1.0", "2", <<"^1\\.0$">>}, {"regexp_alternative", "1.0", "2", <<"1|1.0">>},
     {"regexp_dot", "1x0", "2", <<"1.0">>}, {"regexp_bad", "1.0", "2", <<"(">>},
     {"regexp_unicode", "1.\x{e9}", "2", <<"1\\..">>}, {"regexp_no_utf8", "1.0", "2", <<"1.\xff">>},
     {"regexp_empty", "1.0", "2", <<>>}, {"atom", "1.0", "2", '1.0'},
     {"plus", "1.0.0+build.5", "1.0.0-rc.1", "1.0.0+build.5"}].

version_case(Name, Old, New, Entry) ->
    Keys = [{modules, [m1]}],
    Appup = {New, [{Entry, [{load_module, m1}]}], [{"0", []}, {Entry, []}, {Old, [wrong]}]},
    simple(#{name => "version_" ++ Name, libs => [{a, Old, Keys, none}, {a, New, Keys, Appup}],
             rels => [{"new", "n", erts(), [{a, New}]}, {"old", "o", erts(), [{a, Old}]}]}).

%% Applications added and removed, several releases, OTP's own applications.
release_cases() ->
    A = fun(Vsn, Appup) -> {a, Vsn, [{modules, [a1, a2]}], Appup} end,
    All = fun(Vsn) -> [{<<".*">>, [{load_module, list_to_atom("a" ++ Vsn)}]}] end,
    Core = fun(App, Old) -> {App, Old, [{modules, []}], none} end,
    Needs = fun(App, Apps) -> {App, "1", [{modules, [list_to_atom(atom_to_list(App) ++ "_m")]},
                                          {applications, Apps}], none} end,
    Name = fun(N, Case) -> simple(Case#{name => "release_" ++ N}) end,
    [Name("added_removed",
          #{libs => [Needs(a, [d]), Needs(b, []), Needs(c, [a]), Needs(d, [])],
            rels => [{"new", "2", erts(), [{c, "1", transient}, {b, "1", load}, {a, "1"}, {d, "1", none}]},
                     {"old", "1", erts(), []}]}),
     Name("added", #{libs => [A("1", none)],
                     rels => [{"new", "2", erts(), [{a, "1"}]}, {"old", "1", erts(), []}]}),
     Name("no_from", #{libs => [A("1", none)], from => [],
                       rels => [{"new", "2", erts(), []}, {"old", "1", erts(), [{a, "1", temporary}]}]}),
     Name("three", #{libs => [A(V, {V, All("1"), All("2")}) || V <- ["1", "2", "3"]],
                     rels => [{"r" ++ V, V, erts(), [{a, V}]} || V <- ["3", "2", "1"]]}),
     Name("erts", #{libs => [], rels => [{"new", "2", erts(), []}, {"old", "1", "5.0", []}]}),
     Name("erts_and_change", #{libs => [A("1", none), A("2", {"2", All("1"), All("2")})],
                               rels => [{"new", "2", erts(), [{a, "2"}]}, {"old", "1", "5.0", [{a, "1"}]}]}),
     Name("restart_emulator", #{libs => [A("1", none), A("2", {"2", All("1"), All("2")})],
                                options => [restart_emulator],
                                rels => [{"new", "2", erts(), [{a, "2"}]}, {"old", "1", "5.0", [{a, "1"}]}]}),
     Name("before_r15", #{libs => [Core(sasl, "2.1.10")], options => [restart_emulator],
                          rels => [{"new", "2", erts(), []}, {"old", "1", "5.0", [{sasl, "2.1.10"}]}]}),
     Name("before_r15_strings", #{libs => [Core(sasl, "10.0"), {sasl, "11", [], {"11", [{"10.0", [restart_new_emulator]}], [{"10.0", []}]}}],
                          rels => [{"new", "2", erts(), [{sasl, "11"}]}, {"old", "1", "5.0", [{sasl, "10.0"}]}]}),
     Name("kernel", #{libs => [Core(kernel, "8.0.1"), Core(stdlib, "4.0.1"), Core(sasl, "4.1")],
                      rels => [{"new", "2", erts(), []},
                               {"old", "1", "13.0", [{kernel, "8.0.1"}, {stdlib, "4.0.1"}, {sasl, "4.1"}]}]}),
     Name("kernel_too_old", #{libs => [Core(kernel, "2.0")],
                              rels => [{"new", "2", erts(), []}, {"old", "1", erts(), [{kernel, "2.0"}]}]}),
     Name("own_core", #{libs => [{K, V, [{modules, []}], {"9", [{"8", [restart_new_emulator]}], [{"8", [restart_new_emulator]}]}}
                                 || K <- [kernel, stdlib], V <- ["8", "9"]],
                        rels => [{"new", "2", erts(), [{kernel, "9"}, {stdlib, "9"}]},
                                 {"old", "1", erts(), [{kernel, "8"}, {stdlib, "8"}]}]}),
     Name("no_sasl", #{libs => [], rels => [{"new", "2", erts(), []}, {"old", "1", erts(), [{sasl, "none"}]}]}),
     Name("no_sasl_new", #{libs => [], rels => [{"new", "2", erts(), [{sasl, "none"}]}, {"old", "1", erts(), []}]}),
     Name("same", #{libs => [], rels => [{"new", "2", erts(), []}, {"old", "1", erts(), []}]}),
     Name("missing_application", #{libs => [], rels => [{"new", "2", erts(), []}, {"old", "1", erts(), [{zz, "1"}]}]})].

file_cases() ->
    Keys = [{modules, [m1]}],
    Case = fun(Name, Appup) ->
        simple(#{name => "file_" ++ Name, libs => [{a, "1", Keys, none}, {a, "2", Keys, Appup}],
                 rels => [{"new", "2", erts(), [{a, "2"}]}, {"old", "1", erts(), [{a, "1"}]}]})
    end,
    [Case("missing", none), Case("syntax", {text, "{\"2\", [], []"}), Case("bad_term", {text, "{\"2\" x}.\n"}),
     Case("empty", {text, ""}), Case("other_term", {text, "[].\n"}), Case("pair", {text, "{\"2\", []}.\n"}),
     Case("no_lists", {text, "{\"2\", a, b}.\n"}),
     Case("other_version", {"3", [{"1", [{load_module, m1}]}], [{"1", []}]}),
     Case("atom_version", {'2', [{"1", [{load_module, m1}]}], [{"1", []}]}),
     Case("two_terms", {text, "{\"2\",[{\"1\",[]}],[{\"1\",[]}]}.\n{ more"}),
     Case("scan", {text, "{\"2\", [], [\"\n"})].

%% Random cases. Modules of the way up are uN, of the way down dN.

random_case(Seed) ->
    rand:seed(exsss, {Seed, 27, 25}),
    Apps = [list_to_atom("a" ++ integer_to_list(I)) || I <- lists:seq(1, 1 + rand:uniform(4))],
    Fates = [{App, pick([changed, changed, changed, same, added, removed])} || App <- Apps],
    Changed = [App || {App, changed} <- Fates],
    Modules = [{App, [module(Way, App, N) || Way <- [u, d], N <- lists:seq(1, rand:uniform(7))]}
               || App <- Apps],
    Needs = [{App, [Other || Other <- Apps, Other < App, rand:uniform(4) =:= 1]} || App <- Apps],
    Types = [{App, pick([permanent, permanent, temporary, transient, load, none])} || App <- Apps],
    {Up, UpGraph} = scripts(u, Changed, Modules),
    {Down, DownGraph} = scripts(d, Changed, Modules),
    Keys = fun(App) -> [{modules, proplists:get_value(App, Modules)},
                        {applications, [N || N <- proplists:get_value(App, Needs),
                                             lists:member(proplists:get_value(N, Fates), [changed, same])]}] end,
    Libs = lists:append([lib(App, Fate, Keys(App), proplists:get_value(App, Up),
                             proplists:get_value(App, Down)) || {App, Fate} <- Fates]),
    Shuffled = shuffled(Apps),
    Rel = fun(Vsn) -> [{App, if Fate =:= changed -> Vsn; true -> "1" end, proplists:get_value(App, Types)}
                       || App <- Shuffled, Fate <- [proplists:get_value(App, Fates)],
                          Fate =/= if Vsn =:= "1" -> added; true -> removed end] end,
    simple(#{name => lists:flatten(io_lib:format("random_~3..0w", [Seed])), libs => Libs,
             graphs => [UpGraph, DownGraph],
             options => [restart_emulator || rand:uniform(8) =:= 1],
             rels => [{"new", "2", erts(), Rel("2")},
                      {"old", "1", pick([erts(), erts(), erts(), "12.0"]), Rel("1")}]}).

lib(App, changed, Keys, Up, Down) ->
    Vsn = pick(["1", "1", <<"[01]">>, <<"1">>]),
    [{App, "1", Keys, none},
     {App, "2", Keys, {pick(["2", "2", "2", "2", "2", "2", "2.0"]), [{"0", []}, {Vsn, Up}], [{Vsn, Down}]}}];
lib(App, _, Keys, _, _) -> [{App, "1", Keys, none}].

module(Way, App, N) -> list_to_atom(lists:concat([Way, '_', App, '_', N])).

scripts(Way, Apps, Modules) ->
    %% Of most cases the order is determined: each module depends on the next one of its group.
    Style = pick([chains, chains, chains, free, free]),
    All = shuffled([M || App <- Apps, M <- proplists:get_value(App, Modules), way(M) =:= Way]),
    Graph = case Style of
                chains -> chains(All, []);
                free -> [{M, [N || N <- All, rand:uniform(9) =:= 1]} || M <- All]
            end,
    {[{App, script(App, Apps, [{M, proplists:get_value(M, Graph)}
                               || M <- All, lists:member(M, proplists:get_value(App, Modules))])}
      || App <- Apps], Graph}.

way(M) -> list_to_atom([hd(atom_to_list(M))]).

chains([], Graph) -> Graph;
chains(Ms, Graph) ->
    {Chain, Rest} = lists:split(min(length(Ms), rand:uniform(5)), Ms),
    Links = [{M, [N]} || {M, N} <- lists:zip(lists:droplast(Chain), tl(Chain))],
    Last = {lists:last(Chain), case rand:uniform(5) of 1 -> [hd(Chain)]; _ -> [] end},
    chains(Rest, Graph ++ Links ++ [Last]).

script(App, Apps, Deps) ->
    Instructions = lists:append([[instruction(M, Ds) | extra(App, Apps)] || {M, Ds} <- Deps]),
    case rand:uniform(12) of
        1 -> [{apply, {App, before, []}}, point_of_no_return | Instructions];
        2 -> [{load_object_code, {App, "2", [extra]}} | Instructions];
        _ -> Instructions
    end.

instruction(M, []) ->
    pick([{load_module, M}, {update, M}, {update, M, supervisor}, {update, M, {advanced, x}},
          {update, M, soft}, {add_module, M}, {delete_module, M} | long(M, [])]);
instruction(M, Ds) ->
    pick([{load_module, M, Ds}, {update, M, Ds}, {update, M, {advanced, [y]}, Ds},
          {update, M, soft, Ds}, {add_module, M, Ds}, {delete_module, M, Ds} | long(M, Ds)]).

long(M, Ds) ->
    Purge = fun() -> pick([brutal_purge, soft_purge]) end,
    Change = pick([soft, {advanced, z}, {advanced, {a, [b]}}]),
    Time = pick([default, infinity, 3000]),
    [{load_module, M, Purge(), Purge(), Ds},
     {update, M, Change, Purge(), Purge(), Ds},
     {update, M, Time, Change, Purge(), Purge(), Ds},
     {update, M, pick([static, dynamic]), Time, Change, Purge(), Purge(), Ds}].

extra(App, Apps) ->
    case rand:uniform(60) of
        1 -> [{apply, {App, f, [1]}}];
        2 -> [{suspend, [x, {y, 5}]}, {code_change, [{x, e}]}, {resume, [y, x]}];
        3 -> [{stop, [x]}, {start, [x]}];
        4 -> [{remove, {gone, soft_purge, brutal_purge}}, {purge, [gone]}];
        5 -> [restart_new_emulator];
        6 -> [restart_emulator];
        7 -> [{sync_nodes, App, {App, nodes, []}}];
        8 -> [{restart_application, pick(Apps)}];
        9 -> [{code_change, up, [{x, e}]}];
        10 -> [{load_object_code, {App, "2", [other]}}, {load, {other, soft_purge, soft_purge}}];
        11 -> [pick([{load_module}, {resume, [x]}, {start, [z]}, {load, {q, soft_purge, soft_purge}},
                     {update, q, sometimes}, {add_application, nobody}, point_of_no_return])];
        _ -> []
    end.

pick(List) -> lists:nth(rand:uniform(length(List)), List).

shuffled(List) -> [X || {_, X} <- lists:sort([{rand:uniform(), X} || X <- List])].
