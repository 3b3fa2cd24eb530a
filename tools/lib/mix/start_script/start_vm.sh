# shellcheck shell=sh disable=SC2034,SC2154,SC2089,SC2090
# Part of the start script of a Mix release: becoming a VM.
#
# The cookie never stands among the arguments of a process, which anybody on the machine can read: the VM finds
# it where auth looks first, in the .erlang.cookie of its home. That home is a private one; the environment's
# HOME stays the user's.

# Sets relmk_home to a directory that only this user can enter: below RELEASE_TMP, or where that cannot be
# written, the user's runtime directory.
make_home() {
  relmk_home=$RELEASE_TMP/.${RELEASE_NODE%%/*}
  if ! (umask 077 && mkdir -p -- "$RELEASE_TMP" && { [ -d "$relmk_home" ] || mkdir -- "$relmk_home"; }) 2>/dev/null ||
    ! is_ours "$relmk_home"; then
    relmk_home=${XDG_RUNTIME_DIR:-${TMPDIR:-/tmp}}/$RELEASE_NAME-$(id -u)-${RELEASE_NODE%%/*}
    [ -d "$relmk_home" ] || (umask 077 && mkdir -- "$relmk_home") || exit 1
    is_ours "$relmk_home" || fail "$relmk_home: error: belongs to another user"
  fi
  chmod 700 "$relmk_home"
}

is_ours() {
  # shellcheck disable=SC3067
  [ -O "$1" ] && [ ! -L "$1" ] && [ -w "$1" ]
}

# Fills the home: the cookie, links to the other files that OTP looks for in a home, and vm.args ($1) without
# a cookie. Sets relmk_vm_args.
fill_home() {
  make_home
  relmk_vm_args=$relmk_home/vm.args
  quote "${HOME:-}"
  (
    umask 077
    printf %s "$RELEASE_COOKIE" >"$relmk_home/.erlang.cookie.$$"
    mv -f -- "$relmk_home/.erlang.cookie.$$" "$relmk_home/.erlang.cookie"
    {
      [ -z "${HOME:-}" ] || printf '%s\n' "-env HOME $relmk_quoted"
      quote "$1"
      # A cookie that vm.args has is in .erlang.cookie by now.
      if [ -n "$relmk_vm_args_cookie" ]; then
        sed '/^[[:blank:]]*-setcookie[[:blank:]]/d' <"$1"
      else
        printf '%s\n' "-args_file $relmk_quoted"
      fi
    } >"$relmk_vm_args.$$"
    mv -f -- "$relmk_vm_args.$$" "$relmk_vm_args"
  )
  for relmk_file in .erlang .erlang.crypt .hosts.erlang; do
    rm -f -- "$relmk_home/$relmk_file"
    [ ! -e "${HOME:-}/$relmk_file" ] || ln -sfn -- "$HOME/$relmk_file" "$relmk_home/$relmk_file"
  done
  HOME=$relmk_home
  export HOME
}

# Sets RELEASE_SYS_CONFIG, without .config. Providers that restart the system write into a copy of their own.
find_sys_config() {
  relmk_sys_config=${RELEASE_SYS_CONFIG:-"$REL_VSN_DIR/sys"}
  relmk_reboots=
  if grep -q 'RUNTIME_CONFIG=true' "$relmk_sys_config.config"; then
    relmk_reboots=yes
    RELEASE_SYS_CONFIG=$RELEASE_TMP/$RELEASE_NAME-$RELEASE_VSN-$(date +%Y%m%d%H%M%S)-$$.runtime
    (mkdir -p -- "$RELEASE_TMP" && umask 077 && cat "$relmk_sys_config.config" >"$RELEASE_SYS_CONFIG.config") ||
      fail "ERROR: Cannot start release because it could not write $RELEASE_SYS_CONFIG.config"
  else
    RELEASE_SYS_CONFIG=$relmk_sys_config
  fi
  export RELEASE_SYS_CONFIG
}

# What heart runs to bring the node back, unless env.sh says.
set_heart_command() {
  [ -z "${HEART_COMMAND:-}" ] || return 0
  quote "$RELEASE_ROOT/bin/${relmk_self##*/}"
  HEART_COMMAND="exec env $relmk_unset $relmk_quoted $RELEASE_COMMAND"
  export HEART_COMMAND
}

# Becomes `elixir` or `iex` ($1) of the release, which becomes the VM. The rest are their options.
start_vm() {
  relmk_program=$1
  shift
  find_sys_config
  set_heart_command
  fill_home "$RELEASE_VM_ARGS"
  # A system that its providers restart boots in interactive mode first: what they need is loaded as it is used.
  if [ -n "$relmk_reboots" ]; then
    relmk_mode="-elixir config_provider_reboot_mode $RELEASE_MODE"
  else
    relmk_mode="-mode $RELEASE_MODE"
  fi
  set -- --erl "$relmk_mode" --erl-config "$RELEASE_SYS_CONFIG" --boot "$REL_VSN_DIR/$RELEASE_BOOT_SCRIPT" \
    --boot-var RELEASE_LIB "$RELEASE_ROOT/lib" --vm-args "$relmk_vm_args" "$@"
  if [ -z "$relmk_named_by_vm_args" ] && [ "$RELEASE_DISTRIBUTION" != none ]; then
    set -- "--$RELEASE_DISTRIBUTION" "$RELEASE_NODE" "$@"
  fi
  exec "$REL_VSN_DIR/$relmk_program" "$@"
}

start_daemon() {
  if [ "$RELEASE_DISTRIBUTION" != none ] && ask_native ping >/dev/null 2>&1; then
    fail "ERROR: the node $RELEASE_NODE runs already"
  fi
  start_vm "$@" --pipe-to "$RELEASE_TMP/pipe" "$RELEASE_TMP/log"
}

# A VM of its own, in which the applications are not started.
evaluate_in_own_vm() {
  [ -n "${1:-}" ] || fail 'ERROR: EVAL expects an expression as argument'
  find_sys_config
  fill_home "$RELEASE_VM_ARGS"
  relmk_expression=$1
  shift
  become_clean_vm elixir --erl-config "$RELEASE_SYS_CONFIG" --eval "$relmk_expression" -- "$@"
}

# $1 is elixir or iex.
become_clean_vm() {
  relmk_program=$1
  shift
  exec "$REL_VSN_DIR/$relmk_program" --boot "$REL_VSN_DIR/$RELEASE_BOOT_SCRIPT_CLEAN" \
    --boot-var RELEASE_LIB "$RELEASE_ROOT/lib" --vm-args "$relmk_vm_args" "$@"
}
