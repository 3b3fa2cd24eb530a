#!/bin/sh
# What clients leave on a node when they are killed, many at once and whatever they were at: nothing, unless they
# asked for it.
set -eu
# shellcheck source=tests/lib.sh
. tests/lib.sh

nodetool=$RELMK_TOOLS/nodetool
RELX_COOKIE=clients_$$ RELX_RPC_TIMEOUT=60
export RELX_COOKIE RELX_RPC_TIMEOUT
node=$(unique clients)
erl -noshell -noinput -sname "$node" -setcookie "$RELX_COOKIE" >"$RELMK_SCRATCH/log" 2>&1 &
started $!
on() { "$nodetool" -n "$node" "$@"; }
check 'a node starts' on ping --wait 20
mkfifo "$RELMK_SCRATCH/input"
# Held open, so that who reads from it waits.
exec 3<>"$RELMK_SCRATCH/input"

# Each client says by a file that its work has begun.
clients=
begin() {
  "$nodetool" -n "$node" "$@" <"$RELMK_SCRATCH/input" >/dev/null 2>&1 &
  clients="$clients $!"
  started $!
}
# The process that asks, its guardian and what else asking needs are there before and after.
processes() { on eval 'length(processes())'; }
before=$(processes)
mkdir "$RELMK_SCRATCH/begun"
said='file:write_file(filename:join("'"$RELMK_SCRATCH/begun"'", integer_to_list(erlang:unique_integer([positive]))), "")'
for _ in 1 2 3 4 5 6 7 8 9 10; do
  begin eval "$said, timer:sleep(infinity)"
  begin eval "$said, receive never -> ok end"
  begin eval "$said, io:get_line(\"\")"
  begin eval "$said, spawn_link(fun() -> timer:sleep(infinity) end), (fun Spin() -> Spin() end)()"
  begin rpc timer sleep '[infinity]'
  begin remote_console
done
all_begun() { [ "$(find "$RELMK_SCRATCH/begun" -type f | wc -l)" -ge 40 ] && [ "$(processes)" -ge $((before + 100)) ]; }
check '60 clients work' eventually 60 all_begun
# shellcheck disable=SC2086 # numbers
kill -KILL $clients
none_left() { [ "$(processes)" -le $((before + 1)) ]; }
check "when they are killed, the node has its $before processes again" eventually 30 none_left || on eval 'i()' >&2
none_connected() { [ "$(on eval 'length(nodes(hidden))')" = 1 ]; }
check 'and its one client' eventually 30 none_connected
no_filters() { [ "$(on rpc --keep-output logger get_primary_config | grep -c '{nodetool_')" -le 1 ]; }
check 'and no filters of log events' eventually 30 no_filters

"$nodetool" -n "$node" eval --keep-running "register(kept, self()), $said, receive stop -> file:write_file(\"$RELMK_SCRATCH/stopped\", \"\") end" \
  </dev/null >/dev/null 2>&1 &
kept=$!
is_kept() { [ "$(on eval 'is_pid(whereis(kept))')" = true ]; }
check 'a client that keeps its work running' eventually 30 is_kept
kill -KILL $kept
check 'the work goes on without it' test "$(sleep 1 && on eval 'is_pid(whereis(kept))')" = true
equal 'and ends when it wants to' stop "$(on eval 'kept ! stop')"
check 'as it would have' eventually 10 test -e "$RELMK_SCRATCH/stopped"
