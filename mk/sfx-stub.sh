# What a release in one file does, behind what mk/sfx.sh sets: name, digest (of the tarball), lines (the line at which
# the tarball begins), and the function without_arguments.
#
# Unpacks the release that stands behind this text, once, and runs its start script with the arguments
# given to this file. Exits as that does.
#
# The release goes to relmk-UID/RELEASE-DIGEST below TMPDIR, else XDG_RUNTIME_DIR, else /tmp: a
# directory that is this user's, and that nobody else may write to.
# shellcheck shell=sh disable=SC2154
set -eu

fail() {
  echo "$0: error: $1" >&2
  [ -z "${2-}" ] || echo "hint: $2" >&2
  exit 1
}

place=${TMPDIR:-${XDG_RUNTIME_DIR:-/tmp}}
user=$(id -u)
home=$place/relmk-$user
release=$home/$name-$digest

[ -d "$home" ] || mkdir -m 700 "$home" 2>/dev/null || [ -d "$home" ] ||
  fail "cannot make the directory $home" 'TMPDIR=DIR names another place'
[ -n "$(find "$home" -prune -type d -user "$user" ! -perm -020 ! -perm -002)" ] ||
  fail "$home is another user's, or others can write to it" 'TMPDIR=DIR names another place'

if [ ! -x "$release/bin/$name" ]; then
  # What starts that were killed have left is in nobody's way after an hour.
  find "$home" -mindepth 1 -maxdepth 1 -name '.new.*' -mmin +60 -exec rm -rf {} + 2>/dev/null || :
  new=$(mktemp -d "$home/.new.XXXXXXXX" 2>/dev/null) ||
    fail "cannot write to the directory $home" 'TMPDIR=DIR names another place'
  trap 'rm -rf "$new"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  tail -n "+$lines" "$0" | (cd "$new" && tar -xzf -) || fail "cannot unpack the release in $home"
  [ -x "$new/bin/$name" ] || fail 'this file is not whole' 'copy it again'
  # Another start may have been faster; one that was cleaned away in part is made again.
  if ! mv -T "$new" "$release" 2>/dev/null && [ ! -x "$release/bin/$name" ]; then
    rm -rf "$release"
    mv -T "$new" "$release"
  fi
  rm -rf "$new"
  trap - EXIT INT TERM HUP
fi

[ $# -gt 0 ] || without_arguments
exec "$release/bin/$name" "$@"
# What follows is the release.
