#!/bin/sh
# shellcheck source=tests/lib.sh
# A Mix project's release as it is used: assembled without a VM where nothing has changed, started, asked in
# Elixir, brought back by heart.
set -eu
. tests/lib.sh
# shellcheck source=tests/otp/mix/projects.sh
. tests/otp/mix/projects.sh

MIX_ENV=prod
export MIX_ENV

count_elixirs
assemble=$RELMK_TOOLS/assemble-release

project="$RELMK_SCRATCH/a shop"
mkdir -p "$project/lib" "$project/config" "$project/rel"
cd "$project"
echo 1.2.3 >VERSION
mix_exs shop 'releases: [shop: [reboot_system_after_config: true, config_providers: [{Shop.Provider, "of the provider"}], steps: [:assemble, :tar]]]' \
  'mod: {Shop, []}' | sed 's/version: "0.1.0"/version: String.trim(File.read!("VERSION"))/' >mix.exs
application_of shop
cat >lib/provider.ex <<'END'
defmodule Shop.Provider do
  @behaviour Config.Provider
  def init(text), do: text
  def load(config, text), do: Config.Reader.merge(config, shop: [provided: text])
end
END
printf '%s\n' 'import Config' 'config :shop, built: System.get_env("BUILT_BY", "nobody")' >config/config.exs
printf '%s\n' 'import Config' 'config :shop, greeting: System.get_env("GREETING", "none")' >config/runtime.exs
check 'mix compiles the project' mix compile

## What is asked of Elixir, and when.

equal 'Elixir is asked once' 1 "$(asks "$assemble" -c mix.exs)"
release=$project/_build/prod/rel/shop
check 'the release stands where mix has it' test -x "$release/bin/shop"
check 'the step :tar was done' test -f "$project/_build/prod/shop-1.2.3.tar.gz"
equal 'nothing changed: no VM is started' 0 "$(asks "$assemble" -c mix.exs)"
equal 'and nothing is said' '' "$(cat "$RELMK_SCRATCH/.out" "$RELMK_SCRATCH/.err")"
without_vm() { env -C "$project" PATH="$RELMK_SCRATCH/none" "$@"; }
check 'nor is there need of one' without_vm "$assemble" -c mix.exs
check 'nor to pack it' without_vm "$RELMK_TOOLS/make-tar" -c mix.exs
fails_with 'but for another question there is' 1 'mix.exs: error: there is no elixir in PATH' \
  without_vm "$assemble" -c mix.exs -v 9.9.9
for change in MIX_ENV=test MIX_TARGET=rpi ERL_LIBS=/none; do
  fails_with "and for another ${change%=*}" 1 'there is no elixir in PATH' without_vm "$change" "$assemble" -c mix.exs
done
touch -d '+1 minute' config/runtime.exs
equal 'runtime.exs is not evaluated' 0 "$(asks "$assemble" -c mix.exs)"
touch -d '1 minute ago' config/config.exs
equal 'the configuration changed' 1 "$(asks "$assemble" -c mix.exs)"
touch -d '1 minute ago' mix.exs
equal 'mix.exs changed' 1 "$(asks "$assemble" -c mix.exs)"
equal 'a variable that config.exs asks for changed' 1 "$(asks env BUILT_BY=me "$assemble" -c mix.exs)"
check 'its value is in the release' grep -q '109,101\|"me"' "$release/releases/1.2.3/sys.config"
equal 'one that nobody asks for changed' 0 "$(asks env BUILT_BY=me OTHER=me "$assemble" -c mix.exs)"
equal 'it is as it was' 1 "$(asks "$assemble" -c mix.exs)"
echo '## ours' >rel/vm.args.eex
equal 'there is a template now' 1 "$(asks "$assemble" -c mix.exs)"
same 'it is taken' rel/vm.args.eex "$release/releases/1.2.3/vm.args"
rm rel/vm.args.eex
equal 'another directory is another question' 1 "$(asks "$assemble" -c mix.exs -o "$RELMK_SCRATCH/out")"
sleep 1
mix compile --force >/dev/null 2>&1
touch -d '1 minute ago' VERSION
echo 1.2.4 >VERSION
equal 'a file that mix.exs reads changed' 1 "$(asks "$assemble" -c mix.exs -o "$RELMK_SCRATCH/out")"
check 'which made another version' test -d "$RELMK_SCRATCH/out/shop/releases/1.2.4"
cookie=$(cat "$release/releases/COOKIE")
equal 'the cookie is for its owner' 600 "$(stat -c %a "$release/releases/COOKIE")"
echo 1.2.3 >VERSION
(cd "$project" && "$assemble" -c mix.exs >/dev/null)
equal 'and stays what it is' "$cookie" "$(cat "$release/releases/COOKIE")"
check 'make-tar packs it' "$RELMK_TOOLS/make-tar" -c mix.exs -o "$RELMK_SCRATCH/out"
check 'into the directory that was said' test -f "$RELMK_SCRATCH/out/shop/shop-1.2.3.tar.gz"

