#!/bin/sh
# Upgrades that restart the emulator: heart starts it again, in the version that is to be.
set -eu
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/start-script.sh
. tests/start-script.sh
# shellcheck source=tests/upgrade.sh
. tests/upgrade.sh

mkdir -p "$RELMK_SCRATCH/first"
printf '%s\n' "-sname $(unique restarted)@localhost" '-setcookie demo' -heart '-env HEART_BEAT_TIMEOUT 300' \
  >"$RELMK_SCRATCH/first/vm.args"
# shellcheck disable=SC2119 # it takes no arguments here
start_demo
noted_files | grep -v ' ./releases/start_erl.data$' >"$RELMK_SCRATCH/.files-before"
pid=$("$demo" pid)

# is_another VSN STATE: another process has taken over, in that version, and is what the start script starts.
is_another() {
  equal "$what: another process" another "$([ "$("$demo" pid)" = "$pid" ] || echo another)"
  pid=$("$demo" pid)
  equal "$what: version $1 runs" "$2" "$("$demo" rpc counter state)"
  equal "$what: it is permanent" permanent "$(status_of_version "$1")"
  equal "$what: and is started" "REL_VSN='$1'" "$(grep ^REL_VSN= "$demo")"
  equal "$what: no version between the two is left" '' "$(find "$root/releases" "$root/bin" -name '__new*' -o -name start)"
}
came_back() { new_pid=$("$demo" pid) && [ "$new_pid" != "$pid" ] && has_booted; }

variant 2 "restart_new_emulator,$up_script" "restart_new_emulator,$down_script"
check 'check says that the emulator will be restarted' says 'note: the emulator will be restarted' "$demo" check 2
check 'upgrade by restart_new_emulator' "$demo" upgrade 2
what=restart_new_emulator
is_another 2 '{0,"1"}'
check 'downgrade' "$demo" downgrade 1
what='restart_new_emulator downwards'
is_another 1 0
check 'uninstall' "$demo" uninstall 2
noted_files | grep -v ' ./releases/start_erl.data$' >"$RELMK_SCRATCH/.files-after"
same 'the files are as they were' "$RELMK_SCRATCH/.files-before" "$RELMK_SCRATCH/.files-after"

variant 6 'restart_new_emulator,{load_object_code,{counter,"2",[counter]}},point_of_no_return,{suspend,[counter]},{load,{counter,brutal_purge,brutal_purge}},{code_change,up,[{counter,crash}]},{resume,[counter]}'
restarts_in_old 'a code_change that crashes in the new emulator' 6 'version 1'
check 'stop' "$demo" stop

check 'start, not daemon' "$demo" start
check 'it has started' eventually 60 has_booted
pid=$("$demo" pid)
variant 2 "$up_script,restart_emulator" "$down_script,restart_emulator"
check 'upgrade by restart_emulator' "$demo" upgrade 2
what=restart_emulator
is_another 2 '{0,new}'
kill -KILL "$pid"
check 'heart starts it again' eventually 60 came_back
what='a killed VM'
is_another 2 '{0,new}'
check 'downgrade by restart_emulator' "$demo" downgrade 1
what='restart_emulator downwards'
is_another 1 0
check 'stop' "$demo" stop
