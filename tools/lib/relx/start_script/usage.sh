# shellcheck shell=sh disable=SC2034,SC2154
# Part of the start script: what `help` prints.

# $1: a command; without one, or of one that is not known, all are listed.
relx_usage() {
  find_command "${1:-}"
  if [ -n "$relmk_kind" ]; then
    usage_of_command "$1"
    return
  fi
  find_extension "${1:-}"
  if [ -n "$EXTENSION_SCRIPT" ]; then
    relx_run_extension "$EXTENSION_SCRIPT" help
    return
  fi
  [ -z "${1:-}" ] || [ "$1" = help ] || printf '%s\n' "error: unknown command: $1" >&2
  list_commands
}

usage_of_command() {
  case $1 in
  rpc)
    echo "Usage: $REL_NAME rpc Mod [Fun [Args]]
Applies a function on the node and prints its result. Fun is start and Args is []
unless they are given; Args is a list, as for erlang:apply/3."
    ;;
  rpcterms)
    echo "Usage: $REL_NAME rpcterms Mod Fun [Term. ...]
The same; each further argument is one of the function's, a term with its full stop."
    ;;
  eval)
    echo "Usage: $REL_NAME eval Exprs
Evaluates Erlang expressions, separated by commas, on the node, and prints the last
one's value. \`eval -\` reads them from standard input."
    ;;
  foreground)
    echo "Usage: $REL_NAME foreground [Args]
Starts the release without a shell; what it prints goes to stdout. Args are those of
the VM and its applications, as in vm.args."
    ;;
  console)
    echo "Usage: $REL_NAME console [Args]
Starts the release with an interactive shell."
    ;;
  console_clean)
    echo "Usage: $REL_NAME console_clean [Args]
Starts an interactive shell without the release's applications."
    ;;
  console_boot)
    echo "Usage: $REL_NAME console_boot File [Args]
Starts an interactive shell with boot script File."
    ;;
  daemon | start)
    echo "Usage: $REL_NAME $1 [Args]
Starts the release in the background (run_erl), and waits until its applications run:
at most RELX_START_TIMEOUT seconds (300). Exits with 1 where they don't."
    ;;
  daemon_boot)
    echo "Usage: $REL_NAME daemon_boot File [Args]
Starts boot script File in the background, as daemon does the release."
    ;;
  daemon_attach | attach)
    echo "Usage: $REL_NAME $1
Attaches to the shell of a node that was started as daemon (to_erl). Ctrl-D leaves it."
    ;;
  remote_console | remote | remsh)
    echo "Usage: $REL_NAME $1 [--vm]
Opens a shell on the running node; with --vm, through an Erlang VM."
    ;;
  stop)
    echo "Usage: $REL_NAME stop [--wait SECONDS]
Stops the node, and waits until its process is gone: at most that long (60)."
    ;;
  restart)
    echo "Usage: $REL_NAME restart [--wait SECONDS]
Restarts the applications in the same process, and waits until they run: at most
that long (60)."
    ;;
  reboot)
    echo "Usage: $REL_NAME reboot
Ends the node's process, for heart to start another."
    ;;
  pid)
    echo "Usage: $REL_NAME pid
Prints the id of the node's OS process."
    ;;
  ping)
    echo "Usage: $REL_NAME ping [--wait SECONDS]
Prints pong if the node answers, or does so within that time (0)."
    ;;
  unpack | install | upgrade | downgrade)
    echo "Usage: $REL_NAME $1 Version
Takes the package of that version from the first of
      releases/$REL_NAME-Version.tar.gz
      releases/Version/$REL_NAME-Version.tar.gz
      releases/Version/$REL_NAME.tar.gz"
    [ "$1" = unpack ] || echo '
     --no-permanent       install it, but do not make it permanent
     --verify Command     make it permanent if that ends with 0, else go back to the old version
     --within Seconds     the time that it has (60)'
    ;;
  check)
    echo "Usage: $REL_NAME check Version
Says all that stands in the way of installing that version, and changes nothing."
    ;;
  commit)
    echo "Usage: $REL_NAME commit Version
Makes the version that runs permanent: the one that is started from then on."
    ;;
  uninstall)
    echo "Usage: $REL_NAME uninstall Version
Removes a version that is not in use."
    ;;
  versions)
    echo "Usage: $REL_NAME versions
Lists the versions of the release that the node knows."
    ;;
  status)
    echo "Usage: $REL_NAME status [--json]
Tells about the running node, by the release's status hook where it has one, which takes any
arguments."
    ;;
  escript)
    echo "Usage: $REL_NAME escript File [Args]
Runs an escript in the release's environment; File is a path from its root."
    ;;
  esac
}

list_commands() {
  printf '%s\n' "Usage: $REL_NAME [COMMAND] [ARGS]" '' Commands: ''
  while IFS= read -r relmk_line; do
    find_command "${relmk_line%% *}"
    if [ -n "$relmk_kind" ]; then printf '  %s\n' "$relmk_line"; fi
  done <<'END'
foreground              Start the release, output goes to stdout
console                 Start the release with an interactive shell
console_clean           Start an interactive shell without the release's applications
console_boot File       Start an interactive shell with boot script File
daemon                  Start the release in the background (run_erl); also: start
daemon_boot File        Start boot script File in the background (run_erl)
daemon_attach           Attach to a node that was started as daemon (to_erl); also: attach
remote_console          Open a shell on the running node; also: remote, remsh
rpc Mod [Fun [Args]]    Call a function on the running node
rpcterms Mod Fun Term.  Call it with arguments that are terms, each with its full stop
eval Exprs              Evaluate expressions on the running node
stop                    Stop the running node
restart                 Restart the applications, not the VM
reboot                  Restart the VM (heart starts it again)
pid                     Print the node's OS process id
ping                    Print pong if the node answers
status                  Tell about the running node
check Version           Say what stands in the way of an upgrade
upgrade Version         Upgrade the running release
downgrade Version       Downgrade the running release
install Version         Install a version
commit Version          Make an installed version permanent
uninstall Version       Remove a version
unpack Version          Unpack the package of a version
versions                List the versions on the node
escript File            Run an escript of the release
END
  echo '  help Command            Tell about a command'
  [ -z "$EXTENSIONS" ] || echo "  $EXTENSIONS"
}
