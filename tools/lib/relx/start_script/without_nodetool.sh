# shellcheck shell=sh disable=SC2034,SC2154
# Sourced by the start script where bin/nodetool cannot run, as in a release that was made for another
# machine. It starts nodes by what was prepared when the release was made, and asks them with OTP's
# erl_call; what else there is it refuses.

# @PRIVATE_HOME@

# $1: what it is for, as load_environment is told; behind the word `arguments` stand the command's.
find_environment() {
  relmk_stage=${1:-}
  find_erts_dir
  read_prepared
  refuse_choices
  find_name
  find_cookie
  PIPE_BASE_DIR=
  if [ -z "${PIPE_DIR:-}" ]; then
    PIPE_BASE_DIR=${TMPDIR:-/tmp}/$REL_NAME-$(id -u)
    PIPE_DIR=$PIPE_BASE_DIR/pipes/$NAME/
  fi
  RUNNER_LOG_DIR=${RUNNER_LOG_DIR:-$ROOTDIR/log${relmk_node_type:+/$relmk_node_type}}
  EXTRA_DIST_ARGS=
  [ -z "${ERL_DIST_PORT:-}" ] || EXTRA_DIST_ARGS="-erl_epmd_port $ERL_DIST_PORT -start_epmd false"
  START_ARGUMENTS=
  while [ $# -gt 0 ]; do
    shift
    [ "${1:-}" != arguments ] || break
  done
  if [ $# -gt 0 ]; then shift; fi
  take_arguments "$@"
  case $relmk_stage in
  --before-hooks | --start) write_start_files ;;
  --after-hooks) START_CONFIG=$RELX_CONFIG_PATH ;; # VMARGS_PATH is as it was, or was refused
  esac
}

take_arguments() {
  for relmk_argument in "$@"; do
    shift
    case $relmk_argument in
    -detached) continue ;;
    -args_file | -setcookie | -name | -sname) needs_nodetool "the argument $relmk_argument" ;;
    esac
    set -- "$@" "$relmk_argument"
  done
  quote_all "$@"
  START_ARGUMENTS=$relmk_quoted
}

refuse_choices() {
  case ${VMARGS_PATH:-} in
  '' | "${START_VM_ARGS:-}") ;;
  *) needs_nodetool "VMARGS_PATH=$VMARGS_PATH" ;;
  esac
  [ ! -f "$ROOTDIR/vm.args" ] || needs_nodetool "$ROOTDIR/vm.args"
  if [ -n "${RELX_REPLACE_OS_VARS:-}" ] && [ "$PREPARED_VM_ARGS" = vm.args ]; then
    needs_nodetool RELX_REPLACE_OS_VARS 'vm_args_src and sys_config_src in relx.config'
  fi
}

# The node's name: NODE_NAME's where it names a node type or a whole node, or where vm.args has none.
find_name() {
  prepared_name || exit 1
  NAME_ARGUMENT=$PREPARED_NAME
  NAME_TYPE=$PREPARED_NAME_TYPE
  relmk_node_type=
  if [ -n "${NODE_NAME:-}" ]; then
    [ ! -f "$REL_DIR/${NODE_NAME%%@*}.boot" ] || relmk_node_type=${NODE_NAME%%@*}
    refuse_other_types
    case $NODE_NAME in *@*) relmk_is_whole=yes ;; *) relmk_is_whole= ;; esac
    if [ -n "$relmk_node_type$relmk_is_whole" ] || [ -z "$NAME_ARGUMENT" ]; then
      NAME_ARGUMENT=$NODE_NAME
      [ -n "$relmk_is_whole" ] || [ -z "${NODE_HOST:-}" ] || NAME_ARGUMENT=$NODE_NAME@$NODE_HOST
      case ${NODE_NAME_TYPE:-} in sname | -sname) NAME_TYPE=-sname ;; *) NAME_TYPE=-name ;; esac
    fi
  fi
  if [ -z "$NAME_ARGUMENT" ]; then
    echo 'need to have exactly one of either -name or -sname parameters but none found'
    exit 1
  fi
  NAME=$NAME_ARGUMENT
  case $NAME_TYPE$NAME in
  *@*) ;;
  -sname*) NAME=$NAME@$(uname -n | sed 's/\..*//') ;;
  *) NAME=$NAME@$(hostname -f) ;;
  esac
  NAME_ARG="$NAME_TYPE $NAME"
  RELX_HOSTNAME=${NAME#*@}
}

