#!/usr/bin/env escript
%% Encodes expressions of files NAME.exprs as erl_eval takes them, in the external format, as arrays of C++. In the
%% place of include(NAME) stand those of NAME.part beside the file.
%%
%%   encode.escript FILE.exprs...
%%
%% A node looks for an atom longer than it takes to read anything else. So what a guardian gets with each command has
%% references to kAtoms in the place of atoms; kNAMEAtoms are those that a file and those before it need. What is
%% read only where it is needed is compressed.
main(Files) ->
    Names = [{name(File), File} || File <- Files],
    Referring = ["Guardian", "Event", "Call", "Begun", "Own", "Work", "Once", "Elixir", "Session", "Shell"],
    {Counts, Atoms} = lists:mapfoldl(
        fun(Name, Known) -> refer(Name, proplists:get_value(Name, Names), Known) end, [], Referring),
    io:format("constexpr char kAtoms[] =~n~s;~n", [lists:join("\n", [["    \"", entry(Atom, Atoms), "\""] || Atom <- Atoms])]),
    [io:format("constexpr NamedAtoms k~sAtoms{{kAtoms, ~b}, ~b};~n", [Name, size_of(Count, Atoms), Count]) || {Name, Count} <- Counts],
    [encode(Name, File) || {Name, File} <- Names, not lists:member(Name, Referring)].

refer(Name, File, Known) ->
    Exprs = expressions(File),
    Atoms = Known ++ [Atom || Atom <- lists:uniq(atoms(Exprs)), not lists:member(Atom, Known)],
    array(Name, File, iolist_to_binary([131, referring(Exprs, Atoms)])),
    {{Name, length(Atoms)}, Atoms}.

%% As a header names an atom, see distribution/header.h; in C++, where a digit may follow an octal escape of three.
entry(Atom, Atoms) ->
    io_lib:format("\\~3.8.0b\\~3.8.0b~s", [index(Atom, Atoms), length(atom_to_list(Atom)), Atom]).

size_of(Count, Atoms) -> lists:sum([2 + length(atom_to_list(Atom)) || Atom <- lists:sublist(Atoms, Count)]).

index(Atom, Atoms) -> length(lists:takewhile(fun(Other) -> Other =/= Atom end, Atoms)).

encode(Name, File) ->
    Form = case Name of "Print" -> []; _ -> [compressed] end,
    array(Name, File, term_to_binary(expressions(File), [{minor_version, 2} | Form])).

array(Name, File, Bytes) ->
    io:format("// ~s~nconstexpr unsigned char k~s[] = {~n", [filename:basename(File), Name]),
    lines(Bytes),
    io:format("};~n").

atoms(Atom) when is_atom(Atom) -> [Atom];
atoms(Tuple) when is_tuple(Tuple) -> atoms(tuple_to_list(Tuple));
atoms([First | Rest]) -> atoms(First) ++ atoms(Rest);
atoms(_) -> [].

referring(Atom, Atoms) when is_atom(Atom) ->
    [82, index(Atom, Atoms)];
referring(Tuple, Atoms) when is_tuple(Tuple), tuple_size(Tuple) < 256 ->
    [104, tuple_size(Tuple) | [referring(Element, Atoms) || Element <- tuple_to_list(Tuple)]];
referring([_ | _] = List, Atoms) ->
    case io_lib:char_list(List) of
        true -> other(List);
        false -> [108, <<(length(List)):32>>, [referring(Element, Atoms) || Element <- List], 106]
    end;
referring(Other, _) ->
    other(Other).

other(Term) -> binary:part(term_to_binary(Term, [{minor_version, 2}]), {1, byte_size(term_to_binary(Term)) - 1}).

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
