#!/bin/sh
# A tool that is ended by a signal takes the processes along that work for it, leaves no file of its own, and what
# was there before stays as it was.
set -eu
. tests/lib.sh

work=$RELMK_SCRATCH/work
temporary=$RELMK_SCRATCH/temporary
mkdir "$work" "$temporary"
cd "$work"

# ends WHAT SIGNAL NUMBER COMMAND…: COMMAND, which makes the file `begun` and then waits, is sent SIGNAL. It ends
# by it; nothing of its session, nor of its temporary directory, is left.
ends() {
  what=$1 signal=$2 number=$3
  shift 3
  rm -f begun
  TMPDIR=$temporary setsid "$@" >log 2>&1 &
  group=$!
  started "$group"
  eventually 60 test -e begun || { not_ok "$what begins" "$(cat log)"; return; }
  kill -s "$signal" "$group"
  status=0
  wait "$group" || status=$?
  equal "$what ends by $signal" $((128 + number)) "$status"
  if eventually 10 is_alone "$group"; then ok "$what: nothing goes on"; else
    not_ok "$what: nothing goes on" "$(ps -o pid=,args= -g "$group")"
  fi
  equal "$what: no temporary file stays" '' "$(ls -A "$temporary")"
}
# Nothing runs in the session.
is_alone() { ! ps -o pid= -g "$1" >/dev/null; }

printf '{release, {r, "1"}, [kernel, stdlib]}.\n{include_erts, false}.\n' >relx.config
"$RELMK_TOOLS/relx-config" -c relx.config -o before
cp before out
# What only erl can evaluate.
printf 'file:write_file("begun", ""), receive after 60000 -> CONFIG end.\n' >relx.config.script
for signal in 'TERM 15' 'HUP 1'; do
  # shellcheck disable=SC2086 # two words
  ends "a script that erl evaluates" $signal "$RELMK_TOOLS/relx-config" -c relx.config -o out
  same 'the output stays' before out
done
printf 'os:cmd("touch begun; sleep 60"), CONFIG.\n' >relx.config.script
ends 'a command of a script' TERM 15 "$RELMK_TOOLS/relx-config" -c relx.config -o out
rm relx.config.script

printf '{release, {r, {cmd, "touch begun; sleep 60"}}, [kernel, stdlib]}.\n{include_erts, false}.\n' >cmd.config
ends 'a command of a version' TERM 15 "$RELMK_TOOLS/assemble-release" -c cmd.config
refute 'and there is no release' test -e _rel/r

"$RELMK_TOOLS/assemble-release" -c relx.config -o _rel
state() { find _rel -printf '%p %i %T@ %l\n' | sort; }
state >state.before
for signal in 'TERM 15' 'HUP 1'; do
  # shellcheck disable=SC2086
  ends 'a hook of an assembly' $signal "$RELMK_TOOLS/assemble-release" -c relx.config -o _rel \
    --hook "touch $work/begun; sleep 60"
done
# A hook's words come while it works: this one waits until they were seen.
rm -f begun
"$RELMK_TOOLS/assemble-release" -c relx.config -o _rel --hook 'echo working; echo oddly >&2; until test -e seen; do sleep 0.1; done' \
  >hook.out 2>hook.err &
hook=$!
started "$hook"
if eventually 60 grep -qx working hook.out && eventually 60 grep -qx oddly hook.err; then
  ok 'what a hook prints comes while it works'
else not_ok 'what a hook prints comes while it works' "$(cat hook.out hook.err)"; fi
touch seen
check 'and it ends' wait "$hook"

"$RELMK_TOOLS/assemble-release" -c relx.config -o _rel
check 'the next assembly finds a release' test -e _rel/r/releases/1/r.rel
