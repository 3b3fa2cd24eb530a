#!/bin/sh
# shellcheck source=tests/lib.sh
# enit's own story on a real node: a release, its defaults, the user's configuration, status, a change of
# it while the node runs, an extension, traces.
set -eu
. tests/lib.sh
# shellcheck source=tests/enit.sh
. tests/enit.sh
use_release relex
mkdir -p "$RELMK_SCRATCH/apps"

# application NAME VERSION DEPENDENCIES: compiles one that keeps what config_change/3 was called with.
application() {
  dir=$RELMK_SCRATCH/apps/package_of_$1-$2/ebin
  mkdir -p "$dir"
  cat >"$RELMK_SCRATCH/$1.erl" <<END
-module($1).
-behaviour(application).
-export([start/2, stop/1, init/1, config_change/3]).
start(_, _) ->
    case application:get_env($1, fails) of
        {ok, true} -> {error, told_to_fail};
        _ -> supervisor:start_link({local, $1}, ?MODULE, [])
    end.
stop(_) -> ok.
init([]) -> {ok, {{one_for_one, 1, 1}, []}}.
config_change(Changed, New, Removed) ->
    application:set_env($1, calls, application:get_env($1, calls, []) ++ [{Changed, New, Removed}]),
    case application:get_env($1, refuses) of
        {ok, true} -> {error, refused};
        {ok, undefined_function} -> no_such_module:f();
        {ok, slow} -> timer:sleep(60000);
        _ -> ok
    end.
END
  erlc -o "$dir" "$RELMK_SCRATCH/$1.erl"
  echo "{application, $1, [{description, \"\"}, {vsn, \"$2\"}, {modules, [$1]}, {registered, []},
    {applications, [kernel, stdlib$3]}, {mod, {$1, []}}, {env, [{frozzle_timeout, 1}]}]}." >"$dir/$1.app"
}
application relex_application 1.0.1 ', crypto'
application relex_snmp 0.1 ', relex_application'

cat >"$var/release.enit" <<END
{release, relex, [
	{vsn, "1.0"},
	{lib_dirs, ["$RELMK_SCRATCH/apps"]},
	{applications, [sasl, runtime_tools, relex_application]}
]}.
END
cat >"$var/defaults.config" <<'END'
{node, [{smp, enabled}]}.
{kernel, [{start_timer, true}]}.
{sasl, [{sasl_error_logger, false}, {utc_log, true}]}.
END
# user DOMAIN: the user's configuration.
user() {
  cat >"$etc/user.config" <<END
{node, [
	{cookie, "monster"},
	{stop_timeout, 120000}
]}.
{kernel, [{inet_dist_use_interface, {127,0,0,1}}]}.
{relex_application, [
	{frozzle_timeout, 6000},
	{kabozzle_domain, "$1"}
]}.
END
}
user relex.com
node=$release@$(hostname -s)
ask() { RELX_COOKIE=monster "$RELMK_TOOLS/nodetool" -n "$node" eval "$1"; }

check 'check finds nothing wrong' "$enit" check "$release"
equal 'each key has its origin' \
  "    {kabozzle_domain, \"relex.com\"}  % $etc/user.config:8" \
  "$("$enit" config "$release" relex_application | sed -n 3p)"
check 'JSON has value, file and line' sh -c \
  "'$enit' config $release --json | grep -qF '\"frozzle_timeout\":{\"value\":6000,\"term\":\"6000\",\"file\":\"$etc/user.config\",\"line\":7}'"
equal 'no cookie is shown but at a terminal' '' "$("$enit" config "$release" | grep monster || :)"
equal 'it is where it is asked for' '    {cookie, "monster"},' \
  "$("$enit" config "$release" node --cookie | grep -o '.*monster.*},')"
equal 'a node that does not run is offline' 'This node is currently offline.' \
  "$("$enit" status "$release" --timeout 60 | tail -n 1)"
equal 'list knows it' "* $release 1.0 [$node] (not running)" "$("$enit" list --timeout 60)"

