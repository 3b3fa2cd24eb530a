# Shell functions for the tests of upgrades: a release `demo` with an application `counter` in two
# versions, and variants of the second one that go wrong.
# shellcheck shell=sh disable=SC2154,SC2034

# counter_source VSN: version 1 keeps a number, 2 a tuple of it and of the version it came from.
counter_source() {
  sed "s/@VSN@/$1/" <<'ERL'
-module(counter).
-behaviour(gen_server).
-vsn("@VSN@").
-export([start_link/0, up/0, value/0, state/0, hold/0, stay/0, crash/0, sleep/1, told/0]).
-export([init/1, handle_call/3, handle_cast/2, code_change/3]).
start_link() -> gen_server:start_link({local, counter}, ?MODULE, [], []).
up() -> gen_server:call(counter, up).
value() -> gen_server:call(counter, value).
state() -> gen_server:call(counter, state).
sleep(Milliseconds) -> gen_server:cast(counter, {sleep, Milliseconds}).
told() -> persistent_term:get(counter_told, []).
crash() -> exit(whereis(counter), kill).
hold() -> spawn(fun stay/0).
stay() -> receive leave -> ok end.
handle_call(up, _, S) -> {reply, ok, add(S)};
handle_call(value, _, S) -> {reply, number(S), S};
handle_call(state, _, S) -> {reply, S, S}.
handle_cast({sleep, T}, S) -> timer:sleep(T), {noreply, S}.
ERL
  if [ "$1" = 1 ]; then
    cat <<'ERL'
init([]) -> {ok, 0}.
add(N) -> N + 1.
number(N) -> N.
code_change(_, _, crash) -> error(crash);
code_change({down, _}, {N, _}, _) -> {ok, N};
code_change(_, N, _) -> {ok, N}.
ERL
  else
    cat <<'ERL'
init([]) -> {ok, {0, new}}.
add({N, From}) -> {N + 1, From}.
number({N, _}) -> N.
code_change(_, _, crash) -> error(crash);
code_change({down, _}, {N, _}, _) -> {ok, N};
code_change(From, N, _) when is_integer(N) -> {ok, {N, From}}.
ERL
  fi
}

