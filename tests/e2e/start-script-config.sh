#!/bin/sh
# What the start script makes of vm.args, sys.config, node types and places.
set -eu
. tests/lib.sh
. tests/start-script.sh

name=$(unique demo)

checks_of_vm_args() {
  new_release
  echo '-setcookie x' >"$version/vm.args"
  equal "$how: no name is 1" 1 "$(status_of "$demo" foreground)"
  check "$how: no name says so, as relx" says 'need to have exactly one of either -name or -sname' \
    "$demo" foreground
  printf -- '-sname a\n-name b@c.d\n' >"$version/vm.args"
  equal "$how: two names are 2" 2 "$(status_of "$demo" daemon)"
  check "$how: two names are named" says 'but already specified as' "$demo" daemon
  printf -- '-args_file %s/no.args\n' "$RELMK_SCRATCH" >"$version/vm.args"
  equal "$how: a missing -args_file is 3" 3 "$(status_of "$demo" daemon)"
  printf -- '-args_file %s/b.args\n' "$RELMK_SCRATCH" >"$RELMK_SCRATCH/a.args"
  printf -- '-args_file %s/a.args\n' "$RELMK_SCRATCH" >"$RELMK_SCRATCH/b.args"
  printf -- '-args_file %s/a.args\n' "$RELMK_SCRATCH" >"$version/vm.args"
  equal "$how: a circle is 5" 5 "$(status_of "$demo" daemon)"
  check "$how: a circle is named" says "circular reference to $RELMK_SCRATCH/a.args encountered in $RELMK_SCRATCH/b.args" \
    "$demo" daemon
  printf -- '-sname %s@localhost\n-setcookie inner\n-env INNER yes\n' "$name" >"$RELMK_SCRATCH/a.args"
  equal "$how: a chain of files starts" 0 "$(status_of "$demo" daemon)"
  equal "$how: the inner file's cookie holds" inner "$(output "$demo" eval 'erlang:get_cookie().')"
  equal "$how: the inner file's flags hold" '"yes"' "$(output "$demo" eval 'os:getenv("INNER").')"
  "$demo" stop >/dev/null 2>&1
}

# The file is erl's: a second -setcookie names the node that the cookie is for.
cookies_of_other_nodes() {
  new_release
  echo "-setcookie other@localhost 'not shown'" >>"$version/vm.args"
  equal "$how: a node with cookies of others starts" 0 "$(status_of "$demo" daemon)"
  equal "$how: it knows its own" demo "$(output "$demo" eval 'erlang:get_cookie().')"
  check "$how: it knows the other's" eventually 10 says "'not shown'" \
    "$demo" eval 'erlang:get_cookie(other@localhost).'
  check "$how: no process shows it" in_no_arguments 'not shown'
  "$demo" stop >/dev/null 2>&1
}

# What erlexec takes from the environment is seen by everybody, as the VM's arguments.
cookies_in_flags() {
  new_release
  printf -- '-sname %s@localhost\n' "$name" >"$version/vm.args"
  # shellcheck disable=SC2089 # the quotes are for erlexec
  ERL_FLAGS="-setcookie 'in #flags' -env AFTER yes" ERL_ZFLAGS='-env "LAST" "a b"'
  # shellcheck disable=SC2090
  export ERL_FLAGS ERL_ZFLAGS
  equal "$how: a node whose cookie is in ERL_FLAGS starts" 0 "$(HEART_BEAT_TIMEOUT=11 status_of "$demo" daemon -heart)"
  check "$how: no process shows it" in_no_arguments 'in #flags'
  equal "$how: it arrives whole" "'in #flags'" "$(output "$demo" eval 'erlang:get_cookie().')"
  equal "$how: the other flags hold" '"yes" "a b"' \
    "$(output "$demo" eval 'os:getenv("AFTER").') $(output "$demo" eval 'os:getenv("LAST").')"
  first_pid=$(output "$demo" pid)
  kill -KILL "$first_pid"
  check "$how: heart starts the node again" eventually 30 is_another_process
  equal "$how: with the same cookie" "'in #flags'" "$(output "$demo" eval 'erlang:get_cookie().')"
  check "$how: which still no process shows" in_no_arguments 'in #flags'
  "$demo" stop >/dev/null 2>&1
  echo '-setcookie second' >>"$version/vm.args"
  printf home >"$HOME/.erlang.cookie"
  chmod 400 "$HOME/.erlang.cookie"
  value_when_started v1 >"$RELMK_SCRATCH/value"
  equal "$how: of two cookies the VM heeds neither, nor do we" home "$(cat "$RELMK_SCRATCH/cookie")"
  rm -f "$HOME/.erlang.cookie"
  printf '%s\n' '#!/usr/bin/env escript' \
    'main(_) -> io:put_chars(os:cmd("cat /proc/" ++ os:getpid() ++ "/cmdline")).' \
    >"$RELMK_SCRATCH/r/demo/arguments.escript"
  check "$how: an escript's VM shows its arguments" says arguments.escript "$demo" escript arguments.escript
  refute "$how: but no cookie" says flags "$demo" escript arguments.escript
  unset ERL_FLAGS ERL_ZFLAGS
}

