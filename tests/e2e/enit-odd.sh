#!/bin/sh
# shellcheck source=tests/lib.sh
# enit where two do the same at once, where a node is frozen, boots or is watched by systemd, where the user has a
# cookie of his own, and with files that are odd.
set -eu
. tests/lib.sh
# shellcheck source=tests/enit.sh
. tests/enit.sh
place=$RELMK_SCRATCH/place
use_release odd "$place"
mkdir -p "$place/apps/waits/ebin" "$place/apps/library/ebin"
node=$release@$(hostname -s)
ask() { RELX_COOKIE=strange "$RELMK_TOOLS/nodetool" -n "$node" eval "$1" | tr -d ' \n'; }
line() { "$enit" list --timeout "${1-60}" | grep -F "* $release "; }

# It starts, and takes a change over, only when the file that it is told to wait for is there.
cat >"$RELMK_SCRATCH/waits.erl" <<END
-module(waits).
-behaviour(application).
-behaviour(supervisor).
-export([start/2, stop/1, init/1, config_change/3]).
start(_, _) -> wait("started"), supervisor:start_link({local, waits}, ?MODULE, []).
stop(_) -> ok.
init([]) -> {ok, {{one_for_one, 1, 1}, []}}.
config_change(_, _, _) -> wait("changed").
wait(Name) ->
    ok = file:write_file("$place/is." ++ Name, ""),
    wait_for("$place/may.be." ++ Name).
wait_for(File) ->
    case filelib:is_file(File) of
        true -> ok;
        false -> timer:sleep(20), wait_for(File)
    end.
END
erlc -o "$place/apps/waits/ebin" "$RELMK_SCRATCH/waits.erl"
echo '{application, waits, [{description, ""}, {vsn, "1"}, {modules, [waits]}, {registered, []},
  {applications, [kernel, stdlib, library]}, {mod, {waits, []}}]}.' >"$place/apps/waits/ebin/waits.app"
echo '{application, library, [{description, ""}, {vsn, "1"}, {modules, []}, {registered, []},
  {applications, [kernel, stdlib]}]}.' >"$place/apps/library/ebin/library.app"
echo "{release, odd, [{lib_dirs, [\"$place/apps\"]}, {applications, [waits]}]}." >"$var/release.enit"
# user SECTIONS
user() {
  echo "{node, [{cookie, strange}, {stop_timeout, 120000}]}. {kernel, [{inet_dist_use_interface, {127,0,0,1}}]}. $1" \
    >"$etc/user.config"
}
user '{waits, [{number, 1}]}.'
# The user's own cookie, in a file that a VM would refuse.
echo someone >"$HOME/.erlang.cookie"
chmod 644 "$HOME/.erlang.cookie"

# Two starts at once, while the application waits.
"$enit" start "$release" --wait 300 >"$RELMK_SCRATCH/first" 2>&1 </dev/null &
started $!
first=$!
check 'a node boots' eventually 300 test -e "$place/is.started"
fails_with 'which a second start does not disturb' 1 "release $release is already running" \
  "$enit" start "$release" --wait 300 --timeout 60
equal 'list says that it starts' "* $release undefined [$node] (starting)" "$(line)"
check 'status, too' sh -c "'$enit' status $release --timeout 60 | grep -qx 'Applications starting: \[waits\]'"
: >"$place/may.be.started"
status=0
wait "$first" || status=$?
equal 'the first start goes on' "0 " "$status $(cat "$RELMK_SCRATCH/first")"
equal 'with the cookie of the release' strange "$(ask 'erlang:get_cookie().')"
equal "the user's own is as it was" someone "$(cat "$HOME/.erlang.cookie")"
pid=$(ask 'list_to_integer(os:getpid()).')
equal 'what the node starts does not inherit its lock' '' \
  "$(ask 'io:put_chars(os:cmd("ls -l /proc/self/fd | grep state/lock")), ok.' | grep -o 'state/lock' || :)"

