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

# The same by becoming nodetool, where that runs here: what signals this script ends the command.
become_native() {
  require_distribution
  RELX_COOKIE=$RELEASE_COOKIE
  export RELX_COOKIE
  exec "$relmk_nodetool" -n "$RELEASE_NODE" --name-type "$RELEASE_DISTRIBUTION" --vm-args "$RELEASE_REMOTE_VM_ARGS" "$@"
}

# Whether nodetool can. Exit codes 126 and 127 are the shell's, for a program that cannot run here, because the
# release is another machine's.
runs_here() {
  relmk_code=0
  "$relmk_nodetool" --version >/dev/null 2>&1 || relmk_code=$?
  [ "$relmk_code" -ne 126 ] && [ "$relmk_code" -ne 127 ]
}

# Evaluates $1 in the node; what it prints is printed here.
ask_elixir() {
  if runs_here; then become_native elixir "$1"; fi
  require_distribution
  ask_by_vm "$1"
}

# The command $1 of nodetool; $2 is the same in Elixir.
ask_or_tell() {
  relmk_elixir=$2
  relmk_word=$1
  shift 2
  if runs_here; then become_native "$relmk_word" "$@"; fi
  require_distribution
  ask_by_vm "$relmk_elixir"
}

# As mix's own script does it, by a VM of this side.
ask_by_vm() {
  prepare_asking_vm
  become_clean_vm elixir --hidden "--$RELEASE_DISTRIBUTION" "rpc-$$-$RELEASE_NODE" --rpc-eval "$RELEASE_NODE" "$1"
}

# IEx of the node; with --vm, through a VM of this side.
remote_shell() {
  if [ "${1:-}" != --vm ] && runs_here; then
    become_native iex
  fi
  require_distribution
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