# make_counter DIR VSN: the compiled application in DIR/counter-VSN.
make_counter() {
  mkdir -p "$1/counter-$2/ebin" "$1/src-$2"
  counter_source "$2" >"$1/src-$2/counter.erl"
  cat >"$1/src-$2/counter_sup.erl" <<'ERL'
-module(counter_sup).
-behaviour(supervisor).
-behaviour(application).
-export([start/2, stop/1, init/1, config_change/3]).
start(_, _) -> supervisor:start_link({local, ?MODULE}, ?MODULE, []).
stop(_) -> ok.
init([]) -> {ok, {{one_for_one, 9, 9}, [#{id => counter, start => {counter, start_link, []}}]}}.
config_change(Changed, New, Removed) ->
    persistent_term:put(counter_told, counter:told() ++ [{Changed, New, Removed}]), ok.
ERL
  printf '%s\n' "{application, counter, [{description, \"\"}, {vsn, \"$2\"}, {modules, [counter, counter_sup]}," \
    "{registered, [counter]}, {applications, [kernel, stdlib]}, {mod, {counter_sup, []}}," \
    "{env, [{greeting, hello}, {version, $2}]}]}." >"$1/counter-$2/ebin/counter.app"
  erlc -o "$1/counter-$2/ebin" "$1/src-$2/counter.erl" "$1/src-$2/counter_sup.erl" 2>/dev/null
}

# make_demo DIR VSN: release demo VSN of counter-VSN, below DIR/demo.
make_demo() {
  make_counter "$1/apps" "$2"
  printf '%s\n' "{release, {demo, \"$2\"}, [sasl, counter]}." '{dev_mode, false}.' '{include_erts, false}.' \
    '{vm_args, "vm.args"}.' '{sys_config, "sys.config"}.' '{extended_start_script, true}.' "${3-}" >"$1/relx.config"
  [ -e "$1/vm.args" ] || printf -- '-sname %s@localhost\n-setcookie demo\n' "$(unique upgraded)" >"$1/vm.args"
  [ -e "$1/sys.config" ] || echo "[{counter, [{limit, $2}]}]." >"$1/sys.config"
  (cd "$1" && "$RELMK_TOOLS/assemble-release" -c relx.config -l apps -o .)
}

# tar_demo DIR VSN NODE [VM_ARGS [TERMS]]: the tarball of a whole release, with its Erlang, below DIR/_rel/demo; that of
# version 2 has the relup from 1. VM_ARGS are more lines of vm.args, TERMS of relx.config.
tar_demo() {
  make_counter "$1/apps-$2" "$2"
  printf '%s\n' "{release, {demo, \"$2\"}, [sasl, counter]}." '{mode, prod}.' '{vm_args, "vm.args"}.' \
    '{sys_config, "sys.config"}.' '{extended_start_script, true}.' ${5+"$5"} >"$1/relx.config"
  printf '%s\n' "-sname $(unique "$3")@localhost" '-setcookie demo' ${4+"$4"} >"$1/vm.args"
  echo "[{counter, [{limit, $2}]}]." >"$1/sys.config"
  (
    cd "$1" || exit
    "$RELMK_TOOLS/assemble-release" -c relx.config -l "apps-$2" -o _rel
    [ "$2" = 1 ] || "$RELMK_TOOLS/make-relup" -n demo -u 1 -o _rel
    "$RELMK_TOOLS/make-tar" -c relx.config -l "apps-$2" -o _rel
  )
}

# What relups are made of.
up_script='{load_object_code,{counter,"2",[counter]}},point_of_no_return,{suspend,[counter]},{load,{counter,brutal_purge,brutal_purge}},{code_change,up,[{counter,[]}]},{resume,[counter]}'
down_script='{load_object_code,{counter,"1",[counter]}},point_of_no_return,{suspend,[counter]},{code_change,down,[{counter,[]}]},{load,{counter,brutal_purge,brutal_purge}},{resume,[counter]}'

# variant VSN UP [DOWN]: a tarball of version VSN, that is version 2 with a relup of its own, in the
# place where the node looks for it. A further change is made in $tree by the function `change`.
change() { :; }
variant() {
  tree=$RELMK_SCRATCH/variant
  rm -rf "$tree"
  mkdir -p "$tree/releases" "$tree/bin" "$tree/lib"
  cp -R "$next/releases/2" "$tree/releases/$1"
  cp -R "$next/lib/counter-2" "$tree/lib/"
  sed "s/^REL_VSN='2'/REL_VSN='$1'/" "$next/bin/demo-2" >"$tree/bin/demo-$1"
  chmod 755 "$tree/bin/demo-$1"
  sed "s/{\"demo\", *\"2\"}/{\"demo\",\"$1\"}/" "$next/releases/2/demo.rel" >"$tree/releases/$1/demo.rel"
  printf '{"%s",[{"1",[],[%s]}],[{"1",[],[%s]}]}.\n' "$1" "$2" "${3-$down_script}" >"$tree/releases/$1/relup"
  change "$1"
  tar czf "$root/releases/demo-$1.tar.gz" -C "$tree" bin lib releases
}

# Two versions, the first one runs as a daemon, below $RELMK_SCRATCH/$place. Sets root, next and demo.
place=first
start_demo() {
  first=$RELMK_SCRATCH/$place
  second=$RELMK_SCRATCH/second
  mkdir -p "$first" "$second"
  check 'version 1 is assembled' make_demo "$first" 1 "${1-}"
  cp "$first/vm.args" "$second/"
  check 'version 2 is assembled' make_demo "$second" 2 "${1-}"
  root=$first/demo
  next=$second/demo
  demo=$root/bin/demo
  check 'version 1 starts' "$demo" daemon
}

status_of_version() { "$demo" versions | awk -v version="$1" '$2 == version { print $3 }'; }

# What must be the same after a failure: process, environment, code, versions.
noted_state() {
  "$demo" eval '{whereis(counter), [{A, lists:sort(application:get_all_env(A))} || {A, _, _} <- lists:sort(application:which_applications())], counter:module_info(md5), lists:sort([{V, S} || {_, V, _, S} <- release_handler:which_releases()]), application:which_applications()}.'
}
noted_files() { (cd "$root" && find . -path ./log -prune -o -type f -print | grep -v -e '^./releases/demo-' -e '^./releases/.running' | sort | xargs cksum); }

# fails_cleanly WHAT VSN CODE TEXT [OPTION]…: the upgrade fails with that code and text, and a hint;
# everything is as it was.
fails_cleanly() {
  fail_what=$1 fail_version=$2 fail_code=$3 fail_text=$4
  shift 4
  state_before=$(noted_state)
  noted_files >"$RELMK_SCRATCH/.files"
  fails_with "$fail_what" "$fail_code" "$fail_text" "$demo" upgrade "$fail_version" "$@"
  check "$fail_what: a hint" grep -q '^hint: ' "$RELMK_SCRATCH/.err"
  equal "$fail_what: the node is as it was" "$state_before" "$(noted_state)"
  noted_files >"$RELMK_SCRATCH/.files-after"
  same "$fail_what: the files are as they were" "$RELMK_SCRATCH/.files" "$RELMK_SCRATCH/.files-after"
}

# restarts_in_old WHAT VSN TEXT: the upgrade fails after the point of no return.
restarts_in_old() {
  noted_files >"$RELMK_SCRATCH/.files"
  fails_with "$1" 5 "$3" "$demo" upgrade "$2"
  check "$1: a hint" grep -q '^hint: ' "$RELMK_SCRATCH/.err"
  equal "$1: the old version runs" '0' "$("$demo" rpc counter state)"
  equal "$1: and is permanent" permanent "$(status_of_version 1)"
  equal "$1: the new one is not known" '' "$(status_of_version "$2")"
  noted_files >"$RELMK_SCRATCH/.files-after"
  same "$1: the files are as they were" "$RELMK_SCRATCH/.files" "$RELMK_SCRATCH/.files-after"
}
