#!/usr/bin/env escript
%% -*- erlang -*-
%%! +A0
%% What OTP makes of generated terms, of the files of its own installation and of malformed ones, compared
%% with what tests/otp/term-probe makes of them: file:consult/1, ~w, ~p, term_to_binary/1 and back.
%% Arguments: the probe, and a directory for files.

main([Probe, Dir]) ->
    rand:seed(exsss, {1, 2, 3}),
    All = fixed_terms() ++ [term(4) || _ <- lists:seq(1, 600)] ++ installed_terms(),
    Terms = [T || T <- All, not has_order_of_its_own(T)],
    print(Probe, Dir, Terms),
    consult_good(Probe, Dir),
    consult_bad(Probe, Dir),
    decode(Probe, Dir, Terms),
    decode_hostile(Probe, Dir).

%%% Printing and encoding.

print(Probe, Dir, Terms) ->
    Answers = ask(Probe, Dir, "print", Terms),
    Pairs = lists:zip(Terms, Answers),
    report("term_to_binary", [{T, term_to_binary(T), B} || {T, {B, _, _, _}} <- Pairs]),
    report("~w", [{T, text("~w", [T]), W} || {T, {_, W, _, _}} <- Pairs]),
    report("~tw", [{T, text("~tw", [T]), W} || {T, {_, _, W, _}} <- Pairs]),
    report("~p", [{{Width, Indent, T}, text("~*.*p", [Width, Indent + 1, T]), P}
                  || {T, {_, _, _, Layouts}} <- Pairs, {Width, Indent, P, _} <- Layouts]),
    report("~tp", [{{Width, Indent, T}, text("~*.*tp", [Width, Indent + 1, T]), P}
                   || {T, {_, _, _, Layouts}} <- Pairs, {Width, Indent, _, P} <- Layouts]).

text(Format, Args) ->
    unicode:characters_to_binary(io_lib:format(Format, Args)).

%%% file:consult/1.

consult_good(Probe, Dir) ->
    Generated = [begin
                     Name = filename:join(Dir, "good." ++ integer_to_list(N)),
                     ok = file:write_file(Name, bytes(Text)),
                     Name
                 end || {N, Text} <- lists:enumerate(good_texts())],
    Names = Generated ++ installed_files(),
    Answers = ask(Probe, Dir, "consult", Names),
    report("consult", [{Name, file:consult(Name), Answer}
                       || {Name, Answer} <- lists:zip(Names, Answers)]).

consult_bad(Probe, Dir) ->
    Texts = bad_texts(),
    Names = [begin
                 Name = filename:join(Dir, "bad." ++ integer_to_list(N)),
                 ok = file:write_file(Name, bytes(Text)),
                 Name
             end || {N, Text} <- lists:enumerate(Texts)],
    Answers = ask(Probe, Dir, "consult", Names),
    report("consult's errors",
           [{Text, consult_error(Name, Answer), Answer}
            || {Text, Name, Answer} <- lists:zip3(Texts, Names, Answers)]).

%% file:consult/1 crashes, or says no more, where a text that is not UTF-8 begins a form; any error of ours
%% will do. Of OTP 27 it is the place alone that counts: it turns what is unterminated back to front.
consult_error(Name, Answer) ->
    IsNewer = is_newer(),
    try {consult_error(file:consult(Name)), Answer} of
        {{error, tokens}, {error, _, _}} -> Answer;
        {{error, Line, _}, {error, Line, _}} when IsNewer -> Answer;
        {Expected, _} -> Expected
    catch error:{case_clause, {error, tokens}} when element(1, Answer) =:= error -> Answer
    end.

is_newer() ->
    list_to_integer(erlang:system_info(otp_release)) >= 26.

consult_error({error, {Line, Module, Reason}}) ->
    {error, Line, unicode:characters_to_binary(Module:format_error(Reason))};
consult_error(Other) ->
    Other.

%%% binary_to_term/1.

decode(Probe, Dir, Terms) ->
    Binaries = [term_to_binary(T) || T <- Terms]
        ++ [term_to_binary(T, [compressed]) || T <- Terms]
        ++ [term_to_binary(T, [{minor_version, M}]) || T <- Terms, M <- [0, 2]]
        ++ [<<(term_to_binary(a))/binary, 1, 2>>],
    Answers = ask(Probe, Dir, "decode", Binaries),
    report("binary_to_term", [{B, {ok, binary_to_term(B)}, A} || {B, A} <- lists:zip(Binaries, Answers)]).