# A NODE_NAME that is none of the release's node types, if it has any, is no other node's name.
refuse_other_types() {
  [ -z "$relmk_node_type" ] || return 0
  for relmk_boot_file in "$REL_DIR"/*.boot; do
    relmk_type=${relmk_boot_file##*/}
    case ${relmk_type%.boot} in
    start | start_clean | start_sasl | no_dot_erlang | "$REL_NAME" | '*') ;;
    *) fail "error: NODE_NAME=$NODE_NAME: release $REL_NAME $REL_VSN has no node type ${NODE_NAME%%@*}" ;;
    esac
  done
}

find_cookie() {
  COOKIE=${RELX_COOKIE:-}
  relmk_cookie_in_home=
  if [ -z "$COOKIE" ] && [ -n "$relmk_node_type" ]; then
    for relmk_file in "${KAZOO_CONFIG-/etc/kazoo/config.ini}" "${KAZOO_CONFIG-/etc/kazoo/core/config.ini}"; do
      [ ! -e "$relmk_file" ] || needs_nodetool "the cookie of $relmk_file" 'RELX_COOKIE can give it'
    done
  fi
  if [ -z "$COOKIE" ]; then
    prepared_cookie || exit 1
    COOKIE=$PREPARED_COOKIE
  fi
  [ -z "$COOKIE" ] || return 0
  relmk_cookie_in_home=yes
  for relmk_file in "${HOME:-}/.erlang.cookie" "${XDG_CONFIG_HOME:-${HOME:-}/.config}/erlang/.erlang.cookie"; do
    [ ! -r "$relmk_file" ] || break
  done
  if [ -r "$relmk_file" ]; then
    COOKIE=$(cat -- "$relmk_file")
  else
    echo 'No cookie is set or found. This limits the scripts functionality, installing, upgrading, rpc and getting a list of versions will not work.' >&2
  fi
}

# Writes what the VM reads. sys.config stays beside its source, with what it includes.
write_start_files() {
  START_BOOT=$REL_DIR/start
  [ ! -f "$REL_DIR/$REL_NAME.boot" ] || START_BOOT=$REL_DIR/$REL_NAME
  [ -z "$relmk_node_type" ] || START_BOOT=$REL_DIR/$relmk_node_type
  make_start_home
  make_node_dir
  START_VM_ARGS=$relmk_node_dir/vm.args
  write_private prepared_vm_args "$START_VM_ARGS"
  VMARGS_PATH=$START_VM_ARGS
  if [ -z "${RELX_CONFIG_PATH:-}" ] && [ -n "$relmk_node_type" ] && [ -f /etc/kazoo/app.config ]; then
    RELX_CONFIG_PATH=/etc/kazoo/app.config
  fi
  if [ -z "${RELX_CONFIG_PATH:-}" ]; then
    RELX_CONFIG_PATH=$REL_DIR/sys.config
    if [ "$PREPARED_SYS_CONFIG" = sys.config.src ]; then
      [ "$relmk_output_dir" = "$REL_DIR" ] || RELX_CONFIG_PATH=$relmk_node_dir/sys.config
      write_private prepared_sys_config "$RELX_CONFIG_PATH"
    fi
  fi
  START_CONFIG=
  [ ! -f "$RELX_CONFIG_PATH" ] || START_CONFIG=$RELX_CONFIG_PATH
}

# erl_call reads the cookie from its home, as the VM does.
call_node() {
  find_erts_dir
  make_start_home
  if [ -n "${ERL_DIST_PORT:-}" ]; then
    set -- -address "$RELX_HOSTNAME:$ERL_DIST_PORT" "$@"
  else
    set -- "$NAME_TYPE" "$NAME" "$@"
  fi
  HOME=${START_HOME:-${HOME:-/}} "$BINDIR/erl_call" -R -timeout "$RELX_RPC_TIMEOUT" "$@"
}

