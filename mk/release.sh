#!/bin/sh
# Gives a release's start script a command, for a node of one type.
#
#   mk/release.sh RELEASE_DIR
#
# The environment says the rest, as `make release` does:
#   REL              node type, or a whole node name TYPE@HOST; kazoo_apps unless said
#   ACT              command of the start script with its arguments, quoted as for a shell; console
#   NODE_HOST        the node's host; `hostname -f` unless said
#   NODE_NAME_TYPE   name (long names) or sname (short ones); name
#   KAZOO_CONFIG     config.ini; the first of Kazoo's places that has one unless said
set -eu

fail() {
  echo "error: $1" >&2
  if [ -n "${2-}" ]; then echo "hint: $2" >&2; fi
  exit 1
}

release=$1
name=$(basename "$release")
script=$release/bin/$name
rel=${REL:-kazoo_apps}
act=${ACT:-console}

[ -x "$script" ] || fail "there is no release at $release" 'make build-release'

case $rel in
  '' | @* | *@ | *@*@* | *[!A-Za-z0-9_.:@-]*) fail "REL=$rel is no node type" 'for example REL=kazoo_apps' ;;
esac

# The node types of the release are those that have a boot file, beside the ones every release has.
read -r _ version <"$release/releases/start_erl.data" || :
types=
for boot in "$release/releases/$version"/*.boot; do
  type=$(basename "$boot" .boot)
  case $type in
    start | start_clean | start_sasl | no_dot_erlang | "$name") ;;
    *) types="$types $type" ;;
  esac
done
case "$types " in
  ' ' | *" ${rel%%@*} "*) ;;
  *) fail "release $name $version has no node type ${rel%%@*}" "its node types are$types" ;;
esac

NODE_NAME_TYPE=${NODE_NAME_TYPE:-name}
case $NODE_NAME_TYPE in
  name | -name) host=${NODE_HOST:-$(hostname -f 2>/dev/null || hostname)} ;;
  sname | -sname) host=${NODE_HOST:-$(hostname -s)} ;;
  *) fail "NODE_NAME_TYPE=$NODE_NAME_TYPE is neither name nor sname" ;;
esac
case $rel in
  *@*) NODE_NAME=$rel ;;
  *)
    case $NODE_NAME_TYPE$host in
      *sname* | *.* | *:*) ;;
      *)
        if [ -n "$types" ]; then
          echo "The host's name, $host, has no dot, which long names need: the node is $rel@127.0.0.1" >&2
        fi
        host=127.0.0.1
        ;;
    esac
    NODE_NAME=$rel@$host
    ;;
esac
export NODE_NAME NODE_NAME_TYPE

# Kazoo's own order. The start script reads the cookie there; it is in no argument.
if [ -z "${KAZOO_CONFIG-}" ]; then
  unset KAZOO_CONFIG
  for file in /etc/kazoo/config.ini /etc/kazoo/core/config.ini; do
    if [ -e "$file" ]; then
      export KAZOO_CONFIG="$file"
      break
    fi
  done
fi

# What make tells its own children is no business of a node's.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES REL ACT

# Arguments hold blanks: ACT="eval 'erlang:node() .'"
eval "set -- $act"

# Such a script takes every argument for the VM's, and starts one.
if grep -qF '{extended_start_script, false}: there are no commands' "$script"; then
  [ "$*" = console ] || fail "$script has no commands, it only starts the release" \
    '{extended_start_script, true} in relx.config'
  exec "$script"
fi

# The script is silent about a node that it needs not stop, as relx's is.
if [ "${1-}" = stop ]; then "$script" ping >/dev/null || exit 1; fi

exec "$script" "$@"
