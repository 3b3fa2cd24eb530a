#!/bin/sh
# Makes a release one file that unpacks and runs itself: mk/sfx-stub.sh, and behind it the tarball.
#
#   mk/sfx.sh NAME ARCHIVE OUTPUT [COMMAND]
#
# NAME is the release's name, COMMAND what its start script is given where the file is run without
# arguments. OUTPUT is replaced whole.
set -eu

name=$1 archive=$2 output=$3 command=${4-}
stub=${0%/*}/sfx-stub.sh

[ -f "$archive" ] || {
  echo "error: there is no tarball at $archive" >&2
  echo 'hint: RELX_TAR=1' >&2
  exit 1
}
digest=$(sha256sum "$archive" | cut -c 1-32)
lines=$(($(wc -l <"$stub") + 1))

# in_replacement TEXT: as it stands in the right side of sed's s///.
in_replacement() { printf '%s' "$1" | sed 's/[&\/\\]/\\&/g'; }
# In a string within ' ' of a shell.
quoted=$(printf '%s' "$name" | sed "s/'/'\\\\''/g")

trap 'rm -f "$output.new"' EXIT
{
  sed "s/@NAME@/$(in_replacement "$quoted")/; s/@DIGEST@/$digest/; s/@LINES@/$lines/
    s/@COMMAND@/$(in_replacement "$command")/" "$stub"
  cat "$archive"
} >"$output.new"
chmod 755 "$output.new"
mv "$output.new" "$output"
trap - EXIT
