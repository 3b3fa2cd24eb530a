#!/bin/sh
# shellcheck source=tests/lib.sh
# A release that is built again where volumes are mounted in it, or it lies on several file systems, on layers, or on a full disk.
set -eu
. tests/lib.sh

assemble=$RELMK_TOOLS/assemble-release
mkdir "$RELMK_SCRATCH/project"
# shellcheck disable=SC2154 # tests/lib.sh
cp "$tests_directory/exchange.sh" "$RELMK_SCRATCH/project/functions.sh"
cd "$RELMK_SCRATCH/project"
printf -- '-name %s@127.0.0.1\n-setcookie %s\n' "$(unique volumes)" "$(unique cookie)" >vm.args

# Volumes.

if [ "$(id -u)" -ne 0 ] || ! unshare -m true 2>/dev/null; then
  skip 'volumes: that needs root and mount namespaces'
  exit
fi
cat >volumes.sh <<'END'
set -eu
. ./functions.sh
assemble=$1
rm -rf _rel
application a 1 one
config '{release, {r, "1"}, [sasl, a]}.'
mkdir -p _rel/r/log _rel/r/lib _rel/r/releases
mount -t tmpfs none _rel/r/log
mount -t tmpfs none _rel/r/lib
echo mine >_rel/r/log/mine
echo mine >_rel/r/lib/mine
"$assemble"
grep -q . _rel/r/lib/a-1/priv/text
application a 1 two
config '{release, {r, "1"}, [sasl, a]}.' '{overlay, [{mkdir, "log"}]}.'
"$assemble"
test "$(cat _rel/r/log/mine _rel/r/lib/mine _rel/r/lib/a-1/priv/text | xargs)" = 'mine mine two'
mountpoint -q _rel/r/log
mountpoint -q _rel/r/lib
test -z "$(find _rel/r -name '.relmk*')"
# A mount where a file or a link is to be.
touch _rel/r/etc && mount --bind vm.args _rel/r/etc
config '{release, {r, "1"}, [sasl, a]}.' '{overlay, [{copy, "relx.config", "etc"}]}.'
if "$assemble" 2>err; then exit 1; fi
cat err
grep -q '_rel/r/etc: error: is in the way: a mount that cannot be replaced' err
umount _rel/r/etc
mount -t tmpfs none _rel/r/lib/a-1
config '{release, {r, "1"}, [sasl, a]}.' '{mode, dev}.'
if "$assemble" 2>err; then exit 1; fi
cat err
grep -q '_rel/r/lib/a-1: error: is in the way: a mount that cannot be replaced' err
umount _rel/r/lib/a-1
# Mounts among what is no longer wanted: they stay, and what is on another one, even if it is the same file.
config '{release, {r, "1"}, [sasl, a]}.' '{overlay, [{copy, "vm.args", "old/"}, {copy, "vm.args", "old/file"},
  {copy, "vm.args", "old/volume/file"}, {copy, "vm.args", "old/same/file"}, {mkdir, "old/empty"}]}.'
"$assemble"
mount --bind _rel/r/old/file _rel/r/old/file
mount -t tmpfs none _rel/r/old/volume
echo mine >_rel/r/old/volume/file
mount --bind _rel/r/old/same _rel/r/old/same
mount -t tmpfs none _rel/r/old/empty
config '{release, {r, "1"}, [sasl, a]}.'
"$assemble"
test "$(cat _rel/r/old/volume/file)" = mine
cmp _rel/r/old/file vm.args
test ! -e _rel/r/old/vm.args
for mount in file volume same empty; do mountpoint -q _rel/r/old/$mount; done
test -z "$(find _rel/r -name '.relmk*')"
umount _rel/r/old/file _rel/r/old/volume _rel/r/old/same _rel/r/old/empty
# The release itself.
umount _rel/r/lib _rel/r/log
rm -rf _rel
mkdir -p _rel/r
mount -t tmpfs none _rel/r
echo mine >_rel/r/mine
config '{release, {r, "1"}, [sasl, a]}.'
"$assemble"
application a 1 three
"$assemble"
test "$(cat _rel/r/mine _rel/r/lib/a-1/priv/text | xargs)" = 'mine three'
test -z "$(find _rel/r -name '.relmk*')"
END
check 'volumes in a release, and one that is a volume' unshare -m sh volumes.sh "$assemble"

# Killed where parts of the release lie on other file systems: `lib` behind a link, and `releases`, a volume.

