#!/bin/sh
# The start script's commands on real nodes: once with bin/nodetool, once with OTP's erl_call.
set -eu
. tests/lib.sh
. tests/start-script.sh

cookie="it's #1 \"secret\""

stops_nothing() {
  printf 'expect not running\nend 1\n' | "$RELMK_TOOLS/../tests/e2e/pty-driver" "$demo" stop
}

# All commands, with $demo the start script.
commands() {
  equal "$how: no command is answered with the usage, and 1" 1 "$(status_of "$demo")"
  equal "$how: help alone is 1" 1 "$(status_of "$demo" help)"
  check "$how: help rpc" says 'Usage: demo rpc' "$demo" help rpc
  equal "$how: help rpc is 0" 0 "$(status_of "$demo" help rpc)"
  equal "$how: an unknown command is 1" 1 "$(status_of "$demo" blub)"

  for act in ping pid restart reboot versions status attach remote_console 'rpc erlang node' \
    'eval node().' 'upgrade 2.0'; do
    # shellcheck disable=SC2086
    equal "$how: $act without a node is 1" 1 "$(status_of "$demo" $act)"
    [ -s "$RELMK_SCRATCH/.out" ] || not_ok "$how: $act without a node says so"
  done

  equal "$how: stop without a node is 1" 1 "$(status_of "$demo" stop)"
  equal "$how: and silent, for scripts" '' "$(cat "$RELMK_SCRATCH/.out")"

  check "$how: but a person at a terminal is told" stops_nothing

  equal "$how: daemon" 0 "$(status_of "$demo" daemon -sasl baz '"bat zing"')"
  equal "$how: the node answers when daemon returns" pong "$(output "$demo" ping)"
  equal "$how: and ping has nothing else to say" pong "$("$demo" ping 2>&1)"
  equal "$how: a second daemon is 1" 1 "$(status_of "$demo" daemon)"
  pid=$(output "$demo" pid)
  check "$how: pid is the VM's" grep -q /beam "/proc/$pid/maps"
  check "$how: no shell is between run_erl and the VM" grep -q /run_erl \
    "/proc/$(awk '{ print $4 }' "/proc/$pid/stat")/maps"
  equal "$how: eval" 3 "$(output "$demo" eval '1 + 2.')"
  equal "$how: rpc" '[c,b,a]' "$(output "$demo" rpc lists reverse '[[a,b,c]]' | tr -d ' ')"
  if [ "$how" != erl_call ]; then
    equal "$how: what rpc prints is shown" 'said ok' \
      "$(output "$demo" rpc io format '["said\n"]' | paste -sd ' ')"
    equal "$how: and what eval prints" 'said ok' "$(output "$demo" eval 'io:format("said~n").' | paste -sd ' ')"
  fi
  equal "$how: unless it is to stay with the node" ok \
    "$(USE_NODETOOL='' output "$demo" rpc io format '["said\n"]')"
  equal "$how: of eval, too" ok "$(USE_NODETOOL='' output "$demo" eval 'io:format("said~n").')"
  equal "$how: ping without a standard error" pong "$("$demo" ping 2>&- || echo $?)"
  equal "$how: eval without one, and without an input" 3 "$("$demo" eval '1 + 2.' 2>&- <&- || echo $?)"
  equal "$how: rpc fails with 1" 1 "$(status_of "$demo" rpc erlang blub)"
  equal "$how: arguments after the command are the application's" '"bat zing"' \
    "$(output "$demo" eval '{ok, V} = application:get_env(sasl, baz), V.')"
  equal "$how: the cookie arrives whole" true \
    "$(output "$demo" eval "erlang:get_cookie() =:= list_to_atom(\"it's #1 \\\"secret\\\"\").")"
  check "$how: no process shows the cookie" in_no_arguments "$cookie"
  equal "$how: the node's HOME is the user's" "\"$HOME\"" \
    "$(output "$demo" eval 'os:getenv("HOME").')"
  refute "$how: no ~/.erlang.cookie comes to be" test -e "$HOME/.erlang.cookie"
  equal "$how: nobody else can read the files with the cookie" '' \
    "$(find "$RELMK_SCRATCH" -name .erlang.cookie -perm /077)"
  check "$how: status" "$demo" status
  [ "$how" = erl_call ] || equal "$how: rpcterms" '[b,a]' "$(output "$demo" rpcterms lists reverse '[a,b].')"
  [ "$how" = erl_call ] || check "$how: remote_console" says '[node()]: demo' \
    sh -c "echo 'io:format(\"[node()]: ~s~n\", [node()]).' | '$demo' remote_console"
  [ "$how" = nodetool ] ||
    fails_with "$how: what needs nodetool says so" 1 'needs bin/nodetool' "$demo" install 2.0
  equal "$how: restart" 0 "$(status_of "$demo" restart)"
  check "$how: the node has booted when it returns" has_booted
  equal "$how: restart keeps the process" "$pid" "$(output "$demo" pid)"
  check "$how: stop" "$demo" stop
  check "$how: the process is gone when stop returns" gone "$pid"
  equal "$how: a second stop is 1" 1 "$(status_of "$demo" stop)"
}