# A node that does not answer is there all the same.
kill -STOP "$pid"
fails_with 'status of a frozen node' 1 "no answer from $node within 1 second" "$enit" status "$release" --timeout 1
equal 'list tells it from one that does not run' "* $release undefined [$node] (does not answer: no answer from $node within 1 second)" \
  "$(line 1)"
fails_with 'it is not started again' 1 "there is a node $node already" "$enit" start "$release" --timeout 1
check 'and what helps is said' grep -qx "hint: process $pid is stopped: \`kill -CONT $pid\` lets it go on" "$RELMK_SCRATCH/.err"
fails_with 'stop says that it does not answer' 1 'no answer' "$enit" stop "$release" --timeout 1
fails_with 'so does reconfigure, after the time that it is given' 1 "no answer from $node within 1 second" \
  "$enit" reconfigure "$release" --wait 1
fails_with 'and update' 1 "no answer from $node within 1 second" "$enit" update "$release" --wait 1
kill -CONT "$pid"
equal 'it goes on' "* $release undefined [$node] (running)" "$(line)"
# Where epmd has forgotten it.
fails_with 'a node that cannot be found is not started twice' 1 "being started, by process $pid" \
  env ERL_EPMD_PORT=1 "$enit" start "$release"
case $(ERL_EPMD_PORT=1 line 60) in
  "* $release undefined [$node] (does not answer: runs as process $pid, but no epmd at "*) ok 'list does not call it offline' ;;
  *) not_ok 'list does not call it offline' "$(ERL_EPMD_PORT=1 line 60)" ;;
esac
port=$(env ERL_EPMD_PORT=1 "$enit" status "$release" 2>&1 | sed -n 's/^hint: ERL_DIST_PORT=\([0-9]*\) .*/\1/p')
check 'the port in the hint reaches it' env ERL_EPMD_PORT=1 ERL_DIST_PORT="$port" "$enit" status "$release"

# Two changes at once.
user '{waits, [{number, 2}]}. {library, [{key, value}]}.'
"$enit" reconfigure "$release" --timeout 300 >"$RELMK_SCRATCH/first" 2>&1 </dev/null &
started $!
first=$!
check 'a callback runs' eventually 120 test -e "$place/is.changed"
fails_with 'a second reconfigure does not disturb it' 1 'is being changed by another enit' "$enit" reconfigure "$release"
: >"$place/may.be.changed"
status=0
wait "$first" || status=$?
equal 'the first goes on' '0 reconfigure: config changes applied' "$status $(cat "$RELMK_SCRATCH/first")"
equal 'a library application has no callback, and that is no error' '{{ok,2},{ok,value}}' \
  "$(ask '{application:get_env(waits, number), application:get_env(library, key)}.')"
check 'it stops' "$enit" stop "$release" --timeout 60

# A node that boots can be stopped, and whoever started it is told.
rm "$place/may.be.started" "$place/is.started"
"$enit" start "$release" --wait 300 >"$RELMK_SCRATCH/first" 2>&1 </dev/null &
started $!
first=$!
check 'it boots again' eventually 300 test -e "$place/is.started"
check 'it can be stopped' "$enit" stop "$release" --timeout 60
status=0
wait "$first" || status=$?
equal 'start fails then' "1 error: $node ended while it started" "$status $(head -n 1 "$RELMK_SCRATCH/first")"
equal 'it is gone' "* $release undefined [$node] (not running)" "$(line)"

# systemd's socket: the node tells when it is ready, and hands the variable on to its applications.
cat >"$RELMK_SCRATCH/notified.escript" <<'END'
#!/usr/bin/env escript
main([Path, Out]) ->
    {ok, Socket} = gen_udp:open(0, [local, binary, {ip, {local, Path}}, {active, false}]),
    ok = file:write_file(Out ++ ".ready", ""),
    {ok, {_, _, Message}} = gen_udp:recv(Socket, 0, 300000),
    ok = file:write_file(Out ++ ".new", Message),
    ok = file:rename(Out ++ ".new", Out).
