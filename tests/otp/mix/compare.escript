#!/usr/bin/env escript
%% Compares a release that `mix release` made with one of ours, and prints a line for each difference:
%%
%%   compare.escript THEIRS OURS NAME
%%
%% The same names, types, links and modes; of beams the same chunks; of .boot and texts the same bytes; of
%% sys.config, .app, .rel and .script the same terms. Ours may have more, see allowed/2.

main([Theirs, Ours, Name]) ->
    T = tree(Theirs),
    O = [E || {Path, _} = E <- tree(Ours), not allowed(Path, Name)],
    [say("only mix has ~ts", [P]) || {P, _} <- T, not lists:keymember(P, 1, O)],
    [say("only relmk has ~ts", [P]) || {P, _} <- O, not lists:keymember(P, 1, T)],
    [compare(P, A, B, Theirs, Ours, Name) || {P, A} <- T, {Q, B} <- O, P =:= Q],
    halt(case get(differences) of undefined -> 0; _ -> 1 end).

say(Format, Arguments) ->
    put(differences, true),
    io:format(Format ++ "~n", Arguments).

allowed(Path, Name) ->
    Base = filename:basename(Path),
    lists:member(Path, ["bin/nodetool", "bin/without_nodetool", "releases/RELEASES"])
        orelse (lists:prefix("bin/" ++ Name ++ "-", Path))
        orelse lists:prefix("no_dot_erlang.", Base)
        orelse lists:prefix(".relmk", Path)
        orelse lists:prefix("relmk", Base).

%% [{Path, {Type, Mode} | {link, To}}]
tree(Root) -> lists:sort(tree(Root, "")).

tree(Root, Below) ->
    {ok, Names} = file:list_dir_all(filename:join(Root, Below)),
    lists:append([entry(Root, case Below of "" -> Name; _ -> Below ++ "/" ++ Name end) || Name <- Names]).

entry(Root, Path) ->
    Full = filename:join(Root, Path),
    {ok, Info} = file:read_link_info(Full),
    case element(3, Info) of
        symlink -> {ok, To} = file:read_link(Full), [{Path, {link, To}}];
        directory -> [{Path, {directory, element(8, Info) band 8#777}} | tree(Root, Path)];
        Type -> [{Path, {Type, element(8, Info) band 8#777}}]
    end.

compare("releases/COOKIE", {regular, _}, {regular, 8#600}, Theirs, Ours, _) ->
    %% Of random ones there is nothing to compare.
    {ok, A} = file:read_file(Theirs ++ "/releases/COOKIE"),
    {ok, B} = file:read_file(Ours ++ "/releases/COOKIE"),
    A =:= B orelse byte_size(A) >= 50 andalso byte_size(B) >= 50 orelse say("releases/COOKIE differs", []);
compare(P, A, B, _, _, _) when A =/= B ->
    say("~ts: ~p, of relmk ~p", [P, A, B]);
compare(P, {regular, _}, _, Theirs, Ours, Name) ->
    case P =:= "bin/" ++ Name of
        true -> ok;
        false -> content(P, filename:extension(P), Theirs ++ "/" ++ P, Ours ++ "/" ++ P)
    end;
compare(_, _, _, _, _, _) ->
    ok.

content(P, ".beam", A, B) ->
    chunks(A) =:= chunks(B) orelse say("~ts: other chunks: ~p, of relmk ~p", [P, names(A), names(B)]),
    is_compressed(A) =:= is_compressed(B) orelse say("~ts: compressed by one only", [P]);
content(P, Ext, A, B) when Ext =:= ".config"; Ext =:= ".app"; Ext =:= ".rel"; Ext =:= ".script" ->
    X = file:consult(A),
    {P, X} =:= {P, file:consult(B)} orelse say("~ts: other terms", [P]),
    element(1, X) =:= ok orelse say("~ts: no terms", [P]);
content(P, _, A, B) ->
    file:read_file(A) =:= file:read_file(B) orelse say("~ts: other bytes", [P]).

chunks(File) ->
    {ok, _, Chunks} = beam_lib:all_chunks(plain(File)),
    Chunks.

names(File) -> [Name || {Name, _} <- chunks(File)].

plain(File) ->
    {ok, Bytes} = file:read_file(File),
    case Bytes of <<16#1f, 16#8b, _/binary>> -> zlib:gunzip(Bytes); _ -> Bytes end.

is_compressed(File) ->
    {ok, Bytes} = file:read_file(File),
    binary:first(Bytes) =:= 16#1f.
