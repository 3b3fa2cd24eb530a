#!/bin/sh
# make relup-release: from a version beside the new one and from a tarball; what it refuses; the tarball
# that it goes into.
set -eu
. tests/lib.sh

top=$PWD
project=$RELMK_SCRATCH/project
mkdir -p "$project/apps/counter/src" "$project/apps/counter/ebin" "$project/rel"
cd "$project"
cat >Makefile <<END
RELX_OUTPUT_DIR = _rel
RELMK_APPS = apps/counter
RELMK_BUILD_DIR = $(dirname "$RELMK_TOOLS")
include $top/mk/relmk.mk
END
# project_version VSN CODE: the release and its application, of that version and with that code.
project_version() {
  cat >rel/relx.config <<END
{release, {demo, "$1"}, [sasl, counter]}.
{lib_dirs, ["apps"]}.
{mode, prod}.
{include_erts, false}.
{system_libs, false}.
{extended_start_script, true}.
END
  cat >apps/counter/src/counter.app.src <<END
{application, counter, [{description, ""}, {vsn, "$1"}, {registered, [counter]}, {modules, []},
  {applications, [kernel, stdlib]}]}.
END
  cat >apps/counter/src/counter.erl <<END
-module(counter).
-behaviour(gen_server).
-export([init/1, handle_call/3, handle_cast/2, code_change/3]).
init(N) -> {ok, N}.
handle_call(get, _, N) -> {reply, N $2, N}.
handle_cast(_, N) -> {noreply, N}.
code_change(_, N, _) -> {ok, N + 1}.
END
}
run_make() { make "$@" >"$RELMK_SCRATCH/out" 2>"$RELMK_SCRATCH/err"; }
# has FROM ENTRIES: those of the relup.
has() {
  equal "the relup of $1" "$2" "$(erl -noshell -eval '{ok, [{_, Up, Down}]} = file:consult(hd(init:get_plain_arguments())),
    io:format("~w ~w", [[V || {V, _, _} <- Up], [V || {V, _, _} <- Down]]), halt().' -extra "_rel/demo/releases/$1/relup")"
}

project_version 1.0.0+a1 '+ 0'
check 'the first version, and its tarball' make tar-release
cp _rel/demo/demo-1.0.0+a1.tar.gz old.tar.gz
project_version 1.1.0-rc.1 '+ 1'
check 'from a version beside it' run_make relup-release UPFROM=1.0.0+a1
has 1.1.0-rc.1 '[[49,46,48,46,48,43,97,49]] [[49,46,48,46,48,43,97,49]]'
check 'the table says what happens' grep -q 'counter  1.0.0+a1 -> 1.1.0-rc.1  update counter (made)' "$RELMK_SCRATCH/out"
check 'the appup is in the release' grep -q 'made by make-appup' _rel/demo/lib/counter-1.1.0-rc.1/ebin/counter.appup
check 'not in the project' [ ! -e apps/counter/ebin/counter.appup ]
check 'its tarball' make tar-release
tar -tzf _rel/demo/demo-1.1.0-rc.1.tar.gz >listing
check 'has the relup' grep -q '^releases/1.1.0-rc.1/relup$' listing
check 'has the appup' grep -q '^lib/counter-1.1.0-rc.1/ebin/counter.appup$' listing

project_version 2.0.0 '+ 2'
check 'from two versions' run_make relup-release UPFROM=1.1.0-rc.1,old.tar.gz
check 'both are in the table' [ "$(grep -c '^demo .* -> 2.0.0' "$RELMK_SCRATCH/out")" = 2 ]

fails_with 'no such version' 2 'there is no release demo of version 7' make relup-release UPFROM=7
check 'no UPFROM' run_make relup-release
check 'means the version before' grep -q '^demo 1.1.0-rc.1 -> 2.0.0' "$RELMK_SCRATCH/out"
fails_with 'which test-upgrade does not take' 2 'test-upgrade needs UPFROM' make test-upgrade
fails_with 'appups by hand only' 2 'counter.appup' sh -c 'rm -f _rel/demo/lib/counter-2.0.0/ebin/counter.appup
  make relup-release UPFROM=old.tar.gz RELMK_APPUPS=hand'
mkdir -p rel/appups/counter
echo '{"2.0.0", [{"1.0.0+a1", [{apply, {mine, up, []}}]}], [{"1.0.0+a1", []}]}.' >rel/appups/counter/1.0.0+a1-2.0.0.appup
check 'one by hand goes first' make relup-release UPFROM=old.tar.gz
check 'it is what the relup does' grep -q '{apply,{mine,up,\[\]}}' _rel/demo/releases/2.0.0/relup
rm -r rel/appups

# The same version of the application, with other code.
project_version 3.0.0 '+ 3'
sed -i 's/"3.0.0"/"1.0.0+a1"/' apps/counter/src/counter.app.src
fails_with 'code that changed under one version' 2 'counter changed and kept its version 1.0.0+a1: counter' \
  make relup-release UPFROM=old.tar.gz
echo damaged >bad.tar.gz
fails_with 'a damaged tarball' 2 'bad.tar.gz: error: cannot be unpacked' make relup-release UPFROM=bad.tar.gz
cd "$top"
