# shellcheck shell=sh disable=SC2154
# Mix projects for comparisons: project_NAME writes one into the current directory, which is empty. Who reads this has
# Elixir from here on, or ends.

with_elixir || exit 0

# count_elixirs: from here on, asks() can tell how often Elixir is started.
count_elixirs() {
  mkdir "$RELMK_SCRATCH/bin"
  cat >"$RELMK_SCRATCH/bin/elixir" <<END
#!/bin/sh
echo started >>"$RELMK_SCRATCH/started"
exec "$(command -v elixir)" "\$@"
END
  chmod +x "$RELMK_SCRATCH/bin/elixir"
  mix_path=$PATH
}

# asks COMMAND…: runs it in $project, and prints how often it starts Elixir, or why it failed.
asks() {
  : >"$RELMK_SCRATCH/started"
  (cd "$project" && PATH=$RELMK_SCRATCH/bin:$mix_path "$@") >"$RELMK_SCRATCH/.out" 2>"$RELMK_SCRATCH/.err" || {
    echo "failed: $(cat "$RELMK_SCRATCH/.err")"
    return 0
  }
  wc -l <"$RELMK_SCRATCH/started" | tr -d ' '
}

# mix_exs APP PROJECT [APPLICATION]: a mix.exs with these pairs in project/0 and application/0.
mix_exs() {
  cat <<END
defmodule $(module_of "$1").MixProject do
  use Mix.Project
  def project, do: [app: :$1, version: "0.1.0", $2]
  def application, do: [extra_applications: [:logger], ${3:-}]
  def from_function(_), do: :ok
end
END
}
module_of() { printf %s "$1" | sed 's/^\(.\)/\u\1/; s/_\(.\)/\u\1/g'; }

# An application with a supervisor, and a protocol with two implementations.
application_of() {
  mkdir -p lib
  cat >"lib/$1.ex" <<END
defprotocol $(module_of "$1").Area do
  @doc "The area."
  def area(shape)
end

defimpl $(module_of "$1").Area, for: Tuple do
  def area({width, height}), do: width * height
end

defmodule $(module_of "$1") do
  @moduledoc "Starts nothing."
  use Application
  def start(_type, _args), do: Supervisor.start_link([], strategy: :one_for_one)
  def value(key), do: Application.get_env(:$1, key)
end
END
}

project_plain() {
  mix_exs plain 'start_permanent: true' 'mod: {Plain, []}' >mix.exs
  application_of plain
}

project_configured() {
  mix_exs configured '' 'mod: {Configured, []}, env: [a: 0]' >mix.exs
  application_of configured
  mkdir config
  cat >config/config.exs <<'END'
import Config
config :configured, a: 1, text: "grün", list: [b: %{c: {1, 2.5}}], env: config_env(), target: config_target()
import_config "#{config_env()}.exs"
END
  echo 'import Config' >config/dev.exs
  echo 'import Config' >config/test.exs
  printf '%s\n' 'import Config' 'config :configured, :a, 2' 'config :logger, level: :warn' >config/prod.exs
  printf '%s\n' 'import Config' 'config :configured, port: String.to_integer(System.get_env("PORT", "1"))' \
    >config/runtime.exs
}

project_umbrella() {
  cat >mix.exs <<'END'
defmodule Both.MixProject do
  use Mix.Project

  def project do
    [
      apps_path: "apps",
      version: "2.0.0",
      default_release: :both,
      releases: [
        both: [applications: [one: :permanent, two: :temporary]],
        single: [version: "2.1.0", applications: [one: :permanent, runtime_tools: :load]]
      ]
    ]
  end
end
END
  mkdir -p apps/one apps/two config
  printf '%s\n' 'import Config' 'config :one, from: :umbrella' >config/config.exs
  (cd apps/one && mix_exs one 'build_path: "../../_build", config_path: "../../config/config.exs", deps_path: "../../deps", lockfile: "../../mix.lock"' 'mod: {One, []}' >mix.exs && application_of one)
  (cd apps/two && mix_exs two 'build_path: "../../_build", config_path: "../../config/config.exs", deps_path: "../../deps", lockfile: "../../mix.lock", deps: [{:one, in_umbrella: true}]' 'mod: {Two, []}' >mix.exs && application_of two)
}

