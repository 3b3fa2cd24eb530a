# shellcheck shell=sh disable=SC2034,SC2154
# Part of the start script: which commands there are, and what arguments each of them takes.

# Wrong usage: $1 says what is wrong with the command.
refuse_usage() {
  printf '%s\n' "error: $1" "hint: $REL_NAME help${2:+ $2}" >&2
  exit 2
}

# Sets relmk_kind to what the arguments of command $1 may be: none, wait (--wait SECONDS), console
# (--vm), status (--json), version (VERSION and options), some (at least one), any. Empty: there is
# no such command, or the release hides it.
find_command() {
  case $1 in
  pid | reboot | versions | attach | daemon_attach) relmk_kind=none ;;
  ping | stop | restart) relmk_kind='wait' ;;
  remote_console | remote | remsh) relmk_kind=console ;;
  status)
    relmk_kind=status
    [ -z "$STATUS_HOOK" ] || relmk_kind=any
    ;;
  unpack | install | upgrade | downgrade | uninstall) relmk_kind=version ;;
  check | commit) relmk_kind=version ;;
  rpc | rpcterms | eval | escript | console_boot | daemon_boot) relmk_kind=some ;;
  console | console_clean | foreground | start | daemon) relmk_kind=any ;;
  *) relmk_kind= ;;
  esac
  [ -z "$relmk_kind" ] || is_offered "$1" || relmk_kind=
  ! is_extensions "$1" || relmk_kind=
}

# Of names that relx does not have, and of status where no hook answers, an extension is meant that has them.
is_extensions() {
  case $1 in
  check | commit | rpcterms) ;;
  status) [ -z "$STATUS_HOOK" ] || return 1 ;;
  *) return 1 ;;
  esac
  find_extension "$1"
  [ -n "$EXTENSION_SCRIPT" ]
}

# Whether the release offers command $1: all are offered unless it names those that are. What the script
# runs itself, in a daemon, always is.
is_offered() {
  [ -n "$COMMANDS" ] && [ -z "$relmk_is_internal" ] || return 0
  case " $COMMANDS " in
  *" $1 "*) ;;
  *) return 1 ;;
  esac
}

# $1: the command, of the kind that find_command has found; the rest is what it is given.
check_arguments() {
  relmk_checked=$1
  shift
  if [ "$*" = --help ]; then
    relx_usage "$relmk_checked"
    exit 0
  fi
  case $relmk_kind in
  any) return 0 ;;
  some | version)
    if [ $# -eq 0 ] && [ "$relmk_kind" = some ]; then refuse_usage "$relmk_checked lacks an argument" "$relmk_checked"; fi
    [ "$relmk_kind" = version ] || return 0
    ;;
  esac
  check_options "$@"
}

check_options() {
  relmk_versions=0
  while [ $# -gt 0 ]; do
    case $relmk_kind$1 in
    wait--wait)
      shift
      case ${1:-no} in
      *[!0-9]*) refuse_usage "$relmk_checked --wait takes a number of seconds" "$relmk_checked" ;;
      esac
      ;;
    console--vm | status--json | version--no-permanent) ;;
    version--verify | version--within | version--process-limit | version--code-change-limit | version--wait)
      [ $# -gt 1 ] || refuse_usage "$relmk_checked $1 lacks its value" "$relmk_checked"
      shift
      ;;
    version-*) refuse_usage "$relmk_checked does not take $1" "$relmk_checked" ;;
    version*)
      relmk_versions=$((relmk_versions + 1))
      [ "$relmk_versions" -le 1 ] || refuse_usage "$relmk_checked takes one version, not also $1" "$relmk_checked"
      ;;
    *) refuse_usage "$relmk_checked does not take $1" "$relmk_checked" ;;
    esac
    shift
  done
}

# Variable $1 must be a number, or empty; $2 is its value. Sets relmk_given_number to that, as arithmetic takes it:
# without zeros in front, which would make it octal, and no larger than what can be added to a time.
need_number() {
  case $2 in
  *[!0-9]*)
    printf '%s\n' "error: $1: Illegal number: $2" 'hint: it is a whole number' >&2
    exit 2
    ;;
  esac
  relmk_given_number=$2
  while case $relmk_given_number in 0?*) ;; *) false ;; esac do
    relmk_given_number=${relmk_given_number#0}
  done
  [ "${#relmk_given_number}" -le 9 ] || relmk_given_number=999999999
}
