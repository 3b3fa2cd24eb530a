#!/bin/sh
# nodetool's remote console, in a pseudo-terminal, on a real node.
set -eu
# shellcheck source=tests/lib.sh
. tests/lib.sh

nodetool=$RELMK_TOOLS/nodetool
driver=$RELMK_TOOLS/../tests/e2e/pty-driver
node=$(unique console)
RELX_COOKIE=console_$$
TERM=xterm
LC_ALL=C.UTF-8
export RELX_COOKIE TERM LC_ALL

erl -noshell -noinput -sname "$node" -setcookie "$RELX_COOKIE" +pc unicode >"$RELMK_SCRATCH/node" 2>&1 &
node_pid=$!
started $node_pid
check 'the node starts' "$nodetool" -n "$node" ping --wait 20

mkdir "$RELMK_SCRATCH/prompts"
cat >"$RELMK_SCRATCH/prompts/console_prompt.erl" <<'END'
-module(console_prompt).
-export([prompt/1]).
prompt(Options) ->
    {history, N} = lists:keyfind(history, 1, Options),
    ["above\n\e[1;32m", integer_to_list(N), "> \e[0m"].
END
(cd "$RELMK_SCRATCH/prompts" && erlc console_prompt.erl)

# session WHAT: does what the script on stdin says.
session() {
  sed "s|PROMPTS|$RELMK_SCRATCH/prompts|g" >"$RELMK_SCRATCH/script"
  if "$driver" "$nodetool" -n "$node" remote_console <"$RELMK_SCRATCH/script" >"$RELMK_SCRATCH/session" 2>&1; then
    ok "$1"
  else
    not_ok "$1" "$(cat "$RELMK_SCRATCH/session")"
  fi
}

