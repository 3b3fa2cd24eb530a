# shellcheck shell=sh disable=SC2034,SC2154
# Part of the start script: commands for a node that runs.

stop_node() {
  if [ -n "$PRE_STOP_HOOKS$POST_STOP_HOOKS" ]; then
    load_environment
    relx_run_hooks "$PRE_STOP_HOOKS"
  fi
  # Scripts rely on no word about a node that does not run; a person is told.
  if [ -t 2 ]; then relx_nodetool stop || exit 1; else relx_nodetool stop --quiet || exit 1; fi
  relx_run_hooks "$POST_STOP_HOOKS"
}

node_status() {
  if [ -z "$STATUS_HOOK" ]; then
    relx_nodetool status "$@"
    return
  fi
  ping_or_exit
  load_environment
  relx_run_hooks "$STATUS_HOOK"
}

# unpack, install, upgrade, downgrade, uninstall
handle_release() {
  if [ -z "${2:-}" ]; then
    printf '%s\n' 'Missing version argument' "Usage: $REL_NAME $1 {version}"
    exit 1
  fi
  ping_or_exit
  if [ -n "$PRE_INSTALL_UPGRADE_HOOKS$POST_INSTALL_UPGRADE_HOOKS" ]; then
    load_environment
    relx_run_hooks "$PRE_INSTALL_UPGRADE_HOOKS"
  fi
  relx_nodetool "$@"
  relx_run_hooks "$POST_INSTALL_UPGRADE_HOOKS"
}

# A remote shell owns the terminal: nothing of this script stays in between.
relx_rem_sh() {
  ping_or_exit
  load_environment
  if [ "${1:-}" != --vm ] && [ -x "$NODETOOL" ] && [ -n "$ASSIGNMENTS" ]; then
    exec "$NODETOOL" remote_console "$@"
  fi
  # shellcheck source=/dev/null
  . "$SCRIPT_DIR/without_nodetool"
  remote_shell_by_vm
}

relx_escript() {
  # Flags in the environment become the VM's arguments: a cookie among them is taken out.
  case ${ERL_FLAGS-}${ERL_AFLAGS-}${ERL_ZFLAGS-} in
  *cookie*) load_environment ;;
  esac
  find_erts_dir
  ESCRIPT=$1
  shift
  case $ESCRIPT in
  /*) ;;
  *) ESCRIPT=$ROOTDIR/$ESCRIPT ;;
  esac
  "$BINDIR/escript" "$ESCRIPT" "$@"
}
