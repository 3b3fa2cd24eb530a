#!/bin/sh
# What the start script makes of hooks and extensions.
set -eu
. tests/lib.sh
. tests/start-script.sh

name=$(unique demo)

hooks() {
  new_release
  demo=$RELMK_SCRATCH/r/demo/bin/demo
  mkdir -p "$RELMK_SCRATCH/r/demo/bin/hooks" "$RELMK_SCRATCH/r/demo/bin/extensions"
  for phase in pre_start post_start pre_stop post_stop status 'after start'; do
    # shellcheck disable=SC2016
    echo 'echo "'"$phase"' $REL_NAME $NAME $COOKIE $UNSET" | tee -a hooks_ran' \
      >"$RELMK_SCRATCH/r/demo/bin/hooks/$phase"
  done
  : >"$RELMK_SCRATCH/r/demo/bin/hooks/one"
  echo 'echo two >words' >"$RELMK_SCRATCH/r/demo/bin/hooks/two"
  # shellcheck disable=SC2016
  echo 'echo "$REL_NAME $NAME $1 $(relx_nodetool eval "1 + 1.") $(erl_rpc erlang node)"; exit 42' \
    >"$RELMK_SCRATCH/r/demo/bin/extensions/foo"
  echo 'echo baz' >"$RELMK_SCRATCH/r/demo/bin/extensions/baz"
  equal "$how: daemon with hooks" 0 "$(status_of "$demo" daemon)"
  equal "$how: the pid hook" "$(output "$demo" pid)" "$(cat "$RELMK_SCRATCH/r/demo/foo.pid")"
  equal "$how: the status hook" "status demo $name@localhost demo" "$(output "$demo" status | sed 's/ $//')"
  mv "$RELMK_SCRATCH/r/demo/bin/hooks/status" "$RELMK_SCRATCH/status"
  fails_with "$how: a status hook that is not there is no good status" 1 'the status hook' "$demo" status
  mv "$RELMK_SCRATCH/status" "$RELMK_SCRATCH/r/demo/bin/hooks/status"
  # shellcheck disable=SC2016
  echo 'echo "$# $1 $2 $3"; [ "${2-}" != --quick ]' >"$RELMK_SCRATCH/r/demo/bin/hooks/status"
  equal "$how: the status hook is given the command and its arguments" '3 status --long a b' \
    "$(output "$demo" status --long 'a b')"
  equal "$how: it decides what status ends with" 1 "$(status_of "$demo" status --quick)"
  equal "$how: hooks and their arguments may have spaces" "$(output "$demo" pid)" "$(cat "$RELMK_SCRATCH/r/demo/a foo.pid")"
  equal "$how: two words that are no file are two hooks" two "$(cat "$RELMK_SCRATCH/r/demo/words")"
  equal "$how: an extension" "demo $name@localhost arg 2 $name@localhost" "$(output "$demo" foo arg | tr -d "'")"
  equal "$how: its exit code" 42 "$(status_of "$demo" foo)"
  equal "$how: one that does not exit is 1" 1 "$(status_of "$demo" baz)"
  "$demo" stop >/dev/null 2>&1
  equal "$how: the hooks ran in their order, each once" 'pre_start post_start after status pre_stop post_stop' \
    "$(sed 's/ .*//' "$RELMK_SCRATCH/r/demo/hooks_ran" | xargs)"
}

