#!/bin/sh
# shellcheck source=tests/lib.sh
# A node of a Mix release goes to another version and back, by bin/NAME: with what runtime.exs and a provider
# say, which release_handler knows nothing of, and up again after a restart.
set -eu
. tests/lib.sh
# shellcheck source=tests/otp/mix/projects.sh
. tests/otp/mix/projects.sh

MIX_ENV=prod
export MIX_ENV

# version VSN WORD: of the project, with a function and a configuration that say WORD.
version() {
  sed -i "s/version: \"[^\"]*\"/version: \"$1\"/" mix.exs
  sed -i "s/def hi, do: .*/def hi, do: :$2/" "lib/$app.ex"
  printf '%s\n' 'import Config' "config :$app, at_build: \"$2\"" >config/config.exs
  printf '%s\n' 'import Config' "config :$app, at_boot: System.fetch_env!(\"AT_BOOT\") <> \" $2\"" >config/runtime.exs
  mix compile >"$RELMK_SCRATCH/compiled" 2>&1 || not_ok "$app: mix compiles $1" "$(cat "$RELMK_SCRATCH/compiled")"
}
on_node() { "$script" rpc "IO.puts($1)"; }
answers() { [ "$("$script" ping)" = pong ]; }
is_up() { [ "$(on_node "List.keymember?(Application.started_applications(), :$app, 0)")" = true ]; }
configured() { on_node "Enum.map_join([:at_build, :at_boot, :provided], \" \", &$module.value/1)"; }
permanent() { "$script" versions | grep -q "$1.*permanent"; }

# goes_up_and_back APP OPTIONS: a project whose release has these options.
goes_up_and_back() {
  app=$1 module=$(module_of "$1")
  mkdir -p "$RELMK_SCRATCH/$app/lib" "$RELMK_SCRATCH/$app/config"
  cd "$RELMK_SCRATCH/$app"
  mix_exs "$app" "releases: [$app: [$2 config_providers: [{$module.Provider, \"given\"}]]]" "mod: {$module, []}" |
    sed 's/\[:logger\]/[:logger, :sasl]/' >mix.exs
  application_of "$app"
  sed -i 's/  def value/  def hi, do: :none\n  def value/' "lib/$app.ex"
  cat >lib/provider.ex <<END
defmodule $module.Provider do
  @behaviour Config.Provider
  def init(text), do: text
  def load(config, text) do
    if File.exists?(System.fetch_env!("RELEASE_ROOT") <> "/refuse"), do: raise("refused")
    Config.Reader.merge(config, $app: [provided: text])
  end
end
END
  version 1.0.0 one
  live=$RELMK_SCRATCH/${app}_live
  script=$live/bin/$app
  mkdir "$live"
  check "$app: the first version" "$RELMK_TOOLS/assemble-release" -c mix.exs
  check "$app: is packed" "$RELMK_TOOLS/make-tar" -c mix.exs
  tar -xzf "_build/prod/$app-1.0.0.tar.gz" -C "$live"
  version 1.1.0 two
  check "$app: the second one" "$RELMK_TOOLS/assemble-release" -c mix.exs
  check "$app: the upgrade" "$RELMK_TOOLS/make-relup" -n "$app" -o _build/prod/rel
  check "$app: all are packed" "$RELMK_TOOLS/make-tar" -c mix.exs
  cp "_build/prod/$app-1.1.0.tar.gz" "$live/releases/"
  RELEASE_NODE=$(unique "$app") AT_BOOT=morning
  export RELEASE_NODE AT_BOOT
  "$script" daemon
  check "$app: it starts" eventually 60 is_up
  pid=$("$script" pid)
  started "$pid"
  equal "$app: with its configuration" 'one morning one given' "$(configured)"
  check "$app: nothing stands in the way" "$script" check 1.1.0
  check "$app: unpack" "$script" unpack 1.1.0
  touch "$live/refuse"
  fails_with "$app: a provider that fails" 4 'a config provider failed: ** (RuntimeError) refused' "$script" install 1.1.0
  equal "$app: leaves all as it was" 'one morning one given' "$(configured)"
  rm "$live/refuse"
  check "$app: upgrade" "$script" upgrade 1.1.0
  equal "$app: the new code runs" two "$(on_node "$module.hi()")"
  equal "$app: in the same process" "$pid" "$("$script" pid)"
  equal "$app: with what its configuration and its providers say" 'two morning two given' "$(configured)"
  same "$app: sys.config is the one that was packed" "_build/prod/rel/$app/releases/1.1.0/sys.config" \
    "$live/releases/1.1.0/sys.config"
  check "$app: it is the permanent one" permanent 1.1.0
  equal "$app: which is started" "$app 1.1.0" "$("$script" version)"
  check "$app: restart" "$script" restart
  check "$app: comes up" eventually 60 is_up
  equal "$app: in the same version" two "$(on_node "$module.hi()")"
  equal "$app: with its configuration, too" 'two morning two given' "$(configured)"
  check "$app: downgrade" "$script" downgrade 1.0.0
  equal "$app: the old code runs" one "$(on_node "$module.hi()")"
  equal "$app: with the old configuration" 'one morning one given' "$(configured)"
  check "$app: stop" "$script" stop
}

goes_up_and_back stays ''
goes_up_and_back restarts 'reboot_system_after_config: true,'
