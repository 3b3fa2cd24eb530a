#!/bin/sh
# Tries an upgrade: a node of the old version, in a scratch place, is upgraded and downgraded again; after
# each step VERIFY is run there. Its exit status is the verdict; nothing is left.
#
#   mk/test-upgrade.sh _rel/NAME UPFROM VERIFY
#
# UPFROM is the old release's tarball, or a version whose tarball lies in _rel/NAME. VERIFY, a command for
# `sh -c`, sees RELEASE_ROOT_DIR, RELEASE_VERSION and RELEASE_SCRIPT; empty, only the versions are checked.
# RELMK_UPGRADE_WAIT: how many seconds the node may take to start and to stop, 60 unless said.
set -eu

root=$1 up_from=$2 verify=$3
name=$(basename "$root")
wait=${RELMK_UPGRADE_WAIT:-60}

fail() {
  echo "error: test-upgrade: $1" >&2
  [ -z "${2-}" ] || echo "hint: $2" >&2
  exit 1
}

case $up_from in
  *,*) fail 'UPFROM is to be one version, or one tarball' ;;
  *.tar.gz | *.tgz) old_tarball=$up_from ;;
  *) old_tarball=$root/$name-$up_from.tar.gz ;;
esac
[ -f "$old_tarball" ] || fail "there is no $old_tarball" 'UPFROM=PATH names the tarball of the old release'
# Its line may lack the end.
read -r _ new _ <"$root/releases/start_erl.data" || :
new_tarball=$root/$name-$new.tar.gz
[ -f "$new_tarball" ] || fail "there is no $new_tarball"

scratch=$(mktemp -d "${TMPDIR:-/tmp}/relmk-upgrade.XXXXXX")
script=$scratch/bin/$name
finish() {
  status=$?
  trap - EXIT
  if [ -x "$script" ]; then "$script" stop >/dev/null 2>&1 || :; fi
  if [ -n "${pid-}" ]; then
    left=$((wait * 10))
    while kill -0 "$pid" 2>/dev/null && [ "$left" -gt 0 ]; do
      sleep 0.1
      left=$((left - 1))
    done
    kill -9 "$pid" 2>/dev/null || :
  fi
  rm -rf "$scratch"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

tar -xzf "$old_tarball" -C "$scratch"
read -r _ old _ <"$scratch/releases/start_erl.data" || :
mkdir -p "$scratch/releases/$new"
cp "$new_tarball" "$scratch/releases/$new/$name.tar.gz"
RELEASE_ROOT_DIR=$scratch RELEASE_SCRIPT=$script
export RELEASE_ROOT_DIR RELEASE_SCRIPT

# step WHAT VERSION COMMAND…: runs it, and then VERIFY, in that version.
step() {
  what=$1 RELEASE_VERSION=$2
  export RELEASE_VERSION
  shift 2
  echo "$what"
  "$@" || fail "$what: exit $?"
  "$script" ping >/dev/null || fail "$what: the node does not answer"
  [ -z "$verify" ] || (cd "$scratch" && sh -c "$verify") || fail "$what: VERIFY ended with $?"
}

step "start $old" "$old" "$script" daemon
pid=$("$script" pid)
step "upgrade to $new" "$new" "$script" upgrade "$new"
step "downgrade to $old" "$old" "$script" downgrade "$old"
echo "$name $old -> $new -> $old: fine"
