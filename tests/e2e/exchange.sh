#!/bin/sh
# shellcheck source=tests/lib.sh
# A release that is built again while it is used: a node runs from it, it holds links and others' files, its directories
# are read-only, or the build is killed.
set -eu
. tests/lib.sh

assemble=$RELMK_TOOLS/assemble-release
project=$RELMK_SCRATCH/project
mkdir "$project"
cd "$project"
node=$(unique exchange)@127.0.0.1

# shellcheck source=tests/exchange.sh
. "$tests_directory/exchange.sh"
printf -- '-name %s\n-setcookie %s\n' "$node" "$(unique cookie)" >vm.args

inodes() { (cd _rel/r && stat -c '%n %i' . bin lib releases log log/mine lib/a-1 lib/a-1/priv lib/a-1/mine releases/1/mine); }
content() { (cd _rel/r && find . ! -name '*.log' ! -path './log*' -printf '%P %y %m %l\n' | sort && find . -type f ! -path './log*' -exec cksum {} + | sort); }

# While a node runs from it.

application a 1 one
config '{release, {r, "1"}, [sasl, a]}.'
check 'a release' "$assemble"
r=$project/_rel/r
mkdir "$r/log"
echo mine | tee "$r/log/mine" "$r/lib/a-1/mine" >"$r/releases/1/mine"
inodes >before
"$r/bin/r" foreground >foreground.out 2>&1 &
vm=$!
started $vm
if eventually 60 "$r/bin/r" ping; then ok 'a node runs from it'; else not_ok 'a node runs from it' "$(cat foreground.out)"; fi
application a 1 'the second one'
application b 2 two
config '{release, {r, "1"}, [sasl, a, b]}.' '{overlay, [{mkdir, "etc"}, {copy, "relx.config", "etc/relx.config"}]}.'
check 'it is built again' "$assemble"
inodes >after
same 'what others made, and the directories, keep their inodes' before after
equal 'the new content is there' 'the second one two' "$(cat "$r/lib/a-1/priv/text" "$r/lib/b-2/priv/text" | xargs)"
equal "the node's working directory is still there" "$r" \
  "$("$r/bin/r" eval '{ok, D} = file:get_cwd(), io:format("~ts~n", [D]).' | head -n 1)"
equal 'it can start programs' '"fine\n"' "$("$r/bin/r" eval 'os:cmd("echo fine").')"
equal 'and read relative paths' '{ok,<<"mine\n">>}' "$("$r/bin/r" eval 'file:read_file("log/mine").')"
check 'it is stopped' "$r/bin/r" stop
equal 'nothing is left beside it' '' "$(find _rel/.relmk/r -name new; find _rel -name '.relmk.*')"

# A kill at many system calls. Then the release is started: it runs the old one or the new one, whole.

if strace -o /dev/null true 2>/dev/null; then
  cp -a _rel pristine
  "$r/bin/r" help >/dev/null 2>&1 || :
  content >old
  application a 1 'the third one'
  config '{release, {r, "1"}, [sasl, a]}.'
  "$assemble" >/dev/null
  content >new
  broken='' interrupted=0 calls=0
  for call in rename renameat2 linkat unlink unlinkat rmdir mkdir fsync syncfs; do
    for when in $(seq 1 2 20); do
      rm -rf _rel
      cp -a pristine _rel
      # strace kills itself, too, as it sees its program end.
      strace -f -qq -o /dev/null -e "inject=$call:signal=KILL:when=$when" "$assemble" >/dev/null 2>&1 && break
      calls=$((calls + 1))
      [ ! -e "$r/.relmk.journal" ] || interrupted=$((interrupted + 1))
      # Any command of the start script finishes what was interrupted, and so does the next assembly.
      if [ $((calls % 2)) = 0 ]; then "$r/bin/r" ping >/dev/null 2>&1 || :; else
        "$assemble" >/dev/null 2>"$RELMK_SCRATCH/next.err" || broken="$broken $call:$when:$(cat "$RELMK_SCRATCH/next.err")"
      fi
      content >now
      cmp -s now old || cmp -s now new || broken="$broken $call:$when"
    done
  done
  equal "killed at $calls system calls, $interrupted of them in the exchange: the old one or the new one" '' "$broken"
  check 'there were such' test "$interrupted" -gt 5
  check 'and the next assembly makes it right' "$assemble"
  content >now
  same 'to the last byte' new now
  equal 'and leaves nothing' '' "$(find _rel/.relmk/r -name new; find _rel -name '.relmk.*')"

  # A power cut: what is new is on the disk before the journal is there, and all that the journal did before it goes.
  # order COMMAND…: those calls in short, each once as long as it repeats.
  order() {
    strace -f -qq -o calls -e trace=syncfs,fsync,fdatasync,linkat,rename,renameat2,unlink "$@" >/dev/null
    sed -n -e 's/.* syncfs(.*/syncs/p' -e 's/.* fsync(.*/syncs-one/p' -e 's/.*"[^"]*\/\.relmk\.journal", AT_SYMLINK_FOLLOW.*/journal/p' \
      -e 's/.* unlink("[^"]*\/\.relmk\.journal").*/done/p' -e 's/.* rename("[^"]*\/new\/[^"]*", "[^"]*_rel.*/moves/p' calls | uniq | xargs
  }
  application a 1 'the fourth one'
  equal 'an exchange is synced before its journal, and before that goes' \
    'syncs syncs-one journal syncs-one moves syncs done' "$(order "$assemble")"

  # What cannot be brought to the disk, or a journal that cannot go, is taken back: exit 1 means the old release.
  content >old
  application a 1 'the fifth one'
  fails_with 'a disk that fails once all is exchanged' 1 'cannot be brought to the disk: Input/output error' \
    strace -f -qq -o /dev/null -e inject=syncfs:error=EIO:when=2 "$assemble"
  content >now
  same 'leaves the old release' old now
  refute 'and no journal' test -e "$r/.relmk.journal"
  refute 'a journal that cannot be removed' strace -f -qq -o /dev/null -P "$r/.relmk.journal" \
    -e inject=unlink:error=EPERM:when=1 "$assemble"
  content >now
  same 'leaves the old one, too' old now
  check 'then it is made' "$assemble"
  equal 'as it is to be' 'the fifth one' "$(cat "$r/lib/a-1/priv/text")"

  rm -rf _rel
  equal 'a new release is, too' 'syncs moves syncs-one' "$(order "$assemble")"
