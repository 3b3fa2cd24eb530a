#!/bin/sh
# A project outside this repository, whose Makefile has three lines, builds and runs its release.
set -eu
. tests/lib.sh

project="$RELMK_SCRATCH/greeter"
node=$(unique greeter)@127.0.0.1
mkdir -p "$project/apps/greeter/src" "$project/config"
cat >"$project/Makefile" <<END
RELMK_APPS = \$(wildcard apps/*/)
REL ?= greeter
include $PWD/mk/relmk.mk
END
cat >"$project/relx.config" <<'END'
{release, {greeter, "0.1.0"}, [greeter, sasl]}.
{lib_dirs, ["apps"]}.
{vm_args, "config/vm.args"}.
{extended_start_script, true}.
{include_erts, true}.
END
printf '%s\n' "-name $node" "-setcookie $(unique cookie)" >"$project/config/vm.args"
cat >"$project/apps/greeter/src/greeter.app.src" <<'END'
{application, greeter, [{description, "Greets"}, {vsn, "0.1.0"}, {modules, []},
                        {registered, [greeter]}, {applications, [kernel, stdlib]},
                        {mod, {greeter, []}}]}.
END
cat >"$project/apps/greeter/src/greeter.erl" <<'END'
-module(greeter).
-behaviour(application).
-export([start/2, stop/1, greet/1]).

start(_, _) -> {ok, spawn_link(fun() -> register(greeter, self()), receive stop -> ok end end)}.
stop(_) -> ok.
greet(Name) -> {hello, Name}.
END

PIPE_DIR=$RELMK_SCRATCH/pipes/
export PIPE_DIR
relmk() { make --no-print-directory -C "$project" "$@"; }
act() { relmk release ACT="$1"; }

equal 'its Makefile has three lines' 3 "$(wc -l <"$project/Makefile")"
check 'make alone builds the release' relmk
check 'with its start script' test -x "$project/_rel/greeter/bin/greeter"
check 'and its application' test -f "$project/_rel/greeter/lib/greeter-0.1.0/ebin/greeter.beam"
check 'and Erlang' test -d "$project/_rel/greeter/erts-$(erl -noinput -eval \
  'io:put_chars(erlang:system_info(version)), halt().')"
fails_with 'nothing runs yet' 2 'not running' act ping

check 'ACT=start starts the node' act start
equal 'it answers to ping' pong "$(act ping)"
equal 'and runs the application' '{hello,world}' "$(act "eval 'greeter:greet(world).'")"
pid=$(act pid)
check 'pid is the VM of this release' grep -q "$project/_rel/greeter" "/proc/$pid/cmdline"
refute 'the cookie is in none of its arguments' grep -q "$(unique cookie)" "/proc/$pid/cmdline"
check 'stop stops it' act stop
# What run_erl hasn't waited for yet is gone all the same.
runs() { grep -q '^State:[[:blank:]]*[^Z[:blank:]]' "/proc/$1/status"; }
refute 'and has waited for that' runs "$pid"

act foreground >"$RELMK_SCRATCH/foreground" 2>&1 &
foreground=$!
check 'ACT=foreground runs it in front' eventually 30 act ping
check 'until it is stopped' act stop
status=0
wait $foreground || status=$?
equal 'and ends well' 0 "$status"

# Not by act: the signal is for make itself.
make --no-print-directory -C "$project" release ACT=foreground >"$RELMK_SCRATCH/foreground" 2>&1 &
foreground=$!
started $foreground
check 'ACT=foreground runs it again' eventually 60 act ping
pid=$(act pid)
started "$pid"
kill -TERM $foreground
wait $foreground || :
ended() { ! runs "$1"; }
check 'SIGTERM to make ends the VM, too' eventually 60 ended "$pid"

cp -a "$project/_rel/greeter" "$RELMK_SCRATCH/moved"
rm -rf "$project/_rel"
check 'a copy of the release starts elsewhere' "$RELMK_SCRATCH/moved/bin/greeter" daemon
check 'and stops' "$RELMK_SCRATCH/moved/bin/greeter" stop
