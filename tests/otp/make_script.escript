#!/usr/bin/env escript
%% Lays out releases, lets systools:make_script compile each, and leaves for tests/otp/make-script.sh:
%%   DIR/CASE/CASE.rel      the release resource file
%%   DIR/CASE/arguments     what make-script is to be given, one argument a line, in that directory
%%   DIR/CASE/otp/CASE.*    what systools wrote; or
%%   DIR/CASE/otp/error     texts that the error is to have, one a line
%% Usage: make_script.escript DIR PLUGINS-OF-RABBITMQ
-mode(compile).

main([Dir, Plugins]) ->
    Cases = otp_cases() ++ [rabbitmq(Plugins)] ++ option_cases() ++ arrangement_cases() ++
        error_cases() ++ [random_graph(Seed) || Seed <- lists:seq(1, 120)],
    lists:foreach(fun(Case) -> run(Dir, Case) end, Cases).

%% A case: name, [{directory of ebin, .app term or text}], .rel term or text, systools' options and
%% make-script's.
run(Dir, {Name, Apps, Rel, Options, Arguments}) ->
    CaseDir = filename:join(Dir, Name),
    ok = filelib:ensure_path(filename:join(CaseDir, "otp")),
    ok = file:set_cwd(CaseDir),
    lists:foreach(fun write_app/1, Apps),
    write(Name ++ ".rel", Rel),
    write("arguments", [[A, $\n] || A <- Arguments]),
    Common = [silent, no_module_tests, no_warn_sasl, {outdir, "otp"}],
    Answer = case lists:member(endless, Options) of
                 true -> {error, ?MODULE, circle};
                 false -> systools:make_script(Name, Common ++ Options)
             end,
    case Answer of
        {ok, _, _} -> ok;
        {error, Module, Reason} -> write("otp/error", needles(Module, Reason))
    end.

write_app({Ebin, App}) ->
    Name = case App of {application, N, _} -> atom_to_list(N); {N, _} -> N end,
    ok = filelib:ensure_path(Ebin),
    write(filename:join(Ebin, Name ++ ".app"), case App of {_, Text} -> Text; _ -> App end).

write(File, Term) when is_tuple(Term) ->
    write(File, io_lib:format("%% -*- coding: utf-8 -*-~n~tp.~n", [Term]));
write(File, Text) ->
    ok = file:write_file(File, unicode:characters_to_binary(Text)).

%% systools prints several lines where make-script prints one; each must be in it. Which application
%% it is, make-script tells by the file.
needles(?MODULE, circle) ->
    "Circular dependencies among applications";
needles(_, [{error_reading, {_, {parse_error, {File, Line, _}}}}]) ->
    io_lib:format("~ts:~w:~n", [File, Line]);
needles(Module, {apps, Reasons}) ->
    [needles(Module, Reason) || Reason <- Reasons];
needles(Module, Reason) ->
    Text = re:replace(Module:format_error(Reason), "\n +|^a: ", "", [global, unicode, {return, list}]),
    [[string:trim(Line), $\n] || Line <- string:lexemes(Text, "\n")].

%% The applications that come with OTP.

otp_cases() ->
    [{"start_clean", [], otp_rel([]), [], []},
     {"start_sasl", [], otp_rel([sasl]), [], []},
     {"no_dot_erlang", [], otp_rel([]), [no_dot_erlang], ["--no-dot-erlang"]},
     {"all_otp", [], otp_rel(all_otp()), [], []},
     {"all_otp_local", [], otp_rel(all_otp()), [local], ["--local"]},
     {"all_otp_reversed", [], otp_rel(lists:reverse(all_otp())), [], []},
     {"script_name", [], otp_rel([]), [{script_name, "other"}], ["--script-name", "other"]}].

otp_rel(Names) -> rel([{N, version(N)} || N <- Names]).

rel(Apps) -> rel("släpp", Apps).
rel(Name, Apps) ->
    {release, {Name, "1.0-ß"}, {erts, erlang:system_info(version)},
     [{kernel, version(kernel)}, {stdlib, version(stdlib)} | Apps]}.

version(Name) ->
    _ = application:load(Name),
    {ok, Vsn} = application:get_key(Name, vsn),
    Vsn.

all_otp() ->
    Files = filelib:wildcard(filename:join(code:lib_dir(), "*/ebin/*.app")),
    Names = [list_to_atom(filename:basename(F, ".app")) || F <- Files],
    [N || N <- Names, N =/= kernel, N =/= stdlib].

