#!/usr/bin/env escript
%% -*- erlang -*-
%% build.escript RELX_DIR TABLE OUT: builds every configuration of TABLE with relx itself, in one VM.
%%
%% TABLE holds terms {Name, Release, Terms}: Terms are relx's, Release is undefined, a name, or
%% {Name, Version}. For each, OUT/Name.config gets the terms for our tools and OUT/relx/Name the release;
%% where relx refuses, OUT/Name.refused gets its reason. Terms that say nothing of system_libs are given
%% the project's cut-down ones, so that not all of OTP is copied every time.
main([RelxDir, Table, Out]) ->
    [true = code:add_patha(Dir) || Dir <- filelib:wildcard(RelxDir ++ "/*/ebin")],
    {ok, _} = application:ensure_all_started(sasl),
    logger:set_primary_config(level, none),
    {ok, Entries} = file:consult(Table),
    [build(Entry, Out) || Entry <- Entries],
    ok.

build({Name, Release, Own}, Out) ->
    Terms = case lists:keymember(system_libs, 1, Own) of
        true -> Own;
        false -> Own ++ [{system_libs, filename:absname("cut_down")}]
    end,
    Base = filename:join(Out, atom_to_list(Name)),
    Written = [io_lib:format("~tp.~n", [Term]) || Term <- Terms],
    ok = file:write_file(Base ++ ".config", unicode:characters_to_binary(Written)),
    ok = file:write_file(Base ++ ".release", release_options(Release)),
    Config = [{output_dir, filename:join([Out, "relx", Name])} | Terms],
    try
        {ok, State} = rlx_config:to_state(Config),
        {ok, _} = relx:build_release(Release, #{}, State)
    catch
        _:Reason ->
            ok = file:write_file(Base ++ ".refused", io_lib:format("~tp~n", [Reason]))
    end.

release_options(undefined) -> "";
release_options({Name, Version}) -> io_lib:format("-n ~s -v ~s", [Name, Version]);
release_options(Name) -> io_lib:format("-n ~s", [Name]).
