#!/bin/sh
# Log events of what rpc and eval run: which come to the client, that each comes once and as the node's own log has
# it, and that the log has them also when the client is gone.
set -eu
# shellcheck source=tests/lib.sh
. tests/lib.sh

nodetool=$RELMK_TOOLS/nodetool
RELX_COOKIE=log_$$ RELX_RPC_TIMEOUT=30
export RELX_COOKIE RELX_RPC_TIMEOUT
out=$RELMK_SCRATCH/out err=$RELMK_SCRATCH/err

# start_node NAME [ARGUMENT]…: its log is $log, and on asks it.
start_node() {
  node=$1
  log=$RELMK_SCRATCH/$node.log
  shift
  erl -noshell -noinput -sname "$node" -setcookie "$RELX_COOKIE" "$@" >"$log" 2>&1 &
  node_pid=$!
  started $node_pid
  # A node answers before it has a log.
  check "$node starts" eventually 30 has_started
}
has_started() { [ "$("$nodetool" -n "$node" eval 'element(1, init:get_status())')" = started ]; }
on() { "$nodetool" -n "$node" "$@" >"$out" 2>"$err"; }
# Of a log of a node without a terminal.
if [ "$(otp_release)" -lt 26 ]; then encoding=LATIN1; else encoding=UTF-8; fi
in_log() { eventually 10 grep -qaF -e "$1" "$log"; }

# One scheduler, so that a process which logs runs after the one which asks where nothing makes that wait.
start_node "$(unique plain)" +S 1 -hidden

# told_alike WHAT EXPRESSION: what comes here of its log events is what the node's log has by then.
told_alike() {
  before=$(wc -c <"$log")
  on eval "$2, logger_std_h:filesync(default), done." || not_ok "$1: exit $?" "$(cat "$err")"
  equal "$1 leaves the value alone" "done" "$(tail -n 1 "$out")"
  tail -c "+$((before + 1))" "$log" | iconv -f "$encoding" -t UTF-8 >"$RELMK_SCRATCH/logged"
  check "$1 is told" test -s "$err"
  same "$1 is told as the node's log has it" "$RELMK_SCRATCH/logged" "$err"
}
told_alike 'an event' 'logger:error("told ~p", [x])'
told_alike 'one of each level' \
  '[logger:log(L, "of a level") || L <- [emergency, alert, critical, error, warning, notice, info, debug]]'
told_alike 'a format that its arguments do not fit' 'logger:error("~p and ~p", [one])'
told_alike 'a text that is no format' 'logger:error("100%~")'
told_alike 'bytes that are no UTF-8' 'logger:error(<<200, 201, "x">>), logger:error("~ts", [<<202>>])'
told_alike 'a report' 'logger:error(#{what => happened, why => [1, 2, 3]})'
told_alike 'a report whose function fails' 'logger:error(#{a => 1}, #{report_cb => fun(_) -> exit(broken) end})'
told_alike 'odd metadata' 'logger:error("odd", #{pid => none, mfa => none, file => 1, line => x})'
told_alike 'what OTP 20 had' 'error_logger:error_msg("old ~p~n", [x]), error_logger:warning_report([{a, b}]),
  error_logger:info_report(progress), error_logger:error_report(std_error, "text")'
told_alike 'an event of a megabyte' 'logger:error(lists:duplicate(1000000, 120))'
waits_for='M = monitor(process, P), receive {_, M, _, _, _} -> timer:sleep(50) end'
told_alike 'a process that crashes' "P = spawn(fun() -> error(crashed) end), $waits_for"
told_alike "one of proc_lib" "P = proc_lib:spawn(fun() -> error(crashed) end), $waits_for"
told_alike 'a process of a process' \
  "P = spawn(fun() -> {Q, N} = spawn_monitor(fun() -> error(crashed) end), receive {_, N, _, Q, _} -> ok end end), $waits_for"
told_alike 'a server that cannot start' 'gen_server:start(nosuch, [], []), timer:sleep(50)'
told_alike 'a filter of the node that rewrites events' 'logger:add_primary_filter(hides, {fun
    (#{msg := {string, "secret"}} = Event, _) -> Event#{msg := {string, "hidden"}};
    (#{msg := {string, "nobody"}}, _) -> stop;
    (_, _) -> ignore
  end, x}), logger:error("secret"), logger:error("nobody")'
check 'and is obeyed' grep -q '^hidden$' "$err"
refute 'also where it stops them' grep -q nobody "$err"
told_alike 'an event where none passes unless a filter lets it' \
  'logger:set_primary_config(filter_default, stop), logger:remove_primary_filter(hides),
   logger:add_primary_filter(lets, {fun(Event, _) -> Event end, x}), logger:error("passes")'
on eval 'logger:set_primary_config(#{level => notice, filter_default => log, filters => []}), ok' || not_ok 'the filters go'

# What a node logs that is told to log all does not drown what counts.
on eval 'logger:set_primary_config(level, all), logger:info("quiet"), logger:debug("mute"), logger:notice("loud"),
  logger:set_primary_config(level, notice), ok' || not_ok "events of all levels: exit $?"
equal 'from level notice on events come' loud "$(grep -e quiet -e mute -e loud "$err")"
check 'the others are in the log' in_log mute

