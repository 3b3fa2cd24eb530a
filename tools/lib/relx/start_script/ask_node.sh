# shellcheck shell=sh disable=SC2034,SC2154
# Part of the start script: what it asks the node, and what it asks nodetool about the release.

# Asks the node. Exit codes 126 and 127 are the shell's, for a program that cannot run here. What the
# shell says then goes to /dev/null; nodetool itself is told where the real standard error is.
relx_nodetool() {
  if [ -x "$NODETOOL" ]; then
    NODETOOL_STDERR=3 "$NODETOOL" "$@" 3>&2 2>/dev/null && return 0
    NODETOOL_CODE=$?
    case $NODETOOL_CODE in
    126 | 127) ;;
    *) return "$NODETOOL_CODE" ;;
    esac
  fi
  # shellcheck source=/dev/null
  . "$SCRIPT_DIR/without_nodetool"
  without_nodetool "$@"
}

# What is printed on the way is printed here, before the result. With USE_NODETOOL set and empty it
# stays with the node, as it does when relx asks by erl_call.
shows_output() {
  [ -n "${USE_NODETOOL-here}" ]
}

erl_rpc() {
  if shows_output; then relx_nodetool rpc "$@"; else relx_nodetool rpc --keep-output "$@"; fi
}

erl_eval() {
  if shows_output; then relx_nodetool eval "$*"; else relx_nodetool eval --keep-output "$*"; fi
}

relx_get_pid() {
  relx_nodetool pid
}

ping_or_exit() {
  relx_nodetool ping >/dev/null || exit 1
}

# Sets what hooks, extensions and the VM need: NAME, NAME_TYPE, COOKIE, PIPE_DIR, RUNNER_LOG_DIR, …
# With --start, the files that the VM reads are written too.
ENVIRONMENT=
load_environment() {
  [ "$ENVIRONMENT" != "read $*" ] || return 0
  ASSIGNMENTS=
  if [ -x "$NODETOOL" ]; then
    ENVIRONMENT_CODE=0
    ASSIGNMENTS=$(NODETOOL_STDERR=3 "$NODETOOL" env "$@" 3>&2 2>/dev/null) || ENVIRONMENT_CODE=$?
    case $ENVIRONMENT_CODE in
    0 | 126 | 127) ;;
    *) exit "$ENVIRONMENT_CODE" ;;
    esac
  fi
  if [ -n "$ASSIGNMENTS" ]; then
    eval "$ASSIGNMENTS"
  else
    # shellcheck source=/dev/null
    . "$SCRIPT_DIR/without_nodetool"
    find_environment "$@"
  fi
  ENVIRONMENT="read $*"
  export NAME
}