foreground() {
  "$demo" foreground >"$RELMK_SCRATCH/foreground" 2>&1 &
  pid=$!
  started $pid
  check "$how: foreground starts" eventually 20 has_booted
  equal "$how: foreground becomes the VM" "$pid" "$(output "$demo" pid)"
  kill -TERM $pid
  status=0
  wait $pid || status=$?
  equal "$how: foreground ends cleanly on SIGTERM" 0 "$status"
  equal "$how: its exit code is the VM's" 3 "$(status_of "$demo" foreground -eval 'halt(3)')"
}

# Its own ERTS, and no process above it, as in a container.
in_a_container() {
  if ! unshare --pid --fork --kill-child --mount-proc true 2>/dev/null; then
    skip 'a VM that is process 1: that needs root and namespaces'
    return
  fi
  unshare --pid --fork --kill-child --mount-proc "$demo" foreground >"$RELMK_SCRATCH/container" 2>&1 &
  container=$!
  started $container
  check "$how: foreground as process 1 starts" eventually 20 has_booted
  equal "$how: and is process 1" 1 "$(output "$demo" pid)"
  kill -TERM "$(awk -v parent=$container '$4 == parent { print $1 }' /proc/[0-9]*/stat 2>/dev/null)"
  status=0
  wait $container || status=$?
  equal "$how: it ends cleanly on SIGTERM" 0 "$status"
}

# Types an expression into a console when it has booted, and prints what the console shows.
typed_into() {
  expression=$1
  shift
  {
    eventually 30 has_booted || :
    printf '%s\n' "$expression"
    sleep 1
    echo 'init:stop().'
    sleep 1
  } | timeout -k 5 60 "$demo" "$@" 2>&1 || :
}

console() {
  check "$how: console reads its stdin" says 441 typed_into '21 * 21.' console
  typed_into 'application:which_applications().' console_clean >"$RELMK_SCRATCH/console"
  refute "$how: console_clean starts no application" grep -q '{sasl' "$RELMK_SCRATCH/console"
  check "$how: console_boot boots that file" says start_clean \
    typed_into 'init:get_argument(boot).' console_boot "$release/demo/releases/1.0/start_clean"
  check "$how: or the one of bin, as the VM does" says bin/no_dot_erlang \
    typed_into 'init:get_argument(boot).' console_boot no_dot_erlang
  check "$how: or the version's" says releases/1.0/start_clean \
    typed_into 'init:get_argument(boot).' console_boot start_clean.boot
  for command in console_boot daemon_boot; do
    fails_with "$how: $command of a file that is not there" 1 "error: there is no boot file $release/demo/nope.boot" \
      "$demo" $command nope
  done
  mkdir -p "$RELMK_SCRATCH/elsewhere"
  cp "$release/demo/releases/1.0/start_clean.boot" "$RELMK_SCRATCH/elsewhere/mine.boot"
  equal "$how: daemon_boot takes the file from where the user stands" 0 \
    "$(cd "$RELMK_SCRATCH/elsewhere" && status_of "$demo" daemon_boot mine)"
  equal "$how: it is that one" true "$(output "$demo" eval "init:get_argument(boot) =:= {ok,[[\"$RELMK_SCRATCH/elsewhere/mine\"]]}.")"
  check "$how: it stops" "$demo" stop
}

release=$RELMK_SCRATCH/r
mkdir "$release"
# The quotes of a vm.args are erl's: this is one word, of pieces in quotes.
printf -- "-sname %s@localhost\n-setcookie 'it'\\\\''s #1 \"secret\"'\n" "$(unique demo)" >"$release/vm.args"
check 'the release is assembled' make_release "$release"
demo=$release/demo/bin/demo
how=nodetool
same 'bin/demo and bin/demo-1.0 are the same bytes' "$demo" "$demo-1.0"
if command -v shellcheck >/dev/null; then
  check 'the script is clean under shellcheck' shellcheck "$demo" "$release/demo/bin/without_nodetool"
else
  skip 'there is no shellcheck'
fi
if [ -x "$release/demo/bin/nodetool" ]; then
  commands
  foreground
  console
fi
release_without_erts=$demo
mkdir "$RELMK_SCRATCH/with_erts"
printf -- '-sname %s@localhost\n-setcookie demo\n' "$(unique demo_erts)" >"$RELMK_SCRATCH/with_erts/vm.args"
check 'a release with its own ERTS is assembled' make_release "$RELMK_SCRATCH/with_erts" \
  '{mode, prod}. {include_erts, true}.'
demo=$RELMK_SCRATCH/with_erts/demo/bin/demo
how='with ERTS'
in_a_container
demo=$release_without_erts

how=erl_call
without_nodetool "$release"
commands
foreground
console

# Heart.
cp "$RELMK_TOOLS/nodetool" "$release/demo/bin/nodetool"
echo -heart >>"$release/demo/releases/1.0/vm.args"
how=heart
equal "$how: start" 0 "$(status_of "$demo" start)"
pid=$(output "$demo" pid)
kill -KILL "$pid"
came_back() {
  new_pid=$(output "$demo" pid)
  [ -n "$new_pid" ] && [ "$new_pid" != "$pid" ] && has_booted
}
check "$how: a killed VM comes back" eventually 30 came_back
pid=$(output "$demo" pid)
equal "$how: reboot" 0 "$(status_of "$demo" reboot)"
check "$how: reboot makes a new process" eventually 30 came_back
pid=$(output "$demo" pid)
check "$how: stop" "$demo" stop
sleep 3
equal "$how: a stopped node stays down" 1 "$(status_of "$demo" ping)"
