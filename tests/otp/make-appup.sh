#!/bin/sh
# make-appup: what it makes of two versions of an application, what it refuses, what it warns of. Each
# appup that is made is one that systools takes.
set -eu
. tests/lib.sh

cd "$RELMK_SCRATCH"

# version VSN MODULE…: compiles the module files of src below VSN, and writes a.app.
version() {
  vsn=$1
  shift
  mkdir -p "$vsn/ebin"
  rm -f "$vsn/ebin"/*
  modules=
  for module; do
    erlc +debug_info -o "$vsn/ebin" "src/$module"
    name=$(basename "$module" .erl)
    modules=${modules:+$modules,}${name}
  done
  echo "{application,a,[{vsn,\"$vsn\"},{description,\"\"},{modules,[$modules]},{registered,[]},
    {applications,[]}]}." >"$vsn/ebin/a.app"
}
erl_file() { mkdir -p "src/$1" && cat >"src/$1/$2.erl"; }
appup() { "$RELMK_TOOLS/make-appup" 1 2 "$@"; }
# told WHAT TEXT: make-appup makes an appup, and warns of that.
told() {
  if appup >out 2>err && grep -q -e "$2" err; then ok "$1"; else not_ok "$1" "$(cat err)"; fi
}
made() { appup 2>err | grep -v '^%%' | tr -d ' \n'; }

erl_file 1 server <<'END'
-module(server).
-behaviour(gen_server).
-export([init/1, handle_call/3, handle_cast/2, code_change/3]).
-record(state, {a}).
init([]) -> {ok, #state{a = 1}}.
handle_call(_, _, State) -> {reply, tool:f(State#state.a), State}.
handle_cast(_, State) -> {noreply, State}.
code_change(_, State, _) -> {ok, State}.
END
erl_file 1 tool <<'END'
-module(tool).
-export([f/1]).
f(X) -> X + 1.
END
erl_file 1 same <<'END'
-module(same).
-export([f/1]).
f(X) -> erlang:display(X), g([{a, X}, <<"text">>]).
g(X) -> io:format("~p~n", [X]), erlang:display(X), X.
END
erl_file 1 gone <<'END'
-module(gone).
-export([start_link/0]).
start_link() -> ignore.
END
erl_file 1 sup <<'END'
-module(sup).
-behaviour(supervisor).
-export([start_link/0, init/1]).
start_link() -> supervisor:start_link({local, a_sup}, ?MODULE, []).
init([]) -> {ok, {#{}, [child(server), child(gone)]}}.
child(M) -> #{id => M, start => {M, start_link, []}}.
END
mkdir src/2
sed 's/{reply, /{reply, 1 + /' src/1/server.erl >src/2/server.erl
sed 's/X + 1/new:f(X)/' src/1/tool.erl >src/2/tool.erl
{ printf '%%%% Another\n\n'; sed 's/, /,\n\n    /g' src/1/same.erl; } >src/2/same.erl
sed 's/gone/new/' src/1/sup.erl >src/2/sup.erl
erl_file 2 new <<'END'
-module(new).
-export([start_link/0, f/1]).
start_link() -> ignore.
f(X) -> X.
END
old='1/server.erl 1/tool.erl 1/same.erl 1/gone.erl 1/sup.erl'
new='2/server.erl 2/tool.erl 2/same.erl 2/new.erl 2/sup.erl'
# shellcheck disable=SC2086 # lists of files
{ version 1 $old; version 2 $new; }

up='{apply,{supervisor,terminate_child,[a_sup,gone]}},{apply,{supervisor,delete_child,[a_sup,gone]}},{delete_module,gone},{add_module,new},{load_module,tool,[new]},{update,server,{advanced,[]},[tool]},{update,sup,supervisor},{apply,{supervisor,restart_child,[a_sup,new]}}'
appup --explain >full
equal 'both ways hold what they have to' yes \
  "$(erl -noshell -eval '{ok, [{"2", [{"1", Up}], [{"1", Down}]}]} = file:consult(full),
    {ok, Ts, _} = erl_scan:string(hd(init:get_plain_arguments()) ++ "."), {ok, Wanted} = erl_parse:parse_term(Ts),
    true = lists:sort(Wanted) =:= lists:sort(Up),
    [{apply, {supervisor, terminate_child, [a_sup, gone]}} | _] = Up,
    {apply, {supervisor, restart_child, [a_sup, new]}} = lists:last(Up),
    [{apply, {supervisor, terminate_child, [a_sup, new]}} | _] = Down,
    {apply, {supervisor, restart_child, [a_sup, gone]}} = lists:last(Down),
    true = lists:member({add_module, gone}, Down), true = lists:member({delete_module, new}, Down),
    io:put_chars("yes"), halt().' -extra "[$up]" 2>&1)"
check 'it says why of each module' grep -q '^%% same: nothing: what executes is the same' full
check 'it says why of a process' grep -q '^%% server: update: a gen_server that exports code_change' full

first=$(made)
equal 'twice the same' "$first" "$(made)"
cp -r 2 plain
"$RELMK_TOOLS/strip-beams" 1/ebin 2/ebin
equal 'stripped and compressed files give the same' "$first" "$(made)"
rm -rf 2 && mv plain 2

# What has a new version and the same code needs nothing.
# shellcheck disable=SC2086
version 2 $old
equal 'nothing to do' '{"2",[{"1",[]}],[{"1",[]}]}.' "$(made)"
sed -i 's/"2"/"1"/' 2/ebin/a.app
check 'the same version and code is fine' appup
# shellcheck disable=SC2086
version 2 $new
sed -i 's/"2"/"1"/' 2/ebin/a.app
fails_with 'a version that was kept' 1 'tool: it changed, but the application a is of version 1 as before' appup
sed -i 's/"1"/"2"/' 2/ebin/a.app

# What is written by hand stays.
echo '{"2",[],[]}.' >by-hand.appup
fails_with 'a file that was written by hand' 1 'written by hand' appup -o by-hand.appup
appup -o made.appup
check 'a made one is made again' appup -o made.appup
echo '% mine' >>made.appup
fails_with 'one that was edited' 1 'written by hand' appup -o made.appup

# changed MODULE SED-EXPRESSION: version 2 is version 1 but for that module.
changed() {
  sed "$2" "src/1/$1.erl" >"src/2/$1.erl"
  version 1 "1/$1.erl"
  version 2 "2/$1.erl"
}
changed server 's/{a})/{a, b})/'
fails_with 'a record of the state that changed' 1 \
  'error: server: its state is a record #state that changed from {a} to {a,b}' appup
changed server 's/{a})/{a, b})/; s/^code_change.*/code_change(_, {state, A}, _) -> {ok, #state{a = A}}./'
check 'with a clause for it' appup
changed server 's/a = 1/a = fun() -> 1 end/'
told 'a fun in the state' 'warning: server: it keeps a fun in its state (init/1)'
changed server 's/^-behaviour.*//; s/, code_change.3//; s/^code_change.*//; s/{reply, /{reply, 1 + /'
equal 'no code_change: the code is loaded' '{"2",[{"1",[{load_module,server}]}],[{"1",[{load_module,server}]}]}.' "$(made)"
changed sup 's/init(\[\]) -> /init([]) -> ets:new(t, []), /'
told 'side effects of init/1' 'warning: sup: init/1 of version 2 .* ets:new/2'
changed sup 's/{#{}/{#{strategy => simple_one_for_one}/'
fails_with 'another kind of supervisor' 1 'strategy changed from one_for_one to simple_one_for_one' appup
changed sup 's/child(gone)\]/child(gone) | application:get_env(a, children, [])]/'
told 'children that cannot be told' '^hint: .*restart_child,\[a_sup,ID\]'
changed tool 's/^f(X).*/-on_load(f\/0).\nf() -> ok.\nf(X) -> X./'
fails_with 'on_load' 1 'tool: it changed, and it has on_load' appup
changed tool 's/^f(X).*/f(X) -> erlang:load_nif(X, 0)./'
fails_with 'a NIF' 1 'tool: it changed, and it loads a NIF' appup

# Circles of calls are broken, always in the same place.
for version in 1 2; do
  echo "-module(c1). -export([f/0]). f() -> c2:f(), $version." | erl_file $version c1
  echo "-module(c2). -export([f/0]). f() -> c1:f(), $version." | erl_file $version c2
  version $version $version/c1.erl $version/c2.erl
done
equal 'a circle' '{"2",[{"1",[{load_module,c2},{load_module,c1,[c2]}]}],[{"1",[{load_module,c1,[c2]},{load_module,c2}]}]}.' "$(made)"
fails_with 'no directory' 1 'no such directory' "$RELMK_TOOLS/make-appup" none 2
