#!/bin/sh
# shellcheck source=tests/lib.sh
# Debian's ejabberd and the applications that it needs, from their packages, as an enit release: it starts, answers
# on its port, is reconfigured and stops.
set -eu
. tests/lib.sh
# shellcheck source=tests/enit.sh
. tests/enit.sh
use_release ejabberd
lib=$RELMK_SCRATCH/lib data=$RELMK_SCRATCH/data
mkdir -p "$lib" "$data"
node=$release@$(hostname -s)
ask() { RELX_COOKIE=chat "$RELMK_TOOLS/nodetool" -n "$node" eval "$1" | tr -d ' \n'; }

if ! tests/fetch-ejabberd "$lib"; then
  skip 'apt cannot get ejabberd'
  exit 0
fi
check 'there are over twenty applications' test "$(find "$lib" -type l | wc -l)" -gt 20

claim_port
port=$free_port
cat >"$data/ejabberd.yml" <<END
hosts: [localhost]
loglevel: warning
listen:
  - {port: $port, ip: "127.0.0.1", module: ejabberd_c2s}
modules: {}
END
cat >"$var/release.enit" <<END
{release, ejabberd, [{vsn, "23"}, {lib_dirs, ["$lib"]}, {applications, [sasl, ejabberd]}]}.
END
cat >"$var/defaults.config" <<END
{ejabberd, [{config, "$data/ejabberd.yml"}, {log_path, "$data/ejabberd.log"}]}.
{mnesia, [{dir, "$data/mnesia"}]}.
{sasl, [{sasl_error_logger, false}]}.
END
echo '{node, [{cookie, "chat"}, {stop_timeout, 120000}]}.' >"$etc/user.config"

# Opens a stream, and says whether ejabberd offers its features.
cat >"$RELMK_SCRATCH/client.escript" <<'END'
#!/usr/bin/env escript
main([Port]) ->
    {ok, Socket} = gen_tcp:connect("127.0.0.1", list_to_integer(Port), [binary, {active, false}]),
    ok = gen_tcp:send(Socket, "<?xml version='1.0'?><stream:stream to='localhost' xmlns='jabber:client' "
                              "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"),
    io:put_chars(read(Socket, <<>>)).
read(Socket, Text) ->
    case binary:match(Text, <<"</stream:features>">>) of
        nomatch ->
            {ok, More} = gen_tcp:recv(Socket, 0, 60000),
            read(Socket, <<Text/binary, More/binary>>);
        _ -> Text
    end.
END
answers() { escript "$RELMK_SCRATCH/client.escript" "$port" 2>&1 | grep -q '<stream:features>'; }

check 'nothing is wrong with it' "$enit" check "$release"
check 'it starts' "$enit" start "$release" --wait 300
equal 'status knows it' ' ejabberd' "$("$enit" status "$release" --timeout 60 | grep -o '^ ejabberd')"
check 'an application is found whose directory has another name' sh -c \
  "'$enit' status $release --timeout 60 | grep -q '^ fast_tls '"
check 'it answers on its port' answers
echo '{mnesia, [{dump_log_write_threshold, 4321}]}.' >"$etc/x.config"
equal 'it is reconfigured' 'reconfigure: config changes applied' "$("$enit" reconfigure "$release")"
equal 'which its application sees' '{ok,4321}' "$(ask 'application:get_env(mnesia, dump_log_write_threshold).')"
equal 'its packages are those that it runs' 'update: what runs is what is installed' "$("$enit" update "$release")"
check 'it still answers' answers
ask 'logger:error("told_~s", [both]), spawn(fun() -> error(crashed_there) end), timer:sleep(200)' >/dev/null 2>"$RELMK_SCRATCH/err"
for event in told_both crashed_there; do
  check "a log event of eval comes here: $event" grep -q "$event" "$RELMK_SCRATCH/err"
  check "and is in ejabberd's own log" eventually 20 grep -q "$event" "$data/ejabberd.log"
done
check 'it stops' "$enit" stop "$release" --timeout 60
refute 'nobody answers any more' answers