check 'it starts' "$enit" start "$release" --wait 300
"$enit" status "$release" --timeout 60 --cookie >"$RELMK_SCRATCH/status"
equal 'status is that of the README' \
  'Release:|Version:|Node:|Cookie:||This|OTP:|Pid:|Uptime:|Connected|Running|Memory|' \
  "$(sed -n '/^ /!p' "$RELMK_SCRATCH/status" | awk 'NF || !e++ { printf "%s|", $1 }')"
check 'the application runs' grep -q '^ relex_application 1.0.1$' "$RELMK_SCRATCH/status"
equal 'all are permanent' '[crypto,kernel,relex_application,runtime_tools,sasl,stdlib]' \
  "$(ask 'lists:sort([A || {A, permanent} <- proplists:get_value(started, application:info())]).' | tr -d ' \n')"
equal 'the cookie is in no argument' '' "$(cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' ' ' | grep -o 'cookie [m]onster' || :)"
refute 'the node made no cookie in the home' test -e "$HOME/.erlang.cookie"
equal 'no module of enit is loaded' '[]' \
  "$(ask '[M || {M, _} <- code:all_loaded(), lists:prefix("enit", atom_to_list(M))].')"
fails_with 'it runs already' 1 'is already running' "$enit" start "$release" --wait 300
equal 'list says that it runs' "* $release 1.0 [$node] (running)" "$("$enit" list --timeout 60)"

equal 'nothing is changed' 'reconfigure: config unchanged' "$("$enit" reconfigure "$release")"
user relex.changed.com
equal 'a dry run shows the key' 'relex_application kabozzle_domain = "relex.changed.com"' \
  "$("$enit" reconfigure "$release" --dry-run)"
equal 'and changes nothing' '{ok,"relex.com"}' "$(ask 'application:get_env(relex_application, kabozzle_domain).')"
equal 'it is applied' 'reconfigure: config changes applied' "$("$enit" reconfigure "$release")"
equal 'and set' '{ok,"relex.changed.com"}' "$(ask 'application:get_env(relex_application, kabozzle_domain).')"
equal 'the callback was called once, and may set its env' \
  '{ok,[{[{kabozzle_domain,"relex.changed.com"}],[],[]}]}' \
  "$(ask 'application:get_env(relex_application, calls).' | tr -d ' \n')"
equal 'once more: unchanged' 'reconfigure: config unchanged' "$("$enit" reconfigure "$release")"

for how in true undefined_function slow; do
  echo "{relex_application, [{kabozzle_domain, \"other.com\"}, {refuses, $how}]}." >"$etc/z.config"
  fails_with "a callback that fails ($how) is named" 1 'relex_application: ' \
    "$enit" reconfigure "$release" --timeout 1
  equal 'everything is put back' '{{ok,"relex.changed.com"},undefined}' \
    "$(ask '{application:get_env(relex_application, kabozzle_domain), application:get_env(relex_application, refuses)}.')"
done
rm "$etc/z.config"

sed -i '/frozzle_timeout/d' "$etc/user.config"
ask 'application:set_env(relex_application, frozzle_timeout, 77).' >/dev/null
check 'a key is gone' "$enit" reconfigure "$release"
equal 'and back at the value of the .app' '{ok,1}' "$(ask 'application:get_env(relex_application, frozzle_timeout).')"
echo '{kernel, [{inet_dist_listen_min, 9999}]}.' >"$etc/z.config"
equal 'what needs a restart is told' 'reconfigure: needs a restart: kernel inet_dist_listen_min' \
  "$("$enit" reconfigure "$release")"
rm "$etc/z.config"

cat >"$etc/snmp_support.config" <<'END'
{extension, 'relex-with-snmp', [{applications, [relex_snmp]}]}.
{relex_snmp, [{oid, "1.3"}]}.
END
check 'an extension is shown' sh -c "'$enit' reconfigure $release --dry-run | grep -qx 'start relex_snmp'"
check 'and taken over' "$enit" reconfigure "$release"
check 'its application runs' sh -c "'$enit' status $release --timeout 60 | grep -q '^ relex_snmp'"
check 'status tells it' sh -c "'$enit' status $release --timeout 60 | grep -qF \"Extensions: ['relex-with-snmp']\""
equal 'with its configuration' '{ok,"1.3"}' "$(ask 'application:get_env(relex_snmp, oid).')"
mv "$etc/snmp_support.config" "$RELMK_SCRATCH"
equal 'one that is gone stops its application' 'stop relex_snmp' \
  "$("$enit" reconfigure "$release" --dry-run | grep stop)"
