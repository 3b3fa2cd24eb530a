#!/bin/sh
# A disk that is full, at each stage of an upgrade, and one that may not be written: the node and its files are as
# they were, a hint says what to do, and with space the same tarball works.
set -eu
if [ "${1-}" != mounted ] && [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null; then
  exec unshare -m "$0" mounted
fi
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/start-script.sh
. tests/start-script.sh
# shellcheck source=tests/upgrade.sh
. tests/upgrade.sh

mkdir -p "$RELMK_SCRATCH/first"
if [ "${1-}" != mounted ] || ! mount -t tmpfs -o size=40m full "$RELMK_SCRATCH/first" 2>/dev/null; then
  skip 'a full disk: that needs root and mount namespaces'
  exit 0
fi
# shellcheck disable=SC2119 # it takes no arguments here
start_demo
variant 2 "$up_script"
check 'an upgrade that has its space' "$demo" upgrade 2
check 'and back' "$demo" downgrade 1
check 'and gone' "$demo" uninstall 2

free_kilobytes() { df -Pk "$root" | awk 'NR == 2 { print $4 }'; }
# leave KILOBYTES: so many are free.
leave() {
  rm -f "$first/filler"
  head -c $((($(free_kilobytes) - $1) * 1024)) /dev/zero >"$first/filler"
}
# A little more each time, so that each stage is the one that fails; the last is making the version permanent.
needed=$(($(du -sk "$RELMK_SCRATCH/variant" | cut -f1) + 100))
state_before=$(noted_state)
noted_files >"$RELMK_SCRATCH/.files"
codes=
free=0
while [ "$free" -lt "$needed" ]; do
  leave "$free"
  code=0
  "$demo" upgrade 2 >"$RELMK_SCRATCH/.out" 2>"$RELMK_SCRATCH/.err" || code=$?
  rm -f "$first/filler"
  codes="$codes $code"
  if [ "$code" = 0 ]; then break; fi
  what="$free KiB free (exit $code)"
  check "$what: a hint" grep -q '^hint: ' "$RELMK_SCRATCH/.err"
  equal "$what: the node is as it was" "$state_before" "$(noted_state)"
  noted_files >"$RELMK_SCRATCH/.files-after"
  same "$what: the files are as they were" "$RELMK_SCRATCH/.files" "$RELMK_SCRATCH/.files-after"
  free=$((free + ${RELMK_DISK_STEP:-8}))
done
check "no other code than those of a failure:$codes" [ -z "$(printf %s "$codes" | tr -d ' 02346')" ]
[ "$code" = 0 ] || check 'with space the upgrade works' "$demo" upgrade 2
equal 'the new version is permanent' permanent "$(status_of_version 2)"
check 'back' "$demo" downgrade 1
check 'gone' "$demo" uninstall 2

mount --bind "$first" "$first"
mount -o remount,bind,ro "$first"
fails_with 'a disk that may not be written' 3 'cannot be written' "$demo" upgrade 2
check 'a hint' grep -q '^hint: ' "$RELMK_SCRATCH/.err"
mount -o remount,bind,rw "$first"
equal 'the node is as it was' "$state_before" "$(noted_state)"
noted_files >"$RELMK_SCRATCH/.files-after"
same 'the files are as they were' "$RELMK_SCRATCH/.files" "$RELMK_SCRATCH/.files-after"
check 'then it works' "$demo" upgrade 2
check 'it stops' "$demo" stop
umount -l "$first"
umount -l "$first"
