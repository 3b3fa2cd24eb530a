#!/bin/sh
# shellcheck source=tests/lib.sh
# What enit says of a release without starting it: check, and the text and exit code of what can fail before a
# node starts; what it prints and writes for operators: a unit, a first release, completion.
set -eu
. tests/lib.sh
# shellcheck source=tests/enit.sh
. tests/enit.sh
use_release check
apps=$RELMK_SCRATCH/apps
mkdir -p "$apps"
node=$release@$(hostname -s)

# application NAME DEPENDENCIES INCLUDED [MODULES]
application() {
  mkdir -p "$apps/$1/ebin"
  echo "{application, $1, [{description, \"\"}, {vsn, \"1\"}, {modules, [${4-}]}, {registered, []},
    {applications, [kernel, stdlib$2]}, {included_applications, [$3]}]}." >"$apps/$1/ebin/$1.app"
}
# specification APP, APP…
specification() {
  echo "{release, x, [{vsn, \"1\"}, {lib_dirs, [\"$apps\"]}, {applications, [$1]}]}." >"$var/release.enit"
}
# faults: what check tells, each line without its file.
faults() {
  "$enit" check "$release" 2>&1 | sed -n 's/^\(.*: \)\{0,1\}error: //p'
}
config() { echo "$1" >"$etc/user.config"; }

config '{node, [{cookie, "monster"}]}.'
application plain '' ''
specification plain
check 'a release without faults' "$enit" check "$release"
equal 'check says nothing of it' '' "$("$enit" check "$release" 2>&1)"

application one ', two' ''
application two ', three' ''
application three ', one' ''
specification one
equal 'a circle is told with all who take part' \
  'circle of applications, each needs the next: one -> two -> three -> one' "$(faults)"
fails_with 'and it does not start' 1 'circle of applications' "$enit" start "$release"
application self ', self' ''
specification self
equal 'a circle of one' 'circle of applications, each needs the next: self -> self' "$(faults)"

application part '' ''
application left '' part
application right '' part
specification 'left, right'
equal 'an application that two include' 'application part is included by left and by right' "$(faults)"
application inner ', outer' ''
application outer '' inner
specification outer
equal 'an included application may need who includes it' '' "$(faults)"

application needs1 ', absent' ''
application needs2 ', absent' ''
specification 'needs1, needs2'
equal 'what is not installed is told with all who need it' \
  'application absent is not installed, and needed by needs1, needs2' "$(faults)"
application gone '' '' no_module
specification gone
equal 'a module without its file' 'module no_module of application gone is missing' "$(faults)"
echo '{application, broken, [' >"$apps/plain/ebin/broken.app"
specification broken
check 'a malformed .app is told with its place' sh -c "'$enit' check $release 2>&1 | grep -q 'broken.app:[0-9]*:[0-9]*: error: '"
rm "$apps/plain/ebin/broken.app"
mkdir -p "$apps/other-2.0/ebin"
echo '{application, plain, [{description, ""}, {vsn, "2"}, {modules, []}, {registered, []}, {applications, [kernel, stdlib]}]}.' \
  >"$apps/other-2.0/ebin/plain.app"
specification plain
check 'the highest version counts, whatever its directory' "$enit" check "$release"

