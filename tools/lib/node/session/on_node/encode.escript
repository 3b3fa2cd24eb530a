#!/usr/bin/env escript
%% Encodes expressions of files NAME.exprs as erl_eval takes them, in the external format, as arrays of C++. In the
%% place of include(NAME) stand those of NAME.part beside the file.
%%
%%   encode.escript FILE.exprs...
main(Files) ->
    [encode(File) || File <- Files].

encode(File) ->
    Bytes = term_to_binary(expressions(File), [{minor_version, 2}]),
    io:format("// ~s~nconstexpr unsigned char k~s[] = {~n", [filename:basename(File), name(File)]),
    lines(Bytes),
    io:format("};~n").

expressions(File) ->
    {ok, Source} = file:read_file(File),
    {ok, Tokens, _} = erl_scan:string(unicode:characters_to_list(Source)),
    {ok, Exprs} = erl_parse:parse_exprs([setelement(2, Token, 1) || Token <- Tokens]),
    included(Exprs, filename:dirname(File)).

included({call, Line, {atom, _, include}, [{atom, _, Name}]}, Directory) ->
    {block, Line, expressions(filename:join(Directory, atom_to_list(Name) ++ ".part"))};
included(Tuple, Directory) when is_tuple(Tuple) ->
    list_to_tuple(included(tuple_to_list(Tuple), Directory));
included([First | Rest], Directory) ->
    [included(First, Directory) | included(Rest, Directory)];
included(Other, _) ->
    Other.

name(File) -> string:titlecase(filename:basename(File, ".exprs")).

lines(<<>>) -> ok;
lines(<<Line:24/binary, Rest/binary>>) -> line(Line), lines(Rest);
lines(Line) -> line(Line).

line(Bytes) -> io:format("    ~s~n", [[io_lib:format("~b,", [Byte]) || <<Byte>> <= Bytes]]).
