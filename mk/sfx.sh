#!/bin/sh
# Makes a release one file that unpacks and runs itself: what mk/sfx-stub.sh is told, that, and behind it the tarball.
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

# in_quotes TEXT: one word of a shell.
in_quotes() { printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"; }

# What the stub is told: settings NUMBER_OF_LINE.
settings() {
  printf '#!/bin/sh\nname=%s digest=%s lines=%s\n' "$(in_quotes "$name")" "$digest" "$1"
  # shellcheck disable=SC2016 # the stub's
  printf 'without_arguments() { exec "$release/bin/$name" %s; }\n' "$command"
}

trap 'rm -f "$output.new"' EXIT
{
  settings $(($(settings 0 | wc -l) + $(wc -l <"$stub") + 1))
  cat "$stub" "$archive"
} >"$output.new"
chmod 755 "$output.new"
mv "$output.new" "$output"
trap - EXIT