## The node.

mv "$RELMK_SCRATCH/out/shop" "$RELMK_SCRATCH/moved to"
script="$RELMK_SCRATCH/moved to/bin/shop"
node=$(unique shop)
RELEASE_NODE=$node
export RELEASE_NODE
GREETING=hello "$script" daemon
pings() { "$script" ping; }
check 'it answers' eventually 60 pings
equal 'rpc prints what the expression prints' '{:ok, 3}' "$("$script" rpc 'IO.inspect({:ok, 1 + 2})')"
equal 'and no value' '' "$("$script" rpc '1 + 2')"
started_up() { [ "$("$script" rpc 'IO.inspect(List.keymember?(Application.started_applications(), :shop, 0))')" = true ]; }
check 'the application has started' eventually 60 started_up
equal 'with what runtime.exs says' hello "$("$script" rpc 'IO.puts(Shop.value(:greeting))')"
equal 'and the provider' 'of the provider' "$("$script" rpc 'IO.puts(Shop.value(:provided))')"
equal 'its protocol is consolidated' true "$("$script" rpc 'IO.inspect(Protocol.consolidated?(Shop.Area))')"
equal 'it came back from its restart in embedded mode' embedded "$("$script" rpc 'IO.puts(:code.get_mode())')"
equal 'it has the name' "$node" "$("$script" rpc 'IO.puts(node() |> to_string |> String.split("@") |> hd)')"
fails_with 'what is raised is told' 1 '(RuntimeError) no' "$script" rpc 'raise "no"'
code=0
"$script" rpc 'exit({:shutdown, 3})' || code=$?
equal 'an exit has its code' 3 "$code"
"$script" rpc 'require Logger; Logger.error("told to both"); IO.puts("printed")' \
  >"$RELMK_SCRATCH/rpc" 2>"$RELMK_SCRATCH/rpc.log"
equal 'a log event of rpc leaves its output alone' printed "$(cat "$RELMK_SCRATCH/rpc")"
check 'and comes to its standard error' grep -q 'told to both' "$RELMK_SCRATCH/rpc.log"
in_log() { cat "$RELMK_SCRATCH/moved to/tmp/log/"erlang.log.* | tr -d '\r' | grep -q "$1"; }
check "and is in the node's log" eventually 30 in_log '\[error\].*told to both'
fails_with 'rpc ends in time, where one is set' 1 'within 2 seconds' \
  env RELX_RPC_TIMEOUT=2 "$script" rpc 'Process.sleep(:infinity)'
