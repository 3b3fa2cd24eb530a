#!/bin/sh
# shellcheck source=tests/lib.sh
# A release on a machine where nothing can be written: the release, /run, /tmp and the home are read-only.
set -eu
. tests/lib.sh

if [ "$(id -u)" -ne 0 ] || ! unshare -m true 2>/dev/null; then
  skip 'everything read-only: that needs root and mount namespaces'
  exit 0
fi
cd "$RELMK_SCRATCH"
name=$(unique readonly)
cookie=$(unique secret)
printf '%s\n' "-name $name@127.0.0.1" "-setcookie $cookie" >vm.args
printf '%s\n' '{release, {r, "1"}, [sasl]}.' '{vm_args, "vm.args"}.' '{extended_start_script, true}.' >relx.config
check 'the release is assembled' "$RELMK_TOOLS/assemble-release"

# read_only SHM COMMAND…: a command that may write nowhere; /dev/shm is mounted with SHM.
# shellcheck disable=SC2016 # the inner shell's variables
read_only() {
  unshare -m sh -c '
    shm=$1 scratch=$2
    shift 2
    mount -t tmpfs -o "$shm" none /dev/shm && mount -t tmpfs -o ro none /run &&
      mount --bind /tmp /tmp && mount -o remount,ro,bind /tmp &&
      mount --bind "$scratch" "$scratch" && mount -o remount,ro,bind "$scratch" && cd / && exec "$@"' \
    sh "$1" "$RELMK_SCRATCH" sh -c "$2"
}
unset XDG_RUNTIME_DIR TMPDIR

# shellcheck disable=SC2016 # the inner shell's variables
read_only rw "r='$RELMK_SCRATCH/_rel/r/bin/r'"'
  if touch /tmp/x /run/x "${r%/bin/r}/x" 2>/dev/null; then echo "it can be written"; exit 1; fi
  "$r" foreground >/dev/null 2>&1 &
  tries=600
  until "$r" ping >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || { "$r" ping; exit 1; }
    sleep 0.1
  done
  "$r" eval "erlang:get_cookie()."
  tr "\0" " " <"/proc/$("$r" pid)/cmdline" | grep -c "'"$cookie"'"
  "$r" stop && echo stopped
' >out 2>&1 || :
equal 'it starts, is asked, shows its cookie to nobody, and stops' "$cookie 0 stopped" "$(xargs <out)"

code=0
read_only ro "'$RELMK_SCRATCH/_rel/r/bin/r' foreground" >out 2>&1 || code=$?
equal 'with /dev/shm read-only, too, it does not' 1 "$code"
check 'and says which variable helps' grep -q '^hint: .*XDG_RUNTIME_DIR' out

# On a full disk no file of a node can be made beside the release; elsewhere it can.
mkdir "$RELMK_SCRATCH/full" "$RELMK_SCRATCH/elsewhere"
# shellcheck disable=SC2016
on_full_disk() {
  unshare -m sh -c 'mount -t tmpfs -o size=64m none "$1/full" && cp -a "$1/_rel" "$1/full" &&
    { dd if=/dev/zero of="$1/full/fill" bs=4k 2>/dev/null || :; } && cd / && shift && exec "$@"' sh "$RELMK_SCRATCH" "$@"
}
full=$RELMK_SCRATCH/full/_rel/r/bin/r
code=0
on_full_disk "$full" foreground -noshell -eval 'io:format("up~n"), halt().' >out 2>&1 || code=$?
equal 'on a full disk it does not start' '1 yes' "$code $(grep -q 'No space left on device' out && echo yes)"
check 'and says which variable helps' grep -q '^hint: set RELX_OUT_FILE_PATH' out
equal 'with that it starts' up "$(on_full_disk env RELX_OUT_FILE_PATH="$RELMK_SCRATCH/elsewhere" \
  "$full" foreground -noshell -eval 'io:format("up~n"), halt().' 2>&1 | tail -n 1)"
