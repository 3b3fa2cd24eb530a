#!/bin/sh
# nodetool's commands on real nodes: over TCP, IPv6 and TLS, with and without epmd; and each way in
# which a node cannot be asked.
set -eu
# shellcheck source=tests/lib.sh
. tests/lib.sh

nodetool=$RELMK_TOOLS/nodetool
# shellcheck disable=SC2089 # the quotes are the cookie's
cookie="it's #1 \"secret\" $$"
RELX_RPC_TIMEOUT=20
# shellcheck disable=SC2090
export RELX_COOKIE="$cookie" RELX_RPC_TIMEOUT
node=$(unique node)

# start_node NAME [ARGUMENT]…: a node with the cookie, which no argument shows.
start_node() {
  node_home=$RELMK_SCRATCH/$1.home
  mkdir -p "$node_home"
  printf '%s' "$RELX_COOKIE" >"$node_home/.erlang.cookie"
  chmod 400 "$node_home/.erlang.cookie"
  name=$1
  shift
  HOME=$node_home erl -noshell -noinput "$@" >"$RELMK_SCRATCH/$name.out" 2>&1 &
  node_pid=$!
  started $node_pid
}

on_node() { "$nodetool" -n "$node" "$@"; }
on_full() { on_node "$@" >/dev/full; }

start_node "$node" -sname "$node"
check 'ping --wait waits for a node that starts' on_node ping --wait 20
equal 'ping' pong "$(on_node ping)"
check 'pid is the process' grep -q beam.smp "/proc/$(on_node pid)/cmdline"

equal 'rpc' '[c,b,a]' "$(on_node rpc lists reverse '[[a,b,c]]')"
equal 'rpc in one word, with a full stop' '[c,b,a]' "$(on_node rpc 'lists reverse [[a,b,c]].')"
equal 'rpc without arguments' true "$(on_node rpc erlang is_alive)"
equal 'rpcterms' '[1,2]' "$(on_node rpcterms lists append '[1].' '[2].')"
equal 'what a function prints reaches us' "$(printf 'hello 1\nok')" \
  "$(on_node rpc io format '["hello ~p~n", [1]]')"
equal 'a function reads our standard input' '"joe\n"' \
  "$(echo joe | on_node rpc io get_line '[""]')"
equal 'the width of a terminal is not known where there is none' '{error,enotsup}' \
  "$(on_node rpc io columns)"
fails_with 'an exception is 1 and a line' 1 "{'EXIT',{undef,[{foo,bar,[],[]}]}}" on_node rpc foo bar
equal 'of one line' 1 "$(wc -l <"$RELMK_SCRATCH/.err")"
fails_with '{badrpc, …} is 1 and a line' 1 'nodedown' \
  on_node rpc rpc call '[nosuch@nohost, erlang, node, []]'
fails_with 'an argument that is no list' 1 'list of arguments' on_node rpc a b '{1}'
fails_with 'an argument that is no term' 1 'arguments:1:' on_node rpc a b '[1,'

equal 'eval' 3 "$(on_node eval 'X = 1, X + 2.')"
equal 'a large integer' "$(erl -noshell -eval 'io:format("~p", [1 bsl 300000]), halt().' | cksum)" \
  "$(on_node eval '1 bsl 300000' | tr -d '\n' | cksum)"
equal 'the largest are in base 16' '16#10000 524292' "$(on_node eval '1 bsl 2097152' | awk '{ print substr($0, 1, 8), length($0) }')"
equal 'eval without a full stop' 3 "$(on_node eval '1 +' 2)"
term='{lists:seq(1, 200), "text", <<"binary">>, #{a => 1.5}, [233, 10], 1.0e10}'
erl -noshell -eval "io:setopts([{encoding, unicode}]), io:format(\"~p~n\", [$term]), halt()." \
    >"$RELMK_SCRATCH/expected"
on_node eval "$term" \
    >"$RELMK_SCRATCH/printed"
