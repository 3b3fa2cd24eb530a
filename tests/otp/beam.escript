#!/usr/bin/env escript
%% -*- erlang -*-
%%! +A0
%% What beam_lib says of BEAM files, compared with what our programs do. Arguments: strip-beams, beam-probe, a
%% directory for files, and directories of BEAM files.

main([Strip, Probe, Dir | Directories]) ->
    Files = lists:append([filelib:wildcard(filename:join(D, "*.beam")) || D <- Directories]),
    chunks(Probe, Dir, Files),
    strip(Strip, Dir, Files, [], []),
    strip(Strip, Dir, Files, ["--keep", "Attr", "--keep", "Dbgi"], ["Attr", "Dbgi"]),
    again(Strip, Dir).

chunks(Probe, Dir, Files) ->
    List = filename:join(Dir, "files"),
    ok = file:write_file(List, [[F, $\n] || F <- Files]),
    Out = filename:join(Dir, "chunks"),
    0 = run(Probe, ["facts", List, Out]),
    {ok, Answers} = file:consult(Out),
    report("chunks, md5, atoms, imports, exports, attributes", [{F, facts(F), A} || {F, A} <- lists:zip(Files, Answers)]).

facts(File) ->
    {ok, {Module, MD5}} = beam_lib:md5(File),
    {ok, _, Chunks} = beam_lib:all_chunks(File),
    {ok, {_, [{atoms, Atoms}, {indexed_imports, Imports}, {exports, Exports}]}} =
        beam_lib:chunks(File, [atoms, indexed_imports, exports]),
    Decoded = [case lists:keyfind(Id, 1, Chunks) of {_, Data} -> binary_to_term(Data); false -> [] end || Id <- ["Attr", "CInf"]],
    {Module, MD5, [{Id, byte_size(Data)} || {Id, Data} <- Chunks], [A || {_, A} <- Atoms], [{M, F, A} || {_, M, F, A} <- Imports],
     Exports, Decoded}.

%% Ours replaces each file, beam_lib a copy; the default keeps the attributes, as relx does.
strip(Strip, Dir, Files, Options, Kept0) ->
    Kept = case Kept0 of [] -> ["Attr"]; _ -> Kept0 end,
    Ours = filename:join(Dir, "ours"),
    ok = filelib:ensure_path(Ours),
    Copies = [begin
                  To = filename:join(Ours, filename:basename(F)),
                  _ = file:delete(To),
                  {ok, _} = file:copy(F, To),
                  ok = file:change_mode(To, 8#444),
                  {F, To}
              end || F <- Files],
    0 = run(Strip, [Ours | Options]),
    report(lists:flatten(["strip ", lists:join(" ", Options)]),
           [begin
                {ok, Original} = file:read_file(F),
                {ok, {_, Theirs}} = beam_lib:strip(Original, Kept),
                {ok, Stripped} = file:read_file(To),
                {F, zlib:gunzip(Theirs), zlib:gunzip(Stripped)}
            end || {F, To} <- Copies]),
    report("read-only files keep their mode", [{To, 8#100444, mode(To)} || {_, To} <- Copies]).

%% What is stripped and compressed already comes out the same.
again(Strip, Dir) ->
    Files = filelib:wildcard(filename:join([Dir, "ours", "*.beam"])),
    Before = [file:read_file(F) || F <- Files],
    0 = run(Strip, ["--keep", "Attr", "--keep", "Dbgi" | Files]),
    report("strip again", [{F, B, file:read_file(F)} || {F, B} <- lists:zip(Files, Before)]).

mode(File) ->
    {ok, Info} = file:read_file_info(File),
    element(8, Info).

run(Program, Args) ->
    Port = open_port({spawn_executable, Program}, [{args, Args}, exit_status, stderr_to_stdout]),
    finish(Port).

finish(Port) ->
    receive
        {Port, {data, Text}} -> io:put_chars(standard_error, Text), finish(Port);
        {Port, {exit_status, Status}} -> Status
    end.

report(What, Results) ->
    case [R || {_, Expected, Actual} = R <- Results, Expected =/= Actual] of
        [] ->
            io:format("ok - ~ts of ~w files~n", [What, length(Results)]);
        Wrong ->
            io:format("not ok - ~ts: ~w of ~w files differ~n", [What, length(Wrong), length(Results)]),
            [io:format("  # ~ts~n  #   expected ~0tP~n  #   got      ~0tP~n", [Case, Expected, 100, Actual, 100])
             || {Case, Expected, Actual} <- lists:sublist(Wrong, 4)]
    end.