# All that was logged before the value comes before the end, once.
on eval 'logger:update_handler_config(default, config, #{burst_limit_enable => false}),
  [logger:error("flood ~b", [N]) || N <- lists:seq(1, 3000)], done.' || not_ok "a flood: exit $?"
equal 'each event of a flood comes once, in order' "$(seq 3000 | cksum)" "$(sed -n 's/^flood //p' "$err" | cksum)"
# A formatter that fails does not take the value with it.
on eval 'logger:error("in no time", #{time => foo}), kept' || not_ok "an event of no time: exit $?" "$(cat "$err")"
equal 'an event that no formatter takes leaves the value alone' kept "$(cat "$out")"
equal 'and is told' 'FORMATTER CRASH: {string,"in no time"}' "$(cat "$err")"
# Sixty at once, and a client that waits for its reader: what waits on the node has a limit, and the client is told.
# shellcheck disable=SC2016 # Erlang's $x
"$nodetool" -n "$node" --timeout 60 eval 'logger:update_handler_config(default, level, none), Before = erlang:memory(total),
  Most = spawn_link(fun() -> (fun Go(Most) -> receive {most, From} -> From ! Most after 10 -> Go(max(Most, erlang:memory(total))) end end)(0) end),
  Workers = [spawn_monitor(fun() -> [logger:error("flood ~s", [lists:duplicate(5000, $x)]) || _ <- lists:seq(1, 150)] end) || _ <- lists:seq(1, 60)],
  [receive {_, M, _, P, _} -> ok end || {P, M} <- Workers], Most ! {most, self()}, receive Bytes -> Bytes end,
  logger:update_handler_config(default, level, all), Bytes - Before < 600000000.' 2>&1 >"$out" | { sleep 5; cat >"$err"; }
equal 'what waits for a slow client has a limit' true "$(cat "$out")"
equal 'of which it is told, once' 1 "$(grep -c '^warning: log events came faster' "$err")"
printf '%s\n' 'logger:error("first").' 'X = 1.' 'logger:error("third").' 'spawn(fun() -> error(crashed) end), timer:sleep(1000).' |
  "$nodetool" -n "$node" eval - >"$out" 2>"$err" || not_ok "a session: exit $?"
equal 'in a session events come, too' 'first third {crashed' "$(grep -o -e '^first' -e '^third' -e '^{crashed' "$err" | xargs)"
on rpc erlang spawn '[erlang, error, [crashed_by_rpc]]' || not_ok "rpc: exit $?"
check 'a process that rpc returns is waited for' grep -q crashed_by_rpc "$err"
check 'and is in the log' in_log crashed_by_rpc

# Nobody else's.
on eval 'spawn(fun() -> group_leader(whereis(user), self()), logger:error("of the node") end),
  spawn(fun() -> timer:sleep(100), logger:error("of the client") end), timer:sleep(500), ok.' || not_ok "two processes: exit $?"
equal "the node's own events do not come" 'of the client' "$(grep '^of the' "$err")"
check 'but are in the log' in_log 'of the node'
for i in 1 2 3; do
  "$nodetool" -n "$node" eval "[begin logger:error(\"of client $i\"), timer:sleep(20) end || _ <- lists:seq(1, 20)], ok." \
    >/dev/null 2>"$RELMK_SCRATCH/client.$i" &
  eval "client_$i=\$!"
done
# shellcheck disable=SC2154 # set by eval
wait "$client_1" "$client_2" "$client_3"
for i in 1 2 3; do
  equal "of clients at once, each gets its own ($i)" "20 of client $i" \
    "$(grep '^of client' "$RELMK_SCRATCH/client.$i" | sort | uniq -c | xargs)"
done

# After the client. What is to print then is started with --keep-running.
late='timer:sleep(700), logger:error("logged_~s", [N]), error({crashed, N})'
on eval "N = grandchild, spawn(fun() -> spawn(fun() -> $late end) end), ok." || not_ok "a grandchild: exit $?"
on eval --keep-running "N = kept, spawn(fun() -> timer:sleep(500), io:format(\"printed_~s~n\", [N]), $late end), ok." ||
  not_ok "--keep-running: exit $?"
"$nodetool" -n "$node" eval "N = orphan, spawn(fun() -> $late end), io:format(\"runs~n\"), timer:sleep(infinity)" >"$out" 2>"$err" &
client=$!
started $client
check 'a client that waits' eventually 20 grep -q runs "$out"
kill -KILL $client
wait $client 2>/dev/null || :
check 'a process that outlives its client prints to the node' in_log printed_kept
for name in grandchild kept orphan; do
  check "of a process that outlives its client ($name), events are in the log" in_log "logged_$name"
  check "$name: its crash, too" in_log "{crashed,$name}"
done
only_ours() { [ "$("$nodetool" -n "$node" rpc --keep-output logger get_primary_config | grep -c '{nodetool_')" -le 1 ]; }
check 'no filter stays in the logger' eventually 10 only_ours

# Where there is no log to stay in, events come all the same.
start_node "$(unique silent)" -kernel logger '[{handler, default, undefined}]'
on eval 'logger:error("told without a log"), ok.' || not_ok "without a handler: exit $?"
check 'a node without a handler' grep -q 'told without a log' "$err"
start_node "$(unique none)" -kernel logger_level none
on eval 'logger:error("told"), ok.' || not_ok "level none: exit $?"
equal 'a node that logs nothing: the value alone' 'ok ' "$(cat "$out") $(cat "$err")"