same 'eval prints as ~p does' "$RELMK_SCRATCH/expected" "$RELMK_SCRATCH/printed"
equal 'what an expression binds stays on the node' ok \
    "$(on_node eval 'Deep = lists:foldl(fun(_, D) -> [D] end, [], lists:seq(1, 100000)), ok.')"
deep='lists:foldl(fun(_, D) -> [D] end, [], lists:seq(1, 3000))'
erl -noshell -eval "io:format(\"~p~n\", [$deep]), halt()." >"$RELMK_SCRATCH/expected"
on_node eval "io:format(\"~p~n\", [$deep]), rpc_ok" | sed '$d' >"$RELMK_SCRATCH/printed"
same 'what is nested deeply is printed' "$RELMK_SCRATCH/expected" "$RELMK_SCRATCH/printed"
on_node eval 'io:setopts([{encoding, latin1}]), file:write(group_leader(), <<0, 200, 10, 255>>), io:put_chars([16#20ac]), rpc_ok' \
    >"$RELMK_SCRATCH/bytes"
printf '\000\310\n\377\\x{20AC}rpc_ok\n' >"$RELMK_SCRATCH/expected"
same 'bytes arrive as they are where Latin-1 is asked for' "$RELMK_SCRATCH/expected" "$RELMK_SCRATCH/bytes"
fails_with 'output that cannot be written is an error' 1 'cannot write to standard output' \
    on_full eval 'io:format("hello~n"), ok'
fails_with 'eval evaluates nothing where text follows the full stop' 1 \
    'expression:1:12: error: text after the full stop' on_node eval 'put(a, b). get(a).'
fails_with 'also where the text ends too early' 1 'expression:1:5: error: syntax error before' on_node eval 'foo('
fails_with 'or within a character' 1 'expression:1:1: error: unterminated character' on_node eval '$'
equal 'a comment may follow the full stop' 3 "$(on_node eval '1 + 2. % three')"
fails_with 'eval tells where it cannot read' 1 'expression:1:5: error: syntax error before' \
    on_node eval 'foo(.'
fails_with 'eval of an exception is 1' 1 '** exception throw: ball' on_node eval 'throw(ball)'
printf 'X = 3.\nX\n + 4.\n5. 6.\nfoo(.\nX' | on_node eval - >"$RELMK_SCRATCH/replies" 2>"$RELMK_SCRATCH/.err" || :
equal 'a session has a reply for each expression' '3 7 5 6 3' "$(xargs <"$RELMK_SCRATCH/replies")"
check 'and a line for each error' grep -q 'syntax error' "$RELMK_SCRATCH/.err"
printf '%s\n' 'T = ets:new(t, []), S = self(), ok.' 'ets:insert(T, {a, 1}).' 'error(x).' \
    "L = $deep, length(ets:tab2list(T))." 'S =:= self().' 'exit(self(), kill).' 'T = gone.' '% end' |
    on_node eval - >"$RELMK_SCRATCH/replies" 2>"$RELMK_SCRATCH/.err" || :
equal 'a session is one process' 'ok true 1 true gone' "$(xargs <"$RELMK_SCRATCH/replies")"
equal 'and another when that was killed' 'killed the session begins anew, without its variables' \
    "$(sed -n "s/.*'EXIT',\(killed\)}$/\1/p; s/^hint: //p" "$RELMK_SCRATCH/.err" | xargs)"

