#!/bin/sh
# shellcheck source=tests/lib.sh
# enit on a host with several releases: all nodes are asked at once, a long name, TOML, applications of ERL_LIBS; a
# change goes through the applications in order of their dependencies; a node that does not stop in its time.
set -eu
. tests/lib.sh
# shellcheck source=tests/enit.sh
. tests/enit.sh
place=$RELMK_SCRATCH/place
use_release host "$place"
mkdir -p "$place/libs"
node=$release@127.0.0.1
ask() { RELX_COOKIE=hostess "$RELMK_TOOLS/nodetool" -n "$node" eval "$1" | tr -d ' \n'; }

# An epmd that knows ten nodes, which turn who connects away when all ten have been connected to.
cat >"$RELMK_SCRATCH/epmd.escript" <<'END'
#!/usr/bin/env escript
main([File]) ->
    {ok, Listener} = gen_tcp:listen(0, [binary, {ip, {127,0,0,1}}, {active, false}]),
    {ok, Port} = inet:port(Listener),
    ok = file:write_file(File ++ ".new", integer_to_list(Port)),
    ok = file:rename(File ++ ".new", File),
    {ok, Nodes} = gen_tcp:listen(0, [binary, {ip, {127,0,0,1}}, {active, false}]),
    {ok, NodesPort} = inet:port(Nodes),
    {ok, Asker} = gen_tcp:accept(Listener),
    {ok, <<0, 1, $n>>} = gen_tcp:recv(Asker, 3),
    ok = gen_tcp:send(Asker, [<<Port:32>> | [io_lib:format("name r~b at port ~b\n", [N, NodesPort]) || N <- lists:seq(0, 9)]]),
    gen_tcp:close(Asker),
    Sockets = [begin {ok, Socket} = gen_tcp:accept(Nodes), Socket end || _ <- lists:seq(1, 10)],
    [gen_tcp:close(Socket) || Socket <- Sockets].
END
for number in 0 1 2 3 4 5 6 7 8 9; do
  mkdir -p "$place/many/r$number"
  echo '{release, x, [{applications, [sasl]}]}.' >"$place/many/r$number/release.enit"
  echo "{node, [{cookie, c}, {nodename, \"r$number@127.0.0.1\"}]}." >"$place/many/r$number/node.config"
done
escript "$RELMK_SCRATCH/epmd.escript" "$RELMK_SCRATCH/epmd-port" >/dev/null 2>&1 &
started $!
check 'epmd listens' eventually 120 test -e "$RELMK_SCRATCH/epmd-port"
equal 'list asks all nodes at once' 10 \
  "$(ERL_EPMD_PORT=$(cat "$RELMK_SCRATCH/epmd-port") "$enit" list --release-dir "$place/many" --timeout 30 | grep -c 'ended the handshake')"

# application NAME DEPENDENCIES: it notes each change; while the file `stays` is there it does not stop.
application() {
  mkdir -p "$place/libs/$1/ebin"
  cat >"$RELMK_SCRATCH/$1.erl" <<END
-module($1).
-behaviour(application).
-behaviour(supervisor).
-export([start/2, stop/1, prep_stop/1, init/1, config_change/3]).
start(_, _) -> supervisor:start_link({local, $1}, ?MODULE, []).
prep_stop(State) -> wait(), State.
stop(_) -> ok.
wait() -> case filelib:is_file("$place/stays") of true -> timer:sleep(50), wait(); false -> ok end.
init([]) -> {ok, {{one_for_one, 1, 1}, []}}.
config_change(Changed, _, _) ->
    persistent_term:put(changes, persistent_term:get(changes, []) ++ [{$1, Changed}]),
    case lists:keymember(refuses, 1, application:get_all_env($1)) of true -> {error, refused}; false -> ok end.
END
  erlc -o "$place/libs/$1/ebin" "$RELMK_SCRATCH/$1.erl"
  echo "{application, $1, [{description, \"\"}, {vsn, \"1\"}, {modules, [$1]}, {registered, []},
    {applications, [kernel, stdlib$2]}, {mod, {$1, []}}, {env, [{size, 0}]}]}." >"$place/libs/$1/ebin/$1.app"
}
# The order of names is not that of dependencies.
application apple ', berry'
application berry ', citrus'
application citrus ''
ERL_LIBS=$place/libs
export ERL_LIBS
echo '{release, x, [{vsn, "1"}, {applications, [apple]}]}.' >"$var/release.enit"
echo "{node, [{cookie, hostess}, {nodename, \"$node\"}, {stop_timeout, 120000}]}." >"$etc/node.config"
echo '{kernel, [{inet_dist_use_interface, {127,0,0,1}}]}. {apple, [{size, 1}]}.' >"$etc/z.config"
printf '%s\n' '[apple]' 'size = 2' 'colour = { atom = "red" }' >"$etc/$release.toml"
equal 'TOML is read last' "    {size, 2}  % $etc/$release.toml:2" "$("$enit" config "$release" apple | grep size)"
check 'a node with a long name starts, with applications of ERL_LIBS' "$enit" start "$release" --wait 300
equal 'its name is long' "{'$node',true}" "$(ask '{node(), net_kernel:longnames()}.')"
equal 'TOML counts' '{{ok,2},{ok,red}}' "$(ask '{application:get_env(apple, size), application:get_env(apple, colour)}.')"
equal 'its code was loaded as it started' embedded "$(ask 'code:get_mode().')"
check 'status knows it' sh -c "'$enit' status $release --timeout 60 | grep -qx 'Node: *$node'"

