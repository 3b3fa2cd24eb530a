# shellcheck shell=sh disable=SC2034,SC2154
# Part of the start script of a Mix release: what it prints without a command.

usage() {
  cat >&2 <<END
Usage: $RELEASE_PROG COMMAND [ARGS]

  start            starts the system, in the foreground
  start_iex        the same, with IEx
  daemon           starts the system in the background
  daemon_iex       the same, with IEx
  eval EXPR        evaluates Elixir in a VM of its own, in which no application is started
  rpc EXPR         evaluates Elixir in the running system
  remote [--vm]    IEx of the running system; with --vm, through a VM
  restart          starts the running system anew, in the same process
  stop             stops it, and waits until it is gone
  pid              prints its process id
  version          prints the release's name and the version that is started
  ping             prints pong when it answers
  status [--json]  what runs, since when, and its memory
  versions         lists the release's versions
  check VERSION    says what stands in the way of an upgrade, and changes nothing
  unpack, install, upgrade, commit, downgrade, uninstall VERSION
END
}
