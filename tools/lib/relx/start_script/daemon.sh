# shellcheck shell=sh disable=SC2034,SC2154
# Part of the start script: a VM in the background, under run_erl.

# Sets QUOTED to all arguments, each one word.
quote_all() {
  COMMAND_LINE=
  for argument in "$@"; do
    quote "$argument"
    COMMAND_LINE="$COMMAND_LINE $QUOTED"
  done
  QUOTED=${COMMAND_LINE# }
}

# Starts `$1` (console or console_boot) under run_erl, and returns when the node answers.
start_daemon() {
  load_environment
  if relx_nodetool ping >/dev/null 2>&1; then
    fail 'Node is already running!'
  fi
  load_environment --start
  find_erts_dir
  mkdir -p -- "$RUNNER_LOG_DIR"
  make_pipe_dir
  START_OPTION=$1
  shift
  # What heart runs to bring the node back.
  case $START_OPTION in
  console_boot) quote_all "$SCRIPT_DIR/$REL_NAME" daemon_boot "$@" ;;
  *) quote_all "$SCRIPT_DIR/$REL_NAME" daemon "$@" ;;
  esac
  HEART_COMMAND=$QUOTED
  export HEART_COMMAND
  relx_run_hooks "$PRE_START_HOOKS"
  quote_all "$SCRIPT" "$START_OPTION" "$@" --relx-disable-hooks
  "$BINDIR/run_erl" -daemon "${PIPE_DIR%/}/" "$RUNNER_LOG_DIR" "exec $QUOTED"
  await_start
  relx_run_hooks "$POST_START_HOOKS"
}

make_pipe_dir() {
  # The default directory's parent is shared by all users, as /tmp is.
  if [ -n "$PIPE_BASE_DIR" ] && [ ! -d "$PIPE_BASE_DIR" ]; then
    mkdir -p -- "$PIPE_BASE_DIR"
    chmod 1777 "$PIPE_BASE_DIR"
  fi
  [ -d "$PIPE_DIR" ] || (umask 077 && mkdir -p -- "$PIPE_DIR")
  [ -w "$PIPE_DIR" ] ||
    fail "failed to start, user '${USER:-}' does not have write privileges on '$PIPE_DIR', either delete it or run node as a different user"
}

# run_erl removes its pipes when the VM has ended.
await_start() {
  TRIES=0
  until relx_nodetool ping >/dev/null 2>&1; do
    TRIES=$((TRIES + 1))
    find_pipe
    if [ "$TRIES" -gt 20 ] && [ ! -p "$PIPE" ]; then
      fail "The node ended while it started, see $RUNNER_LOG_DIR"
    fi
    sleep 0.1 2>/dev/null || sleep 1
  done
}

find_pipe() {
  for PIPE in "${PIPE_DIR%/}"/erlang.pipe.*.w; do
    [ ! -p "$PIPE" ] || return 0
  done
}

attach() {
  load_environment
  find_erts_dir
  ping_or_exit
  [ -w "$PIPE_DIR" ] ||
    fail "failed to attach, user '${USER:-}' does not have sufficient privileges on '$PIPE_DIR', please run node as a different user"
  exec "$BINDIR/to_erl" "${PIPE_DIR%/}/"
}
