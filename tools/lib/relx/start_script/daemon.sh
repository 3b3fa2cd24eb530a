# shellcheck shell=sh disable=SC2034,SC2154
# Part of the start script: a VM in the background, under run_erl.

# Sets relmk_quoted to all arguments, each one word.
quote_all() {
  relmk_command_line=
  for argument in "$@"; do
    quote "$argument"
    relmk_command_line="$relmk_command_line $relmk_quoted"
  done
  relmk_quoted=${relmk_command_line# }
}

# Starts `$1` (console or console_boot) under run_erl, and returns when the node answers.
start_daemon() {
  load_environment # an error in vm.args is not to be hidden
  if relx_nodetool ping >/dev/null 2>&1; then
    fail 'Node is already running!'
  fi
  prepare_daemon
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
  HEART_COMMAND=$relmk_quoted
  export HEART_COMMAND
  quote_all "$SCRIPT" "$START_OPTION" "$@" --relx-disable-hooks
  "$BINDIR/run_erl" -daemon "${PIPE_DIR%/}/" "$RUNNER_LOG_DIR" "exec $relmk_quoted"
  await_start
  relx_run_hooks "$POST_START_HOOKS"
}

# Runs the hooks. What they choose by VMARGS_PATH and RELX_CONFIG_PATH is meant for the VM, too; what
# they were told is not.
prepare_daemon() {
  [ -n "$PRE_START_HOOKS" ] || return 0
  relmk_given_vmargs=${VMARGS_PATH:-}
  relmk_given_config=${RELX_CONFIG_PATH:-}
  load_environment --before-hooks
  mkdir -p -- "$RUNNER_LOG_DIR" 2>/dev/null || :
  make_pipe_dir
  relmk_told_vmargs=$VMARGS_PATH
  relmk_told_config=$RELX_CONFIG_PATH
  relx_run_hooks "$PRE_START_HOOKS"
  if [ "$VMARGS_PATH" = "$relmk_told_vmargs" ]; then
    VMARGS_PATH=$relmk_given_vmargs
  else
    export VMARGS_PATH
  fi
  if [ "$RELX_CONFIG_PATH" = "$relmk_told_config" ]; then
    RELX_CONFIG_PATH=$relmk_given_config
  else
    export RELX_CONFIG_PATH
  fi
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
  relmk_tries=0
  until relx_nodetool ping >/dev/null 2>&1; do
    relmk_tries=$((relmk_tries + 1))
    find_pipe
    if [ "$relmk_tries" -gt 20 ] && [ ! -p "$relmk_pipe" ]; then
      fail "The node ended while it started, see $RUNNER_LOG_DIR"
    fi
    sleep 0.1 2>/dev/null || sleep 1
  done
}

find_pipe() {
  for relmk_pipe in "${PIPE_DIR%/}"/erlang.pipe.*.w; do
    [ ! -p "$relmk_pipe" ] || return 0
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
