#!/bin/sh
# shellcheck source=tests/lib.sh
# Bad input, a full disk, a directory that cannot be written, a kill at any instant: one line that says where,
# exit 1, and the release that was there is there still.
set -eu
. tests/lib.sh

assemble=$RELMK_TOOLS/assemble-release
project=$RELMK_SCRATCH/project
mkdir "$project"
cd "$project"

# application DIRECTORY NAME VSN APPLICATIONS
application() {
  mkdir -p "$1/$2-$3/ebin"
  printf '{application, %s,\n [{description, ""}, {vsn, "%s"}, {modules, []}, {registered, []},\n  {applications, [%s]}]}.\n' \
    "$2" "$3" "$4" >"$1/$2-$3/ebin/$2.app"
}
# config TERM…: the relx.config, in front of what all have in common.
config() {
  printf '%s\n' '{lib_dirs, ["lib"]}.' '{mode, minimal}.' "$@" >relx.config
}
state() { (cd _rel/r && find . -printf '%P %y %m %T@ %l\n' | sort && find . -type f -exec cksum {} + | sort); }

# refused WHAT TEXT [COMMAND…]: assembly fails with exit 1 and TEXT, one line (and perhaps a hint), and the
# release is as it was.
refused() {
  what=$1 text=$2
  shift 2
  [ $# -gt 0 ] || set -- "$assemble"
  state >"$RELMK_SCRATCH/before"
  fails_with "$what" 1 "$text" "$@"
  equal "$what: one line" 1 "$(grep -vc '^hint: \|: warning: ' "$RELMK_SCRATCH/.err")"
  state >"$RELMK_SCRATCH/after"
  same "$what: the release is as it was" "$RELMK_SCRATCH/before" "$RELMK_SCRATCH/after"
}

application lib a 1 'kernel, stdlib, b'
application lib b 1 'kernel, stdlib'
config '{release, {r, "1"}, [sasl, a]}.'
check 'a release to begin with' "$assemble"

config '{release, {r, "1"}, [sasl, a}.'
refused 'a malformed configuration' "relx.config:3:29: error: syntax error before: '}'"
config '{release, {r, "1"}, [sasl, a, none_such]}.'
refused 'an application that is not there' \
  'relx.config:3:21: error: Application needed for release not found: none_such'
check 'with a hint where it was looked for' grep -q "^hint: named by the release; looked for in $project/lib, " "$RELMK_SCRATCH/.err"
application lib needy 1 'kernel, stdlib, none_such'
config '{release, {r, "1"}, [sasl, needy]}.'
refused 'one that another needs' 'error: Application needed for release not found: none_such'
check 'with a hint which one' grep -q "^hint: needed by needy ($project/lib/needy-1/ebin/needy.app); looked for in " "$RELMK_SCRATCH/.err"
application lib round 1 'kernel, stdlib, about'
application lib about 1 'kernel, stdlib, round'
config '{release, {r, "1"}, [sasl, round]}.'
refused 'a circle of dependencies' 'ircular'
mkdir -p lib/bad-1/ebin
printf '{application, bad,\n [{vsn, "1"},, ]}.\n' >lib/bad-1/ebin/bad.app
config '{release, {r, "1"}, [sasl, bad]}.'
refused 'a malformed .app' "$project/lib/bad-1/ebin/bad.app:2:14: error: syntax error before: ','"
printf '{application, bad,\n [{description, ""}, {vsn, 1}]}.\n' >lib/bad-1/ebin/bad.app
refused 'an .app with a value of another type' "$project/lib/bad-1/ebin/bad.app:2:"
printf '{application, bad,\n [{description, ""}, {vsn, "1"}, {modules, [gone]}, {registered, []}, {applications, [kernel, stdlib]}]}.\n' \
  >lib/bad-1/ebin/bad.app
refused 'a module that is not there' "$project/lib/bad-1/ebin/bad.app: error: bad: Module not found: gone"

application lib b 2 'kernel, stdlib'
config '{release, {r, "1"}, [sasl, a]}.'
"$assemble" --dry-run >"$RELMK_SCRATCH/out" 2>"$RELMK_SCRATCH/err"
check 'of two versions, which one is taken and why' grep -q \
  'lib/b-1/ebin/b.app: warning: b 1 is taken, 2 in .*/lib/b-2 is not: the first in the order of names counts' \
  "$RELMK_SCRATCH/err"
rm -r lib/b-2

for term in '{mode, fast}.' '{default_release, {}}.' '{default_release, {r}}.' '{default_release, {r, "1", x}}.' '{include_src, 1}.' '{exclude_apps, [1]}.' '{overlay_vars, 7}.' \
  '{extended_start_script_hooks, [pid]}.' '{release, {r}, [a]}.' '{release, {r, "1"}, a}.'; do
  config '{release, {r, "1"}, [sasl, a]}.' "$term"
  refused "malformed: $term" 'relx.config:4:'
done
config '{release, {r, "1"}, [sasl, a]}.' '{node_types, [a, c]}.'
refused 'a node type that the release has not got' 'relx.config:4:1: error: node type c is no application of release r'
config '{release, {r, "1"}, [sasl, a]}.' '{no_such_term, 1}.'
"$assemble" --dry-run >"$RELMK_SCRATCH/out" 2>"$RELMK_SCRATCH/err"
equal 'an unknown term is a warning with its line' \
  'relx.config:4:1: warning: Unknown term found in relx configuration: {no_such_term,1}' \
  "$(cat "$RELMK_SCRATCH/err")"

config '{release, {r, "1"}, [sasl, a]}.' '{overlay, [{mkdir, "x"},' '  {copy, "gone", "x/y"}]}.'
refused 'an overlay source that is not there' 'relx.config:5:3: error: Unable to copy from '
config '{release, {r, "1"}, [sasl, a]}.' '{overlay, [{copy, "relx.config", "../../out"}]}.'
refused 'an overlay that leaves the release' 'relx.config:4:12: error: '
printf 'line\n  {{#open}} {{name\n' >template
config '{release, {r, "1"}, [sasl, a]}.' '{overlay, [{template, "template", "x"}]}.'
refused 'a template with an unclosed tag' "$project/template:2:13: error: "
echo '[{kernel, [}].' >sys.config
config '{release, {r, "1"}, [sasl, a]}.' '{sys_config, "sys.config"}.'
refused 'a malformed sys.config' "$project/sys.config:1:12: error: "
rm sys.config

config '{release, {r, "1"}, [sasl, a]}.'
printf 'X = 1,\nY = X + a,\n[].\n' >relx.config.script
refused 'a script that fails' 'error: evaluation failed with reason error:badarith'
check 'with its file' grep -q '^relx.config.script:[0-9]' "$RELMK_SCRATCH/.err"
printf 'X = ,\n' >relx.config.script
refused 'a script that is malformed' "error: syntax error before: ','"
check 'with its line' grep -q '^relx.config.script:1:' "$RELMK_SCRATCH/.err"
rm relx.config.script
rm relx.config
refused 'no configuration at all' 'relx.config: error: cannot read: No such file or directory'

# What is no regular file is refused where one is read, and not waited for.
mkfifo pipe
for term in '{sys_config, "pipe"}' '{sys_config_src, "pipe"}' '{vm_args, "pipe"}' '{vm_args_src, "pipe"}'; do
  config '{release, {r, "1"}, [sasl, a]}.' "$term."
  refused "a pipe: $term" "relx.config:4:1: error: The $(echo "$term" | sed 's/{\([a-z]*\)_\([a-z]*\).*/\1.\2/')"
  check "it is said that it is none: $term" grep -q "($project/pipe) is no file$" "$RELMK_SCRATCH/.err"
done
config '{release, {r, "1"}, [sasl, a]}.' '{overlay, [{template, "pipe", "etc/x"}]}.'
refused 'a pipe for a template' "$project/pipe: error: cannot read: a pipe, socket or device, and no regular file"
config '{release, {r, "1"}, [sasl, a]}.' '{overlay_vars, "pipe"}.' '{overlay, [{mkdir, "etc"}]}.'
refused 'a pipe for variables' 'pipe'
for tool in make-tar relx-config; do
  refused "a pipe as the configuration of $tool" 'pipe: error: cannot read: a pipe, socket or device, and no regular file' \
    "$RELMK_TOOLS/$tool" -c pipe
done
rm pipe
config '{release, {r, "1"}, [sasl, a]}.'

# An application that this user may not read is there, and why it is not found is told.
config '{release, {r, "1"}, [sasl, a]}.'
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
  mkdir theirs
  chown 65534 theirs
  unread() {
    chmod 755 "$RELMK_SCRATCH"
    chmod 700 "$1"
    fails_with "$1 is not for this user" 1 "$PWD/$1 cannot be read: Permission denied" setpriv --reuid 65534 --regid 65534 \
      --clear-groups "$RELMK_TOOLS/assemble-release" -c relx.config -o theirs
    chmod 755 "$1"
  }
  unread lib/a-1/ebin
  unread lib
  chmod 700 lib/a-1
  fails_with "lib/a-1 is not for this user" 1 "$PWD/lib/a-1/ebin cannot be read: Permission denied" setpriv --reuid 65534 \
    --regid 65534 --clear-groups "$RELMK_TOOLS/assemble-release" -c relx.config -l lib -o theirs
  chmod 755 lib/a-1

  # Directories that their owner has made read-only, the release's own among them.
  theirs() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
  check 'a release of another user' theirs "$assemble" -c relx.config -l lib -o theirs
  theirs chmod 555 theirs/r theirs/r/lib theirs/r/lib/a-1 theirs/r/lib/a-1/ebin
  echo '%' >>lib/a-1/ebin/a.app
  config '{release, {r, "1"}, [sasl, a]}.' '{overlay, [{mkdir, "new"}]}.'
  check 'read-only, it is assembled again' theirs "$assemble" -c relx.config -l lib -o theirs
  same 'with what is new' lib/a-1/ebin/a.app theirs/r/lib/a-1/ebin/a.app
  check 'and a new directory' test -d theirs/r/new
  equal 'its modes stay' '555 555 555 555' "$(stat -c %a theirs/r theirs/r/lib theirs/r/lib/a-1 theirs/r/lib/a-1/ebin | xargs)"
  config '{release, {r, "1"}, [sasl, a]}.'
else
  skip 'an application of another user: that needs root'
fi

# What a build needs more room for than there is, and a place where nothing can be made.
config '{release, {r, "2"}, [sasl, a]}.'
if [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null; then
  mkdir small
  # shellcheck disable=SC2016 # the inner shell's variables
  check 'a full disk: the release is as it was' unshare -m sh -c '
    mount -t tmpfs -o size=$(($(du -sk _rel | cut -f1) + 600))k none small && cp -a _rel small/ && cd small &&
    find _rel/r -exec ls -ld --time-style=full-iso {} + >../before &&
    { head -c 400k /dev/zero >fill || :; } &&
    { "$1" -c ../relx.config -o _rel -l ../lib --include-erts true >../out 2>../err && exit 1; cat ../err; } &&
    find _rel/r -exec ls -ld --time-style=full-iso {} + >../after
    cmp ../before ../after && grep -q "No space left on device" ../err && test ! -e _rel/.relmk/r.new' sh "$assemble"
  # shellcheck disable=SC2016
  fails_with 'a full disk: make-tar says so' 1 'No space left on device' unshare -m sh -c '
    mount -t tmpfs -o size=$(($(du -sk _rel | cut -f1) + 600))k none small && cp -a _rel small/ && cd small &&
    { head -c 400k /dev/zero >fill || :; } && exec "$1" -c ../relx.config -o _rel -l ../lib' sh "$RELMK_TOOLS/make-tar"
  # shellcheck disable=SC2016
  refused 'a directory that cannot be written' ': error: cannot write: Read-only file system' unshare -m sh -c '
    mount --bind _rel _rel && mount -o remount,ro,bind _rel && exec "$1"' sh "$assemble"
elif [ "$(id -u)" -eq 0 ]; then
  skip 'a full disk: that needs mount namespaces'
else
  skip 'a full disk: that needs root'
  chmod -R a-w _rel/.relmk
  refused 'a directory that cannot be written' 'error: cannot write: Permission denied'
  chmod -R u+w _rel/.relmk
fi

# Killed at any instant, and then: the old release or the new one, whole.
config '{release, {r, "1"}, [sasl, a]}.'
"$assemble" >/dev/null
content() { (cd _rel/r && find . -type f ! -name '*.script' -exec cksum {} + | sort); }
content >"$RELMK_SCRATCH/old"
cp -a _rel "$RELMK_SCRATCH/pristine"
config '{release, {r, "1"}, [sasl, a, runtime_tools]}.'
"$assemble" >/dev/null
content >"$RELMK_SCRATCH/new"
broken=
for instant in $(seq 1 40); do
  rm -rf _rel
  cp -a "$RELMK_SCRATCH/pristine" _rel
  timeout -s KILL "0.0$(printf %02d "$instant")" "$assemble" >/dev/null 2>&1 || :
  content >"$RELMK_SCRATCH/now"
  cmp -s "$RELMK_SCRATCH/now" "$RELMK_SCRATCH/old" || cmp -s "$RELMK_SCRATCH/now" "$RELMK_SCRATCH/new" ||
    broken="$broken $instant"
done
equal 'killed at 40 instants: the old release or the new one' '' "$broken"
"$assemble" >/dev/null
content >"$RELMK_SCRATCH/now"
same 'and the next assembly makes it right' "$RELMK_SCRATCH/new" "$RELMK_SCRATCH/now"
equal 'nothing is left beside it' '' "$(find _rel/.relmk -name '*.new')"
