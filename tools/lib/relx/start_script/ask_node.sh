# shellcheck shell=sh disable=SC2034,SC2154
# Part of the start script: what it asks the node, and what it asks nodetool about the release.

# Asks the node. Exit codes 126 and 127 are the shell's, for a program that cannot run here. What the
# shell says then goes to /dev/null; nodetool itself is told where the real standard error is.
relx_nodetool() {
  if [ -x "$relmk_nodetool" ]; then
    NODETOOL_STDERR=3 "$relmk_nodetool" "$@" 3>&2 2>/dev/null && return 0
    relmk_nodetool_code=$?
    case $relmk_nodetool_code in
    126 | 127) ;;
    *) return "$relmk_nodetool_code" ;;
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

erl_rpcterms() {
  if shows_output; then relx_nodetool rpcterms "$@"; else relx_nodetool rpcterms --keep-output "$@"; fi
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
# With --start, the files that the VM reads are written too; with --before-hooks those that hooks may
# look for; with --after-hooks those that the VM reads, of VMARGS_PATH and RELX_CONFIG_PATH. With --pid, the
# process is noted as the node. What follows the word `arguments` are the VM's, START_ARGUMENTS what is
# left of them when files that they name and cookies are taken out.
relmk_environment=
load_environment() {
  [ -z "$relmk_environment" ] || [ $# -gt 0 ] || return 0
  relmk_assignments=
  if [ -x "$relmk_nodetool" ]; then
    relmk_environment_code=0
    relmk_assignments=$(VMARGS_PATH=${VMARGS_PATH:-} RELX_CONFIG_PATH=${RELX_CONFIG_PATH:-} \
      NODETOOL_STDERR=3 "$relmk_nodetool" env "$@" 3>&2 2>/dev/null) || relmk_environment_code=$?
    case $relmk_environment_code in
    0 | 126 | 127) ;;
    *) exit "$relmk_environment_code" ;;
    esac
  fi
  if [ -n "$relmk_assignments" ]; then
    eval "$relmk_assignments"
  else
    # shellcheck source=/dev/null
    . "$SCRIPT_DIR/without_nodetool"
    find_environment "$@"
  fi
  relmk_environment=known
  export NAME
}
