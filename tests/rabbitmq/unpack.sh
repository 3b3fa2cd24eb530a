#!/bin/sh
# Unpacks Debian's rabbitmq-server package, without installing it, and prints the directory of its
# plugins, which holds NAME-VSN/ebin for each of its applications. Fails when the package is not
# there and cannot be downloaded.
set -eu

package=$("$(dirname "$0")/../fetch-deb" rabbitmq-server)
plugins=$(find "$package/usr/lib/rabbitmq/lib" -mindepth 2 -maxdepth 2 -name plugins | head -n 1)
if [ -z "$plugins" ]; then
  echo "$0: error: no plugins directory in $package" >&2
  exit 1
fi
echo "$plugins"
