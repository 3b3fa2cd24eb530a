%% The configuration of enit releases, for applications that run in a VM.
%%
%% The executable `enit` reads it: that of the node which we run in ($ENIT), else the parameter `executable` of
%% this application, else the one in PATH. All functions return {error, Reason} where it fails.
-module(enit).

-export([get_config/2, get_config/3,
         apply_config/2, apply_config/3,
         configure/2, configure/3,
         configurate/2, configurate/3]).

-export_type([option/0, section/0]).

%% match: the first release whose name contains the given one will do.
-type option() :: match | {match, boolean()}.
-type section() :: [{Key :: atom(), Value :: term()}].

%% The whole configuration of a release, the section `node` included.
-spec get_config(Release :: string() | atom(), [option()]) ->
          [{App :: atom(), section()}] | {error, term()}.
get_config(Release, Options) ->
    ask(Release, [], Options).

%% That of one application; [] where there is none.
-spec get_config(Release :: string() | atom(), App :: atom(), [option()]) ->
          section() | {error, term()}.
get_config(Release, App, Options) ->
    case ask(Release, [atom_to_list(App)], Options) of
        {error, _} = Error -> Error;
        Sections -> proplists:get_value(App, Sections, [])
    end.

%% Loads each application that the release configures, and sets its parameters.
-spec apply_config(Release :: string() | atom(), [option()]) -> ok | {error, term()}.
apply_config(Release, Options) ->
    case get_config(Release, Options) of
        {error, _} = Error -> Error;
        Sections -> apply_sections(lists:keydelete(node, 1, Sections))
    end.

%% Sets the parameters of one application, which need not be loaded.
-spec apply_config(Release :: string() | atom(), App :: atom(), [option()]) -> ok | {error, term()}.
apply_config(Release, App, Options) ->
    case get_config(Release, App, Options) of
        {error, _} = Error -> Error;
        Section -> set(App, Section)
    end.

configure(Release, Options) -> apply_config(Release, Options).
configure(Release, App, Options) -> apply_config(Release, App, Options).

configurate(Release, Options) -> apply_config(Release, Options).
configurate(Release, App, Options) -> apply_config(Release, App, Options).

apply_sections([]) -> ok;
apply_sections([{App, Section} | Rest]) ->
    case application:load(App) of
        {error, Reason} when element(1, Reason) =/= already_loaded ->
            {error, {load_app, App, Reason}};
        _ ->
            ok = set(App, Section),
            apply_sections(Rest)
    end.

set(App, Section) ->
    lists:foreach(fun({Key, Value}) -> application:set_env(App, Key, Value) end, Section).

ask(Release, Words, Options) ->
    case executable() of
        false ->
            {error, no_enit_executable};
        Program ->
            Match = ["--match" || proplists:get_bool(match, Options)],
            Arguments = ["config", "--terms", "--cookie"] ++ Match ++ ["--", name(Release) | Words],
            run(Program, Arguments)
    end.

name(Release) when is_atom(Release) -> atom_to_list(Release);
name(Release) -> Release.

executable() ->
    case {os:getenv("ENIT"), application:get_env(enit, executable)} of
        {false, undefined} -> os:find_executable("enit");
        {false, {ok, Program}} -> Program;
        {Program, _} -> Program
    end.

run(Program, Arguments) ->
    Port = open_port({spawn_executable, Program},
                     [{args, Arguments}, exit_status, stderr_to_stdout, binary, hide]),
    case collect(Port, []) of
        {0, Output} -> parse(Output);
        {_, Output} -> {error, {enit, string:trim(Output)}}
    end.

collect(Port, Parts) ->
    receive
        {Port, {data, Part}} -> collect(Port, [Parts, Part]);
        {Port, {exit_status, Status}} -> {Status, unicode:characters_to_list(iolist_to_binary(Parts))}
    end.

parse(Text) ->
    {ok, Tokens, _} = erl_scan:string(Text),
    {ok, Term} = erl_parse:parse_term(Tokens),
    Term.