# Log events come here, and stay in the node's log.
on_node eval 'logger:error("told_~p", [here])' >"$RELMK_SCRATCH/out" 2>"$RELMK_SCRATCH/err"
equal 'a log event of eval leaves its output alone' ok "$(cat "$RELMK_SCRATCH/out")"
check 'but comes to standard error' grep -q '^told_here$' "$RELMK_SCRATCH/err"
check "and is in the node's log" eventually 5 grep -q '^told_here$' "$RELMK_SCRATCH/$node.out"
status=0
on_node eval 'logger:error("told")' >"$RELMK_SCRATCH/out" 2>/dev/full || status=$?
equal 'a log event that standard error does not take is exit 1' 1 "$status"
status=0
on_node eval 'logger:error("told")' >"$RELMK_SCRATCH/out" 2>&- || status=$?
equal 'where it is closed, nobody misses it' 0 "$status"
on_node rpc logger error '["told_by_rpc"]' >"$RELMK_SCRATCH/out" 2>"$RELMK_SCRATCH/err"
check 'so it is of rpc' grep -q '^told_by_rpc$' "$RELMK_SCRATCH/err"
check 'there, too' eventually 5 grep -q '^told_by_rpc$' "$RELMK_SCRATCH/$node.out"
on_node eval 'spawn(fun() -> error(crashed_at_once) end)' >/dev/null 2>"$RELMK_SCRATCH/err"
check 'a process that crashes is told here' grep -q crashed_at_once "$RELMK_SCRATCH/err"
check 'and there' eventually 5 grep -q crashed_at_once "$RELMK_SCRATCH/$node.out"
on_node eval 'spawn(fun() -> timer:sleep(700), io:format("printed_late~n"), error(crashed_late) end)' >/dev/null
check 'a process that outlives its client is in the log' eventually 5 grep -q crashed_late "$RELMK_SCRATCH/$node.out"
check 'and prints there' grep -q printed_late "$RELMK_SCRATCH/$node.out"
# Names of filters that others have taken: the next free one is.
taken() {
  on_node eval "[logger:$1 || N <- lists:seq(0, 1023)], ok." >"$RELMK_SCRATCH/out"
}
taken 'add_primary_filter(list_to_atom("nodetool_" ++ integer_to_list(N)), {fun logger_filters:progress/2, stop})'
on_node eval 'logger:error("told_beside_others")' >"$RELMK_SCRATCH/out" 2>"$RELMK_SCRATCH/err"
check 'log events come where 1,024 names of filters are taken' grep -q told_beside_others "$RELMK_SCRATCH/err"
taken 'remove_primary_filter(list_to_atom("nodetool_" ++ integer_to_list(N)))'
no_filters() { [ "$(on_node rpc --keep-output logger get_primary_config | grep -o 'nodetool_[0-9]*' | sort -u | wc -l)" -le 1 ]; }
check 'no filter stays in the logger' eventually 5 no_filters

# What a client has started ends when it goes.
sleepers() { on_node eval '[P || P <- processes(), process_info(P, current_function) =:= {current_function, {timer, sleep, 1}}]'; }
for i in 1 2 3 4; do
    timeout -s KILL 1 "$nodetool" -n "$node" eval 'timer:sleep(987654)' >/dev/null 2>&1 || :
done
no_sleepers() { [ "$(sleepers)" = '[]' ]; }
check 'work ends when its client is killed' eventually 5 no_sleepers
timeout -s KILL 1 "$nodetool" -n "$node" eval --keep-running 'register(kept, self()), timer:sleep(5000)' >/dev/null 2>&1 || :
refute 'unless it asked otherwise' test "$(on_node rpc erlang whereis '[kept]')" = undefined

# Much.
on_node --timeout 120 eval 'io:put_chars(binary:copy(<<"0123456789">>, 1000000)), rpc_ok' >"$RELMK_SCRATCH/much"
equal 'ten million characters' 10000007 "$(wc -c <"$RELMK_SCRATCH/much")"
on_node --timeout 120 eval 'binary:copy(<<"é€"/utf8>>, 100000)' | tr -d '\n' | wc -c >"$RELMK_SCRATCH/much"
check 'a long value' test "$(cat "$RELMK_SCRATCH/much")" -gt 500000
# with_memory MIB EXPRESSION: how many bytes are printed with so much memory here.
with_memory() {
    prlimit --data=$(($1 * 1048576)) --core=0 -- "$nodetool" -n "$node" --timeout 120 eval "$2" 2>"$RELMK_SCRATCH/.err" | wc -c
}
equal 'what the node prints needs no memory for all of it' 40000007 \
    "$(with_memory 16 '[io:put_chars(binary:copy(<<"0123456789">>, 1000000)) || _ <- [1, 2, 3, 4]], rpc_ok')"
