#!/bin/sh
# Gives a release's start script a command, for a node of one type.
#
#   mk/release.sh RELEASE_DIR
#
# The environment says the rest, as `make release` does:
#   REL              node type, or a whole node name TYPE@HOST; kazoo_apps unless said
#   ACT              command of the start script with its arguments, quoted as for a shell; console
#   NODE_HOST        the node's host, if not the machine's
#   NODE_NAME_TYPE   name (long names) or sname (short ones); name
#   KAZOO_CONFIG     config.ini; the first of Kazoo's places that has one unless said
#   COOKIE           the cookie, if not that of config.ini
#   RELMK_READ_COOKIE  the executable read-cookie
# What they come to, and whether the release has such a node type, is the start script's to say.
set -eu

fail() {
  echo "error: $1" >&2
  echo "hint: $2" >&2
  exit 1
}

release=$1
script=$release/bin/$(basename "$release")
act=${ACT:-console}
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
# shellcheck disable=SC2016 # the variables are vm.args'
if [ -n "$own_script" ] ||
  grep -qF -e '${NODE_NAME}' -e '${COOKIE}' "$release/releases/$version/vm.args" 2>/dev/null; then
  if [ -z "${COOKIE-}" ]; then
    for file in "${KAZOO_CONFIG-}" /etc/kazoo/config.ini /etc/kazoo/core/config.ini; do
      if [ -e "$file" ]; then
        COOKIE=$("${RELMK_READ_COOKIE:-read-cookie}" "${NODE_NAME%%@*}") || exit
        break
      fi
    done
  fi
  COOKIE=${COOKIE:-change_me}
  RELX_COOKIE=$COOKIE
  KAZOO_COOKIE=$COOKIE
  case $NODE_NAME in
    *@*) ;;
    *) NODE_NAME=$NODE_NAME${NODE_HOST:+@$NODE_HOST} ;;
  esac
  KAZOO_NODE=$NODE_NAME
  RELX_REPLACE_OS_VARS=true
  RELX_MULTI_NODE=true
  export COOKIE RELX_COOKIE KAZOO_COOKIE KAZOO_NODE RELX_REPLACE_OS_VARS RELX_MULTI_NODE
fi
if [ -n "$own_script" ]; then NODE_NAME_TYPE=-${NODE_NAME_TYPE#-}; fi

# What make tells its own children is no business of a node's.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES REL ACT

# Arguments hold blanks: ACT="eval 'erlang:node() .'"
eval "set -- $act"

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