%% Every application of RabbitMQ, and what they need of OTP.
rabbitmq(Plugins) ->
    Files = filelib:wildcard(filename:join(Plugins, "*/ebin/*.app")),
    Apps = lists:map(fun(File) -> {ok, [App]} = file:consult(File), App end, Files),
    Own = [{Name, proplists:get_value(vsn, Keys)} || {application, Name, Keys} <- Apps],
    true = length(Own) > 50,
    Needed = needed(lists:append([used(Keys) || {application, _, Keys} <- Apps]), [kernel, stdlib]),
    Otp = [{N, version(N)} || N <- Needed -- [kernel, stdlib], not lists:keymember(N, 1, Own)],
    Path = filename:join(Plugins, "*/ebin"),
    {"rabbitmq", [], rel("rabbitmq", Otp ++ Own), [{path, [Path]}], ["-I", Path]}.

needed([], Seen) -> lists:reverse(Seen);
needed([Name | Rest], Seen) ->
    case lists:member(Name, Seen) orelse code:where_is_file(atom_to_list(Name) ++ ".app") of
        true -> needed(Rest, Seen);
        non_existing -> needed(Rest, Seen);
        File ->
            {ok, [{application, _, Keys}]} = file:consult(File),
            needed(used(Keys) ++ Rest, [Name | Seen])
    end.

used(Keys) ->
    proplists:get_value(applications, Keys, []) -- proplists:get_value(optional_applications, Keys, []).

%% Small releases with applications of their own.

app(Name, Keys) -> {lists:concat(["lib/", Name, "-1/ebin"]), application(Name, Keys)}.

application(Name, Keys) ->
    Defaults = [{description, "of " ++ atom_to_list(Name)}, {vsn, "1"}, {modules, []},
                {registered, []}, {applications, [kernel, stdlib]}],
    Own = [Default || {Key, _} = Default <- Defaults, not lists:keymember(Key, 1, Keys)],
    {application, Name, Keys ++ Own}.

here(Name, Apps, Rel) -> {Name, Apps, Rel, [{path, ["lib/*/ebin"]}], ["-I", "lib/*/ebin"]}.

%% systools finds no end where applications include each other in a circle, and is not asked.
endless({Name, Apps, Rel, Options, Arguments}) -> {Name, Apps, Rel, [endless | Options], Arguments}.

option_cases() ->
    Apps = [app(a, []), {"lib/b/ebin", application(b, [])}, {"odd/c", application(c, [])},
            {"elsewhere/d-1/ebin", application(d, [])}],
    Rel = rel([{N, "1"} || N <- [a, b, c, d]]),
    Path = ["./lib//a-1/ebin/", "lib/b/ebin", "odd/c", "elsewhere/*/ebin", "none", "none/*/ebin"],
    Options = [{path, Path}],
    Arguments = lists:append([["-I", Dir] || Dir <- Path]),
    OtpLib = code:lib_dir(),
    Variables = [[{"LIB", "lib"}], [{"LIB", "./lib///"}], [{"OTP", OtpLib ++ "/"}, {"LIB", "lib/b"}],
                 [{"ODD", "odd"}, {"E", "else"}], [{"ALL", "/"}, {"LIB", "lib"}],
                 [{"FIRST", "lib"}, {"SECOND", "lib/b"}], [{"DOT", "."}, {"ELSE", "elsewhere/d-1/ebin"}]],
    [{"paths", Apps, Rel, Options, Arguments},
     {"paths_local", Apps, Rel, [local | Options], ["--local" | Arguments]},
     {"local_wins", Apps, Rel, [local, {variables, [{"LIB", "lib"}]} | Options],
      ["--local", "--variable", "LIB=lib" | Arguments]} |
     [{"variables_" ++ integer_to_list(I), Apps, Rel, [{variables, Vs} | Options],
       lists:append([["--variable", V ++ "=" ++ Dir] || {V, Dir} <- Vs]) ++ Arguments}
      || {I, Vs} <- lists:enumerate(Variables)]].

