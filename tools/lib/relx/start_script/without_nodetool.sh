# shellcheck shell=sh disable=SC2034,SC2154
# Sourced by the start script where bin/nodetool cannot run, as in a release that was made for another
# machine. It finds out with sh and awk what `nodetool env` says, and asks the node with OTP's erl_call.
# Here vm.args is read by lines, as relx reads it: one flag and its value each.

# @PRIVATE_HOME@

# Prints file $1 with ${VAR} and ${VAR:-default} replaced from the environment.
substitute_variables() {
  awk '{
    rest = $0
    line = ""
    while ((at = index(rest, "${")) && (end = index(substr(rest, at), "}"))) {
      name = substr(rest, at + 2, end - 3)
      value = ""
      if ((colon = index(name, ":-"))) {
        value = substr(name, colon + 2)
        name = substr(name, 1, colon - 1)
      }
      if (ENVIRON[name] != "")
        value = ENVIRON[name]
      line = line substr(rest, 1, at - 1) value
      rest = substr(rest, at + end)
    }
    print line rest
  }' "$1"
}

# Sets relmk_found to the source of vm.args or sys.config ($1) that counts, and relmk_substituted to yes
# where its variables are to be replaced. $2: the path that the user gave.
find_source() {
  relmk_substituted=
  relmk_found=$2
  if [ -z "$relmk_found" ]; then
    relmk_found=$REL_DIR/$1
    [ ! -f "$ROOTDIR/$1" ] || relmk_found=$ROOTDIR/$1
  fi
  relmk_beside=$relmk_found
  [ "$relmk_stage" != --after-hooks ] || return 0
  if [ -f "$relmk_found.src" ]; then
    relmk_substituted=yes
    relmk_found=$relmk_found.src
  elif [ -n "${RELX_REPLACE_OS_VARS:-}" ]; then
    relmk_substituted=yes
    [ ! -f "$relmk_found.orig" ] || relmk_found=$relmk_found.orig
  elif [ -f "$relmk_found.orig" ]; then
    relmk_found=$relmk_found.orig
  fi
}

find_config_source() {
  if [ -z "${RELX_CONFIG_PATH:-}" ] && [ -n "$relmk_node_type" ] && [ -f /etc/kazoo/app.config ]; then
    RELX_CONFIG_PATH=/etc/kazoo/app.config
  fi
  find_source sys.config "${RELX_CONFIG_PATH:-}"
}

# Writes what find_source has found to where it is to be, with its variables replaced. relmk_beside is
# then that file. A directory that takes such files keeps OTP's rule that included configs lie beside
# sys.config.
write_substituted() {
  [ -f "$relmk_found" ] || return 0
  case $relmk_substituted$relmk_found in
  yes* | *.orig) ;;
  *) return 0 ;;
  esac
  relmk_beside=$relmk_output_dir/${relmk_beside##*/}
  [ -z "${RELX_MULTI_NODE:-}" ] || relmk_beside=${relmk_beside%.*}.$NAME.${relmk_beside##*.}
  if [ "$relmk_beside" = "$relmk_found" ]; then
    mv -- "$relmk_found" "$relmk_found.orig"
    relmk_found=$relmk_found.orig
  fi
  (
    umask 077
    if [ -n "$relmk_substituted" ]; then
      substitute_variables "$relmk_found"
    else
      cat -- "$relmk_found"
    fi >"$relmk_beside.$$"
  )
  mv -f -- "$relmk_beside.$$" "$relmk_beside"
}

# $1: what it is for, as load_environment is told.
find_environment() {
  relmk_stage=${1:-}
  find_erts_dir
  find_output_dir
  find_source vm.args "${VMARGS_PATH:-}"
  VMARGS_PATH=$relmk_beside
  NAME=$REL_NAME
  if [ -n "$relmk_substituted" ]; then
    make_node_dir
    substitute_variables "$relmk_found" >"$relmk_node_dir/vm.args.$$"
    relmk_found=$relmk_node_dir/vm.args.$$
  fi
  case $relmk_stage in
  --start | --after-hooks) read_vm_args "$relmk_found" ;;
  *) read_vm_args "$relmk_found" skip ;;
  esac
  [ -z "$relmk_substituted" ] || rm -f -- "$relmk_found"
  find_name
  find_cookie
  PIPE_BASE_DIR=
  if [ -z "${PIPE_DIR:-}" ]; then
    PIPE_BASE_DIR=/tmp/erl_pipes
    PIPE_DIR=/tmp/erl_pipes/$NAME/
  fi
  [ -n "${RUNNER_LOG_DIR:-}" ] || find_log_dir
  EXTRA_DIST_ARGS=
  [ -z "${ERL_DIST_PORT:-}" ] || EXTRA_DIST_ARGS="-erl_epmd_port $ERL_DIST_PORT -start_epmd false"
  case $relmk_stage in
  --before-hooks) prepare_hooks ;;
  --start | --after-hooks) prepare_start ;;
  esac
}

