# shellcheck shell=sh disable=SC2034,SC2154
# Part of the start script: commands for a node that runs.

stop_node() {
  relx_run_hooks "$PRE_STOP_HOOKS"
  # Scripts rely on no word about a node that does not run; a person is told.
  if [ -t 2 ]; then relx_nodetool stop "$@" || exit 1; else relx_nodetool stop --quiet "$@" || exit 1; fi
  relx_run_hooks "$POST_STOP_HOOKS"
}

node_status() {
  if [ -z "$STATUS_HOOK" ]; then
    relx_nodetool status "$@"
    return
  fi
  ping_or_exit
  # That it is not there says nothing good of the node.
  [ -f "$SCRIPT_DIR/${STATUS_HOOK%%|*}" ] || fail "error: the status hook $SCRIPT_DIR/${STATUS_HOOK%%|*} is not there"
  relx_run_hooks "$STATUS_HOOK" status "$@"
}

# unpack, install, upgrade, downgrade, uninstall. What a hook does hides neither success nor failure: one
# that ends the script before the command is no success of it, and those after it, which learn by
# RELMK_UPGRADE_STATUS how it went, each have a shell of their own.
handle_release() {
  needs_version "$@"
  ping_or_exit
  HOOK_SCRIPT=
  trap 'stopped_by_hook "$?"' EXIT
  relx_run_hooks "$PRE_INSTALL_UPGRADE_HOOKS"
  trap - EXIT
  RELMK_UPGRADE_STATUS=0
  relx_nodetool "$@" || RELMK_UPGRADE_STATUS=$?
  export RELMK_UPGRADE_STATUS
  relmk_hooks=$POST_INSTALL_UPGRADE_HOOKS
  while [ -n "$relmk_hooks" ]; do
    next_hook
    set +e
    (
      set -e
      relx_run_hooks "$hook"
    )
    relmk_hook_code=$?
    set -e
    [ "$relmk_hook_code" = 0 ] ||
      printf '%s\n' "warning: the hook $SCRIPT_DIR/${hook%%|*} ended with $relmk_hook_code" >&2
  done
  exit "$RELMK_UPGRADE_STATUS"
}

# $1: with what the script ends.
stopped_by_hook() {
  trap - EXIT
  [ -n "$HOOK_SCRIPT" ] || exit "$1"
  printf '%s\n' "error: the hook $HOOK_SCRIPT ended the command with $1 before it began" >&2
  [ "$1" != 0 ] || exit 1
  exit "$1"
}

# check and commit: neither unpacks nor installs, so that no hook is run.
ask_about_release() {
  needs_version "$@"
  relx_nodetool "$@"
}

needs_version() {
  if [ -z "${2:-}" ]; then
    printf '%s\n' 'Missing version argument' "Usage: $REL_NAME $1 {version}"
    exit 1
  fi
}

# A remote shell owns the terminal: nothing of this script stays in between.
relx_rem_sh() {
  load_environment
  if [ "${1:-}" != --vm ] && [ -n "$relmk_assignments" ]; then exec "$relmk_nodetool" remote_console "$@"; fi
  ping_or_exit
  # shellcheck source=/dev/null
  . "$SCRIPT_DIR/without_nodetool"
  remote_shell_by_vm
}

# An escript finds NAME in its environment; a cookie in the environment's flags, which become its VM's
# arguments, is taken out.
relx_escript() {
  # One that needs no node runs also where none can be named, as Kazoo's vm.args names it by variables.
  # shellcheck disable=SC2119 # no arguments are meant
  if (load_environment) 2>/dev/null; then load_environment; fi
  find_erts_dir
  find_escript "$1"
  shift
  ERL_LIBS=$RELEASE_ROOT_DIR/lib${ERL_LIBS:+:$ERL_LIBS} "$BINDIR/escript" "$relmk_escript" "$@"
}
# Kazoo's sup names its escript by a pattern below the release.
find_escript() {
  relmk_escript=$1
  relmk_ifs=$IFS
  IFS=
  for relmk_found in $1; do
    [ ! -e "$relmk_found" ] || relmk_escript=$relmk_found
  done
  IFS=$relmk_ifs
  case $relmk_escript in
  /*) ;;
  *) relmk_escript=$RELEASE_ROOT_DIR/$relmk_escript ;;
  esac
}