else
  skip 'killed at any system call: strace may not trace here'
fi

# A journal that cannot be followed: no start, and a line that says what to do.

echo nonsense >"$r/.relmk.journal"
fails_with 'a journal that cannot be understood: no start' 1 \
  "$r: error: an exchange was interrupted here, and cannot be finished: its journal is none" "$r/bin/r" foreground
check 'with a hint' grep -q '^hint: build the release again' "$RELMK_SCRATCH/.err"
fails_with 'and no assembly' 1 'an exchange was interrupted here' "$assemble"
rm "$r/.relmk.journal"

# One whose staged files somebody has removed.

if strace -o /dev/null true 2>/dev/null; then
  application a 1 'the seventh one'
  application b 2 'of the seventh'
  config '{release, {r, "1"}, [sasl, a, b]}.'
  refute 'an assembly is killed amid its exchange' strace -f -qq -o /dev/null -e inject=rename:signal=KILL:when=2 "$assemble"
  check 'which leaves a journal' test -e "$r/.relmk.journal"
  rm -rf _rel/.relmk/r/new
  fails_with 'what it staged is gone' 1 "_rel/.relmk/r/new is gone" "$r/bin/r" foreground
  check 'with a hint' grep -q "^hint: remove $r/.relmk.journal, and build the release again" "$RELMK_SCRATCH/.err"
  fails_with 'for the next assembly, too' 1 'cannot be finished' "$assemble"
  rm "$r/.relmk.journal"
  check 'what the hint says makes a release' "$assemble"
  equal 'of the new files' 'the seventh one of the seventh' "$(cat "$r/lib/a-1/priv/text" "$r/lib/b-2/priv/text" | xargs)"
fi

# Two at once: the second one says for whom it waits.

mkfifo held
(exec flock _rel/.relmk/r/lock cat held >/dev/null) &
holder=$!
started $holder
eventually 10 grep -q "FLOCK .* $holder " /proc/locks || :
fails_with 'a limit of waiting' 1 'is still locked by process' "$assemble" --lock-wait 1
check 'and whom for' grep -q "_rel/.relmk/r/lock: waiting for process $holder (" "$RELMK_SCRATCH/.err"
echo >held
wait $holder || :
for _ in 1 2 3 4; do
  "$assemble" >>together 2>&1 &
done
wait
check 'four at once' "$assemble"

# Names that could harm.

for name in /srv/precious ../out . .. .relmk a/b ''; do
  printf '{release, {%s, "1"}, [sasl, a]}.\n{lib_dirs, ["lib"]}.\n' "'$name'" >odd.config
  fails_with "a release named '$name'" 1 'odd.config:1:1: error: a release names a directory, which this cannot' \
    "$assemble" -c odd.config -o odd
done
long=$(printf '%240s' '' | tr ' ' n)
printf '{release, {%s, "1.0-1234567"}, [sasl, a]}.\n{lib_dirs, ["lib"]}.\n' "$long" >odd.config
fails_with 'a name that makes files with names that are too long' 1 'would be longer than 255 bytes' \
  "$assemble" -c odd.config -o odd
refute 'nothing was made of any' test -e odd

# A release that can't be written by its owner, who is not root.

owner=
if [ "$(id -u)" -ne 0 ]; then owner='sh -c'; elif command -v setpriv >/dev/null; then
  owner='setpriv --reuid=65534 --regid=65534 --clear-groups sh -c'
fi
if [ -n "$owner" ] && shared=$(mktemp -d "${TMPDIR:-/tmp}/relmk-shared.XXXXXX") &&
  cp -r lib vm.args "$shared" && chmod -R a+rwX "$shared" &&
  $owner "test -x '$assemble'" 2>/dev/null; then
  cd "$shared"
  config '{release, {r, "1"}, [sasl, a]}.' '{overlay, [{mkdir, "ro"}, {copy, "vm.args", "ro/x"}, {chmod, 8#555, "ro"}]}.'
  readonly_build() { HOME=$PWD $owner "cd '$PWD' && exec '$assemble'"; }
  check 'as another user: a read-only directory by an overlay' readonly_build
  chmod 555 _rel/r/lib/a-1 _rel/r/lib/a-1/priv
  echo other | tee lib/a/priv/text >>vm.args
  sed -i '$d' vm.args
  echo '# more' >>vm.args
  check 'and others by an operator: it is built again' readonly_build
  equal 'with the new content' other "$(cat _rel/r/lib/a-1/priv/text)"
  same 'here too' vm.args _rel/r/ro/x
  equal 'and their modes' '555 555 555' "$(stat -c %a _rel/r/ro _rel/r/lib/a-1 _rel/r/lib/a-1/priv | xargs)"
  config '{release, {r, "1"}, [sasl, a]}.'
  check 'one that is no longer wanted goes' readonly_build
  refute 'with what it held' test -e _rel/r/ro
  cd "$project"
  rm -rf "$shared"
else
  skip 'read-only directories: that needs another user'
fi
