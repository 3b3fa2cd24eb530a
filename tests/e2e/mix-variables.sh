#!/bin/sh
# shellcheck source=tests/lib.sh
# The commands and the RELEASE_* variables of a Mix release's bin/NAME, one by one; env.sh, which may set them.
set -eu
. tests/lib.sh
# shellcheck source=tests/otp/mix/projects.sh
. tests/otp/mix/projects.sh

MIX_ENV=prod
export MIX_ENV
mkdir "$RELMK_SCRATCH/plain"
cd "$RELMK_SCRATCH/plain"
project_plain
mkdir rel
# shellcheck disable=SC2016 # env.sh's
printf '%s\n' '[ -z "${SET_NODE:-}" ] || RELEASE_NODE=$SET_NODE' 'export RELEASE_NODE' \
  '[ -z "${TELL:-}" ] || echo "$RELEASE_ROOT $RELEASE_PROG $RELEASE_COMMAND $RELEASE_NAME $RELEASE_VSN"' >rel/env.sh.eex
check 'mix compiles the project' mix compile
check 'it is assembled' "$RELMK_TOOLS/assemble-release" -c mix.exs
release=$PWD/_build/prod/rel/plain
plain=$release/bin/plain
equal 'env.sh sees what is known' "$release plain version plain 0.1.0" "$(TELL=1 "$plain" version | head -n 1)"

# running NODE VARIABLE=VALUE… COMMAND: a node in the background that ends with its input; pings until it is there.
running() {
  node=$1
  shift
  env RELEASE_NODE="$node" "$@" >"$RELMK_SCRATCH/told" 2>&1 &
  vm=$!
  started "$vm"
  eventually 60 ask ping || not_ok "a node started by $*" "$(cat "$RELMK_SCRATCH/told")"
}
ask() { RELEASE_NODE=$node "$plain" "$@"; }
# With Elixir 1.18 the IEx of `remote --vm` takes the node with it where its input ends.
ends() {
  ask stop >/dev/null 2>&1 || :
  wait "$vm" || :
}

node=$(unique one)@127.0.0.1
cat >"$RELMK_SCRATCH/vm.args" <<'END'
-env FROM_VM_ARGS yes
END
echo '[{plain, [{told, by_sys_config}]}].' >"$RELMK_SCRATCH/other.config"
RELEASE_DISTRIBUTION=name RELEASE_COOKIE=plum
export RELEASE_DISTRIBUTION RELEASE_COOKIE
running "$node" RELEASE_MODE=interactive RELEASE_VM_ARGS="$RELMK_SCRATCH/vm.args" \
  RELEASE_SYS_CONFIG="$RELMK_SCRATCH/other" RELEASE_TMP="$RELMK_SCRATCH/a tmp" "$plain" start
equal 'start and RELEASE_DISTRIBUTION=name: a long name' ":\"$node\"" "$(ask rpc 'IO.inspect(node())')"
equal 'it is asked without a standard error' ":\"$node\"" "$(ask rpc 'IO.inspect(node())' 2>&-)"
equal 'RELEASE_COOKIE is its cookie' pong "$(RELX_COOKIE=plum "$RELMK_TOOLS/nodetool" -n "$node" ping)"
equal 'RELEASE_MODE' interactive "$(ask rpc 'IO.puts(:code.get_mode())')"
equal 'RELEASE_VM_ARGS' yes "$(ask rpc 'IO.puts(System.get_env("FROM_VM_ARGS"))')"
equal 'RELEASE_SYS_CONFIG' by_sys_config "$(ask rpc 'IO.puts(Plain.value(:told))')"
equal 'RELEASE_TMP, and what else a node sees' "$RELMK_SCRATCH/a tmp $release 0.1.0 start" \
  "$(ask rpc 'IO.puts(Enum.map_join(~w(TMP ROOT VSN COMMAND), " ", &System.get_env("RELEASE_" <> &1)))')"
equal 'remote --vm asks by a VM of its own' "$node" \
  "$(echo 'IO.puts(node())' | ask remote --vm 2>/dev/null | grep -o "$node" | head -n 1)"
fails_with 'RELEASE_REMOTE_VM_ARGS is what nodetool goes by' 1 'none.args' \
  env RELEASE_NODE="$node" RELEASE_REMOTE_VM_ARGS="$RELMK_SCRATCH/none.args" "$plain" ping
ends
unset RELEASE_DISTRIBUTION

