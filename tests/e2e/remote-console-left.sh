#!/bin/sh
# How nodetool's remote console, and a password that it reads, are left: with a node that hangs, and by signals.
set -eu
# shellcheck source=tests/lib.sh
. tests/lib.sh

nodetool=$RELMK_TOOLS/nodetool
driver=$RELMK_TOOLS/../tests/e2e/pty-driver
node=$(unique left)
RELX_COOKIE=left_$$
TERM=xterm
export RELX_COOKIE TERM

erl -noshell -noinput -sname "$node" -setcookie "$RELX_COOKIE" >"$RELMK_SCRATCH/node" 2>&1 &
node_pid=$!
started $node_pid
check 'the node starts' "$nodetool" -n "$node" ping --wait 20

# Of a node that hangs, a console can be left: by ^C, and by ^D typed ahead.
for key in 03 04; do
  rm -f "$RELMK_SCRATCH/hangs"
  {
    echo 'expect 1> '
    printf 'send file:write_file("%s/busy", ""), timer:sleep(1000000).\\n\n' "$RELMK_SCRATCH"
    echo "await $RELMK_SCRATCH/hangs"
    echo "send \\x$key"
    echo 'expect no answer from'
    echo 'end 1'
  } >"$RELMK_SCRATCH/script"
  (
    eventually 20 test -e "$RELMK_SCRATCH/busy"
    kill -STOP "$node_pid"
    touch "$RELMK_SCRATCH/hangs"
  ) &
  check "a console of a node that hangs is left by \\x$key" \
    "$driver" "$nodetool" -n "$node" remote_console <"$RELMK_SCRATCH/script"
  kill -CONT "$node_pid"
  rm -f "$RELMK_SCRATCH/busy"
done

# Echo is on again when a signal ends what has switched it off.
cat >"$RELMK_SCRATCH/ask_password" <<END
#!/bin/sh
trap : INT
"$nodetool" -n "$node" eval 'io:format("asked~n"), io:get_password()'
stty -a | grep -q -e ' echo ' && echo it echoes
END
chmod +x "$RELMK_SCRATCH/ask_password"
printf 'expect asked\nsend \\x03\nexpect it echoes\nend 0\n' >"$RELMK_SCRATCH/script"
check '^C at a password leaves the echo on' "$driver" "$RELMK_SCRATCH/ask_password" <"$RELMK_SCRATCH/script"

# The same of signals that come from elsewhere: when the echo is off, the one that is $1.
cat >"$RELMK_SCRATCH/ask_password" <<END
#!/bin/sh
exec 3<&0
(until stty -a <&3 | grep -qw -e -echo; do sleep 0.1; done; kill -"\$1" "\$(cat "$RELMK_SCRATCH/asking")") &
sh -c 'echo \$\$ >"$RELMK_SCRATCH/asking"; exec "$nodetool" -n "$node" eval "io:get_password()"'
stty -a | grep -q -e ' echo ' && echo it echoes
END
for signal in TERM HUP QUIT; do
  printf 'expect it echoes\nend 0\n' >"$RELMK_SCRATCH/script"
  check "$signal at a password leaves the echo on" \
    "$driver" "$RELMK_SCRATCH/ask_password" "$signal" <"$RELMK_SCRATCH/script"
done

# A node that dies, or is told to stop, leaves a terminal as it was before.
cat >"$RELMK_SCRATCH/ask" <<END
#!/bin/sh
"$nodetool" -n "$node" "\$@"
[ "\$(stty -a | grep -wo -e echo -e icanon -e isig -e opost | xargs)" = 'opost isig icanon echo' ] && echo it is as before
END
chmod +x "$RELMK_SCRATCH/ask"
start_again() {
  wait "$node_pid" 2>/dev/null || :
  erl -noshell -noinput -sname "$node" -setcookie "$RELX_COOKIE" >"$RELMK_SCRATCH/node" 2>&1 &
  node_pid=$!
  started $node_pid
  check 'the node starts again' eventually 30 "$nodetool" -n "$node" ping
}
# The node dies when the file is there.
dies_when_busy() {
  rm -f "$RELMK_SCRATCH/busy"
  (eventually 20 test -e "$RELMK_SCRATCH/busy" && kill -KILL "$node_pid") &
}
busy="file:write_file(\"$RELMK_SCRATCH/busy\", \"\")"
printf 'expect closed the connection\nexpect it is as before\nend 0\n' >"$RELMK_SCRATCH/script"
dies_when_busy
check 'a node that dies while a password is asked for' \
  "$driver" "$RELMK_SCRATCH/ask" eval "$busy, io:get_password()" <"$RELMK_SCRATCH/script"
start_again
printf 'expect 1> \nsend %s.\\n\nsend typed(\nexpect it is as before\nend 0\n' "$busy" >"$RELMK_SCRATCH/script"
dies_when_busy
check 'one that dies while a line is typed' "$driver" "$RELMK_SCRATCH/ask" remote_console <"$RELMK_SCRATCH/script"
start_again
printf 'expect 1> \nsend init:stop().\\n\nexpect it is as before\nend 0\n' >"$RELMK_SCRATCH/script"
check 'one that is stopped from its console' "$driver" "$RELMK_SCRATCH/ask" remote_console <"$RELMK_SCRATCH/script"
