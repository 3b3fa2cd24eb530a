#!/bin/sh
# What may go wrong with an upgrade: each time the node and its files are as they were, a hint says
# what to do, and a good tarball works after it.
set -eu
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/start-script.sh
. tests/start-script.sh
# shellcheck source=tests/upgrade.sh
. tests/upgrade.sh

# shellcheck disable=SC2119 # it takes no arguments here
start_demo
# A value that sys.config knows nothing of: it must survive, too.
"$demo" eval 'application:set_env(counter, by_hand, 1), application:set_env(counter, greeting, hi).' >/dev/null
"$demo" rpc counter up >/dev/null

fails_cleanly 'no tarball' 9 2 release_package_not_found

variant 2 "$up_script"
good=$root/releases/demo-2.tar.gz
mv "$good" "$RELMK_SCRATCH/good.tar.gz"
head -c $(($(wc -c <"$RELMK_SCRATCH/good.tar.gz") / 2)) "$RELMK_SCRATCH/good.tar.gz" >"$good"
fails_cleanly 'a truncated tarball' 2 2 'damaged or cut off'
cp "$RELMK_SCRATCH/good.tar.gz" "$root/releases/demo-9.tar.gz"
fails_cleanly 'another version inside' 9 2 'holds version 2, not 9'
rm "$root/releases/demo-9.tar.gz"
cp "$RELMK_SCRATCH/good.tar.gz" "$good"
echo "$(printf x | sha256sum | cut -c1-64)  demo-2.tar.gz" >"$good.sha256"
fails_cleanly 'another digest' 2 2 'has not the digest'
rm "$good.sha256" "$good"

hostile() { # WHAT MEMBER-TRANSFORMATION TEXT
  rm -rf "$RELMK_SCRATCH/variant"
  variant 7 "$up_script"
  touch "$RELMK_SCRATCH/variant/evil"
  gunzip -c "$root/releases/demo-7.tar.gz" >"$RELMK_SCRATCH/evil.tar"
  tar rf "$RELMK_SCRATCH/evil.tar" -C "$RELMK_SCRATCH/variant" -P --transform "$2" evil
  gzip -c "$RELMK_SCRATCH/evil.tar" >"$root/releases/demo-7.tar.gz"
  fails_cleanly "$1" 7 2 "$3"
}
hostile 'a path with ..' 's,^evil,../../evil,' 'outside of the release'
hostile 'an absolute path' "s,^evil,$RELMK_SCRATCH/escaped," 'outside of the release'
refute 'nothing was written there' test -e "$RELMK_SCRATCH/escaped"
change() { ln -s /etc "$tree/lib/counter-2/priv"; }
variant 7 "$up_script"
fails_cleanly 'a link out of the release' 7 2 'leads out of the release'
change() { printf 'broken' >"$tree/../other" && mkdir -p "$tree/lib/counter-1/ebin" && echo x >"$tree/lib/counter-1/ebin/counter.beam"; }
variant 3 "$up_script"
change() { :; }
check 'a file of the running version in the tarball' "$demo" unpack 3
refute 'is left out' grep -qx x "$root/lib/counter-1/ebin/counter.beam"
check 'an unpack that is tried twice' says 'already unpacked' "$demo" unpack 3
check 'is taken away' "$demo" uninstall 3

variant 4 "$up_script"
change() { rm "$tree/releases/4/relup"; }
variant 4 "$up_script"
change() { :; }
fails_cleanly 'no relup' 4 3 'no relup leads from version 1 to version 4'
variant 4 'nonsense'
fails_cleanly 'a relup that is none' 4 3 'knows no instruction nonsense'
variant 4 "restart_new_emulator,$up_script"
fails_cleanly 'restart_new_emulator without heart' 4 3 'without heart'
variant 4 "$up_script,restart_emulator"
fails_cleanly 'restart_emulator without heart' 4 3 'without heart'
change() { echo '[{counter, [{limit, }]}].' >"$tree/releases/4/sys.config"; }
variant 4 "$up_script"
fails_cleanly 'a sys.config that does not parse' 4 3 'sys.config:1:'
# shellcheck disable=SC2016
change() {
  rm "$tree/releases/4/sys.config"
  echo '[{counter, [{limit, ${DEMO_LIMIT}}]}].' >"$tree/releases/4/sys.config.src"
}
variant 4 "$up_script"
change() { :; }
fails_cleanly 'a sys.config.src whose variable is not set' 4 3 'sys.config.src'
DEMO_LIMIT=44
export DEMO_LIMIT
check 'with the variable' "$demo" upgrade 4
equal 'the rendered value counts' '{ok,44}' "$("$demo" eval 'application:get_env(counter, limit).')"
check 'and back' "$demo" downgrade 1
check 'that version goes' "$demo" uninstall 4
"$demo" eval 'application:set_env(counter, by_hand, 1), application:set_env(counter, greeting, hi), persistent_term:erase(counter_told).' >/dev/null

