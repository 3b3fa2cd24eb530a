#!/bin/sh
# A node goes from one version to the next and back, and keeps its process and its state.
set -eu
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/start-script.sh
. tests/start-script.sh
# shellcheck source=tests/upgrade.sh
. tests/upgrade.sh

start_demo '{extended_start_script_hooks, [{post_install_upgrade, [{custom, "hooks/post"}]}]}.'
mkdir -p "$root/bin/hooks"
# shellcheck disable=SC2016
echo 'echo "$RELMK_UPGRADE_STATUS" >>"$RELEASE_ROOT_DIR/../statuses"' >"$root/bin/hooks/post"
variant 2 "$up_script"
"$demo" rpc counter up >/dev/null
pid=$("$demo" eval 'whereis(counter).')

noted_files >"$RELMK_SCRATCH/.files"
check 'check finds nothing in the way' "$demo" check 2
check 'and tells what the environment gets' says 'environment: changes counter limit' "$demo" check 2
noted_files >"$RELMK_SCRATCH/.files-after"
same 'and touches nothing' "$RELMK_SCRATCH/.files" "$RELMK_SCRATCH/.files-after"

check 'upgrade --no-permanent' "$demo" upgrade 2 --no-permanent
equal 'the state is the new one' '{1,"1"}' "$("$demo" rpc counter state)"
equal 'the process is the same' "$pid" "$("$demo" eval 'whereis(counter).')"
equal 'the configuration is the new one' '{ok,2}' "$("$demo" eval 'application:get_env(counter, limit).')"
equal 'the version is current' current "$(status_of_version 2)"
equal 'and the old one is started' "REL_VSN='1'" "$(grep ^REL_VSN= "$demo")"
check 'commit' "$demo" commit 2
equal 'makes it permanent' permanent "$(status_of_version 2)"
equal 'and it is started' "REL_VSN='2'" "$(grep ^REL_VSN= "$demo")"
equal 'start_erl.data says so' 2 "$(cut -d' ' -f2 "$root/releases/start_erl.data")"
check 'commit again' "$demo" commit 2
check 'restart' "$demo" restart
equal 'boots the new one' '{0,new}' "$("$demo" rpc counter state)"
"$demo" rpc counter up >/dev/null
check 'downgrade' "$demo" downgrade 1
equal 'transforms the state back' 1 "$("$demo" rpc counter state)"
equal 'the old script is there' "REL_VSN='1'" "$(grep ^REL_VSN= "$demo")"
check 'uninstall' "$demo" uninstall 2
refute 'removes its application' test -e "$root/lib/counter-2"
refute 'and its start script' test -e "$root/bin/demo-2"
check 'but not the tarball' test -e "$root/releases/demo-2.tar.gz"
check 'nor what the old one needs' test -e "$root/lib/counter-1/ebin/counter.beam"

fails_cleanly 'a command that verifies and fails' 2 6 'it exited with 3' --verify 'exit 3'
fails_cleanly 'one that takes too long' 2 6 'after 0.5 seconds' --verify 'sleep 60' --within 0.5
# The signal goes to the command's parent, nodetool.
"$demo" upgrade 2 --verify "echo \$\$ >'$RELMK_SCRATCH/verifies'; sleep 60" >"$RELMK_SCRATCH/out" 2>&1 &
upgrade=$!
started "$upgrade"
if eventually 60 test -s "$RELMK_SCRATCH/verifies"; then
  kill -s TERM "$(ps -o ppid= -p "$(cat "$RELMK_SCRATCH/verifies")" | tr -d ' ')"
fi
refute 'an upgrade that is ended while the command runs fails' wait "$upgrade"
check 'it says what it did' grep -q 'version 2 was taken back by the relup, version 1 runs: .*signal 15 came' "$RELMK_SCRATCH/out"
refute 'the command goes on' kill -0 "$(cat "$RELMK_SCRATCH/verifies")"
equal 'the old version runs' permanent "$(status_of_version 1)"
# shellcheck disable=SC2016 # the command's own shell expands it
check 'one that passes' "$demo" upgrade 2 --verify 'test "$(bin/demo rpc counter value)" = 1'
equal 'makes the version permanent' permanent "$(status_of_version 2)"
equal 'the hooks learned how each went' '0 0 0 6 6 143 0' "$(tr '\n' ' ' <"$first/statuses" | sed 's/ $//')"
check 'the node stops' "$demo" stop
check 'and starts' "$demo" daemon
equal 'in the new version' '{0,new}' "$("$demo" rpc counter state)"
