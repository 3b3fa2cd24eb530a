# shellcheck shell=sh disable=SC2034,SC2154
# Part of the start script: a VM in the background, under run_erl.

# Sets relmk_quoted to all arguments, each one word.
quote_all() {
  relmk_command_line=
  for argument in "$@"; do
    quote "$argument"
    relmk_command_line="$relmk_command_line $relmk_quoted"
  done
  relmk_quoted=${relmk_command_line# }
}

# Starts `$1` (console or console_boot) under run_erl, and returns when the release's applications run.
# That may take RELX_START_TIMEOUT seconds.
start_daemon() {
  START_OPTION=$1
  shift
  relmk_boot_file=
  if [ "$START_OPTION" = console_boot ]; then
    relmk_boot_file=$1
    shift
  fi
  relmk_started_at=$(date +%s)
  relmk_patience=${RELX_START_TIMEOUT:-300}
  remember_given
  # An error in vm.args is not to be hidden, unless a hook is yet to make what is missing.
  if [ -z "$PRE_START_HOOKS" ] || (load_environment arguments "$@") >/dev/null 2>&1; then
    load_environment arguments "$@"
    [ -z "${CANNOT_ASK:-}" ] || fail "$CANNOT_ASK"
    # A node of that name that hangs is no reason to wait long: the VM is told that its name is taken.
    relmk_error=$(ask_within 10 ping 2>&1 >/dev/null) && fail 'Node is already running!'
    case $relmk_error in *' runs with another cookie'*) fail "$relmk_error" ;; esac
    # Where epmd has lost a node of this release, another one would be given its name.
    relmk_process=${relmk_error#*' runs as process '}
    relmk_process=${relmk_process%%,*}
    if [ "$(readlink "/proc/$relmk_process/cwd" 2>/dev/null)" = "$RELEASE_ROOT_DIR" ]; then fail "$relmk_error"; fi
  fi
  prepare_daemon "$@"
  [ "$START_OPTION" != console_boot ] || find_boot_file "${relmk_boot_file%.boot}"
  load_environment --start arguments "$@"
  [ "$START_OPTION" != console_boot ] || set -- "$BOOTFILE" "$@"
  find_erts_dir
  make_log_dir
  make_pipe_dir
  # What heart runs to bring the node back.
  case $START_OPTION in
  console_boot) quote_all "$SCRIPT_DIR/$REL_NAME" daemon_boot "$@" ;;
  *) quote_all "$SCRIPT_DIR/$REL_NAME" daemon "$@" ;;
  esac
  HEART_COMMAND=$relmk_quoted
  export HEART_COMMAND
  claim_pipe
  quote_all "$SCRIPT" "$START_OPTION" "$@" --relx-disable-hooks
  "$BINDIR/run_erl" -daemon "$RELMK_PIPE" "$RUNNER_LOG_DIR" "exec $relmk_quoted"
  await_start
  relx_run_hooks "$POST_START_HOOKS"
}

# Runs the hooks. What they choose by VMARGS_PATH and RELX_CONFIG_PATH is meant for the VM, too; what
# they were told is not. Its arguments are the command's.
prepare_daemon() {
  [ -n "$PRE_START_HOOKS" ] || return 0
  relmk_given_vmargs=${VMARGS_PATH:-}
  relmk_given_config=${RELX_CONFIG_PATH:-}
  load_environment --before-hooks arguments "$@"
  mkdir -p -- "$RUNNER_LOG_DIR" 2>/dev/null || :
  make_pipe_dir
  relmk_told_vmargs=$VMARGS_PATH
  relmk_told_config=$RELX_CONFIG_PATH
  relx_run_hooks "$PRE_START_HOOKS"
  if [ "$VMARGS_PATH" = "$relmk_told_vmargs" ]; then
    VMARGS_PATH=$relmk_given_vmargs
  else
    RELMK_CHOSEN_VMARGS=$VMARGS_PATH
    export VMARGS_PATH RELMK_CHOSEN_VMARGS
  fi
  if [ "$RELX_CONFIG_PATH" = "$relmk_told_config" ]; then
    RELX_CONFIG_PATH=$relmk_given_config
  else
    export RELX_CONFIG_PATH
  fi
}

# run_erl says nothing where it cannot write its log.
make_log_dir() {
  mkdir -p -- "$RUNNER_LOG_DIR" 2>/dev/null || :
  if ! [ -d "$RUNNER_LOG_DIR" ] || ! [ -w "$RUNNER_LOG_DIR" ] || ! [ -x "$RUNNER_LOG_DIR" ]; then
    fail "error: user '$(id -un)' cannot write logs to $RUNNER_LOG_DIR
hint: RUNNER_LOG_DIR can name another directory"
  fi
}