session "it is the node's own shell" <<'END'
expect 1> 
send X = 20 + 1.\n
expect \n21\n
expect 2> 
send v(1) + X.\n
expect \n42\n
send {node(), node(self()), node(group_leader())}.\n
expect {console_
send rd(point, {x, y}).\n
expect \npoint\n
send #point{x = 1}.\n
expect #point{x = 1,y = undefined}
send h().\n
expect 1: X = 20 + 1
expect -> 21
expect ok\n
send \x04
end 0
END
check 'Ctrl-D leaves the node alone' "$nodetool" -n "$node" ping

session 'an error is told, and the shell goes on' <<'END'
expect 1> 
send 1 / 0.\n
expect ** exception error
expect 2> 
send foo(.\n
expect syntax error before: '.'
send catch throw(ball).\n
expect \nball\n
send \x04
end 0
END

session 'expressions of several lines, several on a line' <<'END'
expect 1> 
send lists:sum([1,\n
expect .. 
send 2,\n
expect .. 
send 3]).\n
expect \n6\n
send 7. 8.\n
expect \n7\n8\n
send \x04
end 0
END

session 'Unicode' <<'END'
expect 1> 
send "\xc3\xa9\xe2\x82\xac\xe6\x97\xa5".\n
expect \n"é€日"\n
send io:format("~ts~n", [[8364]]).\n
expect \n€\n
send \x04
end 0
END

session 'io:get_line, io:get_chars and io:read' <<'END'
expect 1> 
send io:get_line("name> ").\n
expect name> 
send joe\n
expect \n"joe\\n"\n
send io:get_chars("", 2).\n
send ab\n
expect \n"ab"\n
send \n
send io:read("term> ").\n
expect term> 
send {a, b}.\n
expect {ok,{a,b}}
send \x04
end 0
END

session 'prompts that end in a control character, or in half of an escape sequence' <<'END'
expect 1> 
send io:get_line("a\\1").\n
expect a^A
send one\n
expect \n"one\\n"\n
send io:get_line("b\\e[").\n
expect b^[
send three\n
expect \n"three\\n"\n
send io:get_line("c\\e[31m").\n
send four\n
expect \n"four\\n"\n
send io:get_line([8205]).\n
send six\n
expect \n"six\\n"\n
send 1 + 1.\n
expect \n2\n
send \x04
end 0
END

session 'io:get_password shows nothing' <<'END'
expect 1> 
send io:get_password().\n
expect get_password().
send s3cret\x7ft\n
expect \n
absent s3cre
expect "s3cret"
send \x04
end 0
END

session 'Tab completes modules, functions, variables and keys' <<'END'
expect 1> 
send lists:rever\t
expect lists:reverse(
send [1,2]).\n
expect \n[2,1]\n
send application_c\t
expect application_controller:
send \x03
expect 2> 
send lists:key\t
expect keydelete
expect keytake
send \x03
send Vegetable = #{potato => 1, pumpkin => 2}.\n
expect pumpkin => 2}\n
send Veg\t#{pot\t := 3}.\n
expect #{potato => 3,pumpkin => 2}
send Vegetable#{p\t
expect potato
expect pumpkin
send \x03
send Named = #{"a name" => 1}.\n
expect => 1}\n
send Named#{\t := 2}.\n
expect #{"a name" => 2}
send \x04
end 0
END

session 'the keys of emacs' <<'END'
expect 1> 
send {abc, def}.\x01\x06\x1bd\x05\x02\x02\x19\x01\x1b[Cx\n
expect \n{x,defabc}\n
send ab\x14.\n
expect \nba\n
send junk\x15ok.\n
expect \nok\n
send {foo, bar\x17baz}.\n
expect \n{foo,baz}\n
send \x12defa\n
expect \n{x,defabc}\n
send lost\x12defa\x07_not.\n
expect \nlost_not\n
send a\x1b[D\x1bOD{\x1b[4~}.\x0b\n
expect \n{a}\n
send {a\x0bb}\x1b[H\x0b\x19.\n
expect \n{ab}\n
send "\xff".\n
expect \n"ÿ"\n
send \x04
end 0
END

session 'Ctrl-C interrupts the evaluation, and not the node' <<'END'
expect 1> 
send io:put_chars("beg" "un\\n"), timer:sleep(infinity).\n
expect begun
send \x03
expect exception exit: killed
expect 2> 
send self() ! still_here, flush().\n
expect still_here
send half a line\x03
expect 3> 
send ok.\n
expect \nok\n
send \x04
end 0
END

session 'what another process prints does not garble the line' <<'END'
expect 1> 
send spawn(fun() -> timer:sleep(700), io:format("from another~n") end), ok.\n
expect ok\n
expect 2> 
send 1 +
expect from another
expect 2> 1 +
send  1.\n
expect \n2\n
send \x04
end 0
END

session "the window's size is the node's to know" <<'END'
expect 1> 
send {io:columns(), io:rows()}.\n
expect {{ok,80},{ok,24}}
resize 40 132
send {io:columns(), io:rows()}.\n
expect {{ok,132},{ok,40}}
send \x04
end 0
END

i=1
while [ $i -le 1000 ]; do
  echo "L$i = $i."
  i=$((i + 1))
done >"$RELMK_SCRATCH/thousand"
printf 'F = fun(A) ->\n\tA * 2\n    end.\n' >"$RELMK_SCRATCH/tabs"
session 'a paste of a thousand lines' <<END
expect 1> 
paste $RELMK_SCRATCH/thousand
expect L1000 = 1000.
expect 1001> 
send L1 + L500 + L1000.\n
expect \n1501\n
paste $RELMK_SCRATCH/tabs
send F(21).\n
expect \n42\n
send \x04
end 0
END

session 'history of earlier sessions' <<'END'
expect 1> 
send \e[A\n
expect F(21).
expect variable 'F' is unbound
send {one,\n
expect .. 
send two}.\n
expect {one,two}\n
send \x04
end 0
END
session 'an expression of several lines is one entry of it' <<'END'
expect 1> 
send \e[A\n
expect {one,\ntwo}.
expect {one,two}\n
expect 2> 
send \x04
end 0
END
history=$(find "$HOME" -name console_history)
equal "the history is its owner's alone" 600 "$(stat -c %a "$history")"
refute 'and holds no cookie' grep -q "$RELX_COOKIE" "$history"

session 'an empty line, and blanks after an expression, are none of its' <<'END'
expect 1> 
send \n
expect 1> 
send 1 + 1.  \n
expect \n2\n
expect 2> 
send \x04
end 0
END

session 'a prompt of several lines, with colours' <<'END'
expect 1> 
send {module, console_prompt} = code:load_abs("PROMPTS/console_prompt").\n
expect 2> 
send shell:prompt_func({console_prompt, prompt}).\n
expect \nabove\n3> 
send {a,\n
expect \n.. 
send b}.\n
expect {a,b}\nabove\n4> 
send shell:prompt_func(default).\n
expect 5> 
send \x04
end 0
END

session 'Ctrl-\ leaves the console' <<'END'
expect 1> 
send half\x1c
end 0
END

session 'SIGTERM ends it' <<'END'
expect 1> 
signal 15
end 143
END

session 'and while the node is asked that hangs' <<'END'
expect 1> 
send os:cmd("{ sleep 1; kill -STOP " ++ os:getpid() ++ "; touch PROMPTS/stopped; } >/dev/null 2>&1 &").\n
expect \n[]\n
expect 2> 
await PROMPTS/stopped
send lists:rev\t
signal 15
end 143
END
eventually 30 test -e "$RELMK_SCRATCH/prompts/stopped"
kill -CONT "$node_pid"

session 'a shell that ends itself ends the console' <<'END'
expect 1> 
send exit(normal).\n
expect exception exit: normal
expect 2> 
send exit().\n
end 0
END

printf '1 + 1.\nio:format("hello~~n").\n{last,\n\nline}.' |
  "$nodetool" -n "$node" remote_console >"$RELMK_SCRATCH/unattended" 2>&1 || :
check 'expressions from a pipe' grep -q '^hello' "$RELMK_SCRATCH/unattended"
check 'the last one without a newline' grep -q '^{last,line}' "$RELMK_SCRATCH/unattended"
printf '{half' | "$nodetool" -n "$node" remote_console >"$RELMK_SCRATCH/unattended" 2>&1 || :
check 'one that does not end is an error' grep -q 'syntax error before' "$RELMK_SCRATCH/unattended"
check 'whose end leaves the node alone' "$nodetool" -n "$node" ping

equal 'the node ticks in its own way' change_initiated \
  "$("$nodetool" -n "$node" eval 'net_kernel:set_net_ticktime(17, 0).')"
cat >"$RELMK_SCRATCH/script" <<'END'
expect 1> 
send {node(), string:find(os:cmd("cat /proc/[0-9]*/cmdline | tr '\\\\0' ' '"), "-kernel net_ticktime" ++ " 17") =/= nomatch}.\n
expect console_
expect ,true}
send \x07
expect -->
send q\n
end 0
END
check '--vm: a VM on this side' "$driver" "$nodetool" -n "$node" remote_console --vm <"$RELMK_SCRATCH/script"
mkdir "$RELMK_SCRATCH/homes"
printf 'expect 1> \nsignal 15\nend 0\n' >"$RELMK_SCRATCH/script"
check '--vm: SIGTERM ends that VM' env TMPDIR="$RELMK_SCRATCH/homes" \
  "$driver" "$nodetool" -n "$node" remote_console --vm <"$RELMK_SCRATCH/script"
equal 'and nothing is left of its cookie' '' "$(ls -A "$RELMK_SCRATCH/homes")"

session 'log events come to the console' <<'END'
expect 1> 
send logger:error("told_in_console").\n
expect =ERROR REPORT
expect told_in_console
send spawn(fun() -> timer:sleep(200), error(list_to_atom("crashed_in" "_console")) end).\n
expect crashed_in_console
send \x04
end 0
END
check "and stay in the node's log" grep -q '^told_in_console' "$RELMK_SCRATCH/node"
check 'of processes that were spawned, too' eventually 10 grep -q crashed_in_console "$RELMK_SCRATCH/node"

session 'a node that goes away ends the console, with 1' <<'END'
expect 1> 
send erlang:halt().\n
expect closed the connection
end 1
END
