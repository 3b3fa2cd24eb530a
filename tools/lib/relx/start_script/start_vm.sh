# shellcheck shell=sh disable=SC2034,SC2154
# Part of the start script: becoming a VM.

# Becomes the VM. $1: its boot file, $2: the flags of the command; the rest is for the applications, and
# as with relx the command is the first of that, unless it is console_boot.
#
# The cookie never stands among the arguments of a process, which anybody on the machine can read:
# vm.args is given without it, and the VM finds it where auth looks first, in the .erlang.cookie of its
# home. That home is a private one, START_HOME; the environment's HOME stays the user's (-env).
exec_vm() {
  relmk_vm_boot=$1
  relmk_vm_flags=$2
  shift 2
  # shellcheck disable=SC2086
  set -- $EXTRA_DIST_ARGS -- "$@"
  [ -z "$START_VM_ARGS" ] || set -- -args_file "$START_VM_ARGS" "$@"
  [ -z "$START_CONFIG" ] || set -- -config "$START_CONFIG" "$@"
  [ -z "$NAME_ARGUMENT" ] || set -- "$NAME_TYPE" "$NAME_ARGUMENT" "$@"
  case $BINDIR in
  *[\"\$\`\\]*) # erlexec starts epmd through a shell, with these unquoted
    quote "$BINDIR/epmd"
    set -- -epmd "$relmk_quoted -daemon" "$@"
    ;;
  esac
  # shellcheck disable=SC2086
  set -- $relmk_vm_flags -boot "$relmk_vm_boot" -mode "$CODE_LOADING_MODE" \
    -boot_var SYSTEM_LIB_DIR "$SYSTEM_LIB_DIR" "$@"
  printf '%s\n' "Exec: $BINDIR/erlexec $*" "Root: $ROOTDIR"
  if [ -n "$START_HOME" ]; then
    [ -z "${HOME:-}" ] || set -- -env HOME "$HOME" "$@"
    HOME=$START_HOME
    export HOME
  fi
  unset RELMK_START_DATA
  exec "$BINDIR/erlexec" "$@"
}

# console, console_clean, console_boot, foreground.
start_vm() {
  relmk_start=$1
  shift
  relmk_boot=
  if [ "$relmk_start" = console_boot ]; then
    relmk_boot=$1
    shift
  fi
  remember_given
  if [ -n "$PRE_START_HOOKS" ]; then
    load_environment --before-hooks arguments "$@"
    relx_run_hooks "$PRE_START_HOOKS"
    load_environment --after-hooks --pid $$ arguments "$@"
  else
    load_environment --start --pid $$ arguments "$@"
  fi
  eval "set -- $START_ARGUMENTS"
  find_erts_dir
  BOOTFILE=$START_BOOT
  relmk_flags=
  case $relmk_start in
  console) ;;
  foreground) relmk_flags='-noinput +Bd' ;;
  console_clean)
    BOOTFILE=$REL_DIR/start_clean
    CODE_LOADING_MODE=${CODE_LOADING_MODE:-interactive}
    ;;
  console_boot) find_boot_file "${relmk_boot%.boot}" ;;
  esac
  CODE_LOADING_MODE=${CODE_LOADING_MODE:-embedded}
  [ "$relmk_start" = console_boot ] || set -- "$relmk_start" "$@"
  exec_vm "$BOOTFILE" "$relmk_flags" "$@"
}

# Sets BOOTFILE: as the VM, from where the user stands, from the release's root, or in bin; else the version's own.
find_boot_file() {
  from_caller "$1" .boot
  for BOOTFILE in "$relmk_given_path" "$SCRIPT_DIR/$1" "$REL_DIR/$1"; do
    [ ! -f "$BOOTFILE.boot" ] || return 0
  done
  fail "error: there is no boot file $relmk_given_path.boot
hint: those of version $REL_VSN are in releases/$REL_VSN"
}

# Who asks the node later has not the choice that a hook makes. What one has chosen before, for a VM that
# heart starts again, is no more than what the user gave then.
remember_given() {
  [ -z "$relmk_is_internal" ] || return 0
  if [ -n "${RELMK_CHOSEN_VMARGS:-}" ] && [ "$RELMK_CHOSEN_VMARGS" = "${VMARGS_PATH:-}" ]; then
    VMARGS_PATH=$RELMK_GIVEN_VMARGS
  fi
  RELMK_GIVEN_VMARGS=${VMARGS_PATH:-}
  export RELMK_GIVEN_VMARGS
}
