#!/bin/sh
# shellcheck source=tests/lib.sh
# A host whose name neither DNS nor /etc/hosts knows: its nodes run all the same, and are reached there.
set -eu
. tests/lib.sh

if [ "$(id -u)" -ne 0 ] || ! unshare --uts true 2>/dev/null; then
  skip 'a host that nothing knows: that needs root and namespaces'
  exit 0
fi
host=$(unique unheard)
host=$(echo "$host" | tr _ -)
nodetool=$RELMK_TOOLS/nodetool
printf '%s\n' "-sname $(unique lonely)" '-setcookie lonely' >"$RELMK_SCRATCH/vm.args"

# there COMMAND…: on that host.
# shellcheck disable=SC2016 # the inner shell's variables
there() { unshare --uts sh -c 'hostname "$0" && exec "$@"' "$host" "$@"; }

there erl -noinput -args_file "$RELMK_SCRATCH/vm.args" >"$RELMK_SCRATCH/log" 2>&1 &
started $!
check 'nodetool finds a node there' there "$nodetool" --vm-args "$RELMK_SCRATCH/vm.args" ping --wait 30
equal 'by its whole name' "'$(unique lonely)@$host'" \
  "$(there "$nodetool" --vm-args "$RELMK_SCRATCH/vm.args" eval 'node().')"
fails_with 'elsewhere that host is not known' 1 "host \`$host\` not found" \
  env RELX_COOKIE=lonely "$nodetool" -n "$(unique lonely)@$host" ping
