#!/bin/sh
# shellcheck source=tests/lib.sh
# What Elixir's kept answer stands on, in an umbrella project with a path dependency, an imported
# configuration, a lock file, a template and a provider of its own.
set -eu
. tests/lib.sh
# shellcheck source=tests/otp/mix/projects.sh
. tests/otp/mix/projects.sh

MIX_ENV=prod
export MIX_ENV
count_elixirs
assemble="$RELMK_TOOLS/assemble-release"

project=$RELMK_SCRATCH/umbrella
mkdir -p "$project/near" "$project/rel"
cd "$project"
project_umbrella
sed -i 's/both: \[/&config_providers: [{One.Provider, "of the provider"}], /' mix.exs
sed -i 's/deps_path: /deps: [{:near, path: "..\/..\/near"}], &/' apps/one/mix.exs
(cd near && mix_exs near '' >mix.exs && application_of near)
cat >apps/one/lib/provider.ex <<'END'
defmodule One.Provider do
  @behaviour Config.Provider
  def init(text), do: text
  def load(config, _text), do: config
end
END
echo 'import_config "extra.exs"' >>config/config.exs
printf '%s\n' 'import Config' 'config :one, extra: 1' >config/extra.exs
echo '## <%= @release.name %>' >rel/vm.args.eex
echo '%{}' >mix.lock
check 'mix compiles the project' mix compile

asked() { asks "$assemble" -c mix.exs -n both; }
equal 'Elixir is asked' 1 "$(asked)"
equal 'and not again' 0 "$(asked)"
for file in mix.exs mix.lock apps/one/mix.exs apps/two/mix.exs near/mix.exs config/config.exs config/extra.exs \
  rel/vm.args.eex _build/prod/lib/one/ebin/Elixir.One.Provider.beam _build/prod/lib/near/ebin/near.app; do
  touch -d '1 minute ago' "$file"
  equal "but where $file has changed" 1 "$(asked)"
done
touch apps/one/lib/one.ex README.md
equal 'what it has not read is of no interest' 0 "$(asked)"
mkdir apps/three
equal 'but for a new child' 1 "$(asked)"
equal 'another release is another question' 1 "$(asks "$assemble" -c mix.exs -n single)"
equal 'and leaves the answer to the first one' 0 "$(asked)"
