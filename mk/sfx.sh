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

# In a string within ' ' of a shell, and in the right side of sed's s///.
quoted=$(printf '%s' "$name" | sed "s/'/'\\\\\\\\''/g; s/[&\/]/\\\\&/g")

trap 'rm -f "$output.new"' EXIT
{
  sed "s/@NAME@/$quoted/; s/@DIGEST@/$digest/; s/@LINES@/$lines/; s/@COMMAND@/$command/" "$stub"
  cat "$archive"
} >"$output.new"
chmod 755 "$output.new"
mv "$output.new" "$output"
trap - EXIT
