# shellcheck shell=sh disable=SC2034,SC2154
# Part of the start script: becoming a VM.

# Sets QUOTED to $1 as one word of a shell command.
quote() {
  QUOTED=
  UNQUOTED=$1
  while :; do
    case $UNQUOTED in
    *\'*)
      QUOTED="$QUOTED${UNQUOTED%%\'*}'\\''"
      UNQUOTED=${UNQUOTED#*\'}
      ;;
    *) break ;;
    esac
  done
  QUOTED="'$QUOTED$UNQUOTED'"
}

# Becomes the VM. $1: its boot file, $2: the flags of the command; the rest is for the applications.
#
# The cookie never stands among the arguments of a process, which anybody on the machine can read:
# vm.args is given without it, and the VM finds it where auth looks first, in the .erlang.cookie of its
# home. That home is a private one, START_HOME; the environment's HOME stays the user's (-env).
exec_vm() {
  VM_BOOT=$1
  VM_FLAGS=$2
  shift 2
  # shellcheck disable=SC2086
  set -- $EXTRA_DIST_ARGS -- "$@"
  [ -z "$START_VM_ARGS" ] || set -- -args_file "$START_VM_ARGS" "$@"
  [ -z "$START_CONFIG" ] || set -- -config "$START_CONFIG" "$@"
  [ -z "$NAME_ARGUMENT" ] || set -- "$NAME_TYPE" "$NAME_ARGUMENT" "$@"
  case $BINDIR in
  *[\"\$\`\\]*) # erlexec starts epmd through a shell, with these unquoted
    quote "$BINDIR/epmd"
    set -- -epmd "$QUOTED -daemon" "$@"
    ;;
  esac
  # shellcheck disable=SC2086
  set -- $VM_FLAGS -boot "$VM_BOOT" -mode "$CODE_LOADING_MODE" \
    -boot_var SYSTEM_LIB_DIR "$SYSTEM_LIB_DIR" "$@"
  printf '%s\n' "Exec: $BINDIR/erlexec $*" "Root: $ROOTDIR"
  if [ -n "$START_HOME" ]; then
    [ -z "${HOME:-}" ] || set -- -env HOME "$HOME" "$@"
    HOME=$START_HOME
    export HOME
  fi
  exec "$BINDIR/erlexec" "$@"
}

# console, console_clean, console_boot, foreground.
start_vm() {
  START_COMMAND=$1
  shift
  load_environment --start
  find_erts_dir
  BOOTFILE=$START_BOOT
  FLAGS=
  case $START_COMMAND in
  console) ;;
  foreground) FLAGS='-noinput +Bd' ;;
  console_clean)
    BOOTFILE=$REL_DIR/start_clean
    CODE_LOADING_MODE=${CODE_LOADING_MODE:-interactive}
    ;;
  console_boot)
    [ $# -gt 0 ] || fail "Usage: $REL_NAME console_boot File"
    from_caller "${1%.boot}" .boot
    BOOTFILE=$GIVEN_PATH
    shift
    ;;
  esac
  CODE_LOADING_MODE=${CODE_LOADING_MODE:-embedded}
  relx_run_hooks "$PRE_START_HOOKS"
  exec_vm "$BOOTFILE" "$FLAGS" "$@"
}
