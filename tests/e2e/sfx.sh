#!/bin/sh
# shellcheck source=tests/lib.sh
# A release as one file, mk/sfx.sh: where it unpacks, how often, and what it leaves when that goes wrong. The
# release is a script that tells what it was given; tests/e2e/erlang-mk.sh has one with a node.
set -eu
. tests/lib.sh

# archive NAME TEXT: a tarball of a release whose start script says TEXT.
archive() {
  rm -rf "$RELMK_SCRATCH/release"
  mkdir -p "$RELMK_SCRATCH/release/bin" "$RELMK_SCRATCH/release/lib"
  cat >"$RELMK_SCRATCH/release/bin/$1" <<END
#!/bin/sh
printf '%s in %s\n' "$2" "\$0"
[ \$# = 0 ] || printf '<%s>\n' "\$@"
exit 7
END
  chmod +x "$RELMK_SCRATCH/release/bin/$1"
  head -c 3000000 /dev/urandom >"$RELMK_SCRATCH/release/lib/much"
  tar -czf "$RELMK_SCRATCH/release.tar.gz" -C "$RELMK_SCRATCH/release" .
}
# file NAME [COMMAND]: makes NAME.run of it.
file() {
  file=$RELMK_SCRATCH/$1.run
  mk/sfx.sh "$1" "$RELMK_SCRATCH/release.tar.gz" "$file" "${2-}"
}
run() { "$file" "$@" 2>"$RELMK_SCRATCH/stderr" || status=$?; }
left() { find "$home" -mindepth 1 -maxdepth 1 -printf '%f\n' | sed 's/-.*/-*/'; }
unpacked() { find "$home" -mindepth 1 -maxdepth 1 | wc -l | tr -d ' '; }

TMPDIR="$RELMK_SCRATCH/a tmp"
export TMPDIR
mkdir "$TMPDIR"
home=$TMPDIR/relmk-$(id -u)

archive shop first
file shop "foreground -x 'a/b&c'"
status=0
# shellcheck disable=SC2016 # as it is given
run 'a b' '' "it's" '"$HOME"' '*' >"$RELMK_SCRATCH/out"
# shellcheck disable=SC2016
equal 'arguments come as they are' '<a b>
<>
<it'"'"'s>
<"$HOME">
<*>' "$(tail -n +2 "$RELMK_SCRATCH/out")"
equal "it ends with the script's exit status" 7 "$status"
equal 'without arguments, the command is given that was said' '<foreground>
<-x>
<a/b&c>' "$(run | tail -n +2)"
equal 'the release was unpacked once' 1 "$(unpacked)"
stamp=$(stat -c %Y.%i "$home"/shop-*/lib/much)
run again >"$RELMK_SCRATCH/out"
equal 'later starts leave it as it is' "$stamp" "$(stat -c %Y.%i "$home"/shop-*/lib/much)"
equal 'which only its user can enter' 700 "$(stat -c %a "$home")"
cp "$file" "$RELMK_SCRATCH/copy"
status=0
sh "$RELMK_SCRATCH/copy" x >/dev/null || status=$?
equal 'a copy, run by sh' 7 "$status"
equal 'is the same release' 1 "$(unpacked)"

archive shop second
file shop
run >"$RELMK_SCRATCH/out"
check 'another content' grep -q '^second in' "$RELMK_SCRATCH/out"
equal 'is another directory' 2 "$(unpacked)"

# Two at once, and one that is killed.
rm -rf "$home"
for number in 1 2 3 4; do
  "$file" "$number" >"$RELMK_SCRATCH/out.$number" 2>&1 &
done
for number in 1 2 3 4; do
  eventually 60 grep -q "<$number>" "$RELMK_SCRATCH/out.$number" || not_ok "start $number of several at once" "$(cat "$RELMK_SCRATCH/out.$number")"
done
wait
equal 'several at once leave one' "shop-*" "$(left)"

rm -rf "$home"
# A tar that never ends.
mkdir "$RELMK_SCRATCH/bin"
printf '#!/bin/sh\necho $$ >"%s/tar.pid"\nexec sleep 300\n' "$RELMK_SCRATCH" >"$RELMK_SCRATCH/bin/tar"
chmod +x "$RELMK_SCRATCH/bin/tar"
# killed_by SIGNAL: while it unpacks.
killed_by() {
  rm -f "$RELMK_SCRATCH/tar.pid"
  PATH=$RELMK_SCRATCH/bin:$PATH "$file" >/dev/null 2>&1 &
  pid=$!
  eventually 60 test -s "$RELMK_SCRATCH/tar.pid"
  kill "-$1" "$pid"
  kill "$(cat "$RELMK_SCRATCH/tar.pid")"
  wait "$pid" || :
}
killed_by TERM
equal 'one that is ended while it unpacks leaves nothing' '' "$(ls -A "$home")"
killed_by KILL
check 'one that is killed leaves no release' test -z "$(find "$home" -name 'shop-*')"
run >"$RELMK_SCRATCH/out"
check 'the next start unpacks' grep -q '^second in' "$RELMK_SCRATCH/out"
rm -rf "$home"/shop-*
touch -d '2 hours ago' "$home"/.new.*
run >"$RELMK_SCRATCH/out"
equal 'and removes what was left, once it is old' "shop-*" "$(left)"

# Where it unpacks.
mkdir "$RELMK_SCRATCH/runtime"
env -u TMPDIR XDG_RUNTIME_DIR="$RELMK_SCRATCH/runtime" "$file" >/dev/null || :
check 'without TMPDIR in XDG_RUNTIME_DIR' test -d "$RELMK_SCRATCH/runtime/relmk-$(id -u)"
fails_with 'a place that is not there' 1 "cannot make the directory $RELMK_SCRATCH/none/relmk-" env TMPDIR="$RELMK_SCRATCH/none" "$file"
fails_with 'one where nothing can be made' 1 'cannot make the directory /proc/relmk-' env TMPDIR=/proc "$file"
check 'has a hint' grep -q '^hint: TMPDIR=DIR' "$RELMK_SCRATCH/.err"
if [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null; then
  # shellcheck disable=SC2016 # the inner shell's
  read_only='mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && exec "$2"'
  equal 'a file system that is read-only, with the release in it' 'second in' \
    "$(unshare --mount sh -c "$read_only" sh "$TMPDIR" "$file" | cut -d' ' -f1,2)"
  rm -rf "$home"/shop-*
  fails_with 'and without' 1 "cannot write to the directory $home" unshare --mount sh -c "$read_only" sh "$TMPDIR" "$file"
else
  skip 'a read-only file system needs root'
fi

# Odd names.
odd="it's a & b\\c"
archive "$odd" odd
file "$odd"
run x >"$RELMK_SCRATCH/out"
equal 'a name with all that a shell and sed know' 'odd <x>' "$(sed 's/ in .*//' "$RELMK_SCRATCH/out" | tr '\n' ' ' | sed 's/ $//')"
fails_with 'no tarball' 1 'there is no tarball' mk/sfx.sh shop "$RELMK_SCRATCH/no.tar.gz" "$RELMK_SCRATCH/no.run"
refute 'leaves nothing' test -e "$RELMK_SCRATCH/no.run"