is_another_process() {
  second_pid=$(output "$demo" pid)
  [ -n "$second_pid" ] && [ "$second_pid" != "$first_pid" ] && has_booted
}

variables() {
  new_release
  rm "$version/vm.args" "$version/sys.config"
  # shellcheck disable=SC2016
  printf -- '-sname ${NODE}@localhost\n-setcookie ${A_COOKIE}\n' >"$version/vm.args.src"
  # shellcheck disable=SC2016
  printf '[{sasl, [{v1, ${V1}}, {v2, "${V2}"}, {v3, "${V3:-a:-b}"}]}, "included.config"].\n' \
    >"$version/sys.config.src"
  # shellcheck disable=SC2016
  echo '[{sasl, [{v4, "${V1}"}]}].' >"$version/included.config"
  NODE=$name A_COOKIE=c00kie V1=101 V2='a&b'
  export NODE A_COOKIE V1 V2
  equal "$how: .src files start without RELX_REPLACE_OS_VARS" 0 "$(status_of "$demo" daemon)"
  V1=changed
  equal "$how: a variable" 101 "$(value v1)"
  equal "$how: a value with &" '"a&b"' "$(value v2)"
  equal "$how: a default with :-" '"a:-b"' "$(value v3)"
  # shellcheck disable=SC2016
  equal "$how: an included config is found, and not substituted" '"${V1}"' "$(value v4)"
  equal "$how: the cookie" c00kie "$(output "$demo" eval 'erlang:get_cookie().')"
  check "$how: no process shows it" in_no_arguments c00kie
  "$demo" stop >/dev/null 2>&1

  V1=102 RELX_OUT_FILE_PATH=$RELMK_SCRATCH/out
  export RELX_OUT_FILE_PATH
  mkdir -p "$RELX_OUT_FILE_PATH"
  rm -rf "$version/sys.config" "$version/.$name@localhost"
  sed -i 's/, "included.config"//' "$version/sys.config.src"
  equal "$how: RELX_OUT_FILE_PATH" 0 "$(status_of "$demo" daemon)"
  equal "$how: its sys.config is read" 102 "$(value v1)"
  check "$how: it is there" test -f "$RELX_OUT_FILE_PATH/sys.config"
  refute "$how: nothing is written into the release" find "$version/sys.config" "$version/.$name@localhost"
  "$demo" stop >/dev/null 2>&1
  unset RELX_OUT_FILE_PATH

  RELX_MULTI_NODE=1
  export RELX_MULTI_NODE
  equal "$how: RELX_MULTI_NODE" 0 "$(status_of "$demo" daemon)"
  check "$how: the node's name is in the file's" test -f "$version/sys.$name@localhost.config"
  "$demo" stop >/dev/null 2>&1
  unset RELX_MULTI_NODE
}