# A hook may make what the node starts with, or choose it.
hooks_that_prepare() {
  new_release
  # shellcheck disable=SC2016
  printf -- '-sname %s@localhost\n-setcookie ${A_COOKIE}\n-args_file made.args\n' "$name" >"$version/vm.args.src"
  mkdir -p "$RELMK_SCRATCH/r/demo/bin/hooks" "$RELMK_SCRATCH/r/demo/bin/extensions"
  # shellcheck disable=SC2016
  echo '[{sasl, [{v1, "${V1}"}]}].' >"$version/sys.config.src"
  rm "$version/vm.args" "$version/sys.config"
  cat >"$RELMK_SCRATCH/r/demo/bin/hooks/pre_start" <<'END'
echo '-env MADE yes' >made.args
grep -q a_cookie "$VMARGS_PATH" || exit 7
sed s/substituted/changed/ "$RELX_CONFIG_PATH" >chosen.config
RELX_CONFIG_PATH=$PWD/chosen.config
END
  echo "[ -x \"\$BINDIR/escript\" ] && echo \"\$ERTS_DIR\" >stop_hook" >"$RELMK_SCRATCH/r/demo/bin/hooks/pre_stop"
  for hook in post_start post_stop status; do : >"$RELMK_SCRATCH/r/demo/bin/hooks/$hook"; done
  A_COOKIE=a_cookie V1=substituted ENVIRONMENT=production FLAGS=mine
  export A_COOKIE V1 ENVIRONMENT FLAGS
  equal "$how: a pre_start hook makes what vm.args includes" 0 "$(status_of "$demo" daemon)"
  equal "$how: the VM reads it" '"yes"' "$(output "$demo" eval 'os:getenv("MADE").')"
  equal "$how: the hook chooses another sys.config" '"changed"' "$(value v1)"
  equal "$how: the cookie is that of vm.args" a_cookie "$(output "$demo" eval 'erlang:get_cookie().')"
  check "$how: no process shows it" in_no_arguments a_cookie
  equal "$how: the user's variables are left alone" '{"production","mine"}' \
    "$(output "$demo" eval '{os:getenv("ENVIRONMENT"), os:getenv("FLAGS")}.' | tr -d ' ')"
  equal "$how: the command is the first plain argument, as with relx" '["console"]' \
    "$(output "$demo" rpc init get_plain_arguments)"
  rm -f "$RELMK_SCRATCH/r/demo/made.args"
  equal "$how: a running node is asked without what hooks make" pong "$(output "$demo" ping)"
  # shellcheck disable=SC2016
  echo 'cat "$VMARGS_PATH" | grep setcookie; [ -x "$BINDIR/erlexec" ] && exit 5' \
    >"$RELMK_SCRATCH/r/demo/bin/extensions/foo"
  rm -f "$version/vm.args"
  equal "$how: an extension finds vm.args substituted" '-setcookie a_cookie' "$(output "$demo" foo)"
  equal "$how: and where ERTS is" 5 "$(status_of "$demo" foo)"
  "$demo" stop >/dev/null 2>&1
  check "$how: a stop hook knows where ERTS is" test -s "$RELMK_SCRATCH/r/demo/stop_hook"
  echo 'exit 7' >"$RELMK_SCRATCH/r/demo/bin/hooks/pre_start"
  equal "$how: a pre_start hook that fails is the exit code" 7 "$(status_of "$demo" foreground)"
  echo : >"$RELMK_SCRATCH/r/demo/bin/hooks/pre_start"
  equal "$how: what no hook has made is 3" 3 "$(status_of "$demo" daemon)"
  equal "$how: of foreground, too" 3 "$(status_of "$demo" foreground)"
  unset A_COOKIE V1 ENVIRONMENT FLAGS
}

# A hook decides who the node is; who asks it need not know how.
hooks_that_name() {
  new_release
  mkdir -p "$RELMK_SCRATCH/r/demo/bin/hooks"
  for hook in post_start pre_stop post_stop status; do : >"$RELMK_SCRATCH/r/demo/bin/hooks/$hook"; done
  printf -- '-sname %s@localhost\n-setcookie chosen\n' "$(unique chosen)" >"$RELMK_SCRATCH/chosen.args"
  echo "VMARGS_PATH=$RELMK_SCRATCH/chosen.args" >"$RELMK_SCRATCH/r/demo/bin/hooks/pre_start"
  equal "$how: a node whose vm.args a hook chooses starts" 0 "$(status_of "$demo" daemon)"
  equal "$how: ping finds it" pong "$(output "$demo" ping)"
  equal "$how: by its name" "'$(unique chosen)@localhost'" "'$(output "$demo" eval 'node().' | tr -d "'")'"
  equal "$how: stop, too" 0 "$(status_of "$demo" stop)"
  equal "$how: then nothing runs" 1 "$(status_of "$demo" ping)"
  printf -- '-args_file written.args\n' >"$version/vm.args"
  printf '%s\n' "echo '-sname $(unique written)@localhost -setcookie w' >written.args" \
    >"$RELMK_SCRATCH/r/demo/bin/hooks/pre_start"
  equal "$how: a node whose name a hook writes starts" 0 "$(status_of "$demo" daemon)"
  rm "$RELMK_SCRATCH/r/demo/written.args"
  equal "$how: ping finds that, too" pong "$(output "$demo" ping)"
  equal "$how: and stop" 0 "$(status_of "$demo" stop)"
  # The command's arguments name the node, in a file that is there, or that the hook makes.
  echo '+P 100000' >"$version/vm.args"
  equal "$how: a node whose name a hook writes for the command's -args_file" 0 "$(status_of "$demo" daemon -args_file written.args)"
  equal "$how: it is found" "'$(unique written)@localhost'" "'$(output "$demo" eval 'node().' | tr -d "'")'"
  equal "$how: and stopped" 0 "$(status_of "$demo" stop)"
  echo : >"$RELMK_SCRATCH/r/demo/bin/hooks/pre_start"
  "$demo" foreground -args_file written.args >"$RELMK_SCRATCH/foreground" 2>&1 &
  started $!
  check "$how: foreground, where it is there already" eventually 20 has_booted
  equal "$how: stop finds that" 0 "$(status_of "$demo" stop)"
}