cat >kills.sh <<'END'
set -eu
. ./functions.sh
assemble=$1
mkdir -p other/lib
rm -rf _rel
mkdir -p _rel/r/releases
mount -t tmpfs none other
mount -t tmpfs none _rel/r/releases
mkdir other/lib
ln -s "$PWD/other/lib" _rel/r/lib
echo mine | tee other/lib/mine >_rel/r/releases/mine
application a 1 one
config '{release, {r, "1"}, [sasl, a]}.'
"$assemble" >/dev/null
# What is staged beside what it is to replace goes with the next build.
content() {
  (cd _rel/r && find -L . -name .relmk.new -prune -o ! -path '*/log*' -printf '%P %m %l\n' | sort
   find -L . -name .relmk.new -prune -o ! -path '*/log*' -type f -exec cksum {} + | sort)
}
_rel/r/bin/r help >/dev/null 2>&1 || :
content >old
cp -a _rel other/lib saved-parts
application a 1 two
application b 2 two
config '{release, {r, "1"}, [sasl, a, b]}.'
"$assemble" >/dev/null
content >new
interrupted=0
for call in rename linkat unlink mkdir syncfs; do
  for when in 1 2 3 4 5 6 7 8 9 10; do
    find other/lib _rel/r/releases _rel/r/bin _rel/.relmk -mindepth 1 -delete
    cp -a saved-parts/lib/. other/lib
    cp -a saved-parts/_rel/r/releases/. _rel/r/releases
    cp -a saved-parts/_rel/r/bin/. _rel/r/bin
    cp -a saved-parts/_rel/.relmk/. _rel/.relmk
    rm -f _rel/r/.relmk.journal
    strace -f -qq -o /dev/null -e "inject=$call:signal=KILL:when=$when" "$assemble" >/dev/null 2>&1 && break
    [ ! -e _rel/r/.relmk.journal ] || interrupted=$((interrupted + 1))
    _rel/r/bin/r ping >/dev/null 2>&1 || :
    content >now
    cmp -s now old || cmp -s now new || { echo "broken: $call $when"; diff now new; exit 1; }
  done
done
echo "$interrupted interrupted"
test "$interrupted" -gt 5
"$assemble" >/dev/null
content >now
cmp now new
mountpoint -q _rel/r/releases
test -L _rel/r/lib
test -z "$(find -L _rel -name '.relmk.*')"
END
if strace -o /dev/null true 2>/dev/null; then
  mkdir saved-parts
  check 'killed where parts of it are on other file systems: the old one or the new one' unshare -m sh kills.sh "$assemble"
else
  skip 'killed on several file systems: strace may not trace here'
fi

# A file system of layers, as a container has: its files have the devices of their layers, and new inodes when they change.

cat >layers.sh <<'END'
set -eu
. ./functions.sh
assemble=$1
rm -rf _rel
application a 1 one
config '{release, {r, "1"}, [sasl, a]}.' '{overlay, [{copy, "vm.args", "old/file"}]}.'
"$assemble"
mkdir -p upper merged lower
cp -a _rel lib vm.args functions.sh relx.config lower
mount -t tmpfs none upper
mkdir upper/files upper/work
mount -t overlay overlay -o lowerdir=lower,upperdir=upper/files,workdir=upper/work merged 2>/dev/null || exit 77
cd merged
"$assemble"
application a 1 two
config '{release, {r, "1"}, [sasl, a]}.'
"$assemble"
test "$(cat _rel/r/lib/a-1/priv/text)" = two
test ! -e _rel/r/old
config '{release, {r, "1"}, [sasl, a]}.' '{mode, dev}.'
"$assemble"
test -L _rel/r/lib/a-1
test -z "$(find _rel -name '.relmk.*')"
test -z "$("$assemble")"
END
status=0
unshare -m sh layers.sh "$assemble" >layers.out 2>&1 || status=$?
case $status in
  0) ok 'a release on layers is built again' ;;
  77) skip 'layers: that needs overlayfs' ;;
  *) not_ok 'a release on layers is built again' "$(cat layers.out)" ;;
esac

# A full disk: at every point of filling, the old release or the new one.

cat >full.sh <<'END'
set -eu
. ./functions.sh
assemble=$1
rm -rf _rel
application a 1 one
config '{release, {r, "1"}, [sasl, a]}.'
mkdir -p _rel
mount -t tmpfs -o size=64m none _rel
"$assemble" >/dev/null
application b 2 two
seq 1 100000 >lib/a/priv/big
config '{release, {r, "1"}, [sasl, a, b]}.'
content() { (cd _rel/r && find . -printf '%P %y\n' | sort && find . -type f -exec cksum {} + | sort); }
content >old
cp -a _rel/. saved
"$assemble" >/dev/null
content >new
free=0
while :; do
  find _rel -mindepth 1 -delete
  cp -a saved/. _rel
  room=$(($(df -k --output=avail _rel | tail -n 1) - free))
  head -c "${room}k" /dev/zero >_rel/fill
  if "$assemble" >/dev/null 2>err; then
    content >now
    cmp now new
    break
  fi
  grep -q 'No space left on device' err || { cat err; exit 1; }
  content >now
  cmp now old
  free=$((free + 150))
done
test "$free" -gt 300
END
check 'a full disk, at every point of filling' unshare -m sh full.sh "$assemble"
