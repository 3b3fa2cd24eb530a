#!/bin/sh
# make test-upgrade: a node is upgraded and downgraded, its state changes both ways, and nothing is left.
set -eu
. tests/lib.sh

top=$PWD
node=$(unique demo)
TMPDIR=$RELMK_SCRATCH/tmp
export TMPDIR
mkdir -p "$TMPDIR" "$RELMK_SCRATCH/project/apps/counter/src" "$RELMK_SCRATCH/project/rel"
cd "$RELMK_SCRATCH/project"
cat >Makefile <<END
RELMK_APPS = apps/counter
include $top/mk/relmk.mk
END
printf -- '-name %s@127.0.0.1\n-setcookie test\n' "$node" >rel/vm.args
cat >apps/counter/src/counter_sup.erl <<'END'
-module(counter_sup).
-behaviour(application).
-behaviour(supervisor).
-export([start/2, stop/1, init/1]).
start(_, _) -> supervisor:start_link({local, ?MODULE}, ?MODULE, []).
stop(_) -> ok.
init([]) ->
    {ok, {#{}, [#{id => counter, start => {gen_server, start_link, [{local, counter}, counter, 0, []]},
                  modules => [counter]}]}}.
END
project_version() {
  cat >rel/relx.config <<END
{release, {demo, "$1"}, [sasl, counter]}.
{lib_dirs, ["apps"]}.
{mode, prod}.
{extended_start_script, true}.
{vm_args, "rel/vm.args"}.
END
  cat >apps/counter/src/counter.app.src <<END
{application, counter, [{description, ""}, {vsn, "$1"}, {registered, [counter]}, {modules, []},
  {applications, [kernel, stdlib]}, {mod, {counter_sup, []}}]}.
END
  cat >apps/counter/src/counter.erl <<END
-module(counter).
-behaviour(gen_server).
-export([init/1, handle_call/3, handle_cast/2, code_change/3]).
init(N) -> {ok, N}.
handle_call(get, _, N) -> {reply, {$2, N}, N}.
handle_cast(_, N) -> {noreply, N}.
code_change({down, _}, N, _) -> {ok, N - 1};
code_change(_, N, _) -> {ok, N + 1}.
END
}

project_version 1.0.0 one
check 'the old tarball' make tar-release
cp _rel/demo/demo-1.0.0.tar.gz old.tar.gz
project_version 2.0.0 two
# shellcheck disable=SC2016 # for the shell that runs it
verify='"$RELEASE_SCRIPT" eval "gen_server:call(counter, get)."'
check 'up and down' make test-upgrade UPFROM=old.tar.gz VERIFY="$(printf %s "$verify" | sed 's/\$/$$/g')"
equal 'the state changes with the code' '{one,0} {two,1} {one,0}' \
  "$(grep '^{' "$RELMK_SCRATCH/.out" | tr '\n' ' ' | sed 's/ $//')"
fails_with 'VERIFY says no' 2 'test-upgrade: upgrade to 2.0.0: VERIFY ended with 1' \
  make test-upgrade UPFROM=1.0.0 VERIFY="[ \"\$\$RELEASE_VERSION\" = 1.0.0 ]"
equal 'nothing is left' '' "$(ls "$TMPDIR")"
cd "$top"
