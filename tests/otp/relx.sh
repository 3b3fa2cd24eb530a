#!/bin/sh
# shellcheck source=tests/lib.sh
# Releases that assemble-release makes, compared with those that relx makes of the same configurations
# (tests/otp/relx/configurations): which files there are, with which modes and links, and their bytes.
#
# Left out, because the README lists them as deliberate differences: the start script, nodetool and
# hooks themselves (their names and modes count), install_upgrade.escript, the texts of a default
# vm.args and sys.config, and how stripped beams are compressed.
set -eu
. tests/lib.sh

here=$PWD/tests/otp/relx
out=$RELMK_SCRATCH/out
mkdir "$out" "$out/relmk"

# relx as it comes in rebar3's archive.
relx=$RELMK_SCRATCH/relx
mkdir "$relx"
erl -noshell -boot no_dot_erlang -eval '
  [Rebar3, Directory] = init:get_plain_arguments(),
  {ok, Sections} = escript:extract(Rebar3, []),
  {archive, Archive} = lists:keyfind(archive, 1, Sections),
  {ok, _} = zip:extract(Archive, [{cwd, Directory}]),
  halt().' -extra "$(command -v rebar3)" "$relx"

"$here/project.sh" "$RELMK_SCRATCH/project"
cd "$RELMK_SCRATCH/project"
"$here/build.escript" "$relx" "$here/configurations" "$out" >"$out/relx.log" 2>&1 ||
  not_ok "relx builds the table" "$(tail -n 20 "$out/relx.log")"

# listing DIRECTORY: path, type, mode and link of all that counts.
listing() {
  find "$1" -mindepth 1 -name .relmk -prune -o ! -name install_upgrade.escript ! -name without_nodetool ! -name nodetool \
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
  listing "$1" >"$out/expected"
  listing "$2" >"$out/actual"
  diff "$out/expected" "$out/actual" || :
  find "$1" -type f ! -path '*/bin/hooks/*' | while read -r file; do
    path=${file#"$1"/}
    case $path in
      */bin/*.boot | */erts-*) ;;
      */bin/*) continue ;;
    esac
    if [ ! -f "$2/$path" ] || is_default "$file" || cmp -s "$file" "$2/$path"; then continue; fi
    content "$file" >"$out/one"
    content "$2/$path" >"$out/other"
    cmp -s "$out/one" "$out/other" || echo "differs: $path"
  done
}

for config in "$out"/*.config; do
  name=$(basename "$config" .config)
  status=0
  # shellcheck disable=SC2046 # options are words
  "$RELMK_TOOLS/assemble-release" -c "$config" $(cat "$out/$name.release") \
    -o "$out/relmk/$name" >"$out/$name.log" 2>&1 || status=$?
  if [ -f "$out/$name.refused" ]; then
    if [ "$status" -eq 1 ] && grep -q '^[^ ]*: error: \|^error: ' "$out/$name.log"; then
      ok "$name: refused, as by relx"
    else
      not_ok "$name: refused, as by relx" "exit $status" "$(cat "$out/$name.log")"
    fi
  elif [ "$status" -ne 0 ]; then
    not_ok "$name: the same release as relx's" "$(cat "$out/$name.log")"
  else
    difference=$(differences "$out/relx/$name" "$out/relmk/$name" 2>&1 | head -n 20)
    equal "$name: the same release as relx's" "" "$difference"
  fi
done

exit "$((failures > 0))"