END
: >"$place/may.be.started"
escript "$RELMK_SCRATCH/notified.escript" "$RELMK_SCRATCH/notify" "$RELMK_SCRATCH/told" >/dev/null 2>&1 &
started $!
check 'somebody listens' eventually 120 test -e "$RELMK_SCRATCH/told.ready"
NOTIFY_SOCKET=$RELMK_SCRATCH/notify "$enit" startfg "$release" --syslog >"$RELMK_SCRATCH/foreground" 2>&1 </dev/null &
started $!
check 'systemd is told' eventually 300 test -e "$RELMK_SCRATCH/told"
equal 'that the node is ready' 'READY=1' "$(head -n 1 "$RELMK_SCRATCH/told")"
equal 'the applications have its variable, and none of ours' "{\"$RELMK_SCRATCH/notify\",false}" \
  "$(ask '{os:getenv("NOTIFY_SOCKET"), os:getenv("ENIT_NOTIFY_SOCKET")}.')"
check 'with --syslog messages are told as such' grep -qx "ENIT: started release $release undefined" "$RELMK_SCRATCH/foreground"
check 'it stops once more' "$enit" stop "$release" --timeout 60

# A VM that ends before it can tell why.
user '{kernel, [{logger, [nonsense]}]}.'
fails_with 'the last words of a VM that cannot start are told' 1 '{bad_config,{kernel,[nonsense]}}' \
  env ERL_CRASH_DUMP_BYTES=0 "$enit" start "$release" --wait 300
user '{waits, [{number, 1}]}. {library, [{key, value}]}.'

# Files that are odd.
: >"$etc/a.config"
echo '%% nothing' >"$etc/b.config"
printf '{library, [{key, 1}]}.\r\n{library, [{other, 2}]}.\r\n' >"$etc/c.config"
check 'empty files, comments, lines with CR' "$enit" check "$release"
equal 'count' '{library, [|    {key, value},|    {other, 2}|]}.|' \
  "$("$enit" config "$release" library | sed 's/  %.*//' | tr '\n' '|')"
printf '\357\273\277{library, [{key, 1}]}.\n' >"$etc/c.config"
fails_with 'a byte order mark is told' 1 'byte order mark' "$enit" check "$release"
mkfifo "$etc/d.config"
rm "$etc/c.config"
fails_with 'a pipe is no file' 1 "$etc/d.config: error: cannot read" timeout 60 "$enit" check "$release"
rm "$etc/d.config"
mkdir -p "$ENIT_RELEASE_DIR/-x"
cp "$var/release.enit" "$ENIT_RELEASE_DIR/-x"
equal 'what erl would take for a flag is no release' '' "$("$enit" list --names | grep -e -x || :)"

# Fifty releases, in one line each.
for number in $(seq 10 59); do
  mkdir -p "$place/many/r$number"
  echo '{release, x, [{applications, [sasl]}]}. ' >"$place/many/r$number/release.enit"
  echo "{node, [{cookie, c}]}." >"$place/many/r$number/node.config"
done
ENIT_RELEASE_DIR=$place/many "$enit" list --timeout 60 >"$RELMK_SCRATCH/many"
equal 'fifty releases are fifty lines, in order' '50 * r10 undefined' \
  "$(wc -l <"$RELMK_SCRATCH/many") $(sort -c "$RELMK_SCRATCH/many" && head -n 1 "$RELMK_SCRATCH/many" | cut -d' ' -f1-3)"
if [ "$(id -u)" -ne 0 ] || ! command -v setpriv >/dev/null; then
  skip 'only root can look as another user'
  exit 0
