%% Binaries as Kazoo passes them about: identifiers, and lists of words.
-module(kz_binary).

-export([rand_hex/1, join/2, from/1]).

%% An identifier of Bytes random bytes, in lower case hexadecimal digits.
-spec rand_hex(pos_integer()) -> binary().
rand_hex(Bytes) ->
    <<<<(hex_digit(N))>> || <<N:4>> <= crypto:strong_rand_bytes(Bytes)>>.

hex_digit(N) when N < 10 -> $0 + N;
hex_digit(N) -> $a + N - 10.

-spec join([binary()], binary()) -> binary().
join(Words, Separator) ->
    iolist_to_binary(lists:join(Separator, Words)).

%% What an operator may type for a name: an atom, a string or a binary.
-spec from(atom() | string() | binary()) -> binary().
from(Name) when is_atom(Name) -> atom_to_binary(Name, utf8);
from(Name) when is_list(Name) -> unicode:characters_to_binary(Name);
from(Name) when is_binary(Name) -> Name.