without_nodetool() {
  load_environment
  relmk_called=$1
  shift
  relmk_option=
  case ${1:-} in
  --keep-output | --quiet) # what erl_call calls prints on the node, always
    relmk_option=$1
    shift
    ;;
  esac
  [ "${1:-}" != --wait ] || needs_nodetool "$relmk_called --wait"
  case $relmk_called in
  ping) apply_on_running 'erlang is_alive' >/dev/null && echo pong ;;
  pid) find_os_process && printf '%s\n' "$relmk_os_process" ;;
  rpc) print_result "$(call_node -a "$*")" ;;
  eval)
    relmk_result=$(printf '%s\n' "$*" | call_node -e) || return 1
    relmk_result=${relmk_result#'{ok, '}
    printf '%s\n' "${relmk_result%'}'}"
    ;;
  stop)
    [ "$relmk_option" != --quiet ] || call_node -a 'erlang is_alive' >/dev/null 2>&1 || return 1
    stop_by_erl_call
    ;;
  restart) apply_on_running 'init restart' >/dev/null && await_boot ;;
  reboot) apply_on_running 'init reboot' >/dev/null ;;
  versions) apply_on_running 'release_handler which_releases' ;;
  status) apply_on_running 'application which_applications' ;;
  *) needs_nodetool "$relmk_called" ;;
  esac
}

apply_on_running() {
  relmk_result=$(call_node -a "$1" 2>/dev/null) || fail "Node $NAME is not running!"
  printf '%s\n' "$relmk_result"
}

# From the order to restart on, init says that it is stopping, and then nothing, until it has booted.
await_boot() {
  relmk_tries=0
  until case $(call_node -a 'init get_status' 2>/dev/null) in '{started,'*) ;; *) false ;; esac do
    relmk_tries=$((relmk_tries + 1))
    [ "$relmk_tries" -lt 60 ] || fail "Node $NAME has not started again"
    sleep 1
  done
}

find_os_process() {
  relmk_os_process=$(apply_on_running 'os getpid') || return 1
  relmk_os_process=${relmk_os_process#\"}
  relmk_os_process=${relmk_os_process%\"}
}

print_result() {
  case $1 in
  '') return 1 ;;
  '{badrpc,'* | "{'EXIT',"*)
    printf '%s\n' "$1" >&2
    return 1
    ;;
  *) printf '%s\n' "$1" ;;
  esac
}

# Whether only the exit code is left of process $1, which its parent has not asked for.
is_unreaped() {
  grep -qs '^State:[[:space:]]*Z' "/proc/$1/status"
}

# A node that still boots forgets that it was told to stop, so it is told again.
stop_by_erl_call() {
  find_os_process || return 1
  relmk_tries=0
  apply_on_running 'init stop' >/dev/null || return 1
  while
    { [ -d "/proc/$relmk_os_process" ] || kill -s 0 "$relmk_os_process" 2>/dev/null; } &&
      ! is_unreaped "$relmk_os_process"
  do
    relmk_tries=$((relmk_tries + 1))
    [ "$relmk_tries" -le 60 ] || fail "Node $NAME has not stopped within 60 seconds"
    sleep 1
    call_node -a 'init stop' >/dev/null 2>&1 || :
  done
}

# A VM with `-remsh`, with the node's own net_ticktime so that the two agree on it.
remote_shell_by_vm() {
  find_erts_dir
  make_start_home
  # shellcheck disable=SC2086
  set -- "$NAME_TYPE" "undefined@$RELX_HOSTNAME" -remsh "$NAME" -boot "$REL_DIR/start_clean" \
    -mode interactive -boot_var SYSTEM_LIB_DIR "$SYSTEM_LIB_DIR" -hidden \
    -kernel net_ticktime "$(call_node -a 'net_kernel get_net_ticktime')" -dist_listen false $EXTRA_DIST_ARGS
  if [ -n "$START_HOME" ]; then
    [ -z "${HOME:-}" ] || set -- -env HOME "$HOME" "$@"
    HOME=$START_HOME
    export HOME
  fi
  exec "$BINDIR/erlexec" "$@"
}