variant 5 '{load_object_code,{counter,"2",[counter]}},{suspend,[counter]},{code_change,up,[{counter,crash}]},point_of_no_return,{resume,[counter]}'
fails_cleanly 'a code_change that crashes before the point of no return' 5 4 'before the point of no return'
equal 'the process was resumed' ok "$("$demo" rpc counter up)"
equal 'the application was told the new values, and the old ones' 2 "$("$demo" eval 'length(counter:told()).')"

"$demo" eval 'P = counter:hold(), code:load_file(counter), register(holder, P).' >/dev/null
variant 5 '{load_object_code,{counter,"2",[counter]}},point_of_no_return,{load,{counter,soft_purge,soft_purge}}'
fails_cleanly 'a soft purge that is refused' 5 3 'old code of counter is still in use'
"$demo" eval 'holder ! leave.' >/dev/null

variant 5 "$up_script"
"$demo" eval 'counter:sleep(4000).' >/dev/null
fails_with 'a process that does not answer' 3 'does not answer: it cannot be suspended' "$demo" upgrade 5 --process-limit 0.3
"$demo" rpc counter value >/dev/null
"$demo" eval 'sys:suspend(counter_sup).' >/dev/null
fails_with 'a supervisor that is suspended' 3 'is suspended' "$demo" upgrade 5
"$demo" eval 'sys:resume(counter_sup).' >/dev/null
"$demo" eval 'S = whereis(counter_sup), spawn(fun() -> register(holder, self()), erlang:suspend_process(S), receive leave -> ok end end).' >/dev/null
fails_with 'a supervisor that hangs' 3 'supervisor' "$demo" upgrade 5 --process-limit 0.3
"$demo" eval 'holder ! leave.' >/dev/null

# It answers the check, and then no more: the apply before the suspend sees to that.
variant 5 '{load_object_code,{counter,"2",[counter]}},point_of_no_return,{apply,{counter,sleep,[2500]}},{suspend,[{counter,200}]},{load,{counter,brutal_purge,brutal_purge}},{code_change,up,[{counter,[]}]},{resume,[counter]}' \
  '{load_object_code,{counter,"1",[counter]}},point_of_no_return,{suspend,[{counter,9000}]},{load,{counter,brutal_purge,brutal_purge}},{resume,[counter]}'
fails_with 'a process that stops answering after the check' 6 'did not answer the suspend' "$demo" upgrade 5
equal 'the old version runs' '1 permanent' "1 $(status_of_version 1)"
equal 'the new one is gone' '' "$(status_of_version 5)"
equal 'the process has its state' 2 "$("$demo" rpc counter state)"

variant 6 '{load_object_code,{counter,"2",[counter]}},point_of_no_return,{suspend,[counter]},{load,{counter,brutal_purge,brutal_purge}},{code_change,up,[{counter,crash}]},{resume,[counter]}'
restarts_in_old 'a code_change that crashes after the point of no return' 6 'after the point of no return'
variant 6 '{load_object_code,{counter,"2",[counter]}},point_of_no_return,{suspend,[counter]},{apply,{counter,crash,[]}},{load,{counter,brutal_purge,brutal_purge}},{code_change,up,[{counter,[]}]},{resume,[counter]}'
restarts_in_old 'a process that exits between suspend and code_change' 6 'after the point of no return'
variant 6 '{load_object_code,{counter,"2",[counter]}},point_of_no_return,{apply,{erlang,halt,[1]}}'
fails_with 'a node that dies in the middle' 5 'does not answer' "$demo" upgrade 6 --wait 20
check 'it starts' "$demo" daemon
equal 'in the old version' 0 "$("$demo" rpc counter state)"
equal 'which is permanent' permanent "$(status_of_version 1)"

variant 2 "$up_script"
check 'a good tarball works after all that' "$demo" upgrade 2
equal 'the new version runs' '{0,"1"}' "$("$demo" rpc counter state)"