printf '%s\n' '[apple]' 'size = 3' 'colour = { atom = "red" }' '[citrus]' 'size = 3' '[berry]' 'size = 3' >"$etc/$release.toml"
check 'three applications are changed' "$enit" reconfigure "$release"
equal 'each after those that it needs' '[citrus,berry,apple]' "$(ask '[A || {A, _} <- persistent_term:get(changes)].')"
ask 'persistent_term:erase(changes).' >/dev/null
printf '%s\n' '[apple]' 'size = 4' 'colour = { atom = "red" }' '[citrus]' 'size = 4' '[berry]' 'size = 4' 'refuses = true' \
  >"$etc/$release.toml"
fails_with 'the second one refuses' 1 'berry: refused; everything was put back' "$enit" reconfigure "$release"
equal 'who had changed was told the old value, who had not was told nothing' \
  '[{citrus,[{size,4}]},{berry,[{size,4}]},{citrus,[{size,3}]}]' "$(ask 'persistent_term:get(changes).')"
equal 'all have their old values' '[{ok,3},{ok,3},{ok,3}]' "$(ask '[application:get_env(A, size) || A <- [apple, berry, citrus]].')"

# It does not stop in its time, and is not killed: who gave the order decides.
: >"$place/stays"
sed -i 's/stop_timeout, 120000/stop_timeout, 300/' "$etc/node.config"
pid=$(ask 'list_to_integer(os:getpid()).')
fails_with 'a node that does not stop within stop_timeout' 1 'still runs 0.3 seconds after it was told to stop; not stopped yet: ' "$enit" stop "$release" --timeout 60
check 'goes on stopping' test -d "/proc/$pid"
rm "$place/stays"
sed -i 's/stop_timeout, 300/stop_timeout, 120000/' "$etc/node.config"
gone() { [ ! -d "/proc/$pid" ] || grep -q '^State:.Z' "/proc/$pid/status"; }
check 'and is gone then' eventually 120 gone
equal 'list says so' "* $release 1 [$node] (not running)" "$("$enit" list --timeout 60)"

# A node whose distribution is TLS: enit is given the same options as the VM.
if command -v openssl >/dev/null && [ -d "$(erl -noshell -eval 'io:put_chars(code:lib_dir(ssl)), halt().')" ]; then
  openssl req -x509 -newkey rsa:2048 -nodes -keyout "$place/key.pem" -out "$place/cert.pem" -days 30 -subj /CN=localhost \
    2>/dev/null
  echo "[{server, [{certfile, \"$place/cert.pem\"}, {keyfile, \"$place/key.pem\"}]}, {client, [{verify, verify_none}]}]." \
    >"$place/tls.conf"
  rm -f "$etc"/*
  echo "{node, [{cookie, hostess}, {nodename, \"$node\"}, {stop_timeout, 120000},
    {vm_args, [\"-proto_dist\", \"inet_tls\", \"-ssl_dist_optfile\", \"$place/tls.conf\"]}]}.
    {kernel, [{inet_dist_use_interface, {127,0,0,1}}]}." >"$etc/node.config"
  fails_with 'a release without the protocol of its distribution' 1 'no application of the release has inet_tls_dist' \
    "$enit" start "$release"
  echo '{release, x, [{vsn, "1"}, {applications, [apple, ssl]}]}.' >"$var/release.enit"
  check 'a node with TLS starts' "$enit" start "$release" --wait 300
  equal 'is asked' "* $release 1 [$node] (running)" "$("$enit" list --timeout 60)"
  echo '{apple, [{size, 9}]}.' >"$etc/z.config"
  check 'is reconfigured' "$enit" reconfigure "$release"
  check 'and stops' "$enit" stop "$release" --timeout 60
else
  skip 'TLS: there is no openssl, or no ssl in this OTP'
fi