fi
# As nobody: where he may not look, and a release that is not his.
open=$(mktemp -d "${TMPDIR:-/tmp}/relmk-enit.XXXXXX")
trap 'status=$?; rm -rf "$open"; (exit $status); finish' EXIT
chmod 755 "$open"
cp "$enit" "$open/enit"
mkdir -p "$open/var/hidden" "$open/tmp"
cp "$var/release.enit" "$open/var/hidden"
chmod 700 "$open/var/hidden"
chown 65534 "$open/tmp"
as_nobody() {
  env -u XDG_RUNTIME_DIR ENIT_RELEASE_DIR="$open/var" ENIT_CONFIG_DIR="$open/etc" HOME=/nonexistent TMPDIR="$open/tmp" \
    setpriv --reuid 65534 --regid 65534 --clear-groups "$open/enit" "$@"
}
fails_with 'a directory that may not be looked into is told as that' 1 'Permission denied' as_nobody check hidden
equal 'and is a line of the list' '* hidden (cannot be read: ' "$(as_nobody list | grep -o '^[*] hidden (cannot be read: ')"
name=$(unique theirs)
mkdir "$open/var/$name"
echo '{release, x, [{applications, [sasl]}]}.' >"$open/var/$name/release.enit"
echo '{node, [{cookie, theirs}, {stop_timeout, 120000}]}.' >"$open/var/$name/node.config"
check 'a release of root, started by nobody' as_nobody start "$name" --wait 300
state=$open/tmp/enit-65534/$name
check 'its state lies elsewhere' test -s "$state/start.boot"
application=$(find "$state/lib" -name sasl.app)
if [ "$(cat /proc/sys/fs/protected_hardlinks)" = 1 ]; then
  equal 'its applications are kept as copies: he may not link files of root' 65534 "$(stat -c %u "$application")"
else
  skip 'hard links are not protected here'
fi
check 'nobody stops it' as_nobody stop "$name" --timeout 60

# On a file system that is read-only the state lies in /run.
if ! unshare -m true 2>/dev/null; then
  skip 'a read-only file system: that needs mount namespaces'
  exit 0
fi
name=$(unique readonly)
mkdir "$open/var/$name"
echo '{release, x, [{applications, [sasl]}]}.' >"$open/var/$name/release.enit"
echo '{node, [{cookie, fixed}, {stop_timeout, 120000}]}.' >"$open/var/$name/node.config"
chmod 755 "$open/var/$name"
# shellcheck disable=SC2016 # the inner shell's variables
unshare -m sh -c '
  open=$1 name=$2
  export ENIT_RELEASE_DIR="$open/var" ENIT_CONFIG_DIR="$open/etc"
  mount -t tmpfs none /run && mount --bind "$open/var" "$open/var" && mount -o remount,ro,bind "$open/var" || exit 1
  touch "$open/var/x" 2>/dev/null && exit 1
  "$open/enit" start "$name" --wait 300 && test -s "/run/enit/$name/start.boot" &&
    "$open/enit" reconfigure "$name" && "$open/enit" stop "$name"' sh "$open" "$name" >"$RELMK_SCRATCH/out" 2>&1 || :
equal 'a release on a read-only file system starts, is asked, and stops' 'reconfigure: config unchanged' "$(cat "$RELMK_SCRATCH/out")"
# Nor is there a /run: it lies below TMPDIR then.
# shellcheck disable=SC2016 # the inner shell's variables
unshare -m sh -c '
  open=$1 name=$2
  export ENIT_RELEASE_DIR="$open/var" ENIT_CONFIG_DIR="$open/etc"
  mkdir -m 755 "$open/tmp-of-root" && mount -t tmpfs -o size=4k,ro none /run &&
    mount --bind "$open/var" "$open/var" && mount -o remount,ro,bind "$open/var" || exit 1
  TMPDIR=/nonexistent "$open/enit" start "$name" && exit 1
  TMPDIR="$open/tmp-of-root" "$open/enit" start "$name" --wait 300 &&
    test -s "$open/tmp-of-root/enit-0/$name/start.boot" && "$open/enit" stop "$name"
  echo "$?"' sh "$open" "$name" >"$RELMK_SCRATCH/out" 2>&1 || :
equal 'without /run, too, and where nothing can be written it says what helps' \
  "/run/enit: error: cannot make the directory: Read-only file system
hint: $open/var/$name is not ours alone to write to either: let it be, or set XDG_RUNTIME_DIR to a directory of yours
0" "$(cat "$RELMK_SCRATCH/out")"
