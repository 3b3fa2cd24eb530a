#!/bin/sh
# What the start script's commands take, and what they say of anything else. No node runs here, but for
# one that no wrong usage may stop.
set -eu
. tests/lib.sh
. tests/start-script.sh

release=$RELMK_SCRATCH/r
check 'the release is assembled' make_release "$release"
demo=$release/demo/bin/demo

fails_with 'an unknown command is named, and 1' 1 'error: unknown command: blub' "$demo" blub
check 'help of an unknown command names it' says 'error: unknown command: blub' "$demo" help blub
for command in rpc rpcterms eval foreground console console_clean console_boot daemon start daemon_boot \
  daemon_attach attach remote_console remote remsh stop restart reboot pid ping unpack install upgrade \
  downgrade uninstall versions status escript; do
  for asked in "help $command" "$command --help"; do
    # shellcheck disable=SC2086
    equal "$asked tells about the command, and is 0" "Usage: demo $command 0" \
      "$("$demo" $asked | head -n 1 | cut -d ' ' -f 1-3) $(status_of "$demo" $asked)"
  done
done
equal 'every command of the list has a page of its own' '' "$(
  "$demo" help | sed -n 's/^  \([a-z_]*\) .*/\1/p' | while read -r command; do
    "$demo" help "$command" | grep -q "^Usage: demo $command" || [ "$command" = help ] || echo "$command"
  done
)"

# A terminal is no part of this: nothing is to be stopped, whoever asks.
equal 'a node runs' 0 "$(status_of "$demo" daemon)"
pid=$(output "$demo" pid)
for usage in 'stop now' 'stop -n x@y' 'stop --wait' 'stop --wait soon' 'restart x' 'reboot x' 'pid pid' 'ping x' \
  'versions x' 'attach x' 'status x' 'remote_console x' 'install 1.0 2.0' 'install --now 1.0'; do
  # shellcheck disable=SC2086
  fails_with "$usage is wrong usage" 2 "hint: demo help ${usage%% *}" "$demo" $usage
done
for usage in rpc rpcterms eval escript console_boot daemon_boot; do
  fails_with "$usage without an argument is wrong usage" 2 'lacks an argument' "$demo" "$usage"
done
check 'stop --help stops nothing' "$demo" stop --help
equal 'the node still runs' "$pid" "$(output "$demo" pid)"
equal 'an empty argument is none' "$pid" "$(output "$demo" pid '')"
equal 'rpcterms takes terms, each with its full stop' '[b,a]' "$(output "$demo" rpcterms lists reverse '[a,b].')"
equal 'stop with an empty argument stops' 0 "$(status_of "$demo" stop '')"

fails_with 'RELX_RPC_TIMEOUT must be a number' 2 'RELX_RPC_TIMEOUT: Illegal number: abc' \
  env RELX_RPC_TIMEOUT=abc "$demo" ping
fails_with 'NODETOOL_TIMEOUT, too, in the words that relx has' 2 'NODETOOL_TIMEOUT: Illegal number: foo' \
  env NODETOOL_TIMEOUT=foo "$demo" ping
fails_with 'and RELX_START_TIMEOUT' 2 'RELX_START_TIMEOUT: Illegal number: 1m' \
  env RELX_START_TIMEOUT=1m "$demo" ping
equal 'a time with a zero in front is no octal number, and a very long one is a long one' '0 0 0' \
  "$(for start in 08 99999999999999999999; do RELX_START_TIMEOUT=$start status_of "$demo" daemon; "$demo" stop; done | xargs) $(
    NODETOOL_TIMEOUT=080000 status_of "$demo" help ping)"
fails_with 'VMARGS_PATH that is a directory' 1 'VMARGS_PATH: / is a directory' env VMARGS_PATH=/ "$demo" ping
fails_with 'VMARGS_PATH that is not there' 1 'VMARGS_PATH: there is no file /nope' \
  env VMARGS_PATH=/nope "$demo" ping
fails_with 'RELX_CONFIG_PATH that is not there' 1 'RELX_CONFIG_PATH: there is no file /nope' \
  env RELX_CONFIG_PATH=/nope "$demo" foreground

# Commands that a release does not offer.
few=$RELMK_SCRATCH/few
mkdir "$few"
printf -- '-sname %s@localhost\n-setcookie demo\n' "$(unique few)" >"$few/vm.args"
check 'a release with few commands is assembled' make_release "$few" \
  '{extended_start_script_commands, [daemon, ping, stop]}.
   {extended_start_script_extensions, [{pid, "extensions/pid"}]}.'
demo=$few/demo/bin/demo
equal 'it lists those alone' 'daemon stop ping help' \
  "$("$demo" help | sed -n 's/^  \([a-z_]*\) .*/\1/p' | xargs)"
fails_with 'another one is unknown' 1 'error: unknown command: foreground' "$demo" foreground
fails_with 'to help, too' 0 'error: unknown command: eval' "$demo" help eval
equal 'an alias of one that is offered is offered' 0 "$(status_of "$demo" start)"
equal 'one that is offered works' pong "$(output "$demo" ping)"
mkdir -p "$few/demo/bin/extensions"
echo 'echo of the extension; exit 0' >"$few/demo/bin/extensions/pid"
equal 'an extension may take the place of one that is not' 'of the extension' "$(output "$demo" pid)"
check 'stop' "$demo" stop
# The page of rebar3 has an extension of that name.
named=$RELMK_SCRATCH/named
check 'a release with extensions of such names is assembled' make_release "$named" \
  '{extended_start_script_extensions, [{status, "extensions/status"}, {rpcterms, "extensions/status"}, {ping, "extensions/status"}]}.'
demo=$named/demo/bin/demo
mkdir -p "$named/demo/bin/extensions"
# shellcheck disable=SC2016 # the variables are the extension's
echo 'echo "of $REL_NAME:" "$@"; exit 0' >"$named/demo/bin/extensions/status"
equal 'status is the extension where there is no hook' 'of demo: --quick' "$(output "$demo" status --quick)"
equal 'which tells about itself' 'of demo: help' "$(output "$demo" help status)"
equal 'so is what relx does not have' 'of demo: lists' "$(output "$demo" rpcterms lists)"
equal 'they are listed once' 'ping status|rpcterms|ping' \
  "$("$demo" help | sed -n 's/^  \(\(ping\|status\|rpcterms\)[^ ]*\).*/\1/p' | xargs)"
refute 'a command that relx has is no extension' "$demo" ping
fails_with 'a command that there is not is an error when the release is made' 1 'there is no command forground' \
  make_release "$few" '{extended_start_script_commands, [forground]}.'
