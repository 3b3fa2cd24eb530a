#!/bin/sh
# shellcheck source=tests/lib.sh
# enit tracefile and traceip print every kind of trace message as dbg's own client prints it; a reader that is slow
# loses nothing.
set -eu
. tests/lib.sh
enit=$RELMK_TOOLS/enit
cd "$RELMK_SCRATCH"

# Writes FILE with each kind of message in the form of a trace port, and with what the VM traces of itself, then
# prints it by dbg's client.
cat >trace.escript <<'END'
#!/usr/bin/env escript
main([File]) ->
    ok = io:setopts(user, [{encoding, unicode}]),
    P = self(), Port = hd(erlang:ports()),
    Long = [{key, N, "text", <<"binary">>, #{map => N}} || N <- lists:seq(1, 30)],
    Time = {1700, 1, 2},
    Plain = [{trace, P, 'receive', M} || M <- [hello, {dbg, ok}, {dbg, other}, Long, "hlöß", "λόγος", 'ατομ']] ++
        [{trace, P, send, M, To} || M <- [hello, Long], To <- [P, Port, name, {name, node()}, 'Strange name']] ++
        [{trace, P, send_to_non_existing_process, hello, P}] ++
        [{trace, P, call, F} || F <- functions(Long)] ++
        [{trace, P, call, F, X} || F <- functions(Long), X <- [extra, Long]] ++
        [{trace, P, return, F} || F <- functions(Long)] ++
        [{trace, P, return, F, Long} || F <- functions(Long)] ++
        [{trace, P, return_from, {m, f, 1}, R} || R <- [ok, Long, "text", [], 1.5, fun lists:seq/2, make_ref()]] ++
        [{trace, P, exception_from, {m, f, 1}, {error, R}} || R <- [badarg, Long]] ++
        [{trace, P, return_to, F} || F <- [{m, f, 1}, undefined]] ++
        [{trace, P, spawn, P, F} || F <- functions(Long)] ++
        [{trace, P, spawned, P, {m, f, [a]}}, {trace, P, exit, normal}, {trace, P, exit, {badarg, Long}},
         {trace, P, link, P}, {trace, P, unlink, P}, {trace, P, getting_linked, Port},
         {trace, P, getting_unlinked, P}, {trace, P, register, name}, {trace, P, unregister, 'a b'},
         {trace, P, in, {m, f, 1}}, {trace, P, out, {m, f, 1}}, {trace, P, in_exiting, 0}, {trace, P, out_exited, 0},
         {trace, P, gc_minor_start, [{heap_size, 610}, {old_heap_size, 0}, {stack_size, 10}, {recent_size, 0},
                                     {mbuf_size, 0}, {bin_vheap_size, 0}, {bin_vheap_block_size, 46422}]},
         {trace, P, gc_major_end, [{heap_size, 610}]}, {trace, Port, open, P, "spawn"}, {trace, Port, closed, normal}],
    Sequence = [{seq_trace, Label, Info} || Label <- [0, 17, {label, "x"}], Info <- [
        {send, {0, 1}, P, P, Long}, {send, {0, 1}, P, name, hello}, {'receive', {0, 1}, P, P, hello},
        {'receive', {0, 1}, P, P, Long}, {print, {0, 1}, P, [], "hello"}, {print, {0, 1}, P, [], Long}, other]],
    Timed = [list_to_tuple([trace_ts | tl(tuple_to_list(T))] ++ [At]) || T <- Plain, At <- [Time, 17]] ++
        [list_to_tuple(tuple_to_list(T) ++ [At]) || T <- Sequence, At <- [Time, 17]],
    {ok, Out} = file:open(File, [write, raw, delayed_write]),
    [write(Out, T) || T <- Plain ++ Sequence ++ Timed],
    ok = file:write(Out, [<<1, N:32>> || N <- [1, 4000000000]]),
    [write(Out, T) || T <- [{unknown, P}, a]],
    ok = file:close(Out),
    %% What the VM itself traces.
    {ok, _} = dbg:tracer(port, dbg:trace_port(file, File ++ ".own")),
    {ok, _} = dbg:tpl(lists, seq, [{'_', [], [{return_trace}, {exception_trace}, {message, {caller}}]}]),
    Traced = spawn(fun() -> receive go -> work(P) end end),
    {ok, _} = dbg:p(Traced, [c, m, procs, garbage_collection, timestamp, running, sos, sol]),
    Traced ! go,
    receive done -> ok end,
    ok = dbg:flush_trace_port(),
    dbg:stop(),
    [show(F) || F <- [File, File ++ ".own"]].

functions(Long) -> [{m, f, 2}, {m, f, []}, {m, f, [a]}, {m, 'F', [1, "text", Long, {b, [c]}]}, odd, {odd, "x"}].

work(P) ->
    seq_trace:set_token(label, 7),
    [seq_trace:set_token(F, true) || F <- [send, 'receive', print, timestamp]],
    catch lists:seq(1, -5),
    lists:seq(1, 60),
    link(spawn(fun() -> lists:seq(3, 4) end)),
    seq_trace:print("printed"),
    erlang:garbage_collect(),
    P ! done.

write(Out, Term) ->
    Bytes = term_to_binary(Term),
    ok = file:write(Out, [<<0, (byte_size(Bytes)):32>>, Bytes]).

show(File) ->
    Pid = dbg:trace_client(file, File),
    Monitor = monitor(process, Pid),
    receive {'DOWN', Monitor, _, _, _} -> ok end.
END
# A run was seen in which no end came; whether dbg or enit waited, a limit for dbg tells the next time.
for _ in 1 2 3; do
  ! LC_ALL=C.UTF-8 timeout -k 5 60 escript trace.escript trace >theirs || break
done
"$enit" tracefile trace >ours
"$enit" tracefile trace.own >>ours
check 'there are traces of every kind' test "$(wc -l <theirs)" -gt 1000
same 'each message prints as dbg prints it' theirs ours
check 'the VM wrote some of its own' test "$(wc -c <trace.own)" -gt 1000

# A reader that is slow: the file is longer than any pipe, and all of it comes.
"$enit" tracefile trace | (sleep 2 && cat) >slow
"$enit" tracefile trace >fast
same 'a slow reader loses nothing' fast slow
status=0
"$enit" tracefile trace >/dev/full 2>full || status=$?
equal 'a full disk is told' '1 1' "$status $(wc -l <full)"

head -c 1000 trace >part
fails_with 'a file that ends within a message' 1 'part: error: ends within a message' "$enit" tracefile part
fails_with 'a file that is none' 1 'none: error: cannot be opened: No such file' "$enit" tracefile none
: >empty
equal 'an empty file prints nothing' '' "$("$enit" tracefile empty)"