prepare_hooks() {
  find_source vm.args "$VMARGS_PATH"
  write_substituted
  VMARGS_PATH=$relmk_beside
  find_config_source
  write_substituted
  RELX_CONFIG_PATH=$relmk_beside
}

find_log_dir() {
  RUNNER_LOG_DIR=$ROOTDIR/log
  if [ ! -w "$RUNNER_LOG_DIR" ] && { [ -d "$RUNNER_LOG_DIR" ] || [ ! -w "$ROOTDIR" ]; }; then
    make_runtime_dir
    RUNNER_LOG_DIR=$relmk_output_dir/log
  fi
  RUNNER_LOG_DIR=$RUNNER_LOG_DIR${relmk_node_type:+/$relmk_node_type}
}

# The node's name: NODE_NAME's where vm.args has none or the release has such a node type.
find_name() {
  relmk_node_type=
  if [ -n "${NODE_NAME:-}" ] && [ -f "$REL_DIR/${NODE_NAME%%@*}.boot" ]; then
    relmk_node_type=${NODE_NAME%%@*}
  fi
  NAME_ARGUMENT=
  if [ -n "${NODE_NAME:-}" ] && { [ -n "$relmk_node_type" ] || [ -z "$VM_ARGS_NAME" ]; }; then
    NAME_TYPE=-name
    case ${NODE_NAME_TYPE:-} in sname | -sname) NAME_TYPE=-sname ;; esac
    NAME=$NODE_NAME
    NAME_ARGUMENT=$NAME
    [ -z "$VM_ARGS_NAME" ] || relmk_vm_args=$(printf '%s\n' "$relmk_vm_args" | sed '/^-s\{0,1\}name[ \t]/d')
  elif [ -n "$VM_ARGS_NAME" ]; then
    NAME_TYPE=${VM_ARGS_NAME%%[ 	]*}
    NAME=${VM_ARGS_NAME##*[ 	]}
  else
    echo 'need to have exactly one of either -name or -sname parameters but none found'
    exit 1
  fi
  case $NAME in
  *@*) ;;
  *) if [ "$NAME_TYPE" = -sname ]; then NAME=$NAME@$(uname -n | sed 's/\..*//'); else NAME=$NAME@$(hostname -f); fi ;;
  esac
  NAME_ARG="$NAME_TYPE $NAME"
  RELX_HOSTNAME=${NAME#*@}
}

find_cookie() {
  START_HOME=
  find_flag_cookie
  COOKIE=${RELX_COOKIE:-}
  [ -n "$COOKIE" ] || find_kazoo_cookie
  COOKIE=${COOKIE:-$FLAG_COOKIE}
  if [ -n "$COOKIE" ]; then
    make_start_home "$COOKIE"
    return
  fi
  for COOKIE_FILE in "${HOME:-}/.erlang.cookie" \
    "${XDG_CONFIG_HOME:-${HOME:-}/.config}/erlang/.erlang.cookie"; do
    [ ! -r "$COOKIE_FILE" ] || break
  done
  if [ -r "$COOKIE_FILE" ]; then
    COOKIE=$(cat -- "$COOKIE_FILE")
  else
    echo 'No cookie is set or found. This limits the scripts functionality, installing, upgrading, rpc and getting a list of versions will not work.' >&2
  fi
}

