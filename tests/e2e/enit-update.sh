#!/bin/sh
# shellcheck source=tests/lib.sh
# enit update on a real node: packages are exchanged below it, as a package manager does, and its processes go
# on with their state; what fails is taken back.
set -eu
. tests/lib.sh
# shellcheck source=tests/enit.sh
. tests/enit.sh
use_release update
packages=$RELMK_SCRATCH/packages lib=$RELMK_SCRATCH/lib
mkdir -p "$lib"
node=$release@$(hostname -s)
ask() { RELX_COOKIE=fruit "$RELMK_TOOLS/nodetool" -n "$node" eval "$1"; }
answer() { ask "$1" | tr -d ' \n'; }

cat >"$RELMK_SCRATCH/counter.erl" <<'END'
-module(counter).
-behaviour(gen_server).
-export([start_link/1, init/1, handle_call/3, handle_cast/2, code_change/3]).
start_link(Name) -> gen_server:start_link({local, Name}, ?MODULE, [], []).
handle_cast(_, State) -> {noreply, State}.
-if(?V =:= 1).
init([]) -> {ok, 0}.
handle_call(bump, _, N) -> {reply, {?V, N + 1}, N + 1}.
code_change(_, N, _) -> {ok, N}.
-elif(?V =:= 2).
init([]) -> {ok, #{n => 0}}.
handle_call(bump, _, #{n := N}) -> {reply, {?V, N + 1}, #{n => N + 1}}.
code_change({down, _}, #{n := N}, _) -> {ok, N};
code_change(_, N, _) when is_integer(N) -> {ok, #{n => N}}.
-else.
init([]) -> {ok, {third, 0}}.
handle_call(bump, _, {third, N}) -> {reply, {?V, N + 1}, {third, N + 1}}.
code_change({down, _}, {third, N}, _) -> {ok, #{n => N}};
code_change(_, #{n := N}, _) ->
    case process_info(self(), registered_name) of
        {_, second} -> exit(told_to_fail);
        _ -> {ok, {third, N}}
    end.
-endif.
END
cat >"$RELMK_SCRATCH/fruit.erl" <<'END'
-module(fruit).
-behaviour(application).
-behaviour(supervisor).
-export([start/2, stop/1, init/1, config_change/3]).
start(_, _) -> supervisor:start_link({local, fruit}, ?MODULE, []).
stop(_) -> ok.
init([]) ->
    {ok, {{one_for_one, 1, 1}, [#{id => Id, start => {counter, start_link, [Id]}} || Id <- [first, second]]}}.
config_change(Changed, New, Removed) ->
    persistent_term:put(told, {Changed, New, Removed}),
    ok.
END
echo '-module(late). -export([hello/0]). hello() -> ?V.' >"$RELMK_SCRATCH/late.erl"
echo '-module(extra). -export([hello/0]). hello() -> ?V.' >"$RELMK_SCRATCH/extra.erl"

# package VERSION V [DEPENDENCY]: builds the files of a package.
package() {
  ebin=$packages/$1/fruit-$1/ebin
  mkdir -p "$ebin"
  for module in counter fruit late; do erlc -DV="$2" -o "$ebin" "$RELMK_SCRATCH/$module.erl"; done
  echo "{application, fruit, [{description, \"\"}, {vsn, \"$1\"}, {modules, [counter, fruit]}, {registered, []},
    {applications, [kernel, stdlib${3-}]}, {mod, {fruit, []}}, {env, [{limit, ${2}0}, {colour, red$2}]}]}." >"$ebin/fruit.app"
}
package 1.0 1
package 1.1 2
package 1.2 3
package 1.3 2 ', extra'
extra=$packages/1.3/extra-0.1/ebin
mkdir -p "$extra"
erlc -DV=1 -o "$extra" "$RELMK_SCRATCH/extra.erl"
echo '{application, extra, [{description, ""}, {vsn, "0.1"}, {modules, [extra]}, {registered, []},
  {applications, [kernel, stdlib]}, {env, [{size, 1}]}]}.' >"$extra/extra.app"

# install VERSION: what a package manager does.
install() {
  rm -rf "${lib:?}"/*
  cp -R "$packages/$1/." "$lib"
}
bump() { answer '{gen_server:call(first, bump), gen_server:call(second, bump)}.'; }
version() { answer '[V || {fruit, _, V} <- application:which_applications()].'; }

cat >"$var/release.enit" <<END
{release, fruit, [{vsn, "1.0"}, {lib_dirs, ["$lib"]}, {applications, [fruit]}]}.
END
echo '{node, [{cookie, "fruit"}, {stop_timeout, 120000}]}. {fruit, [{colour, red1}]}. {extra, [{size, 7}]}.' \
  >"$ENIT_CONFIG_DIR/$release/user.config"
install 1.0
fails_with 'a node that does not run' 1 'Node is not running!' "$enit" update "$release"
check 'it starts' "$enit" start "$release" --wait 300
equal 'nothing is to be done' 'update: what runs is what is installed' "$("$enit" update "$release")"
equal 'there are two counters' '{{1,1},{1,1}}' "$(bump)"

install 1.1
equal 'a module that is loaded later is that of the version that runs' '{{module,late},1}' \
  "$(answer '{code:load_file(late), late:hello()}.')"
"$enit" update "$release" --dry-run >"$RELMK_SCRATCH/plan" 2>/dev/null
equal 'versions are shown' 'fruit 1.0 -> 1.1 (made)' "$(head -n 1 "$RELMK_SCRATCH/plan")"
check 'and modules' grep -qx '  update counter' "$RELMK_SCRATCH/plan"
equal 'a dry run changes nothing' '["1.0"]{{1,2},{1,2}}' "$(version)$(bump)"
ask 'application:set_env(fruit, set_by_itself, 5).' >/dev/null
check 'it is updated' "$enit" update "$release"
equal 'the processes go on with their state' '{{2,3},{2,3}}' "$(bump)"
equal 'the version is the new one' '["1.1"]' "$(version)"
equal 'and so is its environment, but for what was configured or set' '[{colour,red1},{limit,20},{set_by_itself,5}]' \
  "$(answer 'lists:sort(application:get_all_env(fruit)) -- [{included_applications, []}].')"
equal 'config_change was told' '{[{limit,20}],[],[]}' "$(answer 'persistent_term:get(told).')"
equal 'it is permanent' '[permanent]' \
  "$(answer '[T || {fruit, T} <- proplists:get_value(started, application:info())].')"
equal 'status knows' ' fruit 1.1' "$("$enit" status "$release" --timeout 60 | grep -o '^ fruit.*' | tr -s ' ')"
equal 'once more: nothing' 'update: what runs is what is installed' "$("$enit" update "$release")"
equal 'a reconfiguration has nothing to do, either' 'reconfigure: config unchanged' "$("$enit" reconfigure "$release")"

install 1.2
fails_with 'a process that fails is named' 1 'told_to_fail' "$enit" update "$release"
check 'all was put back' grep -q 'everything was put back' "$RELMK_SCRATCH/.err"
equal 'the processes go on with their old state and code' '{{2,4},{2,4}}["1.1"]' "$(bump)$(version)"
equal 'and so does the environment' '{ok,20}' "$(answer 'application:get_env(fruit, limit).')"
equal 'and the code path' '1' "$(answer 'length([P || P <- code:get_path(), string:find(P, "/fruit-") =/= nomatch]).')"

cat >"$lib/fruit-1.2/ebin/fruit.appup" <<'END'
{"1.2", [{"1.1", [restart_new_emulator]}], [{"1.1", []}]}.
END
fails_with 'what needs a new emulator needs a restart' 1 'update: needs a restart: fruit 1.1 -> 1.2' \
  "$enit" update "$release"
cat >"$lib/fruit-1.2/ebin/fruit.appup" <<END
{"1.2", [{"1.1", [{apply, {os, cmd, ["touch $RELMK_SCRATCH/began; until test -e $RELMK_SCRATCH/goes.on; do sleep 0.05; done"]}},
                  {restart_application, fruit}]}],
        [{"1.1", [{restart_application, fruit}]}]}.
END
"$enit" update "$release" --timeout 300 >"$RELMK_SCRATCH/first" 2>&1 </dev/null &
killed=$!
check 'an update begins' eventually 300 test -e "$RELMK_SCRATCH/began"
kill -9 "$killed"
wait "$killed" 2>/dev/null || :
: >"$RELMK_SCRATCH/goes.on"
goes_back() { "$enit" update "$release" --back 2>/dev/null | grep -qx 'fruit 1.2 -> 1.1 (its appup)'; }
check 'the node ends it, though enit was killed; and it goes back' eventually 300 goes_back
rm "$RELMK_SCRATCH/began" "$RELMK_SCRATCH/goes.on"
"$enit" update "$release" --timeout 300 >"$RELMK_SCRATCH/first" 2>"$RELMK_SCRATCH/first.err" </dev/null &
started $!
first=$!
check 'an update has begun' eventually 300 test -e "$RELMK_SCRATCH/began"
fails_with 'a second one does not disturb it' 1 'is being changed by another enit' "$enit" update "$release" --timeout 300
: >"$RELMK_SCRATCH/goes.on"
status=0
wait "$first" || status=$?
equal 'the first goes on' '0 ' "$status $(cat "$RELMK_SCRATCH/first.err")"
check 'an appup is followed' grep -qx 'fruit 1.1 -> 1.2 (its appup)' "$RELMK_SCRATCH/first"
equal 'which restarts the application' '{{3,1},{3,1}}["1.2"]' "$(bump)$(version)"
install 1.1
check 'a downgrade is by the appup of the version that runs' sh -c \
  "'$enit' update $release | grep -qx 'fruit 1.2 -> 1.1 (its appup)'"
equal 'it runs the old version' '{{2,1},{2,1}}["1.1"]' "$(bump)$(version)"

install 1.3
check 'what the new version needs, too, is told' sh -c \
  "'$enit' update $release --dry-run 2>/dev/null | grep -qx 'extra 0.1 is added'"
check 'and started' "$enit" update "$release"
equal 'with its configuration' '{1,{ok,7},["0.1"]}' \
  "$(answer '{extra:hello(), application:get_env(extra, size), [V || {extra, _, V} <- application:which_applications()]}.')"
equal 'state is kept' '{{2,2},{2,2}}' "$(bump)"
check 'back to what ran before' "$enit" update "$release" --back
equal 'it runs' '{{2,3},{2,3}}["1.1"]' "$(bump)$(version)"
equal 'and what is of no more use is gone' '{[],false}' \
  "$(answer '{[A || {extra = A, _, _} <- application:loaded_applications()], code:is_loaded(extra)}.')"

install 1.0
check 'a downgrade that is made' "$enit" update "$release"
equal 'it takes the state along' '{{1,4},{1,4}}["1.0"]' "$(bump)$(version)"

echo '-module(late). -export([hello/0, other/0]). hello() -> 9. other() -> 1.' >"$RELMK_SCRATCH/late.erl"
sed 's/\[counter, fruit\]/[counter, fruit, late]/' "$packages/1.0/fruit-1.0/ebin/fruit.app" >"$lib/fruit-1.0/ebin/fruit.app"
erlc -o "$lib/fruit-1.0/ebin" "$RELMK_SCRATCH/late.erl"
fails_with 'code that changed and kept its version' 1 'fruit changed and kept its version 1.0: late' \
  "$enit" update "$release"
check 'it stops' "$enit" stop "$release" --timeout 60
check 'and starts with it' "$enit" start "$release" --wait 300
equal 'which is loaded' 9 "$(answer 'late:hello().')"
check 'it stops again' "$enit" stop "$release" --timeout 60
