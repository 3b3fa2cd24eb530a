# shellcheck shell=sh disable=SC2034,SC2154
# Part of the plain start script and of without_nodetool: starting a VM by what was prepared with the
# release, its cookie in a home of its own.

needs_nodetool() {
  printf '%s\n' "error: $1 needs bin/nodetool, which does not run on this machine" >&2
  [ -z "${2:-}" ] || printf '%s\n' "hint: $2" >&2
  exit 1
}

# Reads what was prepared when the release was made; it must be of the vm.args that there is now.
read_prepared() {
  [ -f "$REL_DIR/prepared_start" ] || needs_nodetool 'a release that was made without prepared_start'
  # shellcheck source=/dev/null
  . "$REL_DIR/prepared_start"
  [ -z "$PREPARED_TROUBLE" ] || needs_nodetool "vm.args with $PREPARED_TROUBLE"
  if [ -n "$PREPARED_VM_ARGS" ] && [ "$(cat -- "$REL_DIR/$PREPARED_VM_ARGS")" != "$(prepared_source)" ]; then
    needs_nodetool "$REL_DIR/$PREPARED_VM_ARGS, changed since the release was made," 'make the release again'
  fi
  case ${ERL_FLAGS-}${ERL_AFLAGS-}${ERL_ZFLAGS-}${RELX_COOKIE_FLAGS-} in
  *cookie* | *-args_file*) needs_nodetool 'a cookie in ERL_FLAGS' 'RELX_COOKIE can give it' ;;
  esac
}

# Sets relmk_node_dir to a directory that only this user can enter, for the files of this node.
make_node_dir() {
  relmk_output_dir=$REL_DIR
  [ ! -d "${RELX_OUT_FILE_PATH:-}" ] || relmk_output_dir=$RELX_OUT_FILE_PATH
  [ -w "$relmk_output_dir" ] || relmk_output_dir=${XDG_RUNTIME_DIR:-}
  if [ -z "$relmk_output_dir" ] || [ ! -w "$relmk_output_dir" ]; then
    needs_nodetool 'a release that is read-only' 'set RELX_OUT_FILE_PATH to a directory that can be written to'
  fi
  relmk_node_dir=$relmk_output_dir/.$NAME
  make_private_dir "$relmk_node_dir"
}

# Makes START_HOME, the home that the VM is given: its cookie, and links to the other files that OTP looks
# for in a home.
make_start_home() {
  START_HOME=
  [ -z "$relmk_cookie_in_home" ] && [ -n "$COOKIE" ] || return 0
  make_node_dir
  START_HOME=$relmk_node_dir
  (
    umask 077
    printf %s "$COOKIE" >"$START_HOME/.erlang.cookie.$$"
    mv -f -- "$START_HOME/.erlang.cookie.$$" "$START_HOME/.erlang.cookie"
  )
  for dot_file in .erlang .erlang.crypt .hosts.erlang; do
    rm -f -- "$START_HOME/$dot_file"
    [ ! -e "${HOME:-}/$dot_file" ] || ln -s -- "$HOME/$dot_file" "$START_HOME/$dot_file"
  done
}

# $1: what prints the text, $2: the file, in a directory that is this user's.
write_private() {
  (
    umask 077
    "$1" >"$2.$$"
  ) || exit 1
  mv -f -- "$2.$$" "$2"
}
