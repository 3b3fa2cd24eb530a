# Shell functions for the tests of the start script: a small release, and what is asked of it.
# shellcheck shell=sh disable=SC2154,SC2034

# A runtime directory, and one for pipes, that are nobody else's.
XDG_RUNTIME_DIR=$RELMK_SCRATCH/run
PIPE_DIR=$RELMK_SCRATCH/pipes/
TERM=dumb
export XDG_RUNTIME_DIR PIPE_DIR TERM
mkdir -p "$XDG_RUNTIME_DIR"
unset RELX_COOKIE RELX_REPLACE_OS_VARS RELX_MULTI_NODE RELX_OUT_FILE_PATH RELX_RPC_TIMEOUT \
  NODETOOL_TIMEOUT ERL_DIST_PORT RUNNER_LOG_DIR CODE_LOADING_MODE HEART_COMMAND \
  ESCRIPT_NAME XDG_CONFIG_HOME 2>/dev/null || :

# make_release DIR [TERMS]: assembles release demo 1.0 of sasl and runtime_tools under DIR/demo; TERMS
# are further terms of relx.config, which stands in DIR.
make_release() {
  mkdir -p "$1"
  printf '%s\n' "{release, {demo, \"1.0\"}, [sasl, runtime_tools]}." \
    '{vm_args, "vm.args"}.' '{sys_config, "sys.config"}.' "${2-}" >"$1/relx.config"
  [ -e "$1/vm.args" ] || printf -- '-sname %s@localhost\n-setcookie demo\n' "$(unique demo)" >"$1/vm.args"
  [ -e "$1/sys.config" ] || echo '[].' >"$1/sys.config"
  (cd "$1" && "$RELMK_TOOLS/assemble-release" -c relx.config -o .)
}

# without_nodetool DIR: leaves the release under DIR without a nodetool that can run here.
without_nodetool() {
  rm -f "$1/demo/bin/nodetool"
  cp "$RELMK_TOOLS/nodetool" "$1/demo/bin/nodetool"
  # An ELF file tells its machine here.
  printf '\0\0' | dd of="$1/demo/bin/nodetool" bs=1 seek=18 conv=notrunc status=none
  chmod 755 "$1/demo/bin/nodetool"
}

# new_release: a copy of $RELMK_SCRATCH/first, for one question; without a nodetool that runs where $how is erl_call.
# Its script is $demo, its version's directory $version.
new_release() {
  rm -rf "$RELMK_SCRATCH/r"
  cp -a "$RELMK_SCRATCH/first" "$RELMK_SCRATCH/r"
  [ "$how" != erl_call ] || without_nodetool "$RELMK_SCRATCH/r"
  demo=$RELMK_SCRATCH/r/demo/bin/demo
  version=$RELMK_SCRATCH/r/demo/releases/1.0
}

# output COMMAND…: its stdout alone, and nothing of its failure.
output() { "$@" 2>/dev/null || :; }

# status_of COMMAND…: prints the exit status.
status_of() {
  status=0
  "$@" >"$RELMK_SCRATCH/.out" 2>&1 || status=$?
  echo "$status"
}

# value KEY: that of sasl's environment in the node of $demo.
value() { output "$demo" eval "{ok, V} = application:get_env(sasl, $1), V."; }

# has_booted: the node of $demo answers and its boot is over; before that it forgets to stop.
has_booted() { [ "$(output "$demo" eval 'element(1, init:get_status()).')" = started ]; }

# gone PID: no such process; what its parent has yet to be told of is none either.
gone() { [ ! -d "/proc/$1" ] || grep -q '^State:.Z' "/proc/$1/status"; }

# says TEXT COMMAND…: the command's output (of both kinds) holds TEXT.
says() {
  text=$1
  shift
  "$@" >"$RELMK_SCRATCH/.said" 2>&1 || :
  grep -qF -e "$text" "$RELMK_SCRATCH/.said" || {
    cat "$RELMK_SCRATCH/.said"
    return 1
  }
}

# in_no_arguments TEXT: no process of the machine has TEXT among its arguments.
in_no_arguments() {
  printf '%s\n' "$1" >"$RELMK_SCRATCH/.text"
  ! grep -lF -f "$RELMK_SCRATCH/.text" /proc/[0-9]*/cmdline 2>/dev/null
}
