#!/bin/sh
# shellcheck source=tests/lib.sh
# make release with a start script that the project brings by an overlay, as Kazoo's: it leaves a VM in the
# background and says nothing of it. Success is said only where the node has started.
set -eu
. tests/lib.sh

project=$RELMK_SCRATCH/project
mkdir -p "$project/rel"
cat >"$project/Makefile" <<END
RELX_CONFIG = rel/relx.config
include $PWD/mk/relmk.mk
END
cat >"$project/rel/relx.config" <<'END'
{release, {kazoo, "4.3.0"}, [sasl]}.
{include_erts, true}.
{generate_start_script, false}.
{vm_args, "rel/vm.args"}.
{sys_config, "rel/sys.config"}.
{overlay, [{template, "kazoo", "bin/kazoo"}, {chmod, 8#755, "bin/kazoo"}]}.
END
echo '-kernel told args' >"$project/rel/vm.args"
echo '[].' >"$project/rel/sys.config"
cat >"$project/rel/kazoo" <<'END'
#!/bin/sh
root=$(cd "$(dirname "$0")/.." && pwd -P)
export ROOTDIR="$root" BINDIR="$root/erts-{{ erts_vsn }}/bin" EMU=beam PROGNAME=erl
case $1 in
  start)
    mkdir -p "$PIPE_DIR" "$RUNNER_LOG_DIR"
    "$BINDIR/run_erl" -daemon "$PIPE_DIR" "$RUNNER_LOG_DIR" "exec \"$root/bin/kazoo\" console"
    ;;
  console)
    exec "$BINDIR/erlexec" -boot "$root/releases/{{ rel_vsn }}/start" -boot_var ERTS_LIB_DIR "$root/lib" \
      -config "$root/releases/{{ rel_vsn }}/sys.config" "$NODE_NAME_TYPE" "$KAZOO_NODE" -setcookie "$KAZOO_COOKIE" \
      -args_file "$root/releases/{{ rel_vsn }}/vm.args" $MORE
    ;;
  ping) echo "asked of $KAZOO_NODE" ;;
  *) exit 3 ;;
esac
END
PIPE_DIR=$RELMK_SCRATCH/pipes/ RUNNER_LOG_DIR=$RELMK_SCRATCH/log MORE=
export PIPE_DIR RUNNER_LOG_DIR MORE
relmk() { make --no-print-directory -C "$project" "$@"; }
act() { COOKIE=plum relmk release ACT="$*"; }
case $(hostname -f 2>/dev/null || :) in *.*) node=kazoo_apps ;; *) node=kazoo_apps@127.0.0.1 ;; esac
ask() { RELX_COOKIE=plum "$RELMK_TOOLS/nodetool" -n "$node" --name-type name "$@"; }

check 'the release is built' relmk build-release
equal 'the node of a host without a domain is on the loopback address' "asked of $node" "$(act ping)"
equal 'NODE_HOST says another' 'asked of kazoo_apps@10.0.0.1' "$(NODE_HOST=10.0.0.1 act ping)"
equal 'short names need no host' 'asked of kazoo_apps' "$(NODE_NAME_TYPE=sname act ping)"

check 'ACT=start starts the node' act start
equal 'which answers when make returns' pong "$(ask ping)"
started "$(ask pid)"
equal 'what make tells its own is no business of the node' '[false,false]' \
  "$(ask eval '[os:getenv(V) || V <- ["MAKEFLAGS", "RELMK_TOOLS"]].')"
fails_with 'a node that is there is not started again' 2 'is running already' act start
check 'it ends' ask stop
MORE='-s none none'
fails_with 'a VM that ends while it starts is told' 2 'ended while it started' act start
check 'with the end of its log' grep -q "^The end of $RUNNER_LOG_DIR/erlang.log" "$RELMK_SCRATCH/.err"
check 'which has the reason' grep -q undef "$RELMK_SCRATCH/.err"
MORE='-eval timer:sleep(infinity)' RELX_START_TIMEOUT=3
export RELX_START_TIMEOUT
fails_with 'one that does not come to its end is not waited for, longer than is said' 2 \
  'has not started within 3 seconds (RELX_START_TIMEOUT)' act start
check 'it is left to itself' ask stop
RELX_START_TIMEOUT=1m fails_with 'a time that is none is told before anything starts' 2 \
  'RELX_START_TIMEOUT: Illegal number: 1m' act start
RELX_START_TIMEOUT=08 fails_with 'a zero in front makes no octal number' 2 'ended while it started' env MORE='-s none none' \
  COOKIE=plum make --no-print-directory -C "$project" release ACT=start
fails_with 'the exit status of another command is handed on' 2 'Error 3' act attach