mkdir "$RELMK_SCRATCH/first"
printf -- '-sname %s@localhost\n-setcookie demo\n' "$name" >"$RELMK_SCRATCH/first/vm.args"
# shellcheck disable=SC2016 # the variable is the start script's
check 'a release with hooks is assembled' make_release "$RELMK_SCRATCH/first" \
  '{extended_start_script_hooks,
      [{pre_start, [{custom, "hooks/pre_start"}]},
       {post_start, [wait_for_vm_start, {pid, "foo.pid"}, {pid, "$RELEASE_ROOT_DIR/a foo.pid"}, {wait_for_process, init},
                     {custom, "hooks/post_start"}, {custom, "hooks/after start"}, {custom, "hooks/one hooks/two"}]},
       {pre_stop, [{custom, "hooks/pre_stop"}]},
       {post_stop, [{custom, "hooks/post_stop"}]},
       {status, [{custom, "hooks/status"}]}]}.
     {extended_start_script_extensions, [{foo, "extensions/foo"}, {baz, "extensions/baz"}]}.'
check 'its script is clean under shellcheck' shellcheck "$RELMK_SCRATCH/first/demo/bin/demo"
for how in erl_call nodetool; do
  hooks
done
hooks_that_prepare
hooks_that_name

# A hook waits no longer than a start may take.
mkdir "$RELMK_SCRATCH/waits"
printf -- '-sname %s@localhost\n-setcookie demo\n' "$(unique waits)" >"$RELMK_SCRATCH/waits/vm.args"
check 'a release whose hook waits for what never comes' make_release "$RELMK_SCRATCH/waits" \
  '{extended_start_script_hooks, [{post_start, [{wait_for_process, nosuch}]}]}.'
demo=$RELMK_SCRATCH/waits/demo/bin/demo
fails_with 'its start fails' 1 'there is no process nosuch after 8 seconds (RELX_START_TIMEOUT)' \
  env RELX_START_TIMEOUT=8 "$demo" daemon
equal 'the node is left to itself' pong "$(output "$demo" ping)"
equal 'and stops' 0 "$(status_of "$demo" stop)"

# What it waited with says why: here that the node has ended.
mkdir "$RELMK_SCRATCH/ends"
printf -- '-sname %s@localhost\n-setcookie demo\n' "$(unique ends)" >"$RELMK_SCRATCH/ends/vm.args"
check 'a release whose hook waits for a node that has ended' make_release "$RELMK_SCRATCH/ends" \
  '{extended_start_script_hooks, [{post_start, [{custom, "hooks/end"}, wait_for_vm_start]}]}.'
demo=$RELMK_SCRATCH/ends/demo/bin/demo
# shellcheck disable=SC2016 # the variables are the hook's
echo 'kill -KILL "$(relx_get_pid)"' >"$RELMK_SCRATCH/ends/demo/bin/hooks/end"
fails_with 'its start fails, too' 1 'Node is not running!' env RELX_START_TIMEOUT=6 "$demo" daemon
check 'and says for what it waited' grep -q 'there is no node that answers after 6 seconds' "$RELMK_SCRATCH/.err"