replace_os_vars() {
  new_release
  # shellcheck disable=SC2016
  echo '[{sasl, [{v1, "${V1}"}]}].' >"$version/sys.config"
  V1=201
  export V1
  # shellcheck disable=SC2016
  equal "$how: plain files are left alone" '"${V1}"' "$(value_when_started v1)"
  RELX_REPLACE_OS_VARS=1
  export RELX_REPLACE_OS_VARS
  equal "$how: with RELX_REPLACE_OS_VARS they are not" '"201"' "$(value_when_started v1)"
  unset RELX_REPLACE_OS_VARS
  # shellcheck disable=SC2016
  equal "$how: the source stays, and is taken the next time" '"${V1}"' "$(value_when_started v1)"
  equal "$how: the cookie survives" demo "$(cat "$RELMK_SCRATCH/cookie")"
  echo '[{sasl, [{v1, "new"}]}].' >"$version/sys.config"
  equal "$how: what was derived does not win over what is built next" '"new"' \
    "$(RELX_REPLACE_OS_VARS=1 value_when_started v1)"

  # shellcheck disable=SC2016
  printf -- '-sname ${NODE}@localhost\n-setcookie ${CK}\n' >"$version/vm.args"
  equal "$how: a node named by a variable starts" 0 \
    "$(RELX_REPLACE_OS_VARS=1 NODE=$name CK=crumb status_of "$demo" daemon)"
  equal "$how: and is found without the variables" crumb "$(output "$demo" eval 'erlang:get_cookie().')"
  equal "$how: and stops" 0 "$(status_of "$demo" stop)"
  # shellcheck disable=SC2016
  printf -- '+P ${MANY}\n' >>"$version/vm.args"
  fails_with "$how: a variable that is not set is named, with its line" 1 \
    'vm.args:3: error: the variable MANY is not set' \
    env RELX_REPLACE_OS_VARS=1 NODE="$name" CK=crumb "$demo" foreground

  new_release
  echo '[{sasl, [{v1, given}]}].' >"$RELMK_SCRATCH/given.config"
  sed "s/demo$/given/" "$version/vm.args" >"$RELMK_SCRATCH/given.args"
  RELX_CONFIG_PATH=$RELMK_SCRATCH/given.config VMARGS_PATH=$RELMK_SCRATCH/given.args
  export RELX_CONFIG_PATH VMARGS_PATH
  equal "$how: RELX_CONFIG_PATH" given "$(value_when_started v1)"
  equal "$how: VMARGS_PATH" given "$(cat "$RELMK_SCRATCH/cookie")"
  unset RELX_CONFIG_PATH VMARGS_PATH
  RELX_COOKIE=mine
  export RELX_COOKIE
  value_when_started v1 >"$RELMK_SCRATCH/value"
  equal "$how: RELX_COOKIE" mine "$(cat "$RELMK_SCRATCH/cookie")"
  unset RELX_COOKIE
}

# The value in a node that is started and stopped for it; its cookie is left in a file.
value_when_started() {
  "$demo" daemon >/dev/null 2>&1
  value "$1"
  output "$demo" eval 'erlang:get_cookie().' >"$RELMK_SCRATCH/cookie"
  "$demo" stop >/dev/null 2>&1
}

arguments_of_the_command() {
  new_release
  printf -- '-setcookie argued\n-sname %s@localhost\n' "$(unique argued)" >"$RELMK_SCRATCH/argued.args"
  echo '+P 100000' >"$version/vm.args"
  "$demo" foreground -args_file "$RELMK_SCRATCH/argued.args" -sasl v1 '"a b"' >"$RELMK_SCRATCH/foreground" 2>&1 &
  started $!
  check "$how: foreground -args_file starts" eventually 20 has_booted
  check "$how: no process shows its cookie" in_no_arguments '-setcookie argued'
  equal "$how: the other arguments arrive" '"a b"' "$(value v1)"
  equal "$how: the cookie is that of the file" argued "$(output "$demo" eval 'erlang:get_cookie().')"
  equal "$how: it stops" 0 "$(status_of "$demo" stop)"
}