equal 'a value of 40 MB needs little more than itself three times' 40000007 "$(with_memory 160 'binary:copy(<<"0123456789">>, 4000000)')"
# What is large is printed here: the node prints the same value into a file, for comparison.
# is_printed_alike NAME EXPRESSION
is_printed_alike() {
  on_node eval "Value = $2, Text = io_lib:format(case io:printable_range() of unicode -> \"~tp~n\"; _ -> \"~p~n\" end, [Value]),
      file:write_file(\"$RELMK_SCRATCH/expected\", unicode:characters_to_binary(Text)), Value" >"$RELMK_SCRATCH/printed"
  check "$1: it is large" test "$(wc -c <"$RELMK_SCRATCH/printed")" -gt 65536
  same "$1 is printed as ~p does" "$RELMK_SCRATCH/expected" "$RELMK_SCRATCH/printed"
}
is_printed_alike 'a large binary' 'binary:copy(<<"text, \"quoted\", and more", 10>>, 5000)'
is_printed_alike 'a large binary of numbers' 'list_to_binary([X rem 256 || X <- lists:seq(1, 70000)])'
is_printed_alike 'a large bitstring' '<< <<X:9>> || X <- lists:seq(1, 66001) >>'
is_printed_alike 'a large text' 'lists:flatten(lists:duplicate(20000, [97, 233, 10, 34]))'
is_printed_alike 'a large text beyond Latin-1' 'lists:duplicate(30000, 16#20ac)'
is_printed_alike 'a large list of numbers' '[case X rem 3 of 0 -> X / 7; 1 -> X bsl 80; _ -> -X end || X <- lists:seq(1, 20000)]'
is_printed_alike 'a large list of everything' \
  '[{X, self(), make_ref(), fun lists:seq/2, [a | b], #{x => "y", 2 => [{}]}, <<"é"/utf8>>, hd(erlang:ports())} || X <- lists:seq(1, 3000)]'
is_printed_alike 'a large value with the fun of a shell' 'lists:duplicate(4000, fun(X) -> X end)'
is_printed_alike 'a large value that is nested deeply' 'lists:foldl(fun(_, D) -> {node, [D]} end, [], lists:seq(1, 6000))'
is_printed_alike 'a large value with a process of another node' \
  'lists:duplicate(9000, binary_to_term(<<131, 88, 119, 9, "oops@nope", 90:32, 0:32, 1:32>>))'
# The shell's own commands print, and return ok. Of more than a hundred processes c:i/0 makes pages.
on_node eval --keep-running '[spawn(timer, sleep, [infinity]) || _ <- lists:seq(1, 150)], ok' >/dev/null
for command in 'c:i()' 'c:regs()' 'c:ni()' 'i()' 'regs()' 'nregs()'; do
  on_node eval "$command" >"$RELMK_SCRATCH/shown"
  equal "$command ends with its value" ok "$(tail -n 1 "$RELMK_SCRATCH/shown")"
  check "$command prints what it found" grep -q -e kernel_sup -e kernel_safe_sup -e init "$RELMK_SCRATCH/shown"
done

# Small ones.
fails_with 'a timeout that is no number' 1 'NODETOOL_TIMEOUT is no number of milliseconds: abc' \
    env -u RELX_RPC_TIMEOUT NODETOOL_TIMEOUT=abc "$nodetool" -n "$node" ping
fails_with 'eval without expressions is wrong usage' 2 'EXPRESSIONS' on_node eval
fails_with 'rpc without a module, too' 2 'MODULE' on_node rpc
fails_with 'an exception is told as the shell tells it' 1 "** exception error: an error occurred when evaluating an arithmetic expression
  in operator  '/'/2
     called as 1 / 0" on_node eval '1 / 0'
refute 'without frames of erl_eval' grep -q erl_eval "$RELMK_SCRATCH/.err"
fails_with 'a function that there is not' 1 'undefined shell command nosuch/0' on_node eval 'nosuch()'
check 'functions of the shell' on_node eval 'pwd(), c:memory()'
printf '1.\n\nfoo(.\n2.\n\n  bar)\n' | on_node eval - >/dev/null 2>"$RELMK_SCRATCH/.err" || :
equal 'errors in a session have the line of the input' 'expression:3:5 expression:6:6' \
    "$(sed -n 's/^\(expression:[0-9]*:[0-9]*\):.*/\1/p' "$RELMK_SCRATCH/.err" | xargs)"

on_node status >"$RELMK_SCRATCH/status"
check 'status names the node' grep -q "^Node:    $node@" "$RELMK_SCRATCH/status"
check 'status has the applications' grep -Eq '^ kernel [0-9.]+$' "$RELMK_SCRATCH/status"
check 'status has the memory' grep -Eq '^ Total: +[0-9]+ MiB$' "$RELMK_SCRATCH/status"
on_node status --json >"$RELMK_SCRATCH/status.json"
check 'status --json' grep -Eq '"pid":[0-9]+,"uptime_seconds":[0-9]+' "$RELMK_SCRATCH/status.json"

before=$(on_node eval 'erlang:system_info(atom_count).')
for i in 1 2 3 4 5 6 7 8; do on_node ping >"$RELMK_SCRATCH/pong$i"; done
after=$(on_node eval 'erlang:system_info(atom_count).')
check "calls leave no atoms behind ($before, $after)" test $((after - before)) -le 2
equal 'we are a hidden node' '[]' "$(on_node eval 'nodes(connected) -- nodes(hidden).')"
refute 'no process shows the cookie' grep -qsF "$RELX_COOKIE" /proc/[0-9]*/cmdline
refute 'no ~/.erlang.cookie comes to be' test -e "$HOME/.erlang.cookie"

# Cookies.
unset RELX_COOKIE
fails_with 'no cookie at all' 1 'no cookie was found' on_node ping
mkdir -p "$HOME/.config/erlang"
printf '%s\n' "$cookie" >"$HOME/.config/erlang/.erlang.cookie"
chmod 600 "$HOME/.config/erlang/.erlang.cookie"
equal 'the XDG cookie' pong "$(on_node ping)"
echo wrong >"$HOME/.erlang.cookie"
chmod 600 "$HOME/.erlang.cookie"
fails_with 'a cookie of the home comes first; a wrong one is called so' 1 'another cookie' on_node ping
check 'with where it is from' grep -q "^hint: .*$HOME/.erlang.cookie" "$RELMK_SCRATCH/.err"
equal '--cookie-file goes before both' pong \
    "$("$nodetool" -n "$node" --cookie-file "$HOME/.config/erlang/.erlang.cookie" ping)"
chmod 644 "$HOME/.erlang.cookie"
fails_with 'a cookie that others can read is refused, as by the VM' 1 'owner only' on_node ping
rm "$HOME/.erlang.cookie" "$HOME/.config/erlang/.erlang.cookie"
{
    echo "-sname \${NODE:-$node}"
    echo "-setcookie $(printf '%s' "$cookie" | sed 's/[^A-Za-z0-9]/\\&/g')"
} >"$RELMK_SCRATCH/vm.args"
equal 'name and cookie of vm.args' pong "$("$nodetool" --vm-args "$RELMK_SCRATCH/vm.args" ping)"
# shellcheck disable=SC2090
export RELX_COOKIE="$cookie"

# Why a node cannot be asked.
fails_with 'no such node' 1 'Node is not running!' "$nodetool" -n "no_$node" ping
fails_with 'no such host' 1 'not found' "$nodetool" -n "$node@no-such-host.invalid" ping
fails_with 'no epmd' 1 'no epmd' env ERL_EPMD_PORT=1 "$nodetool" -n "$node" ping
fails_with 'a node that epmd has lost is told by its process' 1 "runs as process $node_pid, but no epmd" \
    env ERL_EPMD_PORT=1 "$nodetool" -n "$node" ping
check 'and by the epmd that it knows, which another node of that name may know' \
  grep -qF "process $node_pid knows epmd at port $ERL_EPMD_PORT: if it is another node, this one is not running" "$RELMK_SCRATCH/.err"
port=$(sed -n 's/^hint: ERL_DIST_PORT=\([0-9]*\) reaches it.*/\1/p' "$RELMK_SCRATCH/.err")
equal 'and its port reaches it' pong "$(ERL_DIST_PORT=$port "$nodetool" -n "$node" ping)"
fails_with 'a name that epmd does not know: it knows others' 1 "the names that epmd knows: $node" \
    "$nodetool" -n "no_$node" ping
printf -- '-sname %s\n-epmd_module my_epmd\n' "$node" >"$RELMK_SCRATCH/module.args"
fails_with 'a module in place of epmd cannot be asked' 1 'module.args:2:1: error: -epmd_module my_epmd' \
    "$nodetool" --vm-args "$RELMK_SCRATCH/module.args" ping
check 'and what helps is said' grep -q '^hint: set ERL_DIST_PORT' "$RELMK_SCRATCH/.err"
fails_with 'another name than the host has' 1 'not ' "$nodetool" -n "$node@localhost" ping
fails_with 'nobody listens' 1 'Connection refused' env ERL_DIST_PORT=1 "$nodetool" -n "$node" ping
fails_with 'no node is named' 1 'which node?' "$nodetool" ping
fails_with 'wrong usage' 2 'error:' "$nodetool" -n "$node" ping pong
fails_with 'a call that takes too long' 1 'no answer' \
    "$nodetool" -n "$node" --timeout 0.5 eval 'timer:sleep(5000)'
fails_with 'a time that no clock can count' 2 'not in range' "$nodetool" -n "$node" --timeout 1e30 ping
fails_with 'nor less than none' 2 'not in range' "$nodetool" -n "$node" --timeout -1 ping
equal 'a very long time' pong "$(RELX_RPC_TIMEOUT=9223372036854775807 on_node ping)"
kill -STOP $node_pid
fails_with 'a node that hangs' 1 'within 1 second' env RELX_RPC_TIMEOUT=1 "$nodetool" -n "$node" ping
check 'it is told how to go on' grep -q "kill -CONT $node_pid" "$RELMK_SCRATCH/.err"
kill -CONT $node_pid
equal 'it answers again' pong "$(on_node ping)"
(sleep 1 && kill -KILL $node_pid) &
fails_with 'a node that dies during the call' 1 'closed the connection' \
    on_node eval 'timer:sleep(20000)'

# Somebody who reads what the node prints, or types what it reads, takes his time.
start_node "paged_$$" -sname "paged_$$" -kernel net_ticktime 4
check 'a node that soon gives silent peers up' "$nodetool" -n "paged_$$" ping --wait 20
on_paged() { RELX_RPC_TIMEOUT=5 "$nodetool" -n "paged_$$" "$@"; }
on_paged eval 'io:put_chars(lists:duplicate(300000, 97)), done.' 2>"$RELMK_SCRATCH/paged.err" |
  (sleep 7 && cat >"$RELMK_SCRATCH/paged") &
paging=$!
(sleep 7 && echo joe) | on_paged rpc io get_line '[""]' >"$RELMK_SCRATCH/typed" 2>&1 || :
wait $paging || :
equal 'a pager may be slower than the node' "300005 " \
  "$(wc -c <"$RELMK_SCRATCH/paged") $(cat "$RELMK_SCRATCH/paged.err")"
equal 'so may be who types' '"joe\n"' "$(cat "$RELMK_SCRATCH/typed")"
kill $node_pid

# Without epmd.
claim_port # sets free_port
# shellcheck disable=SC2154
start_node direct -sname "direct_$$" -erl_epmd_port "$free_port" -start_epmd false
ERL_DIST_PORT=$free_port
export ERL_DIST_PORT
check 'ERL_DIST_PORT, without epmd' "$nodetool" -n "direct_$$" ping --wait 20
unset ERL_DIST_PORT
printf -- '-sname direct_%s\n-erl_epmd_port %s\n' $$ "$free_port" >"$RELMK_SCRATCH/direct.args"
equal '-erl_epmd_port of vm.args' pong "$("$nodetool" --vm-args "$RELMK_SCRATCH/direct.args" ping)"
check 'stop' "$nodetool" -n "direct_$$" --dist-port "$free_port" stop
refute 'returns when the process is gone' grep -q '^State:.[^Z]' "/proc/$node_pid/status"

# An application that does not stop.
start_node slow -sname "slow_$$"
cat >"$RELMK_SCRATCH/slow.erl" <<'END'
-module(slow).
-export([start/2, prep_stop/1, stop/1]).
start(_, _) -> {ok, spawn(fun() -> receive stop -> ok end end)}.
prep_stop(State) -> timer:sleep(application:get_env(slow, sleep, infinity)), State.
stop(_) -> ok.
END
erlc -o "$RELMK_SCRATCH" "$RELMK_SCRATCH/slow.erl"
# A node answers before it has booted; told to stop then, it stops nothing.
is_booted() {
    case $("$nodetool" -n "$1" rpc init get_status) in '{started,'*) ;; *) return 1 ;; esac
}
check 'a node with a slow application' eventually 20 is_booted "slow_$$"
slow="code:add_path(\"$RELMK_SCRATCH\"), application:load({application, slow, [{mod, {slow, []}}, {vsn, \"1\"}]}), application:start(slow)."
equal 'starts it' ok "$("$nodetool" -n "slow_$$" eval "$slow")"
fails_with 'stop says what still runs' 1 'not stopped yet: ' "$nodetool" -n "slow_$$" stop --wait 2
check 'by name' grep -q slow "$RELMK_SCRATCH/.err"
"$nodetool" -n "slow_$$" --timeout 4 status >"$RELMK_SCRATCH/status" || not_ok "status of a node that stops: exit $?"
check 'status says so, too' grep -q '^This node is stopping; not stopped yet: .*slow' "$RELMK_SCRATCH/status"
kill -KILL $node_pid