arrangement_cases() ->
    [here("types", [app(N, []) || N <- [p, t, e, l, n]],
          rel([{p, "1", permanent}, {t, "1", transient}, {e, "1", temporary}, {l, "1", load},
               {n, "1", none}])),
     here("included", [app(top, [{included_applications, [inner, other]}]),
                       app(inner, [{included_applications, [innermost]}, {applications, [kernel, top]}]),
                       app(innermost, []), app(other, []),
                       app(user, [{applications, [kernel, stdlib, innermost]}]),
                       app(both, [{applications, [kernel, innermost, top, other]}])],
          rel([{N, "1"} || N <- [user, both, other, top, inner, innermost]])),
     here("included_some", [app(top, [{included_applications, [a, b]}]), app(a, []), app(b, [])],
          rel([{top, "1", [b]}, {a, "1", transient}, {b, "1", load, []}])),
     here("uses_intermediate_includer",
          [app(y, [{applications, [kernel, x]}]), app(x, [{included_applications, [y]}]),
           app(z, [{included_applications, [x]}])],
          rel([{N, "1"} || N <- [z, x, y]])),
     here("optional",
          [app(a, [{applications, [kernel, there, absent, stdlib]},
                   {optional_applications, [absent, there]}]),
           app(there, [])],
          rel([{a, "1"}, {there, "1"}])),
     here("order_of_release",
          [app(a, [{applications, [d, c, b, stdlib, kernel]}]), app(b, []), app(c, []), app(d, [])],
          rel([{N, "1"} || N <- [c, a, b, d]])),
     here("keys",
          [app(a, [{id, "an id"}, {maxT, 5000}, {maxP, 100}, {mod, {a_app, [x, {y, "z"}]}},
                   {start_phases, [{init, []}, {go, [1]}]}, {registered, [r1, 'R 2', 'ö']},
                   {modules, [m_b, 'Elixir.M.A', m_a, 'ä', erlang, 'Ω']},
                   {env, values()}, {runtime_dependencies, ["erts-10.0"]}, {unknown, 1}]),
           app(b, [{mod, []}, {start_phases, undefined}, {maxT, infinity}, {description, "Ω ö"}]),
           app('C c', [{start_phases, []}])],
          rel([{a, "1"}, {b, "1"}, {'C c', "1"}])),
     here("second_candidate",
          [{"lib/0/ebin", application(a, [{vsn, "2"}])}, {"lib/1/ebin", {"a", "not a term"}},
           {"lib/2/ebin", application(a, [])}],
          rel([{a, "1"}])),
     here("two_terms",
          [{"lib/a/ebin", {"a", io_lib:format("~p.~nsecond.~n", [application(a, [])])}}],
          rel([{a, "1"}])),
     here("no_second_term",
          [{"lib/a/ebin", {"a", io_lib:format("~p.~n{more,[}. \"~n", [application(a, [])])}}],
          io_lib:format("~p.~n'more~n", [rel("r", [{a, "1"}])])) |
     %% Whether they are refused, depends on the OTP.
     [here("repeated_" ++ atom_to_list(Key), [app(a, [{Key, Value}]), app(b, [])],
           rel([{a, "1"}, {b, "1"}]))
      || {Key, Value} <- [{applications, [kernel, stdlib, kernel, kernel]},
                          {optional_applications, [b, x, x]}]]].

