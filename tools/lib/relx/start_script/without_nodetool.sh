# shellcheck shell=sh disable=SC2034
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

# Sets FOUND to the source of vm.args or sys.config ($1) that counts, and SUBSTITUTED to yes where its
# variables are to be replaced. $2: the path that the user gave.
find_source() {
  SUBSTITUTED=
  FOUND=$2
  if [ -z "$FOUND" ]; then
    FOUND=$REL_DIR/$1
    [ ! -f "$ROOTDIR/$1" ] || FOUND=$ROOTDIR/$1
  fi
  BESIDE=$FOUND
  if [ -f "$FOUND.src" ]; then
    SUBSTITUTED=yes
    FOUND=$FOUND.src
  elif [ -n "${RELX_REPLACE_OS_VARS:-}" ]; then
    SUBSTITUTED=yes
    [ ! -f "$FOUND.orig" ] || FOUND=$FOUND.orig
  elif [ -f "$FOUND.orig" ]; then
    FOUND=$FOUND.orig
  fi
}

find_environment() {
  find_erts_dir
  find_output_dir
  find_source vm.args "${VMARGS_PATH:-}"
  VMARGS_PATH=$BESIDE
  NAME=$REL_NAME
  if [ -n "$SUBSTITUTED" ]; then
    make_node_dir
    substitute_variables "$FOUND" >"$NODE_DIR/vm.args.$$"
    FOUND=$NODE_DIR/vm.args.$$
  fi
  read_vm_args "$FOUND"
  [ -z "$SUBSTITUTED" ] || rm -f -- "$FOUND"
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
  [ "${1:-}" != --start ] || prepare_start
}

find_log_dir() {
  RUNNER_LOG_DIR=$ROOTDIR/log
  if [ ! -w "$RUNNER_LOG_DIR" ] && { [ -d "$RUNNER_LOG_DIR" ] || [ ! -w "$ROOTDIR" ]; }; then
    make_runtime_dir
    RUNNER_LOG_DIR=$OUTPUT_DIR/log
  fi
  RUNNER_LOG_DIR=$RUNNER_LOG_DIR${NODE_TYPE:+/$NODE_TYPE}
}

# The node's name: NODE_NAME's where vm.args has none or the release has such a node type.
find_name() {
  NODE_TYPE=
  if [ -n "${NODE_NAME:-}" ] && [ -f "$REL_DIR/${NODE_NAME%%@*}.boot" ]; then
    NODE_TYPE=${NODE_NAME%%@*}
  fi
  NAME_ARGUMENT=
  if [ -n "${NODE_NAME:-}" ] && { [ -n "$NODE_TYPE" ] || [ -z "$VM_ARGS_NAME" ]; }; then
    NAME_TYPE=-name
    case ${NODE_NAME_TYPE:-} in sname | -sname) NAME_TYPE=-sname ;; esac
    NAME=$NODE_NAME
    NAME_ARGUMENT=$NAME
    [ -z "$VM_ARGS_NAME" ] || VM_ARGS=$(printf '%s\n' "$VM_ARGS" | sed '/^-s\{0,1\}name[ \t]/d')
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
  [ -n "$NODE_TYPE" ] || return 0
  COOKIE=$(KAZOO_HOST=$(hostname -f 2>/dev/null || uname -n) NODE_TYPE=$NODE_TYPE awk '
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
    fail "$KAZOO_FILE: error: no single cookie for [$NODE_TYPE] was found without bin/nodetool; RELX_COOKIE can give it"
}

# Writes what the VM reads.
prepare_start() {
  START_BOOT=$REL_DIR/start
  [ ! -f "$REL_DIR/$REL_NAME.boot" ] || START_BOOT=$REL_DIR/$REL_NAME
  [ -z "$NODE_TYPE" ] || START_BOOT=$REL_DIR/$NODE_TYPE
  make_node_dir
  START_VM_ARGS=$NODE_DIR/vm.args
  printf '%s\n' "$VM_ARGS" >"$START_VM_ARGS.$$"
  mv -f -- "$START_VM_ARGS.$$" "$START_VM_ARGS"
  if [ -z "${RELX_CONFIG_PATH:-}" ] && [ -n "$NODE_TYPE" ] && [ -f /etc/kazoo/app.config ]; then
    RELX_CONFIG_PATH=/etc/kazoo/app.config
  fi
  find_source sys.config "${RELX_CONFIG_PATH:-}"
  RELX_CONFIG_PATH=$BESIDE
  START_CONFIG=$FOUND
  case $SUBSTITUTED$FOUND in
  *.orig | yes*) ;;
  *)
    [ -f "$FOUND" ] || START_CONFIG=
    return 0
    ;;
  esac
  # A directory that takes generated files keeps OTP's rule that included configs lie beside sys.config.
  START_CONFIG=$OUTPUT_DIR/${BESIDE##*/}
  [ -z "${RELX_MULTI_NODE:-}" ] || START_CONFIG=${START_CONFIG%.*}.$NAME.${START_CONFIG##*.}
  if [ "$START_CONFIG" = "$FOUND" ]; then
    mv -- "$FOUND" "$FOUND.orig"
    FOUND=$FOUND.orig
  fi
  if [ -n "$SUBSTITUTED" ]; then
    substitute_variables "$FOUND" >"$START_CONFIG.$$"
  else
    cat -- "$FOUND" >"$START_CONFIG.$$"
  fi
  mv -f -- "$START_CONFIG.$$" "$START_CONFIG"
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
  RESULT=$(call_node -a "$1") || return 1
  printf '%s\n' "$RESULT"
}

without_nodetool() {
  load_environment
  CALLED=$1
  shift
  case ${1:-} in
  --keep-output | --quiet) # what erl_call calls prints on the node, always
    NODETOOL_OPTION=$1
    shift
    ;;
  *) NODETOOL_OPTION= ;;
  esac
  case $CALLED in
  ping) apply_on_running 'erlang is_alive' >/dev/null && echo pong ;;
  pid) find_os_process && printf '%s\n' "$OS_PROCESS" ;;
  rpc) print_result "$(apply_on_node "$*")" ;;
  eval)
    RESULT=$(printf '%s\n' "$*" | call_node -e) || return 1
    RESULT=${RESULT#'{ok, '}
    printf '%s\n' "${RESULT%'}'}"
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
    printf '%s\n' "$CALLED needs bin/nodetool, which does not run on this machine" >&2
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
  TRIES=0
  until case $(call_node -a 'init get_status' 2>/dev/null) in '{started,'*) ;; *) false ;; esac do
    TRIES=$((TRIES + 1))
    [ "$TRIES" -lt 60 ] || fail "Node $NAME has not started again"
    sleep 1
  done
}

find_os_process() {
  OS_PROCESS=$(apply_on_running 'os getpid') || return 1
  OS_PROCESS=${OS_PROCESS#\"}
  OS_PROCESS=${OS_PROCESS%\"}
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
  while [ -d "/proc/$OS_PROCESS" ] || kill -s 0 "$OS_PROCESS" 2>/dev/null; do
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
