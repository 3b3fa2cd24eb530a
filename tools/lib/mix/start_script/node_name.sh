# shellcheck shell=sh disable=SC2034,SC2154
# Part of the start script of a Mix release: the node's name and cookie.

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

# Sets relmk_vm_args_name (`name X`, `sname X` or nothing) and relmk_vm_args_cookie by what the lines of
# vm.args say. Mix's has neither; that of an Exrm project, in rel/vm.args, has both.
look_into_vm_args() {
  relmk_vm_args_name=
  relmk_vm_args_cookie=
  [ -f "$RELEASE_VM_ARGS" ] || return 0
  while IFS=' 	' read -r relmk_flag relmk_value relmk_more || [ -n "$relmk_flag" ]; do
    case $relmk_flag in
    -name | -sname) relmk_vm_args_name="${relmk_flag#-} $relmk_value" ;;
    -setcookie) relmk_vm_args_cookie=$relmk_value ;;
    esac
  done <"$RELEASE_VM_ARGS"
}

# Sets and exports RELEASE_NODE, RELEASE_DISTRIBUTION and RELEASE_COOKIE. relmk_named_by_vm_args is set where
# the VM learns its name from vm.args.
find_node() {
  look_into_vm_args
  relmk_named_by_vm_args=
  if [ -n "$relmk_vm_args_name" ]; then
    relmk_named_by_vm_args=yes
    RELEASE_DISTRIBUTION=${relmk_vm_args_name%% *}
    RELEASE_NODE=${relmk_vm_args_name#* }
  fi
  RELEASE_NODE=${RELEASE_NODE:-"$RELEASE_NAME"}
  RELEASE_DISTRIBUTION=${RELEASE_DISTRIBUTION:-sname}
  case $RELEASE_DISTRIBUTION in
  name | sname | none) ;;
  *) fail "ERROR: Expected RELEASE_DISTRIBUTION to be sname, name, or none, got: $RELEASE_DISTRIBUTION" ;;
  esac
  if [ -z "${RELEASE_COOKIE:-}" ]; then
    RELEASE_COOKIE=$relmk_vm_args_cookie
    [ -n "$RELEASE_COOKIE" ] || IFS= read -r RELEASE_COOKIE <"$RELEASE_ROOT/releases/COOKIE" || :
  fi
  export RELEASE_NODE RELEASE_DISTRIBUTION RELEASE_COOKIE
}