# Sets COOKIE to that of a node type in Kazoo's config.ini, where there is such a file: of the section for
# this host, else for this zone, else for neither. What only nodetool can read is refused.
find_kazoo_cookie() {
  KAZOO_FILE=${KAZOO_CONFIG-/etc/kazoo/config.ini}
  if [ -z "${KAZOO_CONFIG+given}" ] && [ ! -e "$KAZOO_FILE" ]; then
    KAZOO_FILE=/etc/kazoo/core/config.ini
    [ -e "$KAZOO_FILE" ] || return 0
  fi
  [ -n "$relmk_node_type" ] || return 0
  COOKIE=$(KAZOO_HOST=$(hostname -f 2>/dev/null || uname -n) NODE_TYPE=$relmk_node_type awk '
    function unquoted(text) {
      gsub(/^"+|"+$/, "", text)
      return text
    }
    /^[ \t]*(;|$)/ { next }
    /^[ \t]*\[[^]=]*\][ \t]*(;.*)?$/ {
      name = $0
      gsub(/^[ \t]*\[[ \t]*|[ \t]*\].*$/, "", name)
      ours = name == ENVIRON["NODE_TYPE"]
      if (ours) count++
      next
    }
    !/=/ { exit unreadable = 1 }
    ours {
      name = value = $0
      gsub(/^[ \t]*|[ \t]*=.*$/, "", name)
      sub(/^[^=]*=[ \t]*/, "", value)
      if (value !~ /^"/) sub(/;.*$/, "", value)
      sub(/[ \t]+$/, "", value)
      if (name == "cookie") { cookies[count]++; cookie[count] = value }
      if (name == "host" && !(count in host)) host[count] = unquoted(value)
      if (name == "zone" && !(count in zone)) zone[count] = unquoted(value)
    }
    # Prints the cookie of the sections of one kind, if it has one, and one only.
    function choose(kind, i, sections, found) {
      for (i = 1; i <= count; i++) {
        if (kind_of[i] != kind) continue
        if (kind == "host" && sections) break
        sections++
        found += cookies[i]
        if (cookies[i]) chosen = cookie[i]
      }
      if (!sections) return
      if (found != 1 || chosen == "") exit 1
      print chosen
      exit 0
    }
    END {
      if (unreadable) exit 1
      our_zone = ENVIRON["KAZOO_ZONE"]
      if (!("KAZOO_ZONE" in ENVIRON)) our_zone = "local"
      for (i = 1; i <= count; i++) {
        here = (i in host) ? host[i] : "zone"
        if (here == ENVIRON["KAZOO_HOST"]) kind_of[i] = "host"
        else if (here != "zone" && here != "generic") kind_of[i] = "elsewhere"
        else if (here == "generic" || !(i in zone)) kind_of[i] = "any"
        else if (zone[i] == our_zone) kind_of[i] = "zone"
      }
      choose("host")
      choose("zone")
      choose("any")
      exit 1
    }' "$KAZOO_FILE") ||
    fail "$KAZOO_FILE: error: no single cookie for [$relmk_node_type] was found without bin/nodetool; RELX_COOKIE can give it"
}

# Writes what the VM reads.
prepare_start() {
  START_BOOT=$REL_DIR/start
  [ ! -f "$REL_DIR/$REL_NAME.boot" ] || START_BOOT=$REL_DIR/$REL_NAME
  [ -z "$relmk_node_type" ] || START_BOOT=$REL_DIR/$relmk_node_type
  make_node_dir
  START_VM_ARGS=$relmk_node_dir/vm.args
  printf '%s\n' "$relmk_vm_args" >"$START_VM_ARGS.$$"
  mv -f -- "$START_VM_ARGS.$$" "$START_VM_ARGS"
  find_source vm.args "$VMARGS_PATH"
  write_substituted
  find_config_source
  write_substituted
  START_CONFIG=
  [ ! -f "$relmk_beside" ] || START_CONFIG=$relmk_beside
}

need_start_home() {
  if [ -z "$START_HOME" ] && [ -n "$COOKIE" ]; then
    find_output_dir
    make_start_home "$COOKIE"
  fi
}

# erl_call reads the cookie from its home, as the VM does.
call_node() {
  find_erts_dir
  need_start_home
  if [ -n "${ERL_DIST_PORT:-}" ]; then
    set -- -address "$RELX_HOSTNAME:$ERL_DIST_PORT" "$@"
  else
    set -- "$NAME_TYPE" "$NAME" "$@"
  fi
  HOME=${START_HOME:-${HOME:-/}} "$BINDIR/erl_call" -R -timeout "$RELX_RPC_TIMEOUT" "$@"
}

apply_on_node() {
  relmk_result=$(call_node -a "$1") || return 1
  printf '%s\n' "$relmk_result"
}

without_nodetool() {
  load_environment
  relmk_called=$1
  shift
  case ${1:-} in
  --keep-output | --quiet) # what erl_call calls prints on the node, always
    NODETOOL_OPTION=$1
    shift
    ;;
  *) NODETOOL_OPTION= ;;
  esac
  case $relmk_called in
  ping) apply_on_running 'erlang is_alive' >/dev/null && echo pong ;;
  pid) find_os_process && printf '%s\n' "$relmk_os_process" ;;
  rpc) print_result "$(apply_on_node "$*")" ;;
  eval)
    relmk_result=$(printf '%s\n' "$*" | call_node -e) || return 1
    relmk_result=${relmk_result#'{ok, '}
    printf '%s\n' "${relmk_result%'}'}"
    ;;
  stop)
    if [ "$NODETOOL_OPTION" = --quiet ]; then apply_on_node 'erlang is_alive' >/dev/null 2>&1 || return 1; fi
    stop_by_erl_call
    ;;
  restart) apply_on_running 'init restart' >/dev/null && await_boot ;;
  reboot) apply_on_running 'init reboot' >/dev/null ;;
  versions) apply_on_running 'release_handler which_releases' ;;
  status) apply_on_running 'application which_applications' ;;
  *)
    printf '%s\n' "$relmk_called needs bin/nodetool, which does not run on this machine" >&2
    return 1
    ;;
  esac
}

