#!/bin/sh
# A release of RabbitMQ, made from Debian's package without installing it: over fifty applications, with
# ERTS. It boots, says that it runs, answers on its AMQP port, and stops.
set -eu
. tests/lib.sh

plugins=$(tests/rabbitmq/unpack.sh) || {
  not_ok "Debian's rabbitmq-server is unpacked" 'apt cannot download it'
  exit 1
}
dir=$RELMK_SCRATCH/rabbit
node=$(unique rabbit)@127.0.0.1
mkdir -p "$dir/lib" "$dir/plugins" "$dir/log" "$dir/mnesia"
# RabbitMQ 4's osiris claims a registered name that is ra's; systools makes no release of the two.
ln -s "$plugins"/* "$dir/lib"
for osiris in "$dir"/lib/osiris-*; do
  rm "$osiris"
  cp -r "$plugins/$(basename "$osiris")" "$osiris"
  sed -i 's/{registered, *\[ra_sup\]}/{registered, []}/' "$osiris/ebin/osiris.app"
done
# port: a free one, of which the tests that run meanwhile know.
port() {
  claim_port
  listener="{\"127.0.0.1\", $free_port}"
  config="{tcp_config, [{ip, \"127.0.0.1\"}, {port, $free_port}]}"
}
# RabbitMQ 4 calls mnesia and doesn't say that it needs it.
case $(echo "$plugins"/rabbit-[0-9]*) in
  */rabbit-3*) more= ;;
  *) more=', {mnesia, load}' ;;
esac
cat >"$dir/relx.config" <<END
{release, {rabbit, "3.10"},
 [sasl, rabbit, rabbitmq_management, rabbitmq_mqtt, rabbitmq_stomp, rabbitmq_prometheus,
  rabbitmq_shovel, rabbitmq_shovel_management, rabbitmq_federation, rabbitmq_federation_management,
  rabbitmq_web_mqtt, rabbitmq_web_stomp, rabbitmq_stream, rabbitmq_stream_management,
  rabbitmq_top, rabbitmq_tracing, rabbitmq_amqp1_0$more]}.
{lib_dirs, ["lib"]}.
{mode, prod}.
{vm_args, "vm.args"}.
{sys_config, "sys.config"}.
END
printf '%s\n' "-name $node" "-setcookie $(unique cookie)" >"$dir/vm.args"
# Every plugin listens on the loopback interface.
{
  echo '[{kernel, []}'
  for plugin in mqtt stomp stream; do
    port
    echo ", {rabbitmq_$plugin, [{tcp_listeners, [$listener]}]}"
  done
  for plugin in management prometheus web_mqtt web_stomp; do
    port
    echo ", {rabbitmq_$plugin, [$config]}"
  done
  echo '].'
} >"$dir/sys.config"
port
amqp=$free_port
echo '[].' >"$dir/enabled_plugins"

(cd "$dir" && check 'the release is assembled' "$RELMK_TOOLS/assemble-release" -c relx.config)
release=$dir/_rel/rabbit
applications=$(find "$release/lib" -mindepth 1 -maxdepth 1 | wc -l)
check "it holds over fifty applications ($applications)" test "$applications" -gt 50
check 'and ERTS' test -x "$(echo "$release"/erts-*/bin/erlexec)"

# What rabbitmq-server's own script would tell it.
RABBITMQ_NODENAME=$node RABBITMQ_USE_LONGNAME=true RABBITMQ_HOME=$release
RABBITMQ_NODE_PORT=$amqp RABBITMQ_NODE_IP_ADDRESS=127.0.0.1
RABBITMQ_MNESIA_BASE=$dir/mnesia RABBITMQ_LOG_BASE=$dir/log RABBITMQ_CONFIG_FILE=$dir/none
RABBITMQ_ENABLED_PLUGINS_FILE=$dir/enabled_plugins RABBITMQ_PLUGINS_DIR=$dir/plugins
export RABBITMQ_NODENAME RABBITMQ_USE_LONGNAME RABBITMQ_HOME RABBITMQ_NODE_PORT \
  RABBITMQ_NODE_IP_ADDRESS RABBITMQ_MNESIA_BASE RABBITMQ_LOG_BASE RABBITMQ_CONFIG_FILE \
  RABBITMQ_ENABLED_PLUGINS_FILE RABBITMQ_PLUGINS_DIR
PIPE_DIR=$RELMK_SCRATCH/pipes/ RUNNER_LOG_DIR=$dir/log
export PIPE_DIR RUNNER_LOG_DIR

script=$release/bin/rabbit
check 'it starts' "$script" daemon
is_running() { [ "$("$script" eval 'rabbit:is_running().')" = true ]; }
if eventually 90 is_running; then ok 'rabbit:is_running() is true'; else
  not_ok 'rabbit:is_running() is true' "$("$script" eval 'rabbit:is_running().' 2>&1)" \
    "$(tail -n 40 "$dir"/log/* 2>&1)"
fi

# The listeners come last.
answers() { escript "$RELMK_SCRATCH/amqp.escript" "$amqp"; }

# A client's protocol header that the server does not speak is answered with the one it speaks.
cat >"$RELMK_SCRATCH/amqp.escript" <<'END'
#!/usr/bin/env escript
main([Port]) ->
    {ok, Socket} = gen_tcp:connect({127,0,0,1}, list_to_integer(Port), [binary, {active, false}], 5000),
    ok = gen_tcp:send(Socket, <<"AMQP", 9, 9, 9, 9>>),
    {ok, Answer} = gen_tcp:recv(Socket, 8, 5000),
    <<"AMQP", _Version:4/binary>> = Answer,
    io:format("AMQP~n").
END
eventually 60 answers || :
equal 'its AMQP port answers' AMQP "$(answers 2>&1)"

running() { "$script" eval 'length(application:which_applications()).'; }
# All but syslog, which RabbitMQ stops when its log does not go there.
all_run() { [ "$(running)" -eq $((applications - 1)) ]; }
eventually 60 all_run || :
equal 'its applications run' $((applications - 1)) "$(running)"
# Its log has filters, levels and a format of its own.
"$script" eval 'logger:error("told_~s", [both]), rabbit_log:warning("warned ~s", [both]), spawn(fun() -> error(crashed_there) end), timer:sleep(200)' \
  >"$RELMK_SCRATCH/out" 2>"$RELMK_SCRATCH/err" || not_ok "eval of log events: exit $?" "$(cat "$RELMK_SCRATCH/err")"
for event in told_both 'warned both' crashed_there; do
  check "a log event comes here: $event" grep -q "$event" "$RELMK_SCRATCH/err"
  check "and is in RabbitMQ's own log" eventually 20 grep -rq --include="*.log" "$event" "$dir/log"
done
equal 'nothing else does: each once' '1 1' "$(grep -c told_both "$RELMK_SCRATCH/err") $(grep -c 'warned both' "$RELMK_SCRATCH/err")"
pid=$("$script" pid)
check 'it stops' "$script" stop
# Where nobody reaps it, it may be left as a zombie.
refute 'and is gone' grep -qs '^State:[[:space:]]*[RSDTtI]' "/proc/$pid/status"
