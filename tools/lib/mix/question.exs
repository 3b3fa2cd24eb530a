# What relmk asks a Mix project, in the project's own Elixir: the release as Mix.Release makes it of mix.exs,
# and the texts that `mix release` would write. Nothing is compiled, and nothing is written but the answer.
#
# The arguments: the file for the answer, mix.exs, the name of the release (`*`: which are there), its version, the directory that
# takes the place of its path (empty: what mix.exs says), a directory for scratch. The answer is a list of
# pairs in the external term format, or {error, File, Line, Message}.

defmodule Relmk.Reads do
  # What the evaluation reads: files, directories, variables of the environment, programs that it runs.
  # Seen by tracing, so that File.read!("VERSION") in mix.exs counts like any import.

  @files [:open, :read_file, :read_file_info, :read_link_info, :read_link, :list_dir, :set_cwd]

  def start do
    tracer = spawn(fn -> collect(%{files: %{}, environment: %{}, programs: %{}}, File.cwd!()) end)
    for name <- @files, do: :erlang.trace_pattern({:prim_file, name, :_}, true, [])
    for name <- [:getenv, :env], do: :erlang.trace_pattern({:os, name, :_}, true, [])
    :erlang.trace_pattern({:erlang, :open_port, 2}, true, [])
    :erlang.trace(:all, true, [:call, {:tracer, tracer}])
    tracer
  end

  def stop(tracer) do
    :erlang.trace(:all, false, [:call])
    delivered = :erlang.trace_delivered(:all)
    receive do: ({:trace_delivered, :all, ^delivered} -> :ok)
    send(tracer, {:stop, self()})
    receive do: ({:reads, reads} -> reads)
  end

  defp collect(reads, directory) do
    receive do
      {:trace, _, :call, {:prim_file, :set_cwd, [to | _]}} ->
        collect(reads, absolute(to, directory) || directory)

      {:trace, _, :call, {:prim_file, :open, [path, modes | _]}} ->
        if Enum.any?([:write, :append, :exclusive], &(&1 in List.wrap(modes))),
          do: collect(reads, directory),
          else: collect(seen(reads, :files, absolute(path, directory), :file), directory)

      {:trace, _, :call, {:prim_file, :list_dir, [path | _]}} ->
        collect(seen(reads, :files, absolute(path, directory), :listing), directory)

      {:trace, _, :call, {:prim_file, :read_file, [path | _]}} ->
        collect(seen(reads, :files, absolute(path, directory), :file), directory)

      {:trace, _, :call, {:prim_file, _, [path | _]}} ->
        collect(seen(reads, :files, absolute(path, directory), :existence), directory)

      {:trace, _, :call, {:os, :getenv, [name | _]}} ->
        collect(seen(reads, :environment, IO.chardata_to_string(name), true), directory)

      {:trace, _, :call, {:os, _, []}} ->
        collect(seen(reads, :environment, "*", true), directory)

      {:trace, _, :call, {:erlang, :open_port, [what, _]}} ->
        collect(seen(reads, :programs, program(what), true), directory)

      {:stop, from} ->
        send(from, {:reads, reads})

      _ ->
        collect(reads, directory)
    end
  end

  defp seen(reads, _, nil, _), do: reads
  # What is read or listed is mostly looked for first.
  defp seen(reads, kind, what, how) do
    update_in(reads[kind], &Map.update(&1, what, how, fn old -> if how == :existence, do: old, else: how end))
  end

  defp absolute(path, directory) do
    path |> IO.chardata_to_string() |> Path.expand(directory)
  rescue
    _ -> nil
  end

  defp program({:spawn_executable, path}), do: path |> IO.chardata_to_string() |> Path.basename()
  defp program({:spawn, command}), do: command |> IO.chardata_to_string() |> String.split() |> List.first()
  # Not a program: a driver, a descriptor.
  defp program(_), do: nil
end

