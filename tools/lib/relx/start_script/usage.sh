# shellcheck shell=sh disable=SC2034,SC2154
# Part of the start script: what `help` prints.

relx_usage() {
  case ${1:-} in
  rpc)
    echo "Usage: $REL_NAME rpc Mod [Fun [Args]]
Applies a function on the node and prints its result. Fun is start and Args is []
unless they are given; Args is a list, as for erlang:apply/3."
    ;;
  eval)
    echo "Usage: $REL_NAME eval Exprs
Evaluates Erlang expressions, separated by commas, on the node."
    ;;
  foreground)
    echo "Usage: $REL_NAME foreground
Starts the release without a shell; what it prints goes to stdout."
    ;;
  console)
    echo "Usage: $REL_NAME console
Starts the release with an interactive shell."
    ;;
  remote_console | remote | remsh)
    echo "Usage: $REL_NAME $1 [--vm]
Opens a shell on the running node; with --vm, through an Erlang VM."
    ;;
  unpack | install | upgrade | downgrade)
    echo "Usage: $REL_NAME $1 Version
Takes the package of that version from the first of
      releases/$REL_NAME-Version.tar.gz
      releases/Version/$REL_NAME-Version.tar.gz
      releases/Version/$REL_NAME.tar.gz"
    [ "$1" = unpack ] || echo '
     --no-permanent   install it, but do not make it permanent'
    ;;
  uninstall)
    echo "Usage: $REL_NAME uninstall Version
Removes a version that is not in use."
    ;;
  status)
    echo "Usage: $REL_NAME status
Tells about the running node, by the release's status hook where it has one."
    ;;
  *) usage_of_extension_or_all "$@" ;;
  esac
}

usage_of_extension_or_all() {
  find_extension "${1:-}"
  if [ -n "$EXTENSION_SCRIPT" ]; then
    relx_run_extension "$EXTENSION_SCRIPT" help
    return
  fi
  echo "Usage: $REL_NAME [COMMAND] [ARGS]

Commands:

  foreground              Start the release, output goes to stdout
  console                 Start the release with an interactive shell
  console_clean           Start an interactive shell without the release's applications
  console_boot File       Start an interactive shell with boot script File
  daemon                  Start the release in the background (run_erl); also: start
  daemon_boot File        Start boot script File in the background (run_erl)
  daemon_attach           Attach to a node that was started as daemon (to_erl); also: attach
  remote_console          Open a shell on the running node; also: remote, remsh
  rpc Mod [Fun [Args]]    Call a function on the running node
  eval Exprs              Evaluate expressions on the running node
  stop                    Stop the running node
  restart                 Restart the applications, not the VM
  reboot                  Restart the VM (heart starts it again)
  pid                     Print the node's OS process id
  ping                    Print pong if the node answers
  status                  Tell about the running node
  upgrade Version         Upgrade the running release
  downgrade Version       Downgrade the running release
  install Version         Install a version
  uninstall Version       Remove a version
  unpack Version          Unpack the package of a version
  versions                List the versions on the node
  escript File            Run an escript of the release
  help Command            Tell about a command"
  [ -z "$EXTENSIONS" ] || echo "  $EXTENSIONS"
}