project_unstripped() {
  mix_exs unstripped 'releases: [unstripped: [strip_beams: false, include_executables_for: [:unix]]]' >mix.exs
  application_of unstripped
}

project_kept_chunks() {
  mix_exs kept_chunks 'releases: [kept_chunks: [strip_beams: [keep: ["Docs", "Dbgi"], compress: true]]]' >mix.exs
  application_of kept_chunks
}

project_without_erts() {
  mix_exs without_erts 'releases: [without_erts: [include_erts: false]]' 'mod: {WithoutErts, []}' >mix.exs
  application_of without_erts
}

project_erts_by_function() {
  mix_exs erts_by_function 'releases: [erts_by_function: [include_erts: fn -> List.to_string(:code.root_dir()) <> "/erts-" <> List.to_string(:erlang.system_info(:version)) end]]' >mix.exs
  application_of erts_by_function
}

project_erts_by_path() {
  mix_exs erts_by_path 'releases: [erts_by_path: [include_erts: Path.join(:code.root_dir(), "erts-#{:erlang.system_info(:version)}"), strip_beams: [compress: true]]]' >mix.exs
  application_of erts_by_path
}

# Another name than the application; NAME.bat alone; overlays that are one directory; native code.
project_windows() {
  mix_exs windows 'releases: [other_name: [include_executables_for: [:windows], overlays: "extra", include_erts: true, version: "1.0.0-rc.1+build.5"]]' >mix.exs
  application_of windows
  mkdir -p extra/etc priv/native
  echo motd >extra/etc/motd
  printf '\177ELF' >priv/native/windows_nif.so
  chmod 755 priv/native/windows_nif.so
  chmod 640 extra/etc/motd
}

project_templates() {
  mix_exs templates 'releases: [templates: [strip_beams: true]]' >mix.exs
  application_of templates
  mkdir -p rel/overlays/etc/deep rel/overlays/releases
  cat >rel/vm.args.eex <<'END'
## <%= @release.name %> <%= @release.version %> in <%= Path.basename(@release.path) %>
<%= for {app, _} <- Enum.sort(@release.applications) do %># <%= app %>
<% end %>+Q <%= 1024 * 64 %>
END
  echo '## remote of <%= @release.name %> by <%= length(@release.steps) %>' >rel/remote.vm.args.eex
  printf '%s\n' '#!/bin/sh' 'export GREETING="<%= @release.name %>"' >rel/env.sh.eex
  echo 'rem <%= inspect(@release.options[:strip_beams]) %>' >rel/env.bat.eex
  echo motd >rel/overlays/etc/motd
  printf '%s\n' '#!/bin/sh' >rel/overlays/etc/deep/run
  chmod 755 rel/overlays/etc/deep/run
  ln -s ../etc/motd rel/overlays/etc/link
  ln -s etc rel/overlays/settings
  echo more >rel/overlays/releases/notes
}

project_elsewhere() {
  mix_exs elsewhere 'releases: [other: [version: {:from_app, :elsewhere}, path: "out/here", rel_templates_path: "release", overlays: ["extra", "more"]]]' >mix.exs
  application_of elsewhere
  mkdir -p release/overlays extra/a more/a
  echo '## other' >release/vm.args.eex
  echo 1 >release/overlays/first
  echo 2 >extra/first
  echo 3 >extra/a/x
  echo 4 >more/a/x
}

project_tarred() {
  mix_exs tarred 'releases: [tarred: [steps: [:assemble, :tar]]]' 'mod: {Tarred, []}' >mix.exs
  application_of tarred
  mkdir -p rel/overlays/etc
  echo motd >rel/overlays/etc/motd
}

