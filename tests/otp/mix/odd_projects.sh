# shellcheck shell=sh disable=SC2154
# More Mix projects, as projects.sh has them: what is rarer in each.

project_shared() {
  cat >mix.exs <<'END'
defmodule Shared.MixProject do
  use Mix.Project
  def project do
    [apps_path: "apps", version: "3.0.0", releases: [
      left: [applications: [basis: :transient, left_1: :permanent, sasl: :temporary]],
      right: [version: {:from_app, :basis}, applications: [left_1: :none, basis: :load, runtime_tools: :none], strip_beams: [keep: ["Docs"], compress: true], include_executables_for: []]
    ]]
  end
end
END
  mkdir -p apps/basis/priv apps/left_1
  common='build_path: "../../_build", deps_path: "../../deps", lockfile: "../../mix.lock"'
  (cd apps/basis && mix_exs basis "$common" 'mod: {Basis, []}, env: [from: :app]' >mix.exs && application_of basis && echo x >priv/x)
  (cd apps/left_1 && mix_exs left_1 "$common, deps: [{:basis, in_umbrella: true}]" >mix.exs && application_of left1 &&
   printf 'defimpl Basis.Area, for: Map do\n  def area(m), do: map_size(m)\nend\n' >lib/impl.ex)
}

project_links() {
  # shellcheck disable=SC2016 # a cookie with odd letters
  mix_exs links 'deps: [{:near, path: "near"}], releases: [links: [overlays: ["real", "two", "three"], cookie: "it'"'"'s $HOME \"a\" #b ü"]]' >mix.exs
  application_of links
  mkdir -p near/priv/deep/empty near/include rel/overlays/bin real/etc two/bin two/etc/empty two/releases/0.1.0 three
  (cd near && mix_exs near '' >mix.exs && application_of near)
  ln -s /etc/hostname near/priv/absolute
  ln -s deep near/priv/linked_dir
  touch near/priv/.gitkeep
  printf '#!/bin/sh\n' >near/priv/deep/tool
  chmod 700 near/priv/deep/tool
  echo a >real/etc/a
  chmod 600 real/etc/a
  ln -s a real/etc/b
  echo '#!/bin/sh' >two/bin/own
  chmod 751 two/bin/own
  echo 'a of two' >two/etc/a
  echo '## two' >two/releases/0.1.0/vm.args
  echo ü >'three/grün x'
  echo '#!/bin/sh' >rel/overlays/bin/more
  chmod 755 rel/overlays/bin/more
  touch rel/overlays/.hidden
}

project_assigns() {
  mix_exs assigns 'releases: [assigns: [mine: [port: 80], rel_templates_path: "my rel", path: "out dir/x", strip_beams: [keep: []], include_executables_for: [:unix]]]' >mix.exs
  application_of assigns
  mkdir 'my rel'
  cat >'my rel/vm.args.eex' <<'END'
## <%= @release.options[:mine][:port] %> <%= inspect @release.boot_scripts[:start_clean] |> is_nil %>
<%# a comment %>
<%% not evaluated %>
<%= if Mix.env() == :prod do %>+P 1000000<% end %>
<%= @release.name |> to_string |> String.upcase %> <%= @release.erts_version %> <%= inspect @release.config_providers %> <%= inspect @release.overlays %>
END
  printf '%s\n' '<%= for n <- 1..2 do %>' 'export A<%= n %>=1' '<% end %>' >'my rel/env.sh.eex'
}

project_nobody() {
  mix_exs nobody 'releases: [nobody: [include_executables_for: [], cookie: "x", quiet: true]]' >mix.exs
  application_of nobody
}

