#!/bin/sh
# A real library under load: a node that serves HTTP goes from cowboy 2.8.0 to 2.12.0 (with cowlib 2.9.1 and 2.13.0)
# and back, by appups that make-relup makes. Connections that are kept open stay, and no request is lost.
set -eu
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/start-script.sh
. tests/start-script.sh

# They are compiled once; where that takes longer, the rest would too.
status=0
older=$(timeout 200 tests/fetch-cowboy bookworm) || status=$?
[ "$status" -ne 0 ] || newer=$(timeout 200 tests/fetch-cowboy trixie) || status=$?
case $status in
  0) ;;
  1 | 124)
    skip 'the sources of cowboy: apt cannot get them, or this machine is too busy to compile them'
    exit 0
    ;;
  *)
    not_ok 'cowboy is compiled'
    exit 1
    ;;
esac
project=$RELMK_SCRATCH/project
root=$RELMK_SCRATCH/opt/site
site=$root/bin/site
ebin=$project/apps/site-1/ebin
mkdir -p "$ebin" "$root"
claim_port

cat >"$project/site.erl" <<'ERL'
-module(site).
-behaviour(application).
-behaviour(supervisor).
-export([start/2, stop/1, init/1]).
start(_, _) ->
    {ok, Port} = application:get_env(site, port),
    Dispatch = cowboy_router:compile([{'_', [{"/", site_page, []}]}]),
    {ok, _} = cowboy:start_clear(site, [{ip, {127, 0, 0, 1}}, {port, Port}],
        #{env => #{dispatch => Dispatch}, max_keepalive => 1000000000, request_timeout => infinity,
          idle_timeout => infinity, inactivity_timeout => infinity}),
    supervisor:start_link(?MODULE, []).