defmodule Relmk.Texts do
  # NAME.bat calls this, and is that of the Elixir in use. Before Elixir 1.15 the flag had no effect, and
  # runtime.exs did not count as a provider here; bin/NAME, which is ours, does what was meant.
  def release_mode(release, mode) do
    flag = if older?(), do: "-elixir -config_provider_reboot_mode", else: "-elixir config_provider_reboot_mode"
    if reboots?(release), do: "#{flag} #{mode}", else: "-mode #{mode}"
  end

  def older?, do: Version.match?(System.version(), "< 1.15.0-dev", allow_pre: true)

  def reboots?(release) do
    Keyword.get(release.options, :reboot_system_after_config, false) and release.config_providers != []
  end

  def own(name, release) do
    text = String.replace(text(name), "release_mode(", "#{inspect(__MODULE__)}.release_mode(")
    EEx.eval_string(text, assigns: [release: release])
  end

  defp text(:vm_args) do
    init = Mix.Tasks.Release.Init
    Code.ensure_loaded!(init)
    if function_exported?(init, :vm_args_text, 1),
      do: apply(init, :vm_args_text, [false]),
      else: apply(init, :vm_args_text, [])
  end

  defp text(:env), do: Mix.Tasks.Release.Init.env_text()
  defp text(:env_bat), do: Mix.Tasks.Release.Init.env_bat_text()
  defp text(:cli_bat), do: Mix.Tasks.Release.Init.cli_bat_text()

  # A file of the release: the project's template, else Elixir's own text.
  def templated(release, name, own_text) do
    template = Mix.Release.rel_templates_path(release, name <> ".eex")
    if File.exists?(template) do
      Relmk.Question.within(template, fn -> EEx.eval_file(template, assigns: [release: release]) end)
    else
      own_text.()
    end
  end

  # bin/elixir and the like of the Elixir in use, as they stand in a release.
  def installed(release, name) do
    source = Path.join(Application.app_dir(:elixir, "../../bin"), name)
    if File.regular?(source), do: in_release(release, name, File.read!(source))
  end

  defp in_release(release, "elixir", text) do
    text
    |> String.replace(~s[ -pa "$SCRIPT_PATH"/../lib/*/ebin], "")
    |> String.replace(~s[ -elixir_root "$SCRIPT_PATH"/../lib -pa "$SCRIPT_PATH"/../lib/elixir/ebin ], " ")
    |> with_erts(release, ~s["$SCRIPT_PATH"/../../erts-#{release.erts_version}/bin/])
  end

  defp in_release(release, "elixir.bat", text) do
    text
    |> String.replace("goto expand_erl_libs", "goto run")
    |> String.replace(~s[ -elixir_root !SCRIPT_PATH!..\\lib -pa !SCRIPT_PATH!..\\lib\\elixir\\ebin ], " ")
    |> with_erts(release, ~s[%~dp0\\..\\..\\erts-#{release.erts_version}\\bin\\])
  end

  defp in_release(_, _, text), do: text

  defp with_erts(text, %{erts_source: nil}, _), do: text

  defp with_erts(text, _, bin) do
    marks = [~s[ERTS_BIN="$ERTS_BIN"], ~s[ERTS_BIN=!ERTS_BIN!]]
    marks = if Enum.any?(marks, &String.contains?(text, &1)), do: marks, else: ["ERTS_BIN="]
    String.replace(text, marks, "ERTS_BIN=#{bin}")
  end

  # The `erl` that finds its own root, as Mix.Release writes it.
  def erl(%{erts_source: nil}, _), do: []

  def erl(release, scratch) do
    source = Path.join(scratch, "no-erts")
    File.mkdir_p!(Path.join(source, "bin"))
    made = Path.join(scratch, "erts")
    Mix.Release.copy_erts(%{release | path: made, erts_source: to_charlist(source)})
    path = "erts-#{release.erts_version}/bin/erl"
    [{path, File.read!(Path.join(made, path)), 0o755}]
  end
end

defmodule Relmk.Question do
  # Errors of what `run` does are those of `file`, where nothing tells better.
  def within(file, run) do
    before = Process.put(:relmk_file, file)
    result = run.()
    Process.put(:relmk_file, before)
    result
  end

  def ask([answer, mix_exs, name, version, directory, scratch]) do
    System.argv(["release" | if(name == "", do: [], else: [name])])
    tracer = Relmk.Reads.start()

    result =
      try do
        within(mix_exs, fn -> release(mix_exs, name, version, directory, scratch) end)
      catch
        kind, reason -> failure(kind, reason, __STACKTRACE__)
      end

    reads = Relmk.Reads.stop(tracer)
    result = if is_list(result), do: result ++ kept(result, reads, scratch), else: result
    File.write!(answer, :erlang.term_to_binary(result))
  end

  ## As Mix.CLI and `mix release` go about it, but nothing is compiled.

  defp release(mix_exs, "*", _, _, _) do
    load_project(mix_exs)
    config = Mix.Project.config()
    releases = config[:releases] || own_release(config)
    {default, others} = Enum.split_with(releases, fn {name, _} -> name == config[:default_release] end)

    [
      releases: for({name, options} <- default ++ others, do: {name, version_told(options, config)}),
      build_path: Path.expand(Mix.Project.build_path()),
      resources: Process.get(:relmk_resources, [])
    ]
  end

  defp release(mix_exs, name, version, directory, scratch) do
    load_project(mix_exs)
    config = Mix.Project.config()
    within(config[:config_path] || "config/config.exs", fn -> Mix.Task.run("loadconfig") end)
    load_paths(config)
    overrides = if version == "", do: [], else: [version: version]
    release = Mix.Release.from_config!(name != "" && String.to_atom(name) || nil, config, overrides)
    refuse_functions(release)
    release = if directory == "", do: release, else: placed(release, Path.join(directory, "#{release.name}"))
    if Relmk.Texts.older?(), do: Process.put(:relmk_bat_release, release)
    {release, runtime} = with_runtime_config(release, config)
    validate_modes(release)
    build_path = Path.expand(Mix.Project.build_path())
    mix_path = Path.join([build_path, "rel", "#{release.name}"])
    tar_directory = if directory == "" and release.path == mix_path, do: build_path, else: release.path
    answer(release, config, runtime, scratch) ++ [build_path: build_path, tar_directory: tar_directory]
  end

  defp own_release(config) do
    [{config[:app] || Mix.raise("releases: of an umbrella project at least one must be named here"), []}]
  end

  # "" where it is that of an application which is not compiled.
  defp version_told(options, config) do
    options = if is_function(options, 0), do: options.(), else: options

    case Keyword.get(options, :version, config[:version]) do
      {:from_app, app} ->
        resource = Path.expand("lib/#{app}/ebin/#{app}.app", Mix.Project.build_path())
        Process.put(:relmk_resources, [resource | Process.get(:relmk_resources, [])])
        load_paths(config)
        Application.load(app)
        to_string(Application.spec(app, :vsn) || "")

      version ->
        version || ""
    end
  end

  defp load_project(mix_exs) do
    Mix.start()
    Mix.Local.append_archives()
    Mix.Local.append_paths()
    if System.get_env("MIX_QUIET") in ~w(1 true), do: Mix.shell(Mix.Shell.Quiet)
    user_config = Path.join(Mix.Utils.mix_config(), "config.exs")
    if File.regular?(user_config), do: within(user_config, fn -> Mix.Tasks.Loadconfig.load_compile(user_config) end)
    undefined = Code.get_compiler_option(:no_warn_undefined)
    Code.put_compiler_option(:no_warn_undefined, :all)
    Code.compile_file(mix_exs)
    Code.put_compiler_option(:no_warn_undefined, undefined)
    change_environment(Mix.Project.get!(), Mix.Project.config())
  end

  # What the project prefers for `mix release`, where MIX_ENV and MIX_TARGET don't say.
  defp change_environment(project, config) do
    cli = if function_exported?(project, :cli, 0), do: project.cli(), else: []
    preferred = cli[:preferred_envs] || config[:preferred_cli_env] || []
    target = cli[:preferred_targets] || config[:preferred_cli_target] || []
    env = if System.get_env("MIX_ENV"), do: nil, else: preferred[:release]
    target = if System.get_env("MIX_TARGET"), do: nil, else: target[:release]
    if env, do: Mix.env(env)
    if target, do: Mix.target(target)

    if env || target do
      %{name: name, file: file} = Mix.Project.pop()
      Mix.Project.push(name, file)
    end
  end

  defp load_paths(config) do
    Mix.Task.run("deps.loadpaths", ["--no-compile", "--no-deps-check", "--no-archives-check"])
    if config[:app], do: Code.prepend_path(Mix.Project.compile_path(config))
  end

  defp placed(release, path) do
    path = Path.absname(path)
    %{release | path: path, version_path: Path.join([path, "releases", release.version])}
  end

  defp refuse_functions(release) do
    for step <- release.steps, is_function(step) do
      throw(
        {:relmk, "release #{release.name}: relmk does not run the step #{inspect(step)}: it is an Elixir function",
         "do it by overlays, or by a command after the release is assembled; leave :assemble and :tar in steps:"}
      )
    end
  end

  defp with_runtime_config(%{options: options} = release, config) do
    directory = Path.dirname(config[:config_path])
    default = Path.join(directory, "runtime.exs")
    old = Path.join(directory, "releases.exs")

    {path, reboot} =
      cond do
        options[:runtime_config_path] == false -> {nil, false}
        path = options[:runtime_config_path] -> {path, false}
        File.exists?(default) ->
          if File.exists?(old), do: warn("#{old} is left out: #{default} is there")
          {default, false}
        File.exists?(old) ->
          warn("#{old} is deprecated: name it #{default}, or set runtime_config_path")
          {old, true}
        true -> {nil, false}
      end

    if path do
      init = {:system, "RELEASE_ROOT", "/releases/#{release.version}/runtime.exs"}
      reader = {Config.Reader, path: init, env: Mix.env(), target: Mix.target(), imports: :disabled}
      options = Keyword.put_new(options, :reboot_system_after_config, reboot)
      unless File.regular?(path), do: Mix.raise("runtime_config_path: there is no file #{path}")
      {%{release | config_providers: [reader | release.config_providers], options: options}, path}
    else
      {release, nil}
    end
  end

  defp warn(text), do: IO.puts(:stderr, "mix.exs: warning: " <> text)

  ## As Mix.Release validates a boot script; an optional application that is not there is fine in all versions.

  defp validate_modes(release) do
    skipped = Keyword.get(release.options, :skip_mode_validation_for, [])

    for {_, modes} <- release.boot_scripts, {app, mode} <- modes do
      properties = release.applications[app] || Mix.raise("Unknown application #{inspect(app)}")
      if app not in skipped, do: validate_mode(app, mode, modes, properties)
    end
  end

  defp validate_mode(app, mode, modes, properties) do
    safe = mode in [:permanent, :temporary, :transient]

    if not safe and mode not in [:load, :none] do
      Mix.raise("Unknown mode #{inspect(mode)} for #{inspect(app)}. Valid modes are: " <>
        "[:permanent, :temporary, :transient, :load, :none]")
    end

    for child <- Keyword.get(properties, :applications, []) do
      child_mode = modes[child]

      cond do
        is_nil(child_mode) and child not in Keyword.get(properties, :optional_applications, []) ->
          Mix.raise("Application #{inspect(app)} is listed in the release boot, " <>
            "but it depends on #{inspect(child)}, which isn't")

        safe and child_mode in [:load, :none] ->
          Mix.raise("Application #{inspect(app)} has mode #{inspect(mode)} but it depends on #{inspect(child)} " <>
            "which is set to #{inspect(child_mode)}: all that depend on it must be set to :load or :none too, " <>
            "or skip_mode_validation_for must name it")

        true -> :ok
      end
    end
  end

  ## The answer.

  defp answer(release, config, runtime, scratch) do
    consolidated = if config[:consolidate_protocols], do: Path.expand(Mix.Project.consolidation_path(config))

    [
      name: release.name,
      version: release.version,
      path: release.path,
      otp_root: to_string(:code.root_dir()),
      erts_version: to_string(release.erts_version),
      erts_source: release.erts_source && to_string(release.erts_source),
      applications:
        for({app, properties} <- release.applications, do: {app, to_string(properties[:path]), properties[:otp_app?]}),
      boot_scripts: Map.to_list(release.boot_scripts),
      config_providers: release.config_providers != [],
      reboots: Relmk.Texts.reboots?(release),
      tar: :tar in release.steps,
      strip: strip(release),
      cookie: cookie(release),
      quiet: release.options[:quiet] == true,
      executables: Keyword.get(release.options, :include_executables_for, [:unix, :windows]),
      runtime_config: runtime && Path.expand(runtime),
      overlays: overlays(release),
      copied: copied_directories(release, scratch),
      consolidated: consolidated,
      files: files(%{release | steps: steps_to_come(release)}, config, scratch)
    ]
  end

  # Templates see what is left of steps:.
  defp steps_to_come(release), do: release.steps |> Enum.drop_while(&(&1 != :assemble)) |> Enum.drop(1)

  # Which directories of an application Mix.Release.copy_app/2 copies, beside ebin: asked with one that has them.
  defp copied_directories(release, scratch) do
    source = Path.join(scratch, "probe")
    for name <- ["ebin", "priv", "include"], do: File.mkdir_p!(Path.join(source, name))
    probe = %{probe: [path: source, vsn: ~c"1", otp_app?: false]}
    Mix.Release.copy_app(%{release | path: Path.join(scratch, "copied"), applications: probe}, :probe)
    for name <- ["priv", "include"], File.dir?(Path.join(scratch, "copied/lib/probe-1/#{name}")), do: name
  end

  defp cookie(release) do
    case release.options[:cookie] do
      nil -> nil
      cookie -> to_string(cookie)
    end
  end

  defp overlays(release) do
    default = Mix.Release.rel_templates_path(release, "overlays")
    own = List.wrap(release.options[:overlays])
    Enum.map(if(File.dir?(default), do: [default | own], else: own), &Path.expand/1)
  end

  # {path below the release, text, mode}
  defp files(release, config, scratch) do
    version = "releases/#{release.version}/"
    vm_args = fn -> Relmk.Texts.own(:vm_args, release) end

    [
      {version <> "vm.args", Relmk.Texts.templated(release, "vm.args", fn -> old_vm_args(release) || vm_args.() end), 0o644},
      {version <> "remote.vm.args", Relmk.Texts.templated(release, "remote.vm.args", vm_args), 0o644},
      {version <> "sys.config", sys_config(release, config, scratch), 0o644}
    ] ++
      Enum.flat_map(Keyword.get(release.options, :include_executables_for, [:unix, :windows]), &executables(&1, release, version)) ++
      Relmk.Texts.erl(release, scratch)
  end

  # Exrm's rel/vm.args, which mix leaves lying without a word.
  defp old_vm_args(release) do
    path = Mix.Release.rel_templates_path(release, "vm.args")
    if File.regular?(path), do: File.read!(path)
  end

  defp executables(:unix, release, version) do
    [{version <> "env.sh", Relmk.Texts.templated(release, "env.sh", fn -> Relmk.Texts.own(:env, release) end), 0o644}] ++
      installed(release, version, ["elixir", "iex"])
  end

  defp executables(:windows, release, version) do
    [
      {version <> "env.bat", Relmk.Texts.templated(release, "env.bat", fn -> Relmk.Texts.own(:env_bat, release) end), 0o644},
      {"bin/#{release.name}.bat", Relmk.Texts.own(:cli_bat, Process.get(:relmk_bat_release, release)), 0o755}
    ] ++ installed(release, version, ["elixir.bat", "iex.bat"])
  end

  defp executables(other, _, _), do: Mix.raise("include_executables_for: neither :unix nor :windows: #{inspect(other)}")

  defp installed(release, version, names) do
    for name <- names, text = Relmk.Texts.installed(release, name), do: {version <> name, text, 0o755}
  end

  defp sys_config(release, config, scratch) do
    path = config[:config_path]
    values = if File.regular?(path), do: within(path, fn -> Config.Reader.read!(path, env: Mix.env(), target: Mix.target()) end), else: []
    made = Path.join(scratch, "version")
    place = {:system, "RELEASE_SYS_CONFIG", ".config"}

    case within(provider_file(release) || path, fn -> Mix.Release.make_sys_config(%{release | version_path: made}, values, place) end) do
      :ok -> File.read!(Path.join(made, "sys.config"))
      {:error, message} -> throw({:relmk_at, path, message})
    end
  end

  # Where a provider of the project's own stands: what it raises in init/1 is told with that.
  defp provider_file(release) do
    Enum.find_value(release.config_providers, fn {module, _} ->
      if module != Config.Reader and Code.ensure_loaded?(module), do: source(module)
    end)
  end

  defp source(module) do
    case module.module_info(:compile)[:source] do
      nil -> nil
      source -> source |> to_string() |> Path.relative_to_cwd()
    end
  end

  # Which chunks Mix.Release.strip_beam/2 keeps, in its order: asked with a beam that has them all.
  defp strip(release) do
    case Keyword.get(release.options, :strip_beams, true) do
      false -> false
      true -> {kept_chunks(release, []), false}
      options when is_list(options) -> {kept_chunks(release, options), Keyword.get(options, :compress, false)}
    end
  end

  @known ~w(AtU8 Attr CInf Code StrT ImpT ExpT FunT LocT LitT Line Meta Type Abst Dbgi Docs ExCk ExDc ExDp Recs DbgB)c

  defp kept_chunks(release, options) do
    {:ok, _, chunks} = :code.which(Mix.Release) |> :beam_lib.all_chunks()
    significant = if function_exported?(:beam_lib, :significant_chunks, 0), do: apply(:beam_lib, :significant_chunks, []), else: []
    names = @known ++ significant ++ Enum.flat_map(release.applications, &sample/1)
    names = Enum.reject(names, &(to_string(&1) == "Atom"))
    others = for name <- Enum.uniq(names), not List.keymember?(chunks, name, 0), do: {name, "x"}
    {:ok, probe} = :beam_lib.build_module(chunks ++ others)
    {:ok, stripped} = Mix.Release.strip_beam(probe, Keyword.delete(options, :compress))
    {:ok, _, kept} = :beam_lib.all_chunks(stripped)
    # Modules of before OTP 20 have Atom for AtU8: one module can't have both.
    ["Atom" | for({name, _} <- kept, do: to_string(name))]
  end

  # The chunks of one module of an application.
  defp sample({_, properties}) do
    with [beam | _] <- Path.wildcard(Path.join(to_string(properties[:path]), "ebin/*.beam")),
         {:ok, _, chunks} <- :beam_lib.all_chunks(to_charlist(beam)) do
      for {name, _} <- chunks, do: name
    else
      _ -> []
    end
  end

  ## What the answer stands on.

  defp kept(answer, reads, scratch) do
    build = answer[:build_path]
    otp = to_string(:code.root_dir())
    ignored = [otp, Path.expand(Application.app_dir(:elixir, "../..")), scratch]
    beams = for path <- project_beams(build), do: {path, :file}
    apps = for {app, path, _} <- answer[:applications] || [], do: {Path.join(path, "ebin/#{app}.app"), :file}
    apps = apps ++ for path <- answer[:resources] || [], do: {path, :file}
    erlang = [{Path.join(otp, "erts-#{:erlang.system_info(:version)}/bin/beam.smp"), :file}]

    files =
      for {path, how} <- reads.files,
          not Enum.any?(ignored, &below?(path, &1)),
          not below?(path, build) or Path.extname(path) == ".app",
          Path.extname(path) != ".beam",
          do: {path, how}

    [
      reads: Enum.uniq(files ++ beams ++ apps ++ erlang),
      environment: Map.keys(reads.environment),
      programs: reads.programs |> Map.keys() |> Enum.filter(&is_binary/1)
    ]
  end

  defp below?(path, directory), do: path == directory or String.starts_with?(path, directory <> "/")

  # Modules of the project that were loaded on the way: config providers, what mix.exs calls.
  defp project_beams(build) do
    for {_, path} <- :code.all_loaded(), is_list(path), path = to_string(path), below?(Path.expand(path), build),
        do: Path.expand(path)
  end

  ## Errors.

  defp failure(:throw, {:relmk, message, hint}, _), do: {:error, Process.get(:relmk_file), 0, message, hint}
  defp failure(:throw, {:relmk_at, file, message}, _), do: {:error, file, 0, message, ""}

  defp failure(kind, reason, stack) do
    {file, line} = place(reason, stack)
    {:error, file, line, message(kind, reason, stack), hint(reason)}
  end

  defp message(:error, reason, stack) do
    case Exception.normalize(:error, reason, stack) do
      %Mix.Error{message: message} -> message
      %{description: description, line: _} when is_binary(description) -> description
      %module{} = exception -> "#{inspect(module)}: #{Exception.message(exception)}"
    end
  end

  defp message(kind, reason, stack), do: Exception.format_banner(kind, reason, stack)

  defp hint(%Mix.Error{message: "Could not find application" <> _}), do: "compile the project first: MIX_ENV=#{Mix.env()} mix compile"
  defp hint(%Mix.Error{message: "Could not load" <> _}), do: "compile the project first: MIX_ENV=#{Mix.env()} mix compile"
  defp hint(_), do: ""

  defp place(%{file: file, line: line}, _) when is_binary(file) and is_integer(line), do: {relative(file), line}

  defp place(_, stack) do
    found =
      Enum.find_value(stack, fn {_, _, _, location} ->
        with file when file != nil <- location[:file],
             true <- File.regular?(file),
             false <- Path.basename(to_string(file)) == "nofile",
             do: {relative(to_string(file)), location[:line] || 0},
             else: (_ -> nil)
      end)

    found || {Process.get(:relmk_file) || "mix.exs", 0}
  end

  defp relative(file), do: Path.relative_to_cwd(file)
end

Relmk.Question.ask(System.argv())