# An order that comes while a node restarts, which init drops.
start_node restarts -sname "restarts_$$"
on_restarting() { "$nodetool" -n "restarts_$$" "$@"; }
# start_slow SECONDS: an application that takes so long to stop.
start_slow() {
    on_restarting eval "code:add_path(\"$RELMK_SCRATCH\"), application:load({application, slow, [{mod, {slow, []}}, {vsn, \"1\"}, {env, [{sleep, $1}]}]}), application:start(slow)."
}
check 'a node to restart' on_restarting ping --wait 20
equal 'an application of it' ok "$(start_slow 100)"
pid=$(on_restarting pid)
check 'restart' on_restarting restart
equal 'returns when the node has booted, in its process' "{started,\"$pid\"}" \
    "$(on_restarting eval '{element(1, init:get_status()), os:getpid()}.')"
equal 'without what was started by hand' false \
    "$(on_restarting eval 'lists:keymember(slow, 1, application:which_applications()).')"
equal 'a slow application' ok "$(start_slow 1500)"
on_restarting rpc init restart >/dev/null
check 'stop, while the node restarts' on_restarting stop --wait 30
refute 'ends it' grep -q '^State:.[^Z]' "/proc/$pid/status"

# IPv6.
if grep -q 00000001 /proc/net/if_inet6 2>/dev/null; then
    ERL_AFLAGS='' start_node six -name "six_$$@::1" -proto_dist inet6_tcp
    check 'IPv6' "$nodetool" -n "six_$$@::1" --proto-dist inet6_tcp ping --wait 20
    equal 'IPv6, without being told' pong "$("$nodetool" -n "six_$$@::1" ping)"