%% Cut short or with one byte changed: an error or another term, never a crash; what is cut short is an error.
decode_hostile(Probe, Dir) ->
    Terms = [term(3) || _ <- lists:seq(1, 50)],
    Binaries = [term_to_binary(T) || T <- Terms],
    Cut = [binary:part(B, 0, N) || B <- Binaries, N <- lists:seq(0, min(40, byte_size(B) - 1))],
    Changed = [begin
                   At = rand:uniform(byte_size(B)) - 1,
                   <<Before:At/binary, _, After/binary>> = B,
                   <<Before/binary, (other_byte()), After/binary>>
               end || B <- Binaries, byte_size(B) < 2000, _ <- lists:seq(1, 60)],
    Known = [B || B <- Changed, decodes(B) =/= unknown],
    Answers = ask(Probe, Dir, "decode", Cut ++ Known),
    report("binary_to_term of broken data",
           [{B, decodes(B), outcome(A)} || {B, A} <- lists:zip(Cut ++ Known, Answers)]).

%% Not the VM's own tags for atoms by their index.
other_byte() ->
    case rand:uniform(256) - 1 of
        Tag when Tag =:= 73; Tag =:= 75 -> other_byte();
        Byte -> Byte
    end.

outcome({ok, Term}) -> {ok, Term};
outcome({error, _}) -> error.

%% A changed byte may make a fun or a reference to an atom of which OTP and we know different things.
decodes(B) ->
    try binary_to_term(B) of
        T -> case has_fun(T) of true -> unknown; false -> {ok, T} end
    catch error:badarg -> error
    end.

has_fun(T) when is_function(T); is_pid(T); is_port(T); is_reference(T) -> true;
has_fun([H | T]) -> has_fun(H) orelse has_fun(T);
has_fun(T) when is_tuple(T) -> has_fun(tuple_to_list(T));
has_fun(T) when is_map(T) -> map_size(T) > 32 orelse has_fun(maps:to_list(T));
has_fun(_) -> false.

%% From OTP 26 on, atoms as keys of a map stand in the order of the VM's table of atoms.
has_order_of_its_own(T) ->
    is_newer() andalso has_atom_keys(T).

has_atom_keys([H | T]) -> has_atom_keys(H) orelse has_atom_keys(T);
has_atom_keys(T) when is_tuple(T) -> has_atom_keys(tuple_to_list(T));
has_atom_keys(T) when is_map(T) ->
    length([K || K <- maps:keys(T), is_atom(K)]) > 1 orelse has_atom_keys(maps:to_list(T));
has_atom_keys(_) -> false.

%%% Terms.

