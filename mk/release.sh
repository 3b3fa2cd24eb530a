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

# What make tells its own children is no business of a node's.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES REL ACT

# Arguments hold blanks: ACT="eval 'erlang:node() .'"
eval "set -- $act"

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
