#!/bin/sh
# Gives a release's start script a command, for a node of one type.
#
#   mk/release.sh RELEASE_DIR
#
# The environment says the rest, as `make release` does:
#   REL              node type, or a whole node name TYPE@HOST; kazoo_apps unless said
#   ACT              command of the start script with its arguments, quoted as for a shell, which does not
#                    expand them; console
#   NODE_HOST        the node's host, if not the machine's
#   NODE_NAME_TYPE   name (long names) or sname (short ones); name
#   KAZOO_CONFIG     config.ini; the first of Kazoo's places that has one unless said
#   COOKIE           the cookie, if not that of config.ini
#   RELMK_TOOLS      the directory of relmk's executables; those in PATH unless said
#   RELX_START_TIMEOUT  seconds that a node may take to start; 300
# What they come to, and whether the release has such a node type, is the start script's to say.
set -eu

fail() {
  echo "error: $1" >&2
  echo "hint: $2" >&2
  exit 1
}

# Long names need a dot in the host: where this machine's has none, the node is on the loopback address.
add_host() {
  case $NODE_NAME in *@*) return ;; esac
  host=${NODE_HOST-}
  if [ -z "$host" ] && [ "${NODE_NAME_TYPE#-}" = name ]; then
    case $(hostname -f 2>/dev/null || :) in *.*) ;; *) host=127.0.0.1 ;; esac
  fi
  NODE_NAME=$NODE_NAME${host:+@$host}
}

# ask COMMAND…: of the node, by our own nodetool.
ask() { "${tools}nodetool" -n "$KAZOO_NODE" --name-type "${NODE_NAME_TYPE#-}" "$@"; }

# Gives a start script of the project's own a command that leaves a VM in the background, and waits until
# that has started: the script itself does not know. The mark in the environment tells whether it still runs.
start_by_own_script() {
  patience=$(printf '%s' "${RELX_START_TIMEOUT:-300}" | sed 's/^0*\(.\)/\1/')
  case $patience in
    *[!0-9]* | ??????????*) fail "RELX_START_TIMEOUT: Illegal number: $patience" 'it is a whole number of seconds' ;;
  esac
  deadline=$(($(date +%s) + patience))
  if RELX_RPC_TIMEOUT=10 ask ping >/dev/null 2>&1; then fail "node $KAZOO_NODE is running already" 'ACT=stop'; fi
  mark=RELMK_START=$$.$(date +%s)
  env "$mark" "$script" "$@" || exit
  missed=0
  until RELX_RPC_TIMEOUT=10 ask eval '{started, _} = init:get_status()' >/dev/null 2>&1; do
    if runs "$mark"; then missed=0; else missed=$((missed + 1)); fi
    [ "$missed" -lt 3 ] || report_start "node $KAZOO_NODE ended while it started"
    [ "$(date +%s)" -lt "$deadline" ] ||
      report_start "node $KAZOO_NODE has not started within $patience seconds (RELX_START_TIMEOUT)"
    sleep 0.2
  done
}

# Whether a run_erl or a VM has $1 in its environment. That of a process that has ended cannot be read. Where one
# process hands over to another just now, as a run_erl does that becomes a daemon, neither may be seen.
runs() {
  for process in /proc/[0-9]*; do
    case $(cat "$process/comm" 2>/dev/null || :) in
      run_erl | beam*) ! grep -qsF -- "$1" "$process/environ" || return 0 ;;
    esac
  done
  return 1
}

# Kazoo's own script has its logs in /tmp/log where RUNNER_LOG_DIR names no directory.
report_start() {
  echo "error: $1" >&2
  log=$(find "${RUNNER_LOG_DIR:-/tmp/log}" -maxdepth 1 -name 'erlang.log.*' -newermt "@${mark##*.}" 2>/dev/null | sort | tail -n 1)
  if [ -n "$log" ]; then
    echo "The end of $log:" >&2
    tail -n 20 "$log" | tr -d '\r' >&2
  fi
  exit 1
}

newline='
'
blank=" $(printf '\t')$newline"