fixed_terms() ->
    Floats = [0.0, -0.0, 1.0, -1.5, 0.1, 0.01, 0.001, 0.0001, 0.00001, 1.0e10, 1.0e15, 1.0e16, 1.0e22, 1.0e23,
              123456789.0, 1234567890123456.0, 9007199254740991.0, 9007199254740992.0, 9007199254740993.0,
              5.0e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 3.14159, 1.0e100, 12.5e-7, 100.0, 1000.0,
              10000.0, 100000.0, 1.0e6, 120000.0, 0.5e-3, 123.0e3, 1/3],
    Integers = [0, 255, 256, -1, 1 bsl 31, (1 bsl 31) - 1, -(1 bsl 31), -(1 bsl 31) - 1, 1 bsl 63, -(1 bsl 63),
                1 bsl 64, -(1 bsl 64), 1 bsl 2039, 1 bsl 2040, 1 bsl 3000, 1 bsl 59, -(1 bsl 59) - 1, 1 bsl 27],
    Atoms = ['', a, 'A', 'hello world', 'after', 'å', 'Å', '€', 'a\nb', 'a\'b', 'a\\b', 'x@y_1', '\x{10000}', '\x80',
             '_', '1', list_to_atom(lists:duplicate(255, $x)), list_to_atom(lists:duplicate(255, 16#20ac))],
    Strings = ["", "a", "a\"b\\c", "tab\t\n\r\v\b\f\e", [0], [127], [128], [159], [160], "åäö", [8364], [$a, 8364],
               lists:duplicate(200, $x), lists:seq(1, 100), lists:duplicate(65535, 1), lists:duplicate(65536, 1),
               [1 | 2], [a, b | c], [[]], [[], []], "a" ++ b, [$a, b]],
    Binaries = [<<>>, <<"abc">>, <<"å"/utf8>>, <<"€"/utf8>>, <<"å">>, <<1, 2, 3>>, <<1:1>>, <<255, 1:7>>, <<"abc", 1:3>>,
                <<"a\nb\"">>, <<0>>, <<128>>, <<16#c2, 16#80>>, list_to_binary(lists:duplicate(100, $x)),
                list_to_binary(lists:seq(0, 99)), <<"naïve"/utf8, 200>>],
    Others = [{}, {a}, {1}, #{}, #{a => 1}, #{1 => 2, 1.0 => 3}, fun lists:map/2, fun 'A':'b c'/0,
              list_to_pid("<0.12.3>"), {a, list_to_pid("<0.99.0>")}],
    Floats ++ Integers ++ Atoms ++ Strings ++ Binaries ++ Others ++ [{T, [T]} || T <- Floats ++ Binaries].

installed_files() ->
    Root = code:root_dir(),
    lists:append([filelib:wildcard(filename:join([Root | Pattern]))
                  || Pattern <- [["lib", "*", "ebin", "*.app"], ["lib", "*", "ebin", "*.appup"],
                                 ["lib", "kernel-*", "src", "*.app.src"],
                                 ["releases", "*", "*.rel"], ["releases", "*", "*.script"], ["releases", "RELEASES*"],
                                 ["bin", "*.script"]]]).

installed_terms() ->
    [hd(Terms) || Name <- installed_files(), {ok, Terms} <- [file:consult(Name)], Terms =/= []].

term(0) ->
    case rand:uniform(14) of
        1 -> rand:uniform(1000) - 500;
        2 -> rand:uniform(1 bsl 70) - (1 bsl 69);
        3 -> (rand:uniform() - 0.5) * math:pow(10, rand:uniform(40) - 20);
        4 -> <<F/float>> = <<(rand:uniform(16#7fe) - 1):12, (rand:uniform(1 bsl 52)):52>>, F;
        5 -> [];
        6 -> text(rand:uniform(30));
        7 -> list_to_binary(text(rand:uniform(60)));
        8 -> list_to_binary([rand:uniform(256) - 1 || _ <- lists:seq(1, rand:uniform(60))]);
        9 -> <<(rand:uniform(1 bsl 20)):21>>;
        10 -> unicode:characters_to_binary([lists:nth(rand:uniform(4), [$a, $\s, 229, 8364])
                                            || _ <- lists:seq(1, rand:uniform(20))]);
        11 -> [lists:nth(rand:uniform(4), [$a, $\s, 229, 8364]) || _ <- lists:seq(1, rand:uniform(20))];
        _ -> lists:nth(rand:uniform(10), [a, foo, application, 'Hello world', 'å', a_rather_long_atom_for_a_tag, 'end',
                                          maybe_not, '€', true])
    end;
term(Depth) ->
    Some = fun(Most) -> [term(rand:uniform(Depth) - 1) || _ <- lists:seq(1, rand:uniform(Most))] end,
    case rand:uniform(10) of
        1 -> term(0);
        N when N < 4 -> Some(8);
        4 -> list_to_tuple([[] | Some(5)]);
        N when N < 8 -> list_to_tuple([lists:nth(rand:uniform(3), [a, tagged, a_rather_long_atom_for_a_tag]) | Some(6)]);
        8 -> Some(4) ++ term(0);
        9 -> maps:from_list([{term(0), V} || V <- Some(5)]);
        10 -> maps:from_list([{term(rand:uniform(2) - 1), V} || V <- Some(4)])
    end.

text(N) -> [$\s + rand:uniform(94) || _ <- lists:seq(1, N)].

%%% Texts: UTF-8, or bytes as they are where they are given as a binary.

bytes(Text) when is_binary(Text) -> Text;
bytes(Text) -> unicode:characters_to_binary(Text).

%% What OTP 26 and 27 no longer read, we still do.
good_texts() ->
    case is_newer() of
        true -> [];
        false -> ["$\\^\n.", "[maybe,else]."]
    end ++ texts_of_all_releases().

texts_of_all_releases() ->
    ["", "% nothing\n", "a.", "a. b.\nc.\n", "{a,\"b\" \"c\"\n\"d\"}.\n", "[a|b]. [a|[b]]. [a,b|[]].",
     "-1. - 1. +1. -1.5. -$a. +$a. (1). -(1). {(a)}. -0.0.", "16#ff. 2#1010_1010. 36#Zz. 1_000. 1.5e3. 1.0E-3. 1_0.0_1.",
     "$a. $\\n. $\\x41. $\\x{20ac}. $\\^a. $ . $\\s. $\\101. $\\\\. $'. $\".",
     "\"\\x{e5}\\345\\d\\e\\s\\q\\\n\". 'a\\'b'. 'hello world'. ''.",
     "<<>>. <<1,2,3>>. <<\"abc\">>. <<1:16>>. <<1:16/little>>. <<1.5/float>>. <<1:32/float>>. <<1.5:16/float>>. <<-1>>. <<-1:16>>.",
     "<<\"å\"/utf8>>. <<\"å\"/utf16>>. <<\"å\"/utf32-little>>. <<8364/utf8>>. <<\"ab\":16>>. <<\"ab\":2/unit:4>>. <<1:3>>. <<1:3,2:7>>.",
     "<<(<<1,2>>)/binary>>. << <<1,2>>/binary>>. <<(<<1,2,3:4>>)/bits,1:4>>. <<(<<1,2>>):1/binary>>. <<$a,\"b\">>. <<300>>. <<16#10000000000000000:72>>.",
     "<<1:3/little>>. <<1025:13/little>>. <<16#123456789abcdef01:67/little>>. <<1:64/native>>. <<\"€\">>. <<\"a\" \"b\">>. <<(1)>>.",
     "#{}. #{a=>1}. #{a=>1,a=>2}. #{1=>a,1.0=>b}. #{#{a=>b}=>#{c=>[d]}}. {#{}}.", "fun lists:map/2. [fun a:b/0]. fun'A':'b'/16#f.",
     <<"%% coding: latin-1\n\"\xe5\". '\xe5'. \xe5bc.\n">>, "%% -*- coding: utf-8 -*-\n\"å\".", <<"\n%% coding: latin-1\n\"\xe5\".">>, <<"%coding:Latin-1-unix\n\"\xe5\".">>, "% coding\n% coding=utf-8 coding: latin-1\n\"å\".",
     "\"å€\". {'€', \"€\"}.", "a.%comment", "{a}. % x\n.b" -- ".b", "a\t.\n\n\nb\n.\n", "\"a\nb\".",
     "'a\nb'.", "[1.0,2.0e300].", "{a,[{b,c}|d]}.", "{\"a\",[[]],[[],[]]}.", "bnot_x. notx. ifx.", "1.0e-400.", "\x{a0}a.\x{85}",
     lists:duplicate(200, $[) ++ lists:duplicate(200, $]) ++ "."].

bad_texts() ->
    ["{a,b", "{a,b}", "{a,b}}.", "{a,b}\n{c,d}.\n", "{a b}.", "[a,]", "[a,].", "[a,\n b,\n].\n", "{a,,b}.", "a b.", "1 2.", "{a. b}.",
     "\"abc", "\n\n\"abc", "'abc", "\n{a,'abc\n", "$", "{a,$", "\"a\\x{zz}\".", "\n\"a\\xzz\".", "$\\x{110000}.", "37#1.", "1#0.", "2#2.",
     "16#.", "1.0e.", "\n1.0e400.", "a.b", "a.b.\n", ".", "\n.", "}.", "a}.", "{a,b)].", "[a|b,c].", "[|a].", "[a|].",
     "#{a}.", "#{a=>}.", "#{a=>1", "#{a:=1}.", "#{=>1}.", "#a.", "<<1", "<<1,>>.", "<<a>>.", "<<1:a>>.", "<<1/foo>>.", "<<1/integer-float>>.",
     "<<1.5>>.", "<<1:-1>>.", "<<\"a\"/binary>>.", "<<1/utf8-unit:8>>.", "<<1/unit:8>>.", "<<1.5:15/float>>.", "<<55296/utf8>>.",
     "X.", "{a,X}.", "foo(1).", "{foo(1)}.", "1+2.", "{1+2}.", "\n{a,\n 1+2}.", "a=b.", "[X||X].", "a:b.", "a,b.", "\n{a},\n{b}.", "deps, [\n a\n]}.\n", "a, b, c d.", "a, b, c", "a,\n b, 1+2.", "-a.", "--1.", "- -1.",
     "not true.", "bnot 1.", "begin a end.", "fun a/1.", "fun a:b.", "fun a:b/.", "fun A:b/1.", "fun a:B/1.", "fun a:b/C.", "fun a:b/256.", "fun.",
     "after.", "{after}.", "{a,of,b}.", "end.", "a end.", "\x{20ac}.", "a\x{20ac}.", "{a,\x{3b1}}.", "a. \x{20ac}.", "a.\nb.\n{c\n",
     "{a,\"b\"\nc}.", "{a,1\n\"x\"}.", "{a,$b $c}.", "{a,1.5 2.5}.", "{a,b 'C d'}.", "{a,b Foo}.", "{a,b, \"unfinished}.\n{c,d}.\n",
     "{a b} \"unterminated.", "?a.", "a?b.", "{a,;}.", "{a;b}.", "a->b.", "a||b.", "~a.", <<"\xc3\x28.">>, <<"a.\n\n\"\xff\".\n">>, <<"\n\n% coding: latin-1\n\xe5.">>, <<"coding: latin-1\n\xe5.">>,
     lists:duplicate(256, $a) ++ ".", "'" ++ lists:duplicate(256, $a) ++ "'.", "\n" ++ [$A | lists:duplicate(255, $a)] ++ ".",
     <<"%% coding: latin-1\n{\xe5 b}.">>, "{a,\n%% c\nb c}.\n", "{application,x,\n [{vsn,\"1\"}\n  {modules,[]}]}.\n", "\"abc\\", "\"abc\\x", "\"abc\\^", "'abc\\",
     "$\\", "$\\x", "$\\x{", "[a", "<<\"abc", "{application, foo, [{description, \"x\"}, {vsn, \"1\"}, {modules, [a b]}]}.",
     "a\n", "\n\na\n\n", "{a,\n b\n", "{}{}.", "\"a\"b.", "1.2.3.", "a.1.", "1.a.", "[a..b].", "...", "'a' 'b'.", "#{}#{}.", "a#b.", "a#b{}.", "(a.", "a).", "().", "{(a}."].

%%% The probe, and the results.

ask(Probe, Dir, Mode, Questions) ->
    In = filename:join(Dir, Mode ++ ".in"),
    Out = filename:join(Dir, Mode ++ ".out"),
    ok = file:write_file(In, term_to_binary(Questions)),
    Options = case term_to_binary(a) of <<131, 100, _/binary>> -> ["latin1_atoms"]; _ -> [] end,
    Port = open_port({spawn_executable, Probe}, [{args, [Mode, In, Out | Options]}, exit_status, stderr_to_stdout]),
    0 = finish(Port),
    {ok, Answer} = file:read_file(Out),
    binary_to_term(Answer).

finish(Port) ->
    receive
        {Port, {data, Text}} -> io:put_chars(standard_error, Text), finish(Port);
        {Port, {exit_status, Status}} -> Status
    end.

report(What, Results) ->
    case [R || {_, Expected, Actual} = R <- Results, Expected =/= Actual] of
        [] ->
            io:format("ok - ~ts of ~w cases~n", [What, length(Results)]);
        Wrong ->
            io:format("not ok - ~ts: ~w of ~w cases differ~n", [What, length(Wrong), length(Results)]),
            [io:format("  # ~0tp~n  #   expected ~0tp~n  #   got      ~0tp~n", [cut(Case), cut(Expected), cut(Actual)])
             || {Case, Expected, Actual} <- lists:sublist(Wrong, 8)]
    end.

%% What fits a screen.
cut(Binary) when is_binary(Binary), byte_size(Binary) > 2000 -> binary:part(Binary, 0, 2000);
cut(Term) -> Term.