# Whoever can enter the directory of a node's pipes can type into its shell: it is this user's alone. Where
# the user has not named one, PIPE_BASE_DIR is a place that no other user has taken.
make_pipe_dir() {
  if [ -n "$PIPE_BASE_DIR" ]; then
    make_private_dir "$PIPE_BASE_DIR"
    make_private_dir "$PIPE_BASE_DIR/pipes"
  fi
  [ -d "$PIPE_DIR" ] || (umask 077 && mkdir -p -- "$PIPE_DIR") || exit 1
  [ -w "$PIPE_DIR" ] ||
    fail "failed to start, user '${USER:-}' does not have write privileges on '$PIPE_DIR', either delete it or run node as a different user"
  need_own_pipes "$(id -u)"
}

# The pipes' directory, and what that is in, must be nobody's but root's and user $1's (a number).
need_own_pipes() {
  relmk_owned=${PIPE_DIR%/}
  for relmk_owned in "$relmk_owned" "${relmk_owned%/*}/"; do
    need_own "$1" "$relmk_owned" d "$(stat -L -c '%u %a' -- "$relmk_owned")"
  done
}

# $2, which is a directory ($3: d) or a pipe (p), and has what $4 says, `OWNER MODE`, must be of user $1 or root.
# Whoever may write to a directory can put other pipes into it, unless it is sticky, as /tmp is.
need_own() {
  case $4 in
  "0 "* | "$1 "*) ;;
  *)
    fail "error: $2 belongs to another user, who could reach the node's shell
hint: PIPE_DIR can name another directory"
    ;;
  esac
  case $3${4#* } in
  d[1357]???) ;;
  *[2367])
    fail "error: others may write to $2, and could reach the node's shell
hint: chmod o-w; or PIPE_DIR can name another directory"
    ;;
  esac
}

# Sets RELMK_PIPE to pipes that are this node's alone (PIPE.r, PIPE.w), of a name that to_erl looks for.
# That they are made here, and not by run_erl, claims them.
claim_pipe() {
  relmk_number=1
  while
    RELMK_PIPE=${PIPE_DIR%/}/erlang.pipe.$relmk_number
    [ -e "$RELMK_PIPE.r" ] || ! mkfifo -m 600 -- "$RELMK_PIPE.w" 2>/dev/null
  do
    [ "$relmk_number" -lt 1000 ] || fail "error: no pipe can be made in $PIPE_DIR"
    relmk_number=$((relmk_number + 1))
  done
  mkfifo -m 600 -- "$RELMK_PIPE.r" || exit 1
  export RELMK_PIPE
}

# Waits until the node's boot is over, and its applications run. Where one of them has failed, init says that
# the boot is over, too, but application_controller answers no more. A VM that has ended cannot get there;
# run_erl removes the pipes then.
await_start() {
  relmk_launched_at=$(date +%s)
  until
    relmk_boot=$(ask_start init get_status 2>/dev/null)
    [ "${relmk_boot#'{started,'}" != "$relmk_boot" ] && ask_start application which_applications >/dev/null 2>&1 &&
      relmk_vm=$(ask_within "$relmk_left" pid 2>/dev/null)
  do
    relmk_now=$(date +%s)
    if ! [ -p "$RELMK_PIPE.w" ] || { [ "$relmk_now" -gt $((relmk_launched_at + 1)) ] && ! run_erl_lives; }; then
      report_start 'The node ended while it started'
    fi
    [ "$relmk_now" -lt $((relmk_started_at + relmk_patience)) ] ||
      report_start "The node has not started within $relmk_patience seconds (RELX_START_TIMEOUT), and is left to itself"
    sleep 0.1 2>/dev/null || sleep 1
  done
  is_started_here || report_other_node
  warn_of_missing
}

