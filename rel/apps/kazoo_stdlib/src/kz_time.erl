%% Spans of time, measured on the clock that never goes back.
-module(kz_time).

-export([start_time/0, elapsed_s/1, elapsed_ms/1, pretty_elapsed/1]).

-export_type([start_time/0]).

%% Milliseconds of the monotonic clock: meaningful on this node only, and as a difference.
-type start_time() :: integer().

-spec start_time() -> start_time().
start_time() ->
    erlang:monotonic_time(millisecond).

-spec elapsed_s(start_time()) -> non_neg_integer().
elapsed_s(Start) ->
    elapsed_ms(Start) div 1000.

-spec elapsed_ms(start_time()) -> non_neg_integer().
elapsed_ms(Start) ->
    start_time() - Start.

%% A number of seconds as people say it: `1d 2h 3m 4s`, without the units that are zero in front.
-spec pretty_elapsed(non_neg_integer()) -> binary().
pretty_elapsed(Seconds) ->
    Units = [{86400, $d}, {3600, $h}, {60, $m}, {1, $s}],
    pretty_elapsed(Units, Seconds, []).

pretty_elapsed([], _Rest, Parts) ->
    kz_binary:join(lists:reverse(Parts), <<" ">>);
pretty_elapsed([{Size, Unit} | Units], Rest, Parts) ->
    case Rest div Size of
        0 when Parts =:= [], Units =/= [] ->
            pretty_elapsed(Units, Rest, Parts);
        N ->
            Part = <<(integer_to_binary(N))/binary, Unit>>,
            pretty_elapsed(Units, Rest rem Size, [Part | Parts])
    end.
