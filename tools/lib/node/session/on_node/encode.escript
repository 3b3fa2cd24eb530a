#!/usr/bin/env escript
%% Encodes expressions of files NAME.exprs as erl_eval takes them, in the external format, as arrays of C++.
%%
%%   encode.escript FILE.exprs...
main(Files) ->
    [encode(File) || File <- Files].

encode(File) ->
    {ok, Source} = file:read_file(File),
    {ok, Tokens, _} = erl_scan:string(unicode:characters_to_list(Source)),
    {ok, Exprs} = erl_parse:parse_exprs([setelement(2, Token, 1) || Token <- Tokens]),
    Bytes = term_to_binary(Exprs, [{minor_version, 2}]),
    io:format("// ~s~nconstexpr unsigned char k~s[] = {~n", [filename:basename(File), name(File)]),
    lines(Bytes),
    io:format("};~n").

name(File) -> string:titlecase(filename:basename(File, ".exprs")).

lines(<<>>) -> ok;
lines(<<Line:24/binary, Rest/binary>>) -> line(Line), lines(Rest);
lines(Line) -> line(Line).

line(Bytes) -> io:format("    ~s~n", [[io_lib:format("~b,", [Byte]) || <<Byte>> <= Bytes]]).
