# Shell functions that compare two releases: relx's and ours. What is left out is what the README lists
# as deliberate differences.
# shellcheck shell=sh

# listing DIRECTORY: path, type, mode and link of all that counts.
listing() {
  find "$1" -mindepth 1 -name .relmk -prune -o ! -name install_upgrade.escript ! -name without_nodetool ! -name prepared_start ! -name nodetool \
    \( -type f -o -type l \) -printf '%P %y %m %l\n' | LC_ALL=C sort
}

# content FILE: its bytes, as far as they must be the same.
content() {
  case $1 in
    *.beam) if [ "$(head -c 2 "$1" | od -An -tx1)" = " 1f 8b" ]; then gzip -dc "$1"; else cat "$1"; fi ;;
    *) cat "$1" ;;
  esac
}

# is_default FILE NAME: whether relx wrote its own vm.args or sys.config there.
is_default() {
  case $1 in
    */sys.config) grep -q 'Thanks to' "$1" ;;
    */vm.args) grep -q '^## Name of the node' "$1" ;;
    *) false ;;
  esac
}

# differences RELX OURS: prints what differs.
differences() {
  listing "$1" >"$RELMK_SCRATCH/.expected"
  listing "$2" >"$RELMK_SCRATCH/.actual"
  diff "$RELMK_SCRATCH/.expected" "$RELMK_SCRATCH/.actual" || :
  find "$1" -type f ! -path '*/bin/hooks/*' | while read -r file; do
    path=${file#"$1"/}
    case $path in
      */bin/*.boot | */erts-*) ;;
      */bin/*) continue ;;
    esac
    if [ ! -f "$2/$path" ] || is_default "$file" || cmp -s "$file" "$2/$path"; then continue; fi
    content "$file" >"$RELMK_SCRATCH/.one"
    content "$2/$path" >"$RELMK_SCRATCH/.other"
    cmp -s "$RELMK_SCRATCH/.one" "$RELMK_SCRATCH/.other" || echo "differs: $path"
  done
}
