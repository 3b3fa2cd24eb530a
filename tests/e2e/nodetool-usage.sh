#!/bin/sh
# What nodetool's command line takes, and what it says of anything else; and what nodetool adds to each
# release. No node runs here.
set -eu
. tests/lib.sh

nodetool=$RELMK_TOOLS/nodetool
seconds='in [0 - 1e+09]'

# wrong MESSAGE WORDS…: the words are wrong usage, of which nodetool says MESSAGE.
wrong() {
  message=$1
  shift
  status=0
  "$nodetool" "$@" >"$RELMK_SCRATCH/.out" 2>"$RELMK_SCRATCH/.err" || status=$?
  equal "wrong usage: nodetool $*" "2 nodetool: error: $message
hint: nodetool --help" "$status $(cat "$RELMK_SCRATCH/.out" "$RELMK_SCRATCH/.err")"
}

wrong 'A subcommand is required'
wrong 'A subcommand is required' -n a@b
wrong 'A subcommand is required' -- ping
wrong "there is no command \`pong\`" pong
wrong "there is no command \`pong\`" --timeout 3 pong ping
wrong "there is no command \`pong\`" pong install
wrong 'The following argument was not expected: pid' ping pid
wrong 'The following arguments were not expected: --odd b a' ping a b --odd
wrong 'The following argument was not expected: --keep-output' ping --keep-output
wrong 'The following arguments were not expected: 3 --time' ping --time 3
wrong 'The following argument was not expected: x' eval -- x
wrong "--timeout: 1 required FLOAT:FLOAT $seconds missing" --timeout
wrong '--node: 1 required TEXT missing' -n
wrong "--wait: Value x not in range 0.000000 to 1000000000.000000" ping --wait x
wrong "--wait: Value -1 not in range 0.000000 to 1000000000.000000" ping --wait=-1
wrong "--timeout: Value 1e10 not in range 0.000000 to 1000000000.000000" --timeout 1e10 ping
wrong "--timeout: Value  not in range 0.000000 to 1000000000.000000" --timeout '' ping
wrong "--wait: Value nan not in range 0 to 1000000000" ping --wait nan
wrong '--name-type: x not in {name,sname}' --name-type x ping
wrong '--node: At Most 1 required but received 2' -n a@b --node=c@d ping
wrong 'Could not convert: --dist-port = 65536' --dist-port 65536 ping
wrong 'Could not convert: --dist-port = -1' --dist-port -1 ping
wrong 'Could not convert: --json = x' status --json=x
wrong 'Could not convert: --pid = 1x' env --pid 1x
wrong 'VERSION is required' install --no-permanent
wrong 'VERSION is required' unpack --
wrong '--no-permanent excludes --verify' install --verify true --no-permanent 2
wrong 'eval: EXPRESSIONS, or - is required' eval
wrong 'eval: EXPRESSIONS, or - is required' eval --keep-output ''
wrong 'rpc: MODULE [FUNCTION [ARGS]] is required' rpc

# Each is asked of no node: what its command line held was taken.
no_node='error: which node?'
for words in 'ping --wait 0x10' 'ping --wait=1e9' 'ping --wait= 3' '--timeout .5 ping' 'status --json=false' \
  'eval 1 --wait 3' 'eval -5' 'eval -' 'rpc --keep-running a --keep-output' 'install 2 --wait 3' 'install -- -2' \
  '--dist-port 0x10 ping' '--dist-port= 010 ping' 'stop --quiet=off'; do
  # shellcheck disable=SC2086
  fails_with "nodetool $words" 1 "$no_node" "$nodetool" $words
done
fails_with 'a name by -nNAME' 1 'a@127.0.0.1' env RELX_COOKIE=c "$nodetool" -na@127.0.0.1 --dist-port 1 ping

equal 'the version' "$("$RELMK_TOOLS/make-script" --version | sed 's/make-script/nodetool/')" "$("$nodetool" --version)"
equal 'the version, whatever a command is told' "$("$nodetool" --version)" "$("$nodetool" --version ping --wait x)"
equal 'help of a command' "$("$nodetool" ping --help)" "$("$nodetool" -h ping)"
equal 'help, whatever lacks' "$("$nodetool" install --help)" "$("$nodetool" install -h x y z)"
cat >"$RELMK_SCRATCH/expected" <<END
unpacks a version where needed, and switches to it
Usage: nodetool install [OPTIONS] VERSION

Positionals:
  VERSION TEXT REQUIRED       a version of the release

Options:
  -h,--help                   Print this help message and exit
  --process-limit FLOAT:FLOAT $seconds=5
                              seconds that a process has to answer a check
  --wait FLOAT:FLOAT $seconds=300
                              seconds for all of it, and for a node to be back
  --no-permanent Excludes: --verify
                              does not start it after a restart
  --verify TEXT Excludes: --no-permanent
                              goes back to the old version unless this command of sh ends with 0
  --within FLOAT:FLOAT $seconds=60
                              seconds that this command has
  --code-change-limit FLOAT:FLOAT $seconds=60
                              seconds that a process has to change its state

END
"$nodetool" install --help >"$RELMK_SCRATCH/help"
same 'what --help prints of a command' "$RELMK_SCRATCH/expected" "$RELMK_SCRATCH/help"
{
  cat <<END
Asks a running Erlang node: over its distribution, without a VM on this side.
Usage: nodetool [OPTIONS] SUBCOMMAND

Options:
  -h,--help                   Print this help message and exit
  -n,--node TEXT              the node, NAME@HOST or NAME
  --name-type TEXT:{name,sname}
                              name or sname: what -n is; name where it has a dot
END
} >"$RELMK_SCRATCH/expected"
"$nodetool" --help >"$RELMK_SCRATCH/help"
head -n 8 "$RELMK_SCRATCH/help" >"$RELMK_SCRATCH/begin"
same 'how --help begins' "$RELMK_SCRATCH/expected" "$RELMK_SCRATCH/begin"
equal 'how --help ends' 'Subcommands:
  ping                        prints pong when the node answers
The node may take RELX_RPC_TIMEOUT seconds to answer (60).' "$(
  grep -A 1 '^Subcommands:' "$RELMK_SCRATCH/help"
  tail -n 1 "$RELMK_SCRATCH/help"
)"

# A build that keeps the symbols, or does not optimize, is in no release.
most=600000
if readelf -S "$nodetool" | grep -q '[.]symtab'; then
  skip 'how large nodetool is: this one is not a release build'
else
  size=$(gzip -9 <"$nodetool" | wc -c)
  check "nodetool adds $size bytes to a tarball, at most $most" test "$size" -le "$most"
fi
exit "$((failures > 0))"
