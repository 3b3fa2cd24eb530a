# shellcheck shell=sh disable=SC2034,SC2154
# Part of the start script of a Mix release: commands for a node that runs.

require_distribution() {
  [ "$RELEASE_DISTRIBUTION" != none ] ||
    fail "ERROR: RELEASE_DISTRIBUTION is none: the node cannot be asked"
}

# Asks natively.
ask_native() {
  require_distribution
  RELX_COOKIE=$RELEASE_COOKIE "$relmk_nodetool" -n "$RELEASE_NODE" --name-type "$RELEASE_DISTRIBUTION" \
    --vm-args "$RELEASE_REMOTE_VM_ARGS" "$@"
}

# The same by becoming nodetool: what signals this script ends the command.
become_native() {
  require_distribution
  RELX_COOKIE=$RELEASE_COOKIE
  export RELX_COOKIE
  exec "$relmk_nodetool" -n "$RELEASE_NODE" --name-type "$RELEASE_DISTRIBUTION" --vm-args "$RELEASE_REMOTE_VM_ARGS" "$@"
}

# The same, or what relmk_otherwise says where nodetool cannot run here, because the release is another
# machine's: a shell that could not become a program ends, and runs its trap on the way; bash goes on when it is
# told to (but not with `set -e`), without its traps. What the shell says then goes to /dev/null; nodetool itself is told where the
# real standard error is.
become_native_or_else() {
  require_distribution
  if [ -n "${BASH_VERSION:-}" ]; then
    # shellcheck disable=SC3044 # bash's
    shopt -s execfail
    set +e
  fi
  trap do_otherwise EXIT
  NODETOOL_STDERR=3
  export NODETOOL_STDERR
  exec 3>&2 2>/dev/null
  become_native "$@" || do_otherwise
}

do_otherwise() {
  trap - EXIT
  set -e
  exec 2>&3 3>&-
  unset NODETOOL_STDERR
  eval "$relmk_otherwise"
}

# Evaluates $1 in the node; what it prints is printed here.
ask_elixir() {
  relmk_elixir=$1
  # shellcheck disable=SC2016 # it is for later
  relmk_otherwise='ask_by_vm "$relmk_elixir"'
  become_native_or_else elixir "$1"
}

# The command $1 of nodetool; $2 is the same in Elixir.
ask_or_tell() {
  relmk_word=$1
  relmk_elixir=$2
  shift 2
  # shellcheck disable=SC2016 # it is for later
  relmk_otherwise='ask_by_vm "$relmk_elixir"'
  become_native_or_else "$relmk_word" "$@"
}

# As mix's own script does it, by a VM of this side.
ask_by_vm() {
  prepare_asking_vm
  become_clean_vm elixir --hidden "--$RELEASE_DISTRIBUTION" "rpc-$$-$RELEASE_NODE" --rpc-eval "$RELEASE_NODE" "$1"
}

# IEx of the node; with --vm, through a VM of this side.
remote_shell() {
  require_distribution
  if [ "${1:-}" != --vm ]; then
    relmk_otherwise='remote_shell --vm'
    become_native_or_else iex
  fi
  prepare_asking_vm
  become_clean_vm iex --hidden "--$RELEASE_DISTRIBUTION" "rem-$$-$RELEASE_NODE" --remsh "$RELEASE_NODE"
}

prepare_asking_vm() {
  relmk_vm_args_cookie=
  fill_home "$RELEASE_REMOTE_VM_ARGS"
}

# versions, unpack, check, install, upgrade, commit, downgrade, uninstall
handle_release() {
  if [ "$1" != versions ] && [ -z "${2:-}" ]; then
    fail "Usage: $RELEASE_NAME $1 VERSION"
  fi
  RELEASE_ROOT_DIR=$RELEASE_ROOT
  export RELEASE_ROOT_DIR
  become_native "$@"
}