project_old_runtime() {
  mix_exs old_runtime '' >mix.exs
  application_of old_runtime
  mkdir config
  echo 'import Config' >config/config.exs
  printf '%s\n' 'import Config' 'config :old_runtime, a: 1' >config/releases.exs
}

project_providers() {
  mix_exs providers 'releases: [providers: [config_providers: [{Providers.Config, "etc/more.exs"}], reboot_system_after_config: true, start_distribution_during_config: true, prune_runtime_sys_config_after_boot: true]]' >mix.exs
  application_of providers
  cat >lib/config.ex <<'END'
defmodule Providers.Config do
  @behaviour Config.Provider
  def init(path), do: {:seen, path, [at: :build]}
  def load(config, {:seen, path, _}), do: Config.Reader.merge(config, providers: [from: path])
end
END
}

project_compile_env() {
  mix_exs compile_env 'releases: [compile_env: [reboot_system_after_config: true], unchecked: [validate_compile_env: false]], default_release: :compile_env' >mix.exs
  application_of compile_env
  mkdir config
  printf '%s\n' 'import Config' 'config :compile_env, fixed: 1' >config/config.exs
  echo 'import Config' >config/runtime.exs
  cat >lib/fixed.ex <<'END'
defmodule CompileEnv.Fixed do
  @fixed Application.compile_env(:compile_env, :fixed)
  def fixed, do: @fixed
end
END
}

project_dependencies() {
  mix_exs dependencies 'deps: [{:near, path: "near"}, {:inner, path: "inner"}]' 'included_applications: [:inner]' >mix.exs
  application_of dependencies
  mkdir -p near/priv/bin near/include inner priv/static
  (cd near && mix_exs near '' >mix.exs && application_of near)
  (cd inner && mix_exs inner '' >mix.exs && application_of inner)
  echo '-define(NEAR, 1).' >near/include/near.hrl
  printf '%s\n' '#!/bin/sh' >near/priv/bin/tool
  chmod 755 near/priv/bin/tool
  ln -s bin/tool near/priv/tool
  ln -s bin near/priv/programs
  echo page >priv/static/index.html
}

project_unconsolidated() {
  mix_exs unconsolidated 'consolidate_protocols: false' >mix.exs
  application_of unconsolidated
}

project_by_function() {
  cat >mix.exs <<'END'
defmodule ByFunction.MixProject do
  use Mix.Project

  def project do
    [app: :by_function, version: "0.1.0", releases: [by_function: fn -> release() end]]
  end

  defp release, do: [cookie: "secret-of-all", quiet: true, runtime_config_path: "settings/run.exs"]
  def application, do: [extra_applications: [:logger, :crypto]]
end
END
  application_of by_function
  mkdir settings
  echo 'import Config' >settings/run.exs
}

project_modes() {
  mix_exs modes 'releases: [modes: [applications: [runtime_tools: :load, sasl: :temporary, logger: :transient, iex: :permanent, inets: :none, modes: :permanent], skip_mode_validation_for: [:modes]]]' 'extra_applications: [:logger, :inets]' >mix.exs
  sed -i 's/extra_applications: \[:logger\], //' mix.exs
  application_of modes
}

project_erlang_sources() {
  mix_exs erlang_sources 'erlc_options: [:debug_info]' >mix.exs
  mkdir -p src config lib
  printf '%s\n' '-module(from_erlang).' '-export([one/0]).' 'one() -> 1.' >src/from_erlang.erl
  printf '%s\n' 'defmodule ErlangSources do' '  def one, do: :from_erlang.one()' 'end' >lib/erlang_sources.ex
}

project_no_runtime() {
  mix_exs no_runtime 'config_path: "conf/all.exs", releases: [no_runtime: [runtime_config_path: false]]' >mix.exs
  application_of no_runtime
  mkdir conf
  printf '%s\n' 'import Config' 'config :no_runtime, a: [1, "b", :c, nil, 0x10]' >conf/all.exs
  echo 'import Config' >conf/runtime.exs
}