stop(_) -> ok.
init([]) ->
    {ok, {#{}, [#{id => hits, start => {gen_server, start_link, [{local, site_hits}, site_hits, 0, []]}}]}}.
ERL
cat >"$project/site_hits.erl" <<'ERL'
-module(site_hits).
-behaviour(gen_server).
-export([hit/0, init/1, handle_call/3, handle_cast/2]).
hit() -> gen_server:call(site_hits, hit, infinity).
init(N) -> {ok, N}.
handle_call(hit, _, N) -> {reply, N + 1, N + 1}.
handle_cast(_, N) -> {noreply, N}.
ERL
cat >"$project/site_page.erl" <<'ERL'
-module(site_page).
-export([init/2]).
init(Request, State) ->
    {ok, cowboy_req:reply(200, #{}, integer_to_binary(site_hits:hit()), Request), State}.
ERL
# Clients: some keep their connection, others have a new one for each request. Each says how many requests it
# made, and what the first that failed failed with.
cat >"$project/site_clients.erl" <<'ERL'
-module(site_clients).
-export([start/2, count/1]).
start(Name, Keeps) ->
    Clients = [spawn(fun() -> client(Keeps, none, 0) end) || _ <- lists:seq(1, 4)],
    register(Name, spawn(fun() -> hold(Name, Clients) end)),
    ok.
count(Name) -> Name ! {count, self()}, receive {Name, Told} -> Told end.
hold(Name, Clients) ->
    receive
        {count, From} ->
            [C ! {count, self()} || C <- Clients],
            Told = [receive {client, C, T} -> T end || C <- Clients],
            From ! {Name, {lists:min([N || {N, _} <- Told]), lists:usort([L || {_, L} <- Told])}},
            hold(Name, Clients)
    end.
client(Keeps, Socket, N) ->
    receive
        {count, From} -> From ! {client, self(), {N, none}}, client(Keeps, Socket, N)
    after 3 ->
        case catch request(Keeps, Socket) of
            {ok, Next} -> client(Keeps, Next, N + 1);
            Lost -> lost({N, Lost})
        end
    end.
lost(Told) ->
    receive {count, From} -> From ! {client, self(), Told}, lost(Told) end.
request(Keeps, none) ->
    {ok, Port} = application:get_env(site, port),
    {ok, Socket} = gen_tcp:connect({127, 0, 0, 1}, Port, [binary, {active, false}]),
    request(Keeps, Socket);
request(Keeps, Socket) ->
    ok = inet:setopts(Socket, [{packet, http_bin}]),
    ok = gen_tcp:send(Socket, <<"GET / HTTP/1.1\r\nhost: site\r\n\r\n">>),
    {ok, {http_response, _, 200, _}} = gen_tcp:recv(Socket, 0),
    Length = headers(Socket, 0),
    ok = inet:setopts(Socket, [{packet, raw}]),
    {ok, Body} = gen_tcp:recv(Socket, Length),
    true = binary_to_integer(Body) > 0,
    case Keeps of
        true -> {ok, Socket};
        false -> gen_tcp:close(Socket), {ok, none}
    end.
headers(Socket, Length) ->
    case gen_tcp:recv(Socket, 0) of
        {ok, http_eoh} -> Length;
        {ok, {http_header, _, 'Content-Length', _, Value}} -> headers(Socket, binary_to_integer(Value));
        {ok, {http_header, _, _, _, _}} -> headers(Socket, Length)
    end.
ERL
erlc -o "$ebin" "$project"/*.erl
cat >"$ebin/site.app" <<'END_OF_APP'
{application, site, [{description, ""}, {vsn, "1"}, {modules, [site, site_hits, site_page, site_clients]},
  {registered, [site_hits]}, {applications, [kernel, stdlib, cowboy]}, {mod, {site, []}}]}.
END_OF_APP
printf -- '-sname %s@localhost\n-setcookie site\n' "$(unique site)" >"$project/vm.args"
echo "[{site, [{port, $free_port}]}]." >"$project/sys.config"

# tar_release VSN LIBRARIES
tar_release() {
  printf '%s\n' "{release, {site, \"$1\"}, [sasl, site]}." '{mode, prod}.' '{include_erts, false}.' \
    '{vm_args, "vm.args"}.' '{sys_config, "sys.config"}.' '{extended_start_script, true}.' >"$project/relx.config"
  (
    cd "$project"
    "$RELMK_TOOLS/assemble-release" -c relx.config -l apps -l "$2" -o _rel
    [ "$1" = 1 ] || "$RELMK_TOOLS/make-relup" -n site -u 1 -o _rel
    "$RELMK_TOOLS/make-tar" -c relx.config -l apps -l "$2" -o _rel
  )
}
check 'a release with cowboy 2.8.0' tar_release 1 "$older"
check 'one with cowboy 2.12.0, and the way there' tar_release 2 "$newer"
cp "$RELMK_SCRATCH/.out" "$RELMK_SCRATCH/table"
check 'changes cowboy' grep -q '^  cowboy *2.8.0 -> 2.12.0' "$RELMK_SCRATCH/table"
check 'and cowlib' grep -q '^  cowlib *2.9.1 -> 2.13.0' "$RELMK_SCRATCH/table"
refute 'ranch is the same in both' grep -q ranch "$RELMK_SCRATCH/table"
tar xzf "$project/_rel/site/site-1.tar.gz" -C "$root"
cp "$project/_rel/site/site-2.tar.gz" "$root/releases/"
check 'the site serves' "$site" daemon

asked() { "$site" eval "$1." | tr -d ' \n'; }
processes() { asked '{pid_to_list(whereis(site_hits)), pid_to_list(ranch_server:get_listener_sup(site))}'; }
requests() { asked "element(1, site_clients:count($1))"; }
# makes_progress NAME: each of the clients makes requests, now.
makes_progress() {
  before=$(requests "$1")
  tries=600
  while [ "$(requests "$1")" -le $((before + 5)) ] && [ "$tries" -gt 0 ]; do tries=$((tries - 1)); done
  [ "$tries" -gt 0 ]
}
pids=$(processes)
"$site" rpc site_clients start '[kept, true]' >/dev/null
check 'clients that keep their connections' makes_progress kept
kept=$(asked '[pid_to_list(P) || P <- lists:sort(ranch:procs(site, connections))]')
"$site" rpc site_clients start '[new, false]' >/dev/null
check 'and such that have new ones' makes_progress new

# is_served VSN: by cowboy of that version, the processes that there were.
is_served() {
  equal "$1 is loaded" "{ok,\"$1\"}" "$(asked 'application:get_key(cowboy, vsn)')"
  equal "$1: and its code" true "$(asked 'lists:prefix(code:lib_dir(cowboy), code:which(cowboy_http))')"
  equal "$1: the processes are the same" "$pids" "$(processes)"
  check "$1: who keeps a connection goes on with it" makes_progress kept
  check "$1: who has new ones goes on" makes_progress new
  equal "$1: no request was lost on a connection that is kept" '[none]' "$(asked 'element(2, site_clients:count(kept))')"
  equal "$1: nor on a new one" '[none]' "$(asked 'element(2, site_clients:count(new))')"
  equal "$1: the connections are those of before" '[]' \
    "$(asked "$kept -- [pid_to_list(P) || P <- ranch:procs(site, connections)]")"
  equal "$1: none runs old code" '[]' \
    "$(asked '[P || P <- ranch:procs(site, connections), erlang:check_process_code(P, cowboy_http)]')"
}
check 'nothing is in the way' "$site" check 2
check 'upgrade' "$site" upgrade 2
is_served 2.12.0
check 'downgrade' "$site" downgrade 1
is_served 2.8.0
check 'stop' "$site" stop