unknown_epmd() {
  new_release
  [ "$how" = erl_call ] ||
    fails_with "$how: a module in epmd's place ends daemon, also where it is an argument" 1 'error: -epmd_module argued' \
      "$demo" daemon -epmd_module argued
  [ "$how" = erl_call ] ||
    fails_with "$how: a node that takes no connections ends daemon" 1 'error: -dist_listen false' "$demo" daemon -dist_listen false
  echo '-epmd_module my_epmd' >>"$version/vm.args"
  fails_with "$how: a module in epmd's place ends daemon" 1 ERL_DIST_PORT "$demo" daemon
}

node_types() {
  new_release
  cp "$version/start.boot" "$version/alpha.boot"
  cp "$version/start_clean.boot" "$version/beta.boot"
  unset PIPE_DIR
  NODE_NAME_TYPE=sname
  export NODE_NAME_TYPE
  alpha=$(unique demo_alpha)@localhost
  cp "$version/alpha.boot" "$version/${alpha%@*}.boot"
  beta=$(unique demo_beta)@localhost
  cp "$version/beta.boot" "$version/${beta%@*}.boot"
  printf '[%s]\ncookie = "alpha #1"\n[%s]\ncookie = beta\n' "${alpha%@*}" "${beta%@*}" >"$RELMK_SCRATCH/config.ini"
  chmod 600 "$RELMK_SCRATCH/config.ini"
  # shellcheck disable=SC2090
  export KAZOO_CONFIG="$RELMK_SCRATCH/config.ini"
  equal "$how: a node type starts" 0 "$(NODE_NAME=$alpha status_of "$demo" daemon)"
  equal "$how: another one at the same time" 0 "$(NODE_NAME=$beta status_of "$demo" daemon)"
  equal "$how: each has its name" "'$alpha'" "'$(NODE_NAME=$alpha output "$demo" rpc erlang node | tr -d "'")'"
  equal "$how: each boots its own applications" 'true false' "$(for node in $alpha $beta; do
    NODE_NAME=$node output "$demo" eval 'lists:keymember(sasl, 1, application:which_applications()).'
  done | xargs)"
  equal "$how: the cookie is config.ini's" "'\"alpha #1\"'" \
    "$(NODE_NAME=$alpha output "$demo" eval 'erlang:get_cookie().')"
  check "$how: no process shows it" in_no_arguments 'alpha #1'
  fails_with "$how: a node type that there is not stops no other node" 1 'has no node type typo' \
    env NODE_NAME=typo@localhost "$demo" stop
  equal "$how: the first stops" 0 "$(NODE_NAME=$alpha status_of "$demo" stop)"
  equal "$how: the other still runs" pong "$(NODE_NAME=$beta output "$demo" ping)"
  equal "$how: a relative KAZOO_CONFIG is meant from where the user stands" pong \
    "$(cd "$RELMK_SCRATCH" && KAZOO_CONFIG=config.ini NODE_NAME=$beta output "$demo" ping)"
  equal "$how: the other stops" 0 "$(NODE_NAME=$beta status_of "$demo" stop)"
  for place in /run/demo "${TMPDIR:-/tmp}/demo-$(id -u)"; do
    rm -rf "$place/pipes/$alpha" "$place/pipes/$beta"
    rmdir "$place/pipes" "$place" 2>/dev/null || :
  done
  unset NODE_NAME_TYPE KAZOO_CONFIG
  PIPE_DIR=$RELMK_SCRATCH/pipes/
  export PIPE_DIR
}

places() {
  new_release
  ln -sf "$demo" "$RELMK_SCRATCH/linked"
  odd="$RELMK_SCRATCH/a \"b' \$c & \`d"
  rm -rf "$odd"
  mkdir "$odd"
  cp -a "$RELMK_SCRATCH/r/demo" "$odd/"
  for demo in "$RELMK_SCRATCH/linked" "$odd/demo/bin/demo"; do
    equal "$how: ${demo##*/tmp/}: daemon" 0 "$(cd / && status_of "$demo" daemon)"
    equal "$how: ${demo##*/tmp/}: ping" pong "$(cd / && output "$demo" ping)"
    equal "$how: ${demo##*/tmp/}: stop" 0 "$(cd / && status_of "$demo" stop)"
  done
  read_only
}

