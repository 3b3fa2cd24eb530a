#!/bin/sh
# The node, its nodetool, or both are killed at random instants of an upgrade. Each time the node comes up in a
# version that works and that `versions` calls permanent, a second try works, and then nothing is left of it.
#
#   RELMK_KILLS=N   kills of each kind (2); RELMK_SEED=N draws the instants that N drew before
set -eu
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/start-script.sh
. tests/start-script.sh
# shellcheck source=tests/upgrade.sh
. tests/upgrade.sh

kills=${RELMK_KILLS:-2}
seed=${RELMK_SEED:-$$}

# shellcheck disable=SC2119 # it takes no arguments here
start_demo
variant 2 "$up_script"

now() { date +%s.%N; }
# A tenth of the instants is after the end of an upgrade that nothing disturbs: its last steps count too.
begin=$(now)
check 'an upgrade' "$demo" upgrade 2
duration=$(awk "BEGIN { print ($(now) - $begin) * 1.1 }")
check 'and back' "$demo" downgrade 1
check 'and gone' "$demo" uninstall 2
noted_files | grep -v ' ./releases/start_erl.data$' >"$RELMK_SCRATCH/.files"

# instant N: the seconds until the Nth kill.
instant() { awk "BEGIN { srand($seed + 7919 * $1); rand(); printf \"%.4f\", rand() * $duration }"; }
answers() { "$demo" ping --wait 60 && eventually 60 has_booted; }
# is_permanent VSN: release_handler says so of that one version, and calls no other one current.
is_permanent() {
  "$demo" versions | awk -v version="$1" '{ print }
    $3 == "permanent" || $3 == "current" { found = found $2 }
    END { exit found != version }'
}
# The state has the form of the version that runs.
state_fits() {
  case $1:$("$demo" rpc counter state) in
    1:[0-9]* | 2:'{'*) ;;
    *) return 1 ;;
  esac
}

# round N KIND: one kill. Says what went wrong.
round() {
  pause=$(instant "$1")
  pid=$("$demo" pid)
  setsid "$demo" upgrade 2 >"$RELMK_SCRATCH/.upgrade" 2>&1 &
  upgrade=$!
  sleep "$pause"
  case $2 in
    node) kill -KILL "$pid" ;;
    nodetool) kill -KILL -- "-$upgrade" 2>/dev/null || : ;;
    both)
      kill -KILL "$pid"
      kill -KILL -- "-$upgrade" 2>/dev/null || :
      ;;
  esac
  wait "$upgrade" 2>/dev/null || :
  if [ "$2" = nodetool ]; then
    # The node finishes what it was told, and starts again in what is permanent.
    answers && "$demo" versions && "$demo" stop || return
  fi
  was=$(sed -n "s/^REL_VSN='\(.*\)'/\1/p" "$demo")
  eventually 60 gone "$pid" || return
  "$demo" daemon || return
  answers || return
  is_permanent "$was" || return
  state_fits "$was" || return
  # A second try.
  "$demo" upgrade 2 || return
  is_permanent 2 || return
  state_fits 2 || return
  "$demo" downgrade 1 || return
  state_fits 1 || return
  "$demo" uninstall 2 || return
  noted_files | grep -v ' ./releases/start_erl.data$' >"$RELMK_SCRATCH/.files-after"
  diff "$RELMK_SCRATCH/.files" "$RELMK_SCRATCH/.files-after"
}

number=0
while [ "$number" -lt "$kills" ]; do
  number=$((number + 1))
  for kind in node nodetool both; do
    if round "$number" "$kind" >"$RELMK_SCRATCH/.round" 2>&1; then
      ok "kill $number of the $kind after $pause s"
    else
      not_ok "kill $number of the $kind after $pause s (seed $seed)" "$(cat "$RELMK_SCRATCH/.upgrade")" \
        "$(cat "$RELMK_SCRATCH/.round")"
      # The rest begins where this began.
      "$demo" daemon >/dev/null 2>&1 || :
      answers || break 2
      "$demo" downgrade 1 >/dev/null 2>&1 || :
      "$demo" uninstall 2 >/dev/null 2>&1 || :
    fi
  done
done