specification 'plain, one, nothing, plain'
config '{node, [{cookie, "monster"}, {hidden, 1}, {run_as_user, "no_such_user"}, {run_as_group, "no_such_group"}]}. {plain, x}.'
equal 'all faults are told, a line for each' "expected {Application, [{Key, Value}]}., not {plain,x}
node: hidden: expected true or false
run_as_user: there is no user \`no_such_user\`
application nothing is not installed
circle of applications, each needs the next: one -> two -> three -> one" "$(faults)"
equal 'a place has line and column' "$etc/user.config:1:109:" \
  "$("$enit" check "$release" 2>&1 | grep -o "^$etc/user.config:[0-9]*:[0-9]*:" | head -n 1)"
specification plain

# What fails before anything starts.
refused() {
  what=$1 text=$2
  shift 2
  for command in start startfg; do
    fails_with "$command: $what" 1 "$text" "$enit" "$command" "$release" "$@"
  done
  refute 'nothing was made' test -e "$var/.enit"
}
config '{plain, []}.'
refused 'no cookie' "release $release has no cookie"
config '{node, [{cookie, "monster"}, {run_as_user, "no_such_user"}]}.'
refused 'no such user' "run_as_user: there is no user \`no_such_user\`"
config '{node, [{cookie, "monster"}, {run_as_group, "no_such_group"}]}.'
refused 'no such group' "run_as_group: there is no group \`no_such_group\`"
config '{node, [{cookie, "monster"}'
refused 'a malformed file' "$etc/user.config:"
erl -noinput -eval "{ok, S} = gen_tcp:listen(0, [{ip, {127,0,0,1}}]), {ok, P} = inet:port(S),
  file:write_file(\"$RELMK_SCRATCH/port.new\", integer_to_list(P)),
  file:rename(\"$RELMK_SCRATCH/port.new\", \"$RELMK_SCRATCH/port\"), receive after infinity -> ok end." >/dev/null 2>&1 &
started $!
check 'somebody listens' eventually 120 test -e "$RELMK_SCRATCH/port"
port=$(cat "$RELMK_SCRATCH/port")
config "{node, [{cookie, \"monster\"}]}. {kernel, [{inet_dist_use_interface, {127,0,0,1}},
  {inet_dist_listen_min, $port}, {inet_dist_listen_max, $port}]}."
refused 'a port in use' "port $port is in use (kernel: inet_dist_listen_min)"
config '{node, [{cookie, "monster"}]}.'
fails_with 'an unknown release' 1 'there is no release' "$enit" startfg no_such_release
fails_with 'a word that matches none' 1 'there is no release' "$enit" config no_such_release -m
check 'a part of its name is enough with -m' "$enit" check -m "${release#??}"
for command in stop reconfigure update remsh; do
  fails_with "$command of a node that does not run" 1 'Node is not running!' "$enit" "$command" "$release"
done
fails_with 'an unknown command is wrong usage' 2 '' "$enit" explode
fails_with 'and so is an unknown option' 2 '' "$enit" start "$release" --explode
fails_with 'and what is no number of seconds' 2 '' "$enit" stop "$release" --timeout x
fails_with 'and what is no number of tries' 2 '' "$enit" start "$release" --start-retries x
equal 'a release that cannot be read is one line of the list' "* $release (cannot be read: $var/release.enit:1:1: error: expected {release, Name, [Property]}.)" \
  "$(: >"$var/release.enit" && "$enit" list)"
specification plain
equal 'offline' "* $release 1 [$node] (not running)" "$("$enit" list)"
equal 'the same as JSON' '{"release":"'"$release"'","version":"1","node":"'"$node"'","extensions":[],"online":false}' \
  "$("$enit" status "$release" --json)"
if [ "$(id -u)" -ne 0 ]; then
  config '{node, [{cookie, "monster"}, {run_as_user, "root"}]}.'
  refused 'only root changes users' 'only root can run the node as user root'
  config '{node, [{cookie, "monster"}]}.'
fi
driver=$RELMK_TOOLS/../tests/e2e/pty-driver
printf 'expect Cookie:  monster\nend 0\n' >"$RELMK_SCRATCH/terminal"
check 'status shows the cookie at a terminal' sh -c "'$driver' '$enit' status $release <'$RELMK_SCRATCH/terminal'"
equal 'and nowhere else' '' "$("$enit" status "$release" | grep monster || :)"

# As nodetool, so that no command waits for libraries to be loaded.
equal 'the executable loads nothing but libc' '' \
  "$(ldd "$enit" | awk '{ print $1 }' | grep -Ev '^(linux-vdso|libc|libdl|libpthread|/lib.*/ld-linux.*)(\.so.*)?$' || :)"

# Places.
mkdir -p "$RELMK_SCRATCH/v2/$release" "$RELMK_SCRATCH/c2/$release"
sed 's/"1"/"2"/' "$var/release.enit" >"$RELMK_SCRATCH/v2/$release/release.enit"
# This host's own name may have to be asked of a server.
echo "{node, [{cookie, \"two\"}, {nodename, \"$release@localhost\"}]}." >"$RELMK_SCRATCH/c2/$release/user.config"
equal 'options go before the environment' "* $release 2 [$release@localhost] (not running)" \
  "$("$enit" list --release-dir "$RELMK_SCRATCH/v2" --config-dir "$RELMK_SCRATCH/c2")"
equal 'and stand before the command, too' "* $release 2 [$node] (not running)" \
  "$("$enit" --release-dir "$RELMK_SCRATCH/v2" list)"

# Operators' files.
"$enit" unit "$release" >"$RELMK_SCRATCH/$release.service"
if command -v systemd-analyze >/dev/null; then
  check 'systemd takes the unit' systemd-analyze verify "$RELMK_SCRATCH/$release.service"
  equal 'and says nothing of it' '' "$(systemd-analyze verify "$RELMK_SCRATCH/$release.service" 2>&1 | grep "$release.service" || :)"
else
  skip 'systemd-analyze is not installed'
fi
check 'the unit starts this executable, with the directories that were given' grep -qx \
  "ExecStart=$(readlink -f "$enit") startfg $release --release-dir $ENIT_RELEASE_DIR --config-dir $ENIT_CONFIG_DIR" "$RELMK_SCRATCH/$release.service"
first=$(unique first)
check 'init writes a release' "$enit" init "$first" sasl
equal 'with a cookie for its owner alone' 600 "$(stat -c %a "$ENIT_CONFIG_DIR/$first/user.config")"
check 'which is right' "$enit" check "$first"
absent=$(unique absent)
"$enit" init "$absent" sasl no_such_application >/dev/null 2>"$RELMK_SCRATCH/said"
check 'init tells of applications that are not installed here' grep -q \
  "^$ENIT_RELEASE_DIR/$absent/release.enit:.* warning: .*no_such_application" "$RELMK_SCRATCH/said"
fails_with 'init overwrites nothing' 1 'is there already' "$enit" init "$first" sasl
fails_with 'a name that cannot be one' 1 'cannot be a release' "$enit" init ../x sasl
other=$(unique other)
"$enit" init "$other" sasl >/dev/null
refute 'each has another cookie' cmp -s "$ENIT_CONFIG_DIR/$first/user.config" "$ENIT_CONFIG_DIR/$other/user.config"

# completes WORDS: what bash completes the last word to.
completes() {
  PATH=$RELMK_TOOLS:$PATH bash -c '. <(enit completion)
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _enit; printf "%s " "${COMPREPLY[@]}"' bash "$@"
}
if command -v bash >/dev/null; then
  equal 'commands are completed' 'reconfigure remsh ' "$(completes enit re)"
  equal 'and releases' "$release " "$(completes enit status "$(printf %.6s "$release")")"
  equal 'and options' '--dry-run ' "$(completes enit update "$release" --d)"
  equal 'init names a release that is not there' '' "$(completes enit init "$(printf %.6s "$release")" | tr -d ' ')"
fi