project_app2b_3() {
  mix_exs app2b_3 'elixirc_paths: ["lib", "extra"], deps: [{:own, path: "own"}, {:build_only, path: "build_only", runtime: false}, {:for_dev, path: "for_dev", only: :dev}, {:maybe, path: "maybe", optional: true}], escript: [main_module: App2b3]' 'extra_applications: [:logger, iex: :optional]' | sed 's/extra_applications: \[:logger\], //' >mix.exs
  application_of app2b_3
  mkdir -p extra own/config build_only for_dev maybe config
  printf 'defmodule Extra do\n  def x, do: :own.module_info()\nend\n' >extra/x.ex
  for d in own build_only for_dev maybe; do (cd $d && mix_exs $d '' 'mod: {'"$(module_of $d)"', []}' >mix.exs && application_of $d); done
  printf 'import Config\nconfig :own, ignored: true\n' >own/config/config.exs
  printf 'import Config\nconfig :own, taken: true\n' >config/config.exs
}

project_erlang_only() {
  mix_exs erlang_only 'language: :erlang, elixir: "~> 1.0", deps: []' 'mod: {:erlang_only_app, []}' | sed 's/extra_applications: \[:logger\], //' >mix.exs
  mkdir src include
  printf -- '-module(erlang_only_app).\n-behaviour(application).\n-include("x.hrl").\n-export([start/2, stop/1]).\nstart(_, _) -> {ok, spawn_link(timer, sleep, [infinity])}.\nstop(_) -> ?X.\n' >src/erlang_only_app.erl
  echo '-define(X, ok).' >include/x.hrl
  cat >src/scan.xrl <<'END'
Definitions.
Rules.
[a-z]+ : {token, {word, TokenLine}}.
Erlang code.
END
}

project_values() {
  mix_exs values '' >mix.exs
  application_of values
  mkdir config
  cat >config/config.exs <<'END'
import Config
config :values, f: &String.upcase/1, m: %{1 => 2, "b" => [c: nil], atom: :"odd atom", nested: %{%{a: 1} => {}}},
  re: Regex.source(~r/a/), day: ~D[2020-01-02], set: MapSet.new([1, 2]), range: 1..3, float: 1.0e-7, big: 1_000_000_000_000_000_000_000,
  bin: <<255, 0, 1>>, bits: <<1::3>>, charlist: 'grün', unicode: :grün, neg: -0.0, empty: "", improper: [1 | 2], quote: "it's \"q\" \\ \n", mod: Values.Nested
config :values, Values.Repo, pool: 1, url: {:system, "X"}
config :values, Values.Repo, pool: 2
config :kernel, :logger, [{:handler, :default, :logger_std_h, %{config: %{type: :standard_error}}}]
config :logger, :console, format: "$time $metadata[$level] $message\n"
END
}

project_with_arguments() {
  mix_exs with_arguments 'releases: [with_arguments: [config_providers: [{WithArguments.First, [a: 1, path: {:system, "X", "/y"}]}, {WithArguments.Second, %{b: "x"}}, {Config.Reader, {:system, "RELEASE_ROOT", "/etc/x.exs"}}], validate_compile_env: false, reboot_system_after_config: false, prune_runtime_sys_config_after_boot: false]]' >mix.exs
  application_of with_arguments
  for n in First Second; do printf 'defmodule WithArguments.%s do\n  @behaviour Config.Provider\n  def init(a), do: {:init, a}\n  def load(c, _), do: c\nend\n' $n >lib/$n.ex; done
  mkdir config
  echo 'import Config' >config/config.exs
  printf 'import Config\nconfig :with_arguments, needed: System.fetch_env!("NEEDED_AT_BOOT")\n' >config/runtime.exs
}

project_preferred() {
  mix_exs preferred 'preferred_cli_env: [release: :prod], build_embedded: true, releases: [preferred: [applications: [preferred: :permanent, ssl: :permanent, eex: :load]]], aliases: [x: ["y"]], test_coverage: [summary: false]' >mix.exs
  application_of preferred
  mkdir config
  printf 'import Config\nconfig :preferred, env: config_env(), target: config_target()\nif config_target() == :rpi, do: config(:preferred, rpi: true)\n' >config/config.exs
}