values() ->
    [{float, 1.5}, {negative, -3}, {big, 1 bsl 70}, {small, 255}, {word, 1 bsl 31},
     {binary, <<"bin", 0, 255>>}, {bits, <<5:3>>}, {string, "text\n\"quoted\""}, {unicode, [8364, 960]},
     {latin, "åäö"}, {empty, []}, {map, #{key => [#{}]}}, {tuple, {}}, {nested, {a, {b, [c | d]}}},
     {atom, 'quoted atom'}, {long, lists:duplicate(300, $x)}, {'ключ', 'значение'}, {list, [1, 2, 300, -1]}].

%% What systools refuses; make-script has to give its reason.
error_cases() ->
    Own = app(a, []),
    One = rel([{a, "1"}]),
    Kernel = {kernel, version(kernel)},
    {_, OwnTerm} = Own,
    [endless(here("include_each_other",
                  [app(a, [{included_applications, [b]}]), app(b, [{included_applications, [a]}])],
                  rel([{a, "1"}, {b, "1"}]))),
     here("not_found", [], One),
     here("other_version", [app(a, [{vsn, "2"}])], One),
     here("other_name",
          [{"lib/a/ebin", {"a", io_lib:format("~p.~n", [application(b, [])])}}], One),
     here("syntax_error", [{"lib/a/ebin", {"a", "{application,a,\n [}.\n"}}], One),
     here("not_an_application", [{"lib/a/ebin", {"a", "[].\n"}}], One),
     here("undefined_used", [app(a, [{applications, [kernel, b, c]}])], One),
     here("undefined_included", [app(a, [{included_applications, [b]}])], One),
     here("twice_registered", [app(a, [{registered, [r, s]}]), app(b, [{registered, [s, r]}])],
          rel([{a, "1"}, {b, "1"}])),
     here("twice_included",
          [app(a, [{included_applications, [c]}]), app(b, [{included_applications, [c]}]), app(c, [])],
          rel([{a, "1"}, {b, "1"}, {c, "1"}])),
     here("twice_a_module",
          [app(a, [{modules, [m, n]}]), app(b, [{modules, [n, m]}]), app(c, [{modules, [m]}])],
          rel([{a, "1"}, {b, "1"}, {c, "1"}])),
     here("a_module_again", [app(a, [{modules, [m, n, m, m]}])], One),
     here("registered_again", [app(a, [{registered, [r, r]}])], One),
     here("included_again", [app(a, [{included_applications, [b, b]}]), app(b, [])],
          rel([{a, "1"}, {b, "1"}])),
     here("module_of_otp", [app(a, [{modules, [lists]}])], One),
     here("circular",
          [app(a, [{applications, [b]}]), app(b, [{applications, [c]}]), app(c, [{applications, [a]}])],
          rel([{a, "1"}, {b, "1"}, {c, "1"}])),
     here("included_before_includer",
          [app(y, [{applications, [kernel, x]}]), app(x, [{included_applications, [y]}]),
           app(z, [{included_applications, [x]}])],
          rel([{N, "1"} || N <- [y, x, z]])),
     here("not_in_app", [app(a, [{included_applications, [b]}]), app(b, []), app(c, [])],
          rel([{a, "1", [b, c]}, {b, "1"}, {c, "1"}])),
     here("no_stdlib", [Own], {release, {"r", "1"}, {erts, "1"}, [Kernel, {a, "1"}]}),
     here("no_kernel", [Own], {release, {"r", "1"}, {erts, "1"}, [{a, "1"}]}),
     here("temporary_kernel", [Own],
          {release, {"r", "1"}, {erts, "1"},
           [{kernel, version(kernel), temporary}, {stdlib, version(stdlib)}]}),
     here("no_start_type", [Own], rel([{a, "1", sometimes}])),
     here("no_version", [Own], rel([{a, <<"1">>}])),
     here("no_name", [Own], {release, {<<"r">>, "1"}, {erts, "1"}, []}),
     here("no_release_version", [Own], {release, {"r", <<"1">>}, {erts, "1"}, []}),
     here("no_erts_version", [Own], {release, {"r", "1"}, {erts, <<"1">>}, []}),
     here("no_release", [Own], {relase, {"r", "1"}, {erts, "1"}, []})] ++
        [here("missing_" ++ atom_to_list(Key),
              [{"lib/a/ebin", {application, a, lists:keydelete(Key, 1, element(3, OwnTerm))}}], One)
         || Key <- [vsn, description, modules, registered, applications]] ++
        [here("bad_" ++ atom_to_list(Key), [app(a, [{Key, Value}])], One)
         || {Key, Value} <- [{vsn, <<"1">>}, {id, <<>>}, {description, <<"x">>}, {modules, [{m, 1}]},
                             {registered, r}, {applications, "kernel"}, {optional_applications, [1]},
                             {included_applications, x}, {start_phases, [go]},
                             {env, [{"key", value}]}, {maxT, 0}, {maxP, many}]].

%% Applications that use, include and name optional ones at random: a right order, or the right error.
random_graph(Seed) ->
    rand:seed(exsss, {Seed, 7, 11}),
    Count = 3 + rand:uniform(22),
    Names = [list_to_atom("app" ++ integer_to_list(I)) || I <- lists:seq(1, Count)],
    {_, Apps} = lists:foldl(fun(I, {Unused, Apps}) -> random_app(Seed rem 3, I, Names, Unused, Apps) end,
                            {[], []}, lists:seq(1, Count)),
    Types = {permanent, transient, temporary, load, none},
    Entries = [case rand:uniform(3) of
                   1 -> {Name, "1", element(rand:uniform(5), Types)};
                   _ -> {Name, "1"}
               end || Name <- shuffle(Names)],
    here("random_" ++ integer_to_list(Seed), Apps, rel(Entries)).

%% Kind 0: anything may use anything near it, so there are circles. Kind 1: only used by later ones.
%% Kind 2: some of those that are not used yet are included, and not used afterwards.
random_app(Kind, I, Names, Unused, Apps) ->
    Name = lists:nth(I, Names),
    Taken = lists:append([proplists:get_value(included_applications, K) || {_, {_, _, K}} <- Apps]),
    Ahead = case Kind of 0 -> 2; _ -> 0 end,
    Reach = lists:sublist(Names, I - 1 + Ahead) -- [Name],
    Included = case {Kind, rand:uniform(3)} of
                   {1, _} -> [];
                   {_, 1} -> some(Unused, 3);
                   _ -> []
               end,
    Uses = case Kind of
               0 -> some(Reach, 4);
               _ -> some(Reach -- (Taken ++ Included), 4) ++ some(Taken, 1)
           end,
    Optional = some(Uses, 1) ++ some([absent], 1),
    Modules = [list_to_atom(lists:concat([Name, "_", M])) || M <- lists:seq(1, rand:uniform(5))],
    Keys = [{applications, shuffle([kernel, stdlib | lists:usort(Uses ++ Optional)])},
            {optional_applications, Optional},
            {included_applications, Included},
            {modules, shuffle(Modules)},
            {env, some(values(), 3)}],
    {[Name | Unused] -- (Uses ++ Included), [app(Name, Keys) | Apps]}.

some(List, Most) -> lists:sublist(shuffle(List), rand:uniform(Most + 1) - 1).

shuffle(List) -> [E || {_, E} <- lists:sort([{rand:uniform(), E} || E <- List])].
