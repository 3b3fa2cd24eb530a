#!/bin/sh
# shellcheck source=tests/lib.sh
# enit from inside a VM: its Erlang application, used by another application of the release, and enitdbg, whose
# traces traceip and tracefile print. Then starts that are tried again, a start as another user, and a callback
# that fails while --keep is given.
set -eu
. tests/lib.sh
# shellcheck source=tests/enit.sh
. tests/enit.sh
# Where another user can read.
place=$(mktemp -d "${TMPDIR:-/tmp}/relmk-enit.XXXXXX")
trap 'status=$?; rm -rf "$place"; (exit $status); finish' EXIT
chmod 755 "$place"
use_release inside "$place"
mkdir -p "$place/apps/enit/ebin" "$place/apps/asker/ebin"
node=$release@$(hostname -s)
ask() { RELX_COOKIE=insider "$RELMK_TOOLS/nodetool" -n "$node" eval "$1" | tr -d ' \n'; }

erlc -o "$place/apps/enit/ebin" rel/apps/enit/src/*.erl
sed 's/{modules, \[\]}/{modules, [enit, enitdbg]}/' rel/apps/enit/src/enit.app.src >"$place/apps/enit/ebin/enit.app"
cat >"$RELMK_SCRATCH/asker.erl" <<END
-module(asker).
-behaviour(application).
-behaviour(supervisor).
-export([start/2, stop/1, init/1, config_change/3, double/1]).
start(_, _) ->
    case filelib:is_file("$place/wanted") of
        true -> supervisor:start_link({local, asker}, ?MODULE, []);
        false -> {error, not_yet}
    end.
stop(_) -> ok.
%% From another application: of the release that it runs in.
init([]) ->
    Release = os:getenv("ENIT_RELEASE"),
    Part = lists:nthtail(2, Release),
    persistent_term:put(asked, {
        enit:get_config(Release, asker, []),
        case enit:get_config(Part, [{match, true}]) of
            {error, _} = Error -> Error;
            Sections -> lists:sort([App || {App, _} <- Sections])
        end,
        enit:get_config(Release, no_such_application, []),
        enit:get_config("no_such_release", []),
        enit:apply_config(Part, other, [match]),
        enit:configure(Release, other, []),
        enit:configurate(Release, other, []),
        application:get_env(other, key)}),
    {ok, {{one_for_one, 1, 1}, []}}.
double(Number) -> 2 * Number.
config_change(_, _, _) -> {error, told_to_refuse}.
END
erlc -o "$place/apps/asker/ebin" "$RELMK_SCRATCH/asker.erl"
echo '{application, asker, [{description, ""}, {vsn, "1"}, {modules, [asker]}, {registered, []},
  {applications, [kernel, stdlib, enit]}, {mod, {asker, []}}]}.' >"$place/apps/asker/ebin/asker.app"
echo "{release, inside, [{lib_dirs, [\"$place/apps\"]}, {applications, [runtime_tools, asker]}]}." >"$var/release.enit"
# user SETTINGS: the configuration, which only its owner reads.
user() {
  rm -f "$etc/user.config"
  (umask 077 && cat >"$etc/user.config") <<END
{node, [{cookie, "insider"}, {stop_timeout, 120000}$1]}.
{kernel, [{inet_dist_use_interface, {127,0,0,1}}]}.
{asker, [{question, "why"}]}.
{other, [{key, value}]}.
END
}
user ''

fails_with 'start tries once' 1 'could not start application asker: ' "$enit" start "$release" --wait 300
# startfg goes on trying until it is told when to give up.
status=0
"$enit" startfg "$release" --start-retries 1 --start-delay 0 >"$RELMK_SCRATCH/given-up" 2>&1 </dev/null || status=$?
equal 'a start that is given up ends with 1' 1 "$status"
check 'and says so' grep -qF "Giving up on $release undefined. Sorry." "$RELMK_SCRATCH/given-up"
equal 'after so many tries' 2 "$(grep -c 'could not start application asker' "$RELMK_SCRATCH/given-up")"
user ', {start_retries, infinity}, {start_delay, 0}'
"$enit" startfg "$release" >"$RELMK_SCRATCH/foreground" 2>&1 </dev/null &
started $!
pid=$!
check 'it tries again' eventually 120 grep -q 'will retry forever' "$RELMK_SCRATCH/foreground"
: >"$place/wanted"
check 'until it starts' eventually 120 grep -qF "started release $release" "$RELMK_SCRATCH/foreground"
equal 'startfg became the node' "$pid" "$(ask 'list_to_integer(os:getpid()).')"

equal 'another application is told its configuration' \
  '{[{question,"why"}],[asker,kernel,node,other],[],' "$(ask 'persistent_term:get(asked).' | grep -o '^{\[{question.*\],\[\],')"
check 'what fails is an error' sh -c \
  "RELX_COOKIE=insider '$RELMK_TOOLS/nodetool' -n $node eval 'element(4, persistent_term:get(asked)).' | tr -d ' \n' | grep -q '^{error,{enit,.*no_such_release'"
equal 'and it can take it over' '[ok,ok,ok,{ok,value}]' "$(ask 'lists:nthtail(4, tuple_to_list(persistent_term:get(asked))).')"

# Traces. Calls come from processes of their own.
claim_port
port=$free_port
ask "enitdbg:ip($port), dbg:p(all, c), enitdbg:fn(asker, double)." >/dev/null
"$enit" traceip "$port" >"$RELMK_SCRATCH/traceip" 2>"$RELMK_SCRATCH/traceip.err" </dev/null &
started $!
client=$!
# traced FILE NUMBER: double/1 is called with the number, until the trace of such a call is printed.
traced() {
  ask "asker:double($2), case whereis(dbg) of undefined -> ok; _ -> dbg:flush_trace_port() end." >/dev/null
  grep -q "call asker:double($2)$" "$RELMK_SCRATCH/$1" &&
    grep -q "returned from asker:double/1 -> $((2 * $2))$" "$RELMK_SCRATCH/$1"
}
check 'traceip prints calls and what they return' eventually 120 traced traceip 21
ask 'dbg:stop_clear().' >/dev/null
ended() { ! test -e "/proc/$client/exe"; }
check 'it ends when the tracer does' eventually 120 ended
equal 'and says nothing else' '' "$(cat "$RELMK_SCRATCH/traceip.err")"
fails_with 'nobody to connect to' 1 "cannot connect to 127.0.0.1 port 1: Connection refused" "$enit" traceip 1
ask "enitdbg:file(\"$place/trace\"), dbg:p(all, c), enitdbg:mod(asker)." >/dev/null
"$enit" tracefile "$place/trace" -f >"$RELMK_SCRATCH/follow" 2>&1 </dev/null &
started $!
check 'tracefile -f prints what a file holds' eventually 120 traced follow 22
check 'and what is added to it' eventually 120 traced follow 23
ask 'dbg:stop_clear().' >/dev/null
mv "$place/trace" "$place/first-trace"
ask "enitdbg:file(\"$place/trace\"), dbg:p(all, c), enitdbg:mod(asker)." >/dev/null
check 'and what a tracer writes that has begun it anew' eventually 120 traced follow 24
check 'of which it tells' grep -qx "$place/trace: warning: was begun anew" "$RELMK_SCRATCH/follow"
ask 'dbg:stop_clear().' >/dev/null
check 'without -f it ends' sh -c "'$enit' tracefile '$place/first-trace' | grep -qF 'double(23)'"
echo nonsense >"$place/no-trace"
fails_with 'what is no trace' 1 "$place/no-trace: error: is no trace" "$enit" tracefile "$place/no-trace"

echo '{asker, [{question, "how"}]}.' >"$etc/z.config"
fails_with 'a callback fails' 1 'asker: told_to_refuse; everything was put back' "$enit" reconfigure "$release"
equal 'nothing is changed' '{ok,"why"}' "$(ask 'application:get_env(asker, question).')"
mkdir -p "$place/apps/by_hand/ebin"
echo '{application, by_hand, [{description, ""}, {vsn, "1"}, {modules, []}, {registered, []}, {applications, [kernel, stdlib]}]}.' \
  >"$place/apps/by_hand/ebin/by_hand.app"
ask "code:add_pathz(\"$place/apps/by_hand/ebin\"), application:start(by_hand)." >/dev/null
echo '{extension, more, [{applications, [by_hand]}]}. {asker, [{question, "how"}]}.' >"$etc/z.config"
fails_with 'a callback fails, beside an extension' 1 'everything was put back' "$enit" reconfigure "$release"
equal 'an application that ran already runs on' '[by_hand]' \
  "$(ask '[A || {by_hand = A, _, _} <- application:which_applications()].')"
ask 'application:stop(by_hand), application:unload(by_hand).' >/dev/null
echo '{asker, [{question, "how"}]}.' >"$etc/z.config"
fails_with 'with --keep it is named, too' 1 'asker: told_to_refuse; what was changed is kept' \
  "$enit" reconfigure "$release" --keep
equal 'but what was changed stays' '{ok,"how"}' "$(ask 'application:get_env(asker, question).')"
equal 'and counts as applied' 'reconfigure: config unchanged' "$("$enit" reconfigure "$release")"
driver=$RELMK_TOOLS/../tests/e2e/pty-driver
printf 'expect 1>\nsend 40 + 2.\\n\nexpect 42\nsend \\x04\nend 0\n' >"$RELMK_SCRATCH/terminal"
check 'remsh is a shell of the node' sh -c "'$driver' '$enit' remsh $release <'$RELMK_SCRATCH/terminal'"
check 'it stops' "$enit" stop "$release" --timeout 60

if [ "$(id -u)" -ne 0 ]; then
  skip 'only root runs a node as another user'
  exit 0
fi
user ', {run_as_user, "nobody"}'
# The node calls enit, which he must be able to reach.
cp "$enit" "$place/enit"
enit=$place/enit
# The umask is that of the systemd unit, or stricter.
rm -rf "$var/.enit"
check 'root starts it as nobody, who cannot read the configuration' sh -c "umask 077; exec '$enit' start '$release' --wait 300"
pid=$(ask 'list_to_integer(os:getpid()).')
id=$(id -u nobody) group=$(id -g nobody)
equal 'it is nobody, wholly' "$id $id $id $id" "$(awk '/^Uid:/ { print $2, $3, $4, $5 }' "/proc/$pid/status")"
equal 'in his group' "$group $group $group $group" "$(awk '/^Gid:/ { print $2, $3, $4, $5 }' "/proc/$pid/status")"
equal 'and his groups' "$(id -G nobody)" "$(awk '/^Groups:/ { $1 = ""; sub(/^ */, ""); print }' "/proc/$pid/status" | sed 's/ *$//')"
equal 'it cannot become root again' 0000000000000000 "$(awk '/^CapPrm:/ { print $2 }' "/proc/$pid/status")"
equal 'the cookie is his alone' '400' "$(stat -c %a "$var/.enit/home/.erlang.cookie")"
equal 'and in no argument' '' "$(tr '\0' ' ' <"/proc/$pid/cmdline" | grep insider || :)"
check 'it stops again' "$enit" stop "$release" --timeout 60