# Sets words to those of $1, each quoted for a shell. Blanks part them, ACT="eval 'erlang:node() .'"; quotes and
# backslashes are those of a shell, and all else stands for itself, also what a shell would expand or run.
# shellcheck disable=SC1003,SC2295 # a backslash, and patterns, are meant
split_words() {
  words='' rest=$1
  while rest=${rest#"${rest%%[!$blank]*}"} && [ -n "$rest" ]; do
    word=
    while [ -n "$rest" ]; do
      take_until "[$blank\\\\\"']"
      case $rest in
        [$blank]*) break ;;
        '\'*) take_escaped ;;
        "'"*)
          close_quote "'" "[']"
          take_until "[']"
          rest=${rest#?}
          ;;
        '"'*) take_double_quoted ;;
      esac
    done
    words="$words '$(printf %s. "$word" | sed "s/'/'\\\\''/g")"
    words=${words%.}\'
  done
}
# Moves what stands in rest before a character of the pattern to word.
# shellcheck disable=SC2295 # a pattern is meant
take_until() {
  word=$word${rest%%$1*}
  rest=${rest#"${rest%%$1*}"}
}
take_escaped() {
  rest=${rest#?}
  word=$word${rest%"${rest#?}"}
  rest=${rest#?}
}
# Takes the quote off, whose other one must be there.
close_quote() {
  rest=${rest#?}
  # shellcheck disable=SC2295
  case $rest in *$2*) ;; *) fail "ACT: there is no second $1" "ACT=$act" ;; esac
}
# shellcheck disable=SC1003
take_double_quoted() {
  close_quote '"' '["]'
  while :; do
    take_until '[\\"]'
    case $rest in
      '"'*) break ;;
      '\'[\\\"\$\`]*) take_escaped ;;
      '\'?*) word=$word\\ rest=${rest#?} ;;
      *) fail 'ACT: there is no second "' "ACT=$act" ;;
    esac
  done
  rest=${rest#?}
}

release=$1
script=$release/bin/$(basename "$release")
act=${ACT:-console}
tools=${RELMK_TOOLS:+$RELMK_TOOLS/}
NODE_NAME=${REL:-kazoo_apps}
NODE_NAME_TYPE=${NODE_NAME_TYPE:-name}
export NODE_NAME NODE_NAME_TYPE
[ -n "${NODE_HOST-}" ] || unset NODE_HOST
[ -n "${KAZOO_CONFIG-}" ] || unset KAZOO_CONFIG

[ -x "$script" ] || fail "there is no release at $release" 'make build-release'

# The cookie that COOKIE says goes before that of config.ini.
if [ -n "${COOKIE-}" ]; then export RELX_COOKIE="$COOKIE" RELEASE_COOKIE="$COOKIE"; fi

# A start script that an overlay brings, as Kazoo's, has start_clean.boot beside it and nothing of ours.
own_script=
if [ -e "$release/bin/start_clean.boot" ] && [ ! -e "$release/bin/without_nodetool" ]; then own_script=yes; fi

# A Mix release knows no node types: its own script says which node is meant.
version=
if [ -e "$release/releases/start_erl.data" ]; then read -r _ version <"$release/releases/start_erl.data" || :; fi
is_mix=
if [ -e "$release/releases/$version/elixir" ]; then is_mix=yes; fi

# Kazoo's vm.args and start script want the node's name and cookie in the environment.
wants_identity=$own_script
if [ -z "$own_script" ]; then
  variables=$("${tools}nodetool" variables "$release/releases/$version/vm.args") || exit
  for variable in $variables; do
    case $variable in NODE_NAME | COOKIE) wants_identity=yes ;; esac
  done
fi
if [ -n "$wants_identity" ]; then
  if [ -z "${COOKIE-}" ]; then
    for file in "${KAZOO_CONFIG-}" /etc/kazoo/config.ini /etc/kazoo/core/config.ini; do
      if [ -e "$file" ]; then
        COOKIE=$("${tools}read-cookie" "${NODE_NAME%%@*}") || exit
        break
      fi
    done
  fi
  COOKIE=${COOKIE:-change_me}
  RELX_COOKIE=$COOKIE
  KAZOO_COOKIE=$COOKIE
  add_host
  KAZOO_NODE=$NODE_NAME
  RELX_REPLACE_OS_VARS=true
  RELX_MULTI_NODE=true
  export COOKIE RELX_COOKIE KAZOO_COOKIE KAZOO_NODE RELX_REPLACE_OS_VARS RELX_MULTI_NODE
fi
if [ -n "$own_script" ]; then NODE_NAME_TYPE=-${NODE_NAME_TYPE#-}; fi

# What make tells its own children is no business of a node's.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES REL ACT RELMK_TOOLS

split_words "$act"
eval "set -- $words"

case $own_script${1-} in
  yesstart | yesstart_boot | yesdaemon)
    start_by_own_script "$@"
    exit
    ;;
esac
[ -z "$own_script$is_mix" ] || exec "$script" "$@"

# Without what the extended start script stands on, the script takes every argument for the VM's, and
# starts one.
if [ ! -e "$release/bin/without_nodetool" ]; then
  [ "$*" = console ] || fail "$script has no commands, it only starts the release" \
    '{extended_start_script, true} in relx.config'
  exec "$script"
fi

# The script is silent about a node that it needs not stop, as relx's is.
if [ "${1-}" = stop ]; then "$script" ping >/dev/null || exit 1; fi

exec "$script" "$@"