else
    skip 'this machine has no IPv6'
fi

# TLS.
cd "$RELMK_SCRATCH"
host=$(hostname -s)
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout ca.key -out ca.pem -subj /CN=ca >/dev/null 2>&1
openssl req -newkey rsa:2048 -nodes -keyout node.key -out node.csr -subj "/CN=$host" >/dev/null 2>&1
echo "subjectAltName=DNS:$host" >names
openssl x509 -req -in node.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names \
    -out node.pem >/dev/null 2>&1
files="{certfile, \"$PWD/node.pem\"}, {keyfile, \"$PWD/node.key\"}, {cacertfile, \"$PWD/ca.pem\"}, {verify, verify_peer}"
echo "[{server, [$files, {fail_if_no_peer_cert, true}]}, {client, [$files]}]." >tls.conf
cd "$OLDPWD"
start_node tls -sname "tls_$$" -proto_dist inet_tls -ssl_dist_optfile "$RELMK_SCRATCH/tls.conf"
printf -- '-sname tls_%s\n-proto_dist inet_tls\n-ssl_dist_optfile %s\n' $$ "$RELMK_SCRATCH/tls.conf" \
    >"$RELMK_SCRATCH/tls.args"
check 'TLS' "$nodetool" --vm-args "$RELMK_SCRATCH/tls.args" ping --wait 20
equal 'a long answer over TLS' 300003 \
    "$("$nodetool" --vm-args "$RELMK_SCRATCH/tls.args" eval 'lists:duplicate(300000, 97)' | wc -c)"
