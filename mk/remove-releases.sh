#!/bin/sh
# Removes the releases that relmk has made below a directory, and what it keeps beside them. What others have put there
# stays, which is said, and so do volumes in a release.
#
#   mk/remove-releases.sh DIR
set -eu

directory=$1
# relmk keeps a directory for each, by the release's name.
for own in "$directory"/.relmk/*/; do
  if [ ! -d "$own" ]; then continue; fi
  own=${own%/}
  name=${own##*/}
  rm -rf --one-file-system "${directory:?}/$name" "$directory/$name.run"
done
rm -rf "$directory/.relmk"
if [ -d "$directory" ] && ! rmdir "$directory" 2>/dev/null; then
  echo "$directory stays: it holds other files than releases of relmk" >&2
fi