# Where an application fails whose type is temporary, the node goes on without it: that is told here. The others of
# the node's boot file are known as started, also where another node runs a distributed one, or may not start yet.
warn_of_missing() {
  relmk_missing=$(ask_within 10 eval --keep-output '
    {ok, [[Boot | _]]} = init:get_argument(boot),
    {ok, Bytes} = file:read_file(Boot ++ ".boot"),
    {script, _, Commands} = binary_to_term(Bytes),
    [App || {apply, {application, start_boot, [App | _]}} <- Commands] --
        [element(1, One) || {Key, All} <- application:info(), lists:member(Key, [started, starting, start_p_false]), One <- All].' \
    2>/dev/null) ||
    return 0
  [ "$relmk_missing" = '[]' ] ||
    printf '%s\n' "warning: the node runs without $relmk_missing, which failed or ended: see $RUNNER_LOG_DIR" >&2
}

# Whether process relmk_vm, which answers as the node, is the one under our run_erl. Where no arguments can be
# read, it is taken to be.
is_started_here() {
  [ -r /proc/self/cmdline ] || return 0
  find_pipe_of "$relmk_vm"
  [ "$relmk_pipe" = "$RELMK_PIPE" ]
}

# Of two nodes that are started at once as the same one, the VM that comes second ends by itself.
report_other_node() {
  relmk_tries=0
  while run_erl_lives && [ "$relmk_tries" -lt 10 ]; do
    relmk_tries=$((relmk_tries + 1))
    sleep 1
  done
  if run_erl_lives; then
    relmk_hint="what was started here runs under $RELMK_PIPE, and is left to itself"
  else
    relmk_hint="what was started here at the same time has ended"
    rm -f -- "$RELMK_PIPE.r" "$RELMK_PIPE.w"
  fi
  fail "error: $NAME is another node, of process $relmk_vm
hint: $relmk_hint"
}

# Calls a function of the node, in the time that is left. init:get_status() is {started,_} after the boot.
ask_start() {
  relmk_left=$((relmk_started_at + relmk_patience - $(date +%s)))
  [ "$relmk_left" -gt 0 ] || relmk_left=1
  ask_within "$relmk_left" rpc --keep-output "$@"
}

# Asks the node, which may take $1 seconds and no more than RELX_RPC_TIMEOUT.
ask_within() (
  [ "$1" -gt "$RELX_RPC_TIMEOUT" ] || RELX_RPC_TIMEOUT=$1
  shift
  relx_nodetool "$@"
)

# Whether run_erl is there, by the name of its pipe among its arguments. Where no arguments can be read, it
# is taken to be.
run_erl_lives() {
  [ -r /proc/self/cmdline ] || return 0
  # shellcheck disable=SC2062 # the pattern comes from standard input, lest grep find its own
  printf '%s\n' "$RELMK_PIPE" | grep -qsF -f - -- /proc/[0-9]*/cmdline
}

# $1: what has happened.
report_start() {
  relmk_error=$(ask_start application which_applications 2>&1 >/dev/null) || :
  {
    printf '%s\n' "error: $1"
    [ -z "$relmk_error" ] || printf '%s\n' "$relmk_error"
    [ -z "$relmk_boot" ] || printf '%s\n' "The node says of its boot: $relmk_boot"
    find_log
    if [ -n "$relmk_log" ]; then
      printf '%s\n' "The end of $relmk_log:"
      tail -n 20 -- "$relmk_log"
    else
      printf '%s\n' "There is no log in $RUNNER_LOG_DIR"
    fi
  } >&2
  run_erl_lives || rm -f -- "$RELMK_PIPE.r" "$RELMK_PIPE.w"
  exit 1
}

# Sets relmk_log to the log that run_erl has written to last.
find_log() {
  relmk_log=
  for relmk_file in "$RUNNER_LOG_DIR"/erlang.log.*; do
    if [ -f "$relmk_file" ] && { [ -z "$relmk_log" ] || [ -n "$(find "$relmk_file" -newer "$relmk_log")" ]; }; then
      relmk_log=$relmk_file
    fi
  done
}

# to_erl by itself takes the last pipe in the directory, which may be another node's.
attach() {
  load_environment
  find_erts_dir
  ping_or_exit
  find_pipe
  [ -w "$relmk_pipe.w" ] ||
    fail "failed to attach, user '${USER:-}' does not have sufficient privileges on '$PIPE_DIR', please run node as a different user"
  # Root may attach to another user's node. In the directory that is this one's own from here on, nobody else
  # changes anything, whatever its path leads to later.
  relmk_owner=$(stat -c %u -- "/proc/$relmk_vm")
  need_own_pipes "$relmk_owner"
  cd -P -- "$PIPE_DIR" || exit 1
  need_own "$relmk_owner" "$PIPE_DIR" d "$(stat -c '%u %a' .)"
  for relmk_end in r w; do
    relmk_file=./${relmk_pipe##*/}.$relmk_end
    [ -p "$relmk_file" ] || fail "error: $relmk_pipe.$relmk_end is no pipe"
    need_own "$relmk_owner" "$relmk_pipe.$relmk_end" p "$(stat -c '%u %a' -- "$relmk_file")"
  done
  exec "$BINDIR/to_erl" "./${relmk_pipe##*/}"
}

# Sets relmk_pipe to the pipe of the node, whose process relmk_vm is, and PIPE_DIR to what it is in.
find_pipe() {
  relmk_vm=$(relx_nodetool pid) || exit 1
  find_pipe_of "$relmk_vm"
  PIPE_DIR=${relmk_pipe%/*}/
  [ -n "$relmk_pipe" ] || fail "error: node $NAME was not started as daemon: there is no pipe to it
hint: $REL_NAME remote_console"
}

# Sets relmk_pipe to the pipe of the VM of process $1, or to nothing. It is an argument of run_erl, the VM's
# parent: `run_erl -daemon PIPE LOGS COMMAND`. A loader of programs may stand before it.
find_pipe_of() {
  relmk_stat=$(cat "/proc/$1/stat" 2>/dev/null) || :
  relmk_stat=${relmk_stat##*) ? } # the parent is the second field behind the name, which is in parentheses
  relmk_pipe=$(tr '\0' '\n' 2>/dev/null <"/proc/${relmk_stat%% *}/cmdline" |
    sed -n -e '/run_erl/!d' -e ':seen' -e n -e '/^-daemon$/{' -e n -e p -e q -e '}' -e 'b seen')
}