# As another user, who may not write into the release.
read_only() {
  new_release
  if [ "$(id -u)" != 0 ] || ! command -v setpriv >/dev/null; then
    skip 'a read-only release: needs root and setpriv'
    return
  fi
  # The directories above $RELMK_SCRATCH are closed to others.
  open_place=$(mktemp -d "${TMPDIR:-/tmp}/relmk-open.XXXXXX")
  cp -a "$RELMK_SCRATCH/r/demo" "$open_place/"
  demo=$open_place/demo/bin/demo
  mkdir "$open_place/nobody"
  chown 65534 "$open_place/nobody"
  chmod 755 "$open_place"
  as_nobody() {
    setpriv --reuid=65534 --regid=65534 --clear-groups env HOME="$open_place/nobody" \
      XDG_RUNTIME_DIR="$open_place/nobody" PIPE_DIR="$open_place/nobody/pipes/" "$demo" "$@"
  }
  equal "$how: a read-only release starts" 0 "$(status_of as_nobody daemon)"
  equal "$how: and answers" pong "$(output as_nobody ping)"
  equal "$how: its cookie came along" demo "$(output as_nobody eval 'erlang:get_cookie().')"
  equal "$how: and stops" 0 "$(status_of as_nobody stop)"
  rm -rf "$open_place"
}

port_without_epmd() {
  new_release
  claim_port
  ERL_DIST_PORT=$free_port
  export ERL_DIST_PORT
  epmd_port=$ERL_EPMD_PORT
  claim_port
  ERL_EPMD_PORT=$free_port
  equal "$how: ERL_DIST_PORT" 0 "$(status_of "$demo" daemon)"
  equal "$how: the node is asked on that port" pong "$(output "$demo" ping)"
  refute "$how: no epmd is started" listened_on "$ERL_EPMD_PORT"
  equal "$how: it stops" 0 "$(status_of "$demo" stop)"
  unset ERL_DIST_PORT
  ERL_EPMD_PORT=$epmd_port
}

mkdir "$RELMK_SCRATCH/first"
printf -- '-sname %s@localhost\n-setcookie demo\n' "$name" >"$RELMK_SCRATCH/first/vm.args"
check 'the release is assembled' make_release "$RELMK_SCRATCH/first"
how=nodetool
port_without_epmd
checks_of_vm_args
cookies_of_other_nodes
cookies_in_flags
variables
replace_os_vars
arguments_of_the_command
unknown_epmd
node_types
places

mkdir "$RELMK_SCRATCH/plain"
printf -- '-sname %s@localhost\n-setcookie "se cret"\n' "$name" >"$RELMK_SCRATCH/plain/vm.args"
check 'a release with the plain script is assembled' make_release "$RELMK_SCRATCH/plain" \
  '{extended_start_script, false}.'
check 'it is clean under shellcheck' shellcheck "$RELMK_SCRATCH/plain/demo/bin/demo"
ERL_FLAGS='-setcookie other'
export ERL_FLAGS
printf -- '-sname %s@localhost\n' "$name" >"$RELMK_SCRATCH/plain/demo/releases/1.0/vm.args"
equal 'a cookie in ERL_FLAGS is taken out' 'other error' \
  "$("$RELMK_SCRATCH/plain/demo/bin/demo" -noshell -eval \
    'io:format("~s ~p", [erlang:get_cookie(), init:get_argument(setcookie)]), halt().')"
unset ERL_FLAGS
printf -- '-sname %s@localhost\n-setcookie "se cret"\n' "$name" >"$RELMK_SCRATCH/plain/demo/releases/1.0/vm.args"
equal 'the plain script becomes the VM, with its arguments' 'se cret' \
  "$("$RELMK_SCRATCH/plain/demo/bin/demo" -noshell -eval 'io:format("~s", [erlang:get_cookie()]), halt().')"
equal 'also without a standard error' 'se cret' \
  "$("$RELMK_SCRATCH/plain/demo/bin/demo" -noshell -eval 'io:format("~s", [erlang:get_cookie()]), halt().' 2>&-)"