fails_with 'rpc wants an expression' 1 'RPC expects an expression' "$script" rpc
pid=$("$script" pid)
check 'pid is that of the VM' test -d "/proc/$pid"
started "$pid"
arguments() { for file in /proc/[0-9]*/cmdline; do tr '\0' ' ' <"$file" 2>/dev/null || :; done; }
moved_cookie=$(cat "$RELMK_SCRATCH/moved to/releases/COOKIE")
# The shell's own case: what a command is given would be among the arguments.
is_among_arguments() { case $(arguments) in *"$1"*) ;; *) return 1 ;; esac; }
refute 'no argument has the cookie' is_among_arguments "$moved_cookie"
equal "HOME is the user's" "$HOME" "$("$script" rpc 'IO.puts(System.get_env("HOME"))')"
equal 'version is said' 'shop 1.2.3' "$("$script" version)"
fails_with 'a second one is not started' 1 'runs already' "$script" daemon
printf '%s\n' 'x = 20 + 1' 'IO.puts("got #{x * 2}")' | "$script" remote >"$RELMK_SCRATCH/iex" 2>&1 || :
check 'remote is IEx of the node' grep -q 'Interactive Elixir' "$RELMK_SCRATCH/iex"
check 'which keeps its variables' grep -q 'got 42' "$RELMK_SCRATCH/iex"
refute 'check says of a version that is not there' "$script" check 1.2.5
cp "$RELMK_SCRATCH/.out" "$RELMK_SCRATCH/check"
check 'that it is not' grep -q '1\.2\.5' "$RELMK_SCRATCH/check"
fails_with 'check wants a version' 1 'Usage: shop check VERSION' "$script" check

# IEx in a terminal.
cat >"$RELMK_SCRATCH/typed" <<'END'
expect Interactive Elixir
expect iex(
expect )1> 
send x = [20 + 1,\n
expect ...
send 22]; Enum.sum(x)\n
expect 43
expect )2> 
send Regis\t
expect Registry
send .module_info(:module)\n
expect Registry
expect )3> 
send String.upcase("grün")\n
expect "GRÜN"
expect )4> 
send require Logger; Logger.error("told in " <> "iex")\n
expect told in iex
expect )5> 
send raise "on purpose"\n
expect (RuntimeError) on purpose
expect )5> 
send Process.sleep(:infinity)\n
signal 3
end 0
END
driver() { TERM=xterm "$RELMK_TOOLS/../tests/e2e/pty-driver" "$script" remote <"$RELMK_SCRATCH/typed"; }
check 'IEx in a terminal: lines, TAB, log events, and a way out of what hangs' driver
check 'leaves the node alone' pings
check "what is logged there is in the node's log, too" eventually 30 in_log '\[error\].*told in iex'
"$script" status >"$RELMK_SCRATCH/status"
check 'status is that of the node' grep -q "$node" "$RELMK_SCRATCH/status"
equal 'eval is a VM of its own, with configuration' 'bye false' \
  "$(GREETING=bye "$script" eval 'Application.load(:shop); IO.puts("#{Shop.value(:greeting)} #{Node.alive?()}")')"
equal 'and takes arguments' '["a", "b c"]' "$("$script" eval 'IO.inspect(System.argv())' a 'b c')"
fails_with 'its errors end it' 1 'ArithmeticError' "$script" eval '1 / 0'
fails_with 'a wrong RELEASE_DISTRIBUTION ends the command' 1 'Expected RELEASE_DISTRIBUTION' \
  env RELEASE_DISTRIBUTION=long "$script" start
fails_with 'without one there is nobody to ask' 1 'cannot be asked' env RELEASE_DISTRIBUTION=none "$script" rpc 1
check 'it restarts' "$script" restart
equal 'in the same process' "$pid" "$("$script" pid)"
check 'it stops' "$script" stop
is_gone() { ! grep -q '^State:[[:blank:]]*[^Z]' "/proc/$pid/status" 2>/dev/null; }
check 'its process is gone' eventually 30 is_gone
refute 'there is none to stop' "$script" stop
fails_with 'an unknown command is told' 1 'Unknown command' "$script" nonsense

## heart: rel/vm.args as it was written for Exrm.