apply_on_running() {
  apply_on_node "$1" 2>/dev/null && return 0
  printf '%s\n' "Node $NAME is not running!" >&2
  return 1
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

# A node that still boots forgets that it was told to stop, so it is told again.
stop_by_erl_call() {
  find_os_process || return 1
  apply_on_running 'init stop' >/dev/null || return 1
  while [ -d "/proc/$relmk_os_process" ] || kill -s 0 "$relmk_os_process" 2>/dev/null; do
    sleep 1
    apply_on_node 'init stop' >/dev/null 2>&1 || :
  done
}

# A VM with `-remsh`, with the node's own net_ticktime so that the two agree on it.
remote_shell_by_vm() {
  find_erts_dir
  need_start_home
  TICKTIME=$(relx_nodetool rpc net_kernel get_net_ticktime '[]')
  # shellcheck disable=SC2086
  set -- "$NAME_TYPE" "undefined@$RELX_HOSTNAME" -remsh "$NAME" -boot "$REL_DIR/start_clean" \
    -mode interactive -boot_var SYSTEM_LIB_DIR "$SYSTEM_LIB_DIR" -hidden \
    -kernel net_ticktime "${TICKTIME:-60}" -dist_listen false ${DIST_ARGS:-} $EXTRA_DIST_ARGS
  if [ -n "$START_HOME" ]; then
    [ -z "${HOME:-}" ] || set -- -env HOME "$HOME" "$@"
    HOME=$START_HOME
    export HOME
  fi
  exec "$BINDIR/erlexec" "$@"
}
