#!/bin/sh
# Commands for releases in odd orders, as an operator gives them at night: each answers with a code and words of its
# own, and the node goes on.
set -eu
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/start-script.sh
. tests/start-script.sh
# shellcheck source=tests/upgrade.sh
. tests/upgrade.sh

# shellcheck disable=SC2119 # it takes no arguments here
start_demo
"$demo" rpc counter up >/dev/null
process=$("$demo" eval 'pid_to_list(whereis(counter)).')
# goes_on VERSION STATE
goes_on() {
  equal "$1 goes on" "$1 $2" "$("$demo" versions | awk '$3 == "permanent" { print $2 }') $("$demo" rpc counter state)"
}
variant 2 "$up_script"

fails_with 'commit of a version that is not there' 2 'release 9 is not installed' "$demo" commit 9
fails_with 'commit of one that is a tarball only' 2 'release 2 is not installed' "$demo" commit 2
check 'downgrade to the version that runs' says 'already installed, running and set permanent' "$demo" downgrade 1
equal 'is no failure' 0 "$(status_of "$demo" downgrade 1)"
check 'uninstall of one that is a tarball only' says 'already uninstalled' "$demo" uninstall 2
fails_with 'uninstall of the permanent one' 2 'Uninstall failed: Release 1 is running' "$demo" uninstall 1
check 'unpack' "$demo" unpack 2
fails_with 'commit of one that is unpacked' 3 'does not run: it is unpacked' "$demo" commit 2
goes_on 1 1

NODETOOL_TIMEOUT=2000
export NODETOOL_TIMEOUT
check 'install with NODETOOL_TIMEOUT' "$demo" install 2 --no-permanent
unset NODETOOL_TIMEOUT
check 'install again' says 'already installed and current.' "$demo" install 2 --no-permanent
equal 'the old version is permanent, still' permanent "$(status_of_version 1)"
fails_with 'uninstall of the current one' 2 'is marked current' "$demo" uninstall 2
fails_with 'uninstall of the permanent one, which does not run' 2 'is running' "$demo" uninstall 1
fails_with 'commit of the permanent one, which does not run' 3 'release 1 does not run' "$demo" commit 1
check 'downgrade before commit' "$demo" downgrade 1
equal 'the process is the same' "$process" "$("$demo" eval 'pid_to_list(whereis(counter)).')"
goes_on 1 1
equal 'the other is old' old "$(status_of_version 2)"
check 'install of one that is old' says 'is marked old, switching to it' "$demo" install 2
goes_on 2 '{1,"1"}'
check 'back' "$demo" downgrade 1
check 'uninstall' "$demo" uninstall 2
check 'uninstall again' says 'already uninstalled' "$demo" uninstall 2
check 'upgrade after uninstall: the tarball stayed' "$demo" upgrade 2
goes_on 2 '{1,"1"}'
check 'back again' "$demo" downgrade 1

# From 1 to 3, which tells nothing of 2.
variant 3 "$up_script"
check 'a version that passes one over' "$demo" upgrade 3
goes_on 3 '{1,"1"}'
fails_with 'to the one that was passed over' 3 'no relup leads from version 3 to version 2' "$demo" downgrade 2
check 'back by the two steps in one' "$demo" downgrade 1
goes_on 1 1

# Nothing but the configuration is new.
change() {
  echo '[{counter, [{limit, 40}]}].' >"$tree/releases/4/sys.config"
  sed -i 's/{counter,"2"/{counter,"1"/' "$tree/releases/4/demo.rel"
  cp "$root/releases/1/start.boot" "$tree/releases/4/start.boot"
  rm -r "${tree:?}/lib/counter-2"
}
variant 4 point_of_no_return point_of_no_return
change() { :; }
check 'a version with a configuration of its own alone' "$demo" upgrade 4
equal 'its value counts' '{ok,40}' "$("$demo" eval 'application:get_env(counter, limit).')"
check 'the application was told' says '{[{limit,40}],[],[]}' "$demo" eval 'counter:told().'
goes_on 4 1
equal 'the process is the same' "$process" "$("$demo" eval 'pid_to_list(whereis(counter)).')"
check 'and back' "$demo" downgrade 1
equal 'with the old value' '{ok,1}' "$("$demo" eval 'application:get_env(counter, limit).')"
check 'uninstall' "$demo" uninstall 4
check 'leaves the application that the running version has' test -e "$root/lib/counter-1/ebin/counter.beam"

# A process that no supervisor knows waits in the old code, until the version is made permanent, or, where the relup
# spares it, until the next upgrade.
hold() { "$demo" eval 'register(holder, counter:hold()).' >/dev/null; }
lives() { equal "$1" "$2" "$("$demo" eval 'is_pid(whereis(holder)).')"; }
hold
check 'check notes a process that no supervisor knows' says 'and no supervisor knows it: unless it leaves the old code, it is killed when' \
  "$demo" check 2
check 'which is no obstacle' "$demo" check 2
check 'upgrade says whose old code is in use' says 'Old code is still in use of: counter' "$demo" upgrade 2 --no-permanent
lives 'the process lives' true
check 'commit' "$demo" commit 2
lives 'which ends it' false
check 'back' "$demo" downgrade 1
sparing=$(printf %s "$up_script" | sed 's/brutal_purge,brutal_purge/brutal_purge,soft_purge/')
variant 6 "$sparing"
hold
refute 'it is not said to be killed where the relup spares it' says 'it is killed when' "$demo" check 6
check 'upgrade says whose old code is in use, of a permanent version, too' says 'Old code is still in use of: counter' "$demo" upgrade 6
lives 'the process lives on' true
check 'check says whom the next one kills' says 'old code of counter is still in use: the upgrade kills' "$demo" check 1
check 'back' "$demo" downgrade 1
lives 'it is killed' false
goes_on 1 1
hold
refute 'a permanent version has no old code that was taken away' says 'Old code is still' "$demo" upgrade 2
check 'back' "$demo" downgrade 1
check 'uninstall' "$demo" uninstall 6

# The application starts anew.
restart_application() {
  printf '%s' "{load_object_code,{counter,\"$2\",[counter,counter_sup]}},point_of_no_return,{apply,{application,stop,[counter]}}," \
    '{remove,{counter,brutal_purge,brutal_purge}},{remove,{counter_sup,brutal_purge,brutal_purge}},' \
    "{purge,[counter,counter_sup]},{load,{counter,brutal_purge,brutal_purge}},{load,{counter_sup,brutal_purge,brutal_purge}}," \
    "{apply,{application,start,[counter,permanent]}}"
}
variant 5 "$(restart_application 1 2)" "$(restart_application 2 1)"
check 'restart_application' "$demo" upgrade 5
goes_on 5 '{0,new}'
check 'restart_application, back' "$demo" downgrade 1
goes_on 1 0
# shellcheck disable=SC2016 # for the shell that runs it
check 'all others go' sh -c 'for version in 2 3 5; do "$1" uninstall "$version" || exit 1; done' sh "$demo"
equal 'one version is left' '* 1	permanent' "$("$demo" versions | sed 1d)"
equal 'and its files alone' '1' "$(cd "$root/releases" && find . -mindepth 2 -name 'demo.rel' | sed 's,^./,,; s,/.*,,')"

check 'stop' "$demo" stop
for command in unpack install upgrade downgrade uninstall check commit; do
  code=0
  "$demo" "$command" 2 >"$RELMK_SCRATCH/.out" 2>&1 || code=$?
  equal "$command with the node down" '1 1' "$code $(grep -c . "$RELMK_SCRATCH/.out")"
done
