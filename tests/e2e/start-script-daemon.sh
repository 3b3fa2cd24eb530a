#!/bin/sh
# daemon returns when the release's applications run, says why when they can't, and never waits longer than
# RELX_START_TIMEOUT. Its pipes are its own.
set -eu
. tests/lib.sh
. tests/start-script.sh

release=$RELMK_SCRATCH/r
name=$(unique demo)
RUNNER_LOG_DIR=$RELMK_SCRATCH/log
RELX_START_TIMEOUT=60
export RUNNER_LOG_DIR RELX_START_TIMEOUT
mkdir -p "$release/apps/slow/ebin"
# An application whose start lasts as long as it is told, and then does as it is told.
cat >"$RELMK_SCRATCH/slow.erl" <<'END'
-module(slow).
-behaviour(application).
-behaviour(supervisor).
-export([start/2, stop/1, init/1]).
start(_, _) ->
    timer:sleep(list_to_integer(os:getenv("SLOW", "2")) * 1000),
    case os:getenv("SLOW_FAILS") of
        false -> supervisor:start_link(?MODULE, []);
        Why -> {error, Why}
    end.
stop(_) -> ok.
init([]) -> {ok, {#{}, []}}.
END
erlc -o "$release/apps/slow/ebin" "$RELMK_SCRATCH/slow.erl"
echo '{application, slow, [{description, "slow"}, {vsn, "1"}, {modules, [slow]}, {registered, []}, {applications, [kernel, stdlib]}, {mod, {slow, []}}]}.' \
  >"$release/apps/slow/ebin/slow.app"
printf '%s\n' '{release, {demo, "1.0"}, [sasl, slow]}.' '{vm_args, "vm.args"}.' '{sys_config, "sys.config"}.' \
  '{lib_dirs, ["apps"]}.' >"$release/relx.config"
printf -- '-sname %s@localhost\n-setcookie demo\n' "$name" >"$release/vm.args"
echo '[].' >"$release/sys.config"
check 'the release is assembled' sh -c "cd '$release' && '$RELMK_TOOLS/assemble-release' -c relx.config -o ."
demo=$release/demo/bin/demo

# attached TEXT EXPRESSION: what the shell that attach reaches answers to it.
attached() {
  printf 'send %s\\n\nexpect %s\nsend \\x04\nend 0\n' "$2" "$1" | "$RELMK_TOOLS/../tests/e2e/pty-driver" "$demo" attach
}

no_pipes() { [ -z "$(find "$PIPE_DIR" -name 'erlang.pipe*')" ]; }

equal 'daemon' 0 "$(status_of "$demo" daemon)"
equal 'its applications run when it returns' true \
  "$(output "$demo" eval 'lists:keymember(slow, 1, application:which_applications()).')"
fails_with 'daemon with another cookie' 1 'runs with another cookie' env RELX_COOKIE=other "$demo" daemon
equal 'foreground with another cookie' 1 "$(RELX_COOKIE=other status_of timeout 60 "$demo" foreground)"
equal 'the node is found as before' pong "$(output "$demo" ping)"
check 'attach reaches its shell' attached 441 '21 * 21.'
pid=$(output "$demo" pid)
for command in ping stop daemon attach; do
  fails_with "$command where epmd is gone tells the process of the node" 1 "runs as process $pid, but no epmd" \
    env ERL_EPMD_PORT=1 "$demo" $command
done
kill -STOP "$pid"
fails_with 'ping of a node that is stopped' 1 "no answer from $name@localhost within 1 second" \
  env NODETOOL_TIMEOUT=1000 "$demo" ping
check 'tells what lets it go on' grep -q "^hint: process $pid is stopped: .kill -CONT $pid." "$RELMK_SCRATCH/.err"
kill -CONT "$pid"
check 'stop' "$demo" stop
check 'no pipe is left' eventually 10 no_pipes
# shellcheck disable=SC2016 # the inner shell's
equal 'daemon where no standard stream is open' 0 "$(status_of sh -c '"$0" daemon <&- >&- 2>&-' "$demo")"
check 'it runs' "$demo" ping
check 'it is stopped' "$demo" stop

SLOW_FAILS=sour_milk SLOW=0
export SLOW_FAILS SLOW
fails_with 'an application that fails to start is told' 1 sour_milk "$demo" daemon
check 'with the log' grep -q 'The end of .*/log/erlang.log.1' "$RELMK_SCRATCH/.err"
check 'and the error of nodetool' grep -q 'not running' "$RELMK_SCRATCH/.err"
check 'no pipe is left then' eventually 10 no_pipes
sed -i 's/slow\]/{slow, temporary}]/' "$release/relx.config"
check 'the release with it as a temporary application' sh -c "cd '$release' && '$RELMK_TOOLS/assemble-release' -c relx.config -o ."
check 'one without which a node goes on is told, too' says 'warning: the node runs without [slow], which failed or ended' "$demo" daemon
equal 'the node runs' pong "$(output "$demo" ping)"
check 'it stops' "$demo" stop
unset SLOW_FAILS
equal 'nothing is said where it starts' '' "$("$demo" daemon 2>&1)"
check 'it stops' "$demo" stop
sed -i 's/{slow, temporary}/slow/' "$release/relx.config"
check 'the release as before' sh -c "cd '$release' && '$RELMK_TOOLS/assemble-release' -c relx.config -o ."

SLOW=300
fails_with 'one that takes its time is waited for so long' 1 'within 15 seconds (RELX_START_TIMEOUT)' \
  env RELX_START_TIMEOUT=15 "$demo" daemon
check 'it is said how far the boot is' grep -q 'says of its boot: {starting' "$RELMK_SCRATCH/.err"
pid=$(output "$demo" pid)
[ -z "$pid" ] || kill -KILL "$pid"
check 'its pipes go with it' eventually 10 no_pipes
SLOW=0

fails_with 'a log directory that cannot be made' 1 /dev/null/log env RUNNER_LOG_DIR=/dev/null/log "$demo" daemon
check 'no pipe comes of it' no_pipes

printf -- '-sname a.b@localhost@c\n-setcookie demo\n' >"$RELMK_SCRATCH/bad.args"
started_at=$(date +%s)
refute 'a name that no node can have' env VMARGS_PATH="$RELMK_SCRATCH/bad.args" "$demo" daemon
check 'ends soon' test $(($(date +%s) - started_at)) -lt 50

erl -sname "$name@localhost" -setcookie other -noinput >/dev/null 2>&1 &
other=$!
started $other
check 'a node of that name runs, with another cookie' eventually 20 sh -c "epmd -names | grep -q 'name $name '"
fails_with 'daemon says so' 1 "error: $name@localhost runs with another cookie" "$demo" daemon
kill -STOP $other
started_at=$(date +%s)
fails_with 'and where that node hangs' 1 'The end of' env RELX_RPC_TIMEOUT=5 "$demo" daemon
check 'it takes no longer than the time for answers says' test $(($(date +%s) - started_at)) -lt 50
kill -CONT $other
kill -KILL $other

# Two nodes, one directory of pipes.
second=$(unique second)
sed "s/$name/$second/" "$release/vm.args" >"$RELMK_SCRATCH/second.args"
equal 'a node starts' 0 "$(status_of "$demo" daemon)"
equal 'a second one with the same PIPE_DIR' 0 \
  "$(VMARGS_PATH=$RELMK_SCRATCH/second.args status_of "$demo" daemon)"
check 'attach reaches the first' attached "reached $name" 'io:format("reached ~s", [node()]).'
VMARGS_PATH=$RELMK_SCRATCH/second.args
export VMARGS_PATH
check 'and the second' attached "reached $second" 'io:format("reached ~s", [node()]).'
unset VMARGS_PATH
check 'the first stops' "$demo" stop
equal 'the second runs' pong "$(VMARGS_PATH=$RELMK_SCRATCH/second.args output "$demo" ping)"
VMARGS_PATH=$RELMK_SCRATCH/second.args "$demo" stop || not_ok 'the second stops'

"$demo" foreground >"$RELMK_SCRATCH/foreground" 2>&1 &
started $!
check 'a node in the foreground' eventually 20 has_booted
fails_with 'has no shell to attach to' 1 'was not started as daemon' "$demo" attach
check 'stops' "$demo" stop

# Two at once: one of them starts the node, and the other says that it has not.
vms_named() {
  grep -lsF -e "$1@localhost" /proc/[0-9]*/cmdline | while read -r file; do cat "${file%/*}/comm" 2>/dev/null || :; done | grep -c '^beam'
}
for other in daemon start; do
  { "$demo" daemon >/dev/null 2>"$RELMK_SCRATCH/first.err" && echo 0 || echo $?; } >"$RELMK_SCRATCH/first" &
  first=$!
  { "$demo" $other >/dev/null 2>"$RELMK_SCRATCH/second.err" && echo 0 || echo $?; } >"$RELMK_SCRATCH/second" &
  wait $first $!
  equal "daemon and $other at once: one of them fails" '0 1' "$(sort "$RELMK_SCRATCH/first" "$RELMK_SCRATCH/second" | tr '\n' ' ' | sed 's/ $//')"
  check 'and says why' grep -qE "^Node is already running|^error: " "$RELMK_SCRATCH/first.err" "$RELMK_SCRATCH/second.err"
  equal 'one node runs' 1 "$(vms_named "$name")"
  check 'attach reaches it' attached 441 '21 * 21.'
  check 'it stops' "$demo" stop
  check 'no pipe is left of either' eventually 10 no_pipes
done

# A node that its arguments name, and a second start of it.
named=$(unique named)
printf -- '-setcookie demo\n' >"$release/vm.args"
check 'a vm.args without a name' sh -c "cd '$release' && '$RELMK_TOOLS/assemble-release' -c relx.config -o ."
equal 'daemon with a name among its arguments' 0 "$(status_of "$demo" daemon -sname "$named@localhost")"
pid=$(output "$demo" pid)
equal 'foreground as the same node fails' 1 "$(status_of timeout 60 "$demo" foreground -sname "$named@localhost")"
equal 'the first is found as before' "$pid" "$(output "$demo" pid)"
check 'and stops' "$demo" stop

# -detached says what `daemon` does. From all places the VM would go, and what waits for it be deceived.
printf -- '-sname %s@localhost\n-setcookie demo\n-detached\n-noinput\n' "$name" >"$release/vm.args"
check 'the release with -detached in vm.args is assembled' sh -c "cd '$release' && '$RELMK_TOOLS/assemble-release' -c relx.config -o ."
check 'daemon with -detached' says 'vm.args:3:1: warning: -detached is left out' "$demo" daemon
check 'the node runs' "$demo" ping
check 'and stops' "$demo" stop
printf -- '-sname %s@localhost\n-setcookie demo\n' "$name" >"$release/vm.args"
check 'the release without it' sh -c "cd '$release' && '$RELMK_TOOLS/assemble-release' -c relx.config -o ."
ERL_FLAGS=-detached "$demo" foreground -detached >"$RELMK_SCRATCH/foreground" 2>&1 &
foreground=$!
started $foreground
check 'foreground with -detached among its arguments and in ERL_FLAGS' eventually 20 has_booted
equal 'is the node' "$foreground" "$(output "$demo" pid)"
check 'it stops, too' "$demo" stop

# A password that the VM shows.
cp "$release/vm.args" "$RELMK_SCRATCH/vm.args"
printf -- '-ssl_dist_opt server_certfile c.pem server_password S3cret\n' >>"$release/vm.args"
check 'the release with a TLS password' sh -c "cd '$release' && '$RELMK_TOOLS/assemble-release' -c relx.config -o ."
check 'daemon warns of the password' says "vm.args:$(wc -l <"$release/vm.args"):37: warning: all users of this machine can see" "$demo" daemon
refute 'without showing it' grep -q S3cret "$RELMK_SCRATCH/.err"
check 'that node stops, too' "$demo" stop
cp "$RELMK_SCRATCH/vm.args" "$release/vm.args"
check 'the release without it again' sh -c "cd '$release' && '$RELMK_TOOLS/assemble-release' -c relx.config -o ."

# A stranger's directory.
if [ "$(id -u)" = 0 ]; then
  mkdir -p "$RELMK_SCRATCH/strange/pipes"
  chown 65534 "$RELMK_SCRATCH/strange" "$RELMK_SCRATCH/strange/pipes"
  fails_with 'pipes in a directory of another user are refused' 1 'belongs to another user' \
    env PIPE_DIR="$RELMK_SCRATCH/strange/pipes/" "$demo" daemon
  chown 0 "$RELMK_SCRATCH/strange/pipes"
  fails_with 'also in a directory that is in one' 1 'belongs to another user' \
    env PIPE_DIR="$RELMK_SCRATCH/strange/pipes/" "$demo" daemon
  # A directory where a stranger may make files, and the stranger's pipes in it.
  mkdir "$RELMK_SCRATCH/own" "$RELMK_SCRATCH/own/pipes"
  chmod 777 "$RELMK_SCRATCH/own/pipes"
  fails_with 'pipes where everybody may write are refused' 1 'others may write to' \
    env PIPE_DIR="$RELMK_SCRATCH/own/pipes/" "$demo" daemon
  chmod 1777 "$RELMK_SCRATCH/own/pipes"
  check 'where nobody may remove them, they are not' env PIPE_DIR="$RELMK_SCRATCH/own/pipes/" "$demo" daemon
  check 'attach reaches them' attached 441 '21 * 21.'
  chmod 777 "$RELMK_SCRATCH/own/pipes"
  fails_with 'attach looks again at who may write there' 1 'others may write to' "$demo" attach
  chmod 755 "$RELMK_SCRATCH/own/pipes"
  for end in r w; do
    pipe=$RELMK_SCRATCH/own/pipes/erlang.pipe.1.$end
    mv "$pipe" "$pipe.own"
    mkfifo -m 666 "$pipe"
    chown 65534 "$pipe"
    fails_with "attach talks to no pipe of another user: $end" 1 "$pipe belongs to another user" "$demo" attach
    mv "$pipe.own" "$pipe"
  done
  check 'that node stops' "$demo" stop
else
  skip 'directories of other users: that needs root'
fi
