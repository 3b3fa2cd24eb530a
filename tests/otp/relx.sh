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
with_rebar3
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

# shellcheck source=tests/otp/relx/compare.sh
. "$here/compare.sh"

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