if grep -q 00000001 /proc/net/if_inet6 2>/dev/null; then
    ERL_AFLAGS='' start_node tls_six -name "tls_six_$$@::1" -proto_dist inet6_tls \
        -ssl_dist_optfile "$RELMK_SCRATCH/tls.conf"
    sed 's/verify_peer/verify_none/g' "$RELMK_SCRATCH/tls.conf" >"$RELMK_SCRATCH/tls_six.conf"
    check 'TLS over IPv6' "$nodetool" -n "tls_six_$$@::1" --proto-dist inet6_tls \
        --ssl-dist-optfile "$RELMK_SCRATCH/tls_six.conf" ping --wait 20
    fails_with 'a node without TLS, asked over it' 1 'one without TLS' "$nodetool" -n "six_$$@::1" \
        --proto-dist inet6_tls --ssl-dist-optfile "$RELMK_SCRATCH/tls_six.conf" ping
fi
# The node speaks with peers whose certificate it trusts only, so ours is read from these arguments.
cat >"$RELMK_SCRATCH/arguments.args" <<END
-sname arguments_$$ -proto_dist inet_tls
-ssl_dist_opt server_certfile "node.pem" server_keyfile node.key client_cacertfile ca.pem
-ssl_dist_opt server_cacertfile ca.pem server_verify verify_peer server_fail_if_no_peer_cert true
-ssl_dist_opt client_certfile node.pem client_keyfile node.key client_verify verify_peer
END
cd "$RELMK_SCRATCH"
start_node arguments -args_file arguments.args
check 'TLS by -ssl_dist_opt' "$nodetool" --vm-args arguments.args ping --wait 20
sed 's/client_certfile node.pem client_keyfile node.key//' arguments.args >without.args
fails_with 'TLS without the certificate that the node wants' 1 'TLS' \
    "$nodetool" --vm-args without.args ping
cd "$OLDPWD"
fails_with 'TLS is needed' 1 'speaks TLS' "$nodetool" -n "tls_$$" ping
sed 's/ca\.pem/node.pem/g' "$RELMK_SCRATCH/tls.conf" >"$RELMK_SCRATCH/untrusted.conf"
fails_with 'a certificate that is not trusted' 1 'not trusted' "$nodetool" -n "tls_$$" \
    --proto-dist inet_tls --ssl-dist-optfile "$RELMK_SCRATCH/untrusted.conf" ping

equal 'the executable needs nothing but libc' '' \
    "$(ldd "$nodetool" | awk '{ print $1 }' | grep -Ev '^(linux-vdso|libc|libdl|libpthread|/lib.*/ld-linux.*)(\.so.*)?$' || :)"