cd "$project"
node=$(unique heart)
printf '%s\n' "-name $node@127.0.0.1" "-setcookie $(unique secret)" '-heart' '-env HEART_BEAT_TIMEOUT 30' >rel/vm.args
check 'the project of old has its vm.args' "$assemble" -c mix.exs -o "$RELMK_SCRATCH/old"
same 'as it is' rel/vm.args "$RELMK_SCRATCH/old/shop/releases/1.2.3/vm.args"
script=$RELMK_SCRATCH/old/shop/bin/shop
unset RELEASE_NODE
GREETING=again "$script" daemon
check 'it answers by the name in vm.args' eventually 60 started_up
equal 'which is its own' ":\"$node@127.0.0.1\"" "$("$script" rpc 'IO.inspect(node())')"
refute 'no argument has the cookie of vm.args' is_among_arguments "$(unique secret)"
pid=$("$script" pid)
started "$pid"
kill -9 "$pid"
came_back() { [ "$("$script" pid)" != "$pid" ] && started_up; }
check 'heart brings it back' eventually 60 came_back
equal 'with its configuration' again "$("$script" rpc 'IO.puts(Shop.value(:greeting))')"
check 'it stops for good' "$script" stop

# A command that asks the node becomes nodetool: what signals the one ends the other.
mv "$RELMK_SCRATCH/old/shop/bin/nodetool" "$RELMK_SCRATCH/real nodetool"
# shellcheck disable=SC2016 # the script's
printf '#!/bin/sh\necho $$\n' >"$RELMK_SCRATCH/old/shop/bin/nodetool"
chmod +x "$RELMK_SCRATCH/old/shop/bin/nodetool"
for command in ping status restart stop reboot pid versions 'check 2' 'install 2' 'commit 2' 'rpc 1' remote; do
  # shellcheck disable=SC2086 # words
  "$script" $command >"$RELMK_SCRATCH/becomes" &
  pid=$!
  wait "$pid"
  equal "$command becomes nodetool" "$pid" "$(cat "$RELMK_SCRATCH/becomes")"
done

## What is wrong is told with its place.

broken() {
  fails_with "$1" 1 "$2" env -C "$project" "$assemble" -c mix.exs
}
rm rel/vm.args
cp mix.exs mix.exs.whole
sed -i 's/^  def project.*/  def project, do: raise("not today")/' mix.exs
broken 'what mix.exs raises' 'mix.exs:3: error: RuntimeError: not today'
sed -i 's/^  def project.*/  def project, do: [/' mix.exs
broken 'what cannot be read' 'mix.exs:'
sed 's/:assemble, :tar/:assemble, \&__MODULE__.from_function\/1/' mix.exs.whole >mix.exs
broken 'a step that is a function' 'Shop.MixProject.from_function/1'
check 'has a hint' grep -q '^hint: ' "$RELMK_SCRATCH/.err"
cp mix.exs.whole mix.exs
echo 'config :shop, a: 1 / 0' >>config/config.exs
broken 'what the configuration raises' 'config/config.exs:'
printf '%s\n' 'import Config' >config/config.exs
echo '<%= raise "in a template" %>' >rel/vm.args.eex
broken 'what a template raises' 'rel/vm.args.eex:'
rm rel/vm.args.eex
sed -i 's/def init(text), do: text/def init(text), do: raise(text)/' lib/provider.ex
mix compile >/dev/null 2>&1
broken 'what a provider raises' 'lib/provider.ex:3: error: RuntimeError: of the provider'
rm -rf _build/prod/lib/shop
broken 'a project that is not compiled' 'hint: compile the project first'
mkdir "$RELMK_SCRATCH/slow"
printf '#!/bin/sh\nexec sleep 100\n' >"$RELMK_SCRATCH/slow/elixir"
chmod +x "$RELMK_SCRATCH/slow/elixir"
fails_with 'an Elixir that gives no answer is not waited for, longer than is said' 1 \
  'mix.exs: error: elixir gave no answer within 1 seconds' \
  env -C "$project" PATH="$RELMK_SCRATCH/slow:$PATH" "$assemble" -c mix.exs --elixir-wait 1
check 'with a hint' grep -q '^hint: --elixir-wait' "$RELMK_SCRATCH/.err"
fails_with 'an option of relx' 1 '--mode has no meaning for a Mix project' env -C "$project" "$assemble" -c mix.exs --mode prod
check 'and what stands for it' grep -q '^hint: MIX_ENV=prod' "$RELMK_SCRATCH/.err"
