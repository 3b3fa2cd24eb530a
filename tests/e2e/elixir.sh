#!/bin/sh
# shellcheck source=tests/lib.sh
# A Mix project's release: applications from _build/prod/lib, consolidated protocols found first, booted.
# Elixir is Debian's, unpacked, not installed.
set -eu
. tests/lib.sh

elixir=$(tests/fetch-deb elixir)/usr/lib/elixir || {
  not_ok "Debian's elixir is unpacked" 'apt cannot download it'
  exit 1
}
project=$RELMK_SCRATCH/shapes
node=$(unique shapes)@127.0.0.1
mkdir -p "$project/lib"
cat >"$project/mix.exs" <<'END'
defmodule Shapes.MixProject do
  use Mix.Project
  def project, do: [app: :shapes, version: "0.2.0", start_permanent: Mix.env() == :prod]
  def application, do: [extra_applications: [:logger], mod: {Shapes, []}]
end
END
cat >"$project/lib/shapes.ex" <<'END'
defprotocol Shapes.Area do
  def area(shape)
end

defimpl Shapes.Area, for: Tuple do
  def area({width, height}), do: width * height
end

defmodule Shapes do
  use Application
  def start(_type, _args), do: Supervisor.start_link([], strategy: :one_for_one)
end
END
cat >"$project/relx.config" <<END
{release, {shapes, "0.2.0"}, [sasl, shapes]}.
{lib_dirs, ["_build/prod/lib", "$elixir/lib"]}.
{mode, prod}.
{vm_args, "vm.args"}.
END
printf '%s\n' "-name $node" "-setcookie $(unique cookie)" >"$project/vm.args"

cd "$project"
LC_ALL=C.UTF-8 MIX_ENV=prod MIX_HOME=$HOME/.mix
export LC_ALL MIX_ENV MIX_HOME
PATH=$elixir/bin:$PATH
check 'mix compiles the project' mix compile
check 'its release is assembled' "$RELMK_TOOLS/assemble-release"
release=$project/_rel/shapes
check 'with Elixir and logger' test -f "$(echo "$release"/lib/logger-*/ebin/logger.app)"
check 'and the consolidated protocols' test -f "$release/releases/0.2.0/consolidated/Elixir.Shapes.Area.beam"

PIPE_DIR=$RELMK_SCRATCH/pipes/ RUNNER_LOG_DIR=$RELMK_SCRATCH/log
export PIPE_DIR RUNNER_LOG_DIR
mv "$release" "$RELMK_SCRATCH/moved to"
script="$RELMK_SCRATCH/moved to/bin/shapes"
check 'it starts, from where it was moved to' "$script" daemon
runs() { [ "$("$script" eval 'lists:keymember(shapes, 1, application:which_applications()).')" = true ]; }
check 'the application runs' eventually 20 runs
equal 'its protocol works' 6 "$("$script" eval "'Elixir.Shapes.Area':area({2, 3}).")"
equal 'and is consolidated' true "$("$script" eval "'Elixir.Protocol':'consolidated?'('Elixir.Shapes.Area').")"
equal "so is Elixir's own" true "$("$script" eval "'Elixir.Protocol':'consolidated?'('Elixir.Enumerable').")"
check 'it stops' "$script" stop