check 'it is stopped' "$enit" reconfigure "$release"
equal 'and nothing else' '[crypto,kernel,relex_application,runtime_tools,sasl,stdlib]' \
  "$(ask 'lists:sort([A || {A, _, _} <- application:which_applications()]).' | tr -d ' \n')"

# Traces, as dbg's own client prints them.
ask "dbg:tracer(port, dbg:trace_port(file, \"$RELMK_SCRATCH/trace\")), dbg:p(all, [c, m]),
  dbg:tpl(lists, seq, [{'_', [], [{return_trace}]}]),
  lists:seq(1, 60), self() ! {a, \"text\"}, dbg:flush_trace_port(), dbg:stop_clear()." >/dev/null
"$enit" tracefile "$RELMK_SCRATCH/trace" >"$RELMK_SCRATCH/ours"
# On the node itself, where its processes have the same numbers: dbg prints it to the node's log.
log=$var/.enit/log/erlang.log.1
# What the node has logged until here comes before this.
ask 'logger_std_h:filesync(default), io:put_chars(user, "before the trace\n").' >/dev/null
check 'the log is told so far' eventually 60 grep -q '^before the trace' "$log"
before=$(wc -l <"$log")
ask "Pid = dbg:trace_client(file, \"$RELMK_SCRATCH/trace\"), M = monitor(process, Pid),
  receive {'DOWN', M, _, _, _} -> io:put_chars(user, \"traced\n\") end." >/dev/null
check 'dbg prints it, too' eventually 60 grep -q '^traced' "$log"
tail -n +$((before + 1)) "$log" | tr -d '\r' | grep -v '^traced$' >"$RELMK_SCRATCH/theirs"
check 'there is a call' grep -q 'call lists:seq(1,60)' "$RELMK_SCRATCH/ours"
same 'a trace prints as dbg prints it' "$RELMK_SCRATCH/theirs" "$RELMK_SCRATCH/ours"

sed -i 's/monster/other/' "$etc/user.config"
fails_with 'a node of another cookie is no offline node' 1 'another cookie' "$enit" status "$release" --timeout 60
sed -i 's/other/monster/' "$etc/user.config"
check 'it stops' "$enit" stop "$release" --timeout 60
fails_with 'what does not run cannot be stopped' 1 'not running' "$enit" stop "$release" --timeout 60

echo '{relex_application, [{fails, true}]}.' >"$etc/z.config"
fails_with 'an application that fails is named' 1 'could not start application relex_application' \
  "$enit" start "$release" --wait 300
rm "$etc/z.config"
echo '{relex_application, [a]}. {node, [{smp, what}]}.' >"$etc/z.config"
status=0
"$enit" check "$release" 2>"$RELMK_SCRATCH/faults" || status=$?
equal 'check tells each fault with its place' "1 $etc/z.config:1:21: $etc/z.config:1:35:" \
  "$status $(grep -o "^$etc/z.config:[0-9:]*" "$RELMK_SCRATCH/faults" | tr '\n' ' ' | sed 's/ $//')"
rm "$etc/z.config"
sed -i 's/runtime_tools/no_such_app/' "$var/release.enit"
fails_with 'an application that is not installed' 1 'application no_such_app is not installed' \
  "$enit" start "$release" --wait 300
fails_with 'an unknown release' 1 'there is no release' "$enit" start nothing_like_it
check 'init writes a release' "$enit" init "$(unique first)" sasl
equal 'with a cookie of its own' 600 "$(stat -c %a "$ENIT_CONFIG_DIR/$(unique first)/user.config")"
check 'which is right' "$enit" check "$(unique first)"