node=$(unique two)
running "$node" RELEASE_BOOT_SCRIPT=start_clean SET_NODE= "$plain" start
equal 'RELEASE_BOOT_SCRIPT=start_clean' false \
  "$(ask rpc 'IO.inspect(List.keymember?(Application.started_applications(), :plain, 0))')"
equal 'without a domain, the name is short' "$node" "$(ask rpc 'IO.puts(node() |> to_string |> String.split("@") |> hd)')"
ends
equal 'RELEASE_BOOT_SCRIPT_CLEAN=start: eval has the applications started' true "$(RELEASE_BOOT_SCRIPT_CLEAN=start \
  "$plain" eval 'IO.inspect(List.keymember?(Application.started_applications(), :plain, 0))')"
equal 'eval by itself has not' false \
  "$("$plain" eval 'IO.inspect(List.keymember?(Application.started_applications(), :plain, 0))')"
equal 'RELEASE_DISTRIBUTION=none: no node' 'false' \
  "$(echo 'IO.puts("alive: #{Node.alive?()}")' | RELEASE_DISTRIBUTION=none "$plain" start_iex 2>/dev/null | sed -n 's/.*alive: \([a-z]*\).*/\1/p' | head -n 1)"

node=$(unique three)
SET_NODE=$node
export SET_NODE
TMPDIR=$RELMK_SCRATCH RELEASE_TMP="$RELMK_SCRATCH/daemon" "$plain" daemon_iex
three() { "$plain" ping; }
check 'daemon_iex starts a node, whose name env.sh says' eventually 60 three
started "$("$plain" pid)"
check 'its log is below RELEASE_TMP' test -f "$RELMK_SCRATCH/daemon/log/erlang.log.1"
iex_runs() { grep -q 'Interactive Elixir' "$RELMK_SCRATCH/daemon/log/erlang.log.1"; }
check 'it has IEx' eventually 60 iex_runs
check 'stop' "$plain" stop
unset SET_NODE

# A nodetool of another machine: a VM asks, whatever the shell; nobody needs to know.
mv "$release/bin/nodetool" "$RELMK_SCRATCH/nodetool"
head -c 64 "$RELMK_SCRATCH/nodetool" >"$release/bin/nodetool"
printf '\377' | dd of="$release/bin/nodetool" bs=1 seek=18 conv=notrunc 2>/dev/null
chmod +x "$release/bin/nodetool"
node=$(unique four)
RELEASE_NODE=$node
export RELEASE_NODE
"$plain" daemon
by_vm() { [ "$("$plain" rpc 'IO.puts(1 + 1)' 2>/dev/null)" = 2 ]; }
check 'a node whose nodetool cannot run here is asked by a VM' eventually 60 by_vm
for shell in dash bash; do
  if command -v $shell >/dev/null; then
    $shell "$plain" rpc 'IO.puts("got #{1 + 1}")' >"$RELMK_SCRATCH/out" 2>"$RELMK_SCRATCH/err" || :
    equal "$shell: rpc" 'got 2' "$(cat "$RELMK_SCRATCH/out")"
    equal "$shell: without a word" '' "$(cat "$RELMK_SCRATCH/err")"
  fi
done
pid=$("$plain" pid)
check 'pid' test -d "/proc/$pid"
started "$pid"
fails_with 'an exit of the expression is still told' 1 'no such luck' "$plain" rpc 'raise "no such luck"'
check 'stop' "$plain" stop
mv "$RELMK_SCRATCH/nodetool" "$release/bin/nodetool"
unset RELEASE_NODE

# Two versions in one place.
sed -i 's/version: "0.1.0"/version: "0.2.0"/' mix.exs
mix compile >/dev/null 2>&1
check 'another version' "$RELMK_TOOLS/assemble-release" -c mix.exs
equal 'is the one that counts' 'plain 0.2.0' "$("$plain" version)"
equal 'RELEASE_VSN chooses the other one' 0.1.0 \
  "$(RELEASE_VSN=0.1.0 "$plain" eval 'Application.load(:plain); IO.puts(Application.spec(:plain, :vsn))')"
equal 'RELEASE_NAME is told' 'other 0.2.0' "$(RELEASE_NAME=other "$plain" version)"
for wrong in long 'name sname' NAME; do
  for command in start start_iex daemon eval rpc ping stop; do
    fails_with "RELEASE_DISTRIBUTION=$wrong ends $command" 1 'Expected RELEASE_DISTRIBUTION' \
      env RELEASE_DISTRIBUTION="$wrong" "$plain" $command 1
  done
done
