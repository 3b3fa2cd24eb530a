%% Starts and stops the applications that this node runs for others, and knows since when each runs.
-module(kapps_controller).

-behaviour(gen_server).

-export([start_link/0]).
-export([start_app/1, stop_app/1, running_apps/0, uptime/0, status/0]).
-export([init/1, handle_continue/2, handle_call/3, handle_cast/2, code_change/3]).

-define(STATE_VERSION, 1).

-record(state, {
    version = ?STATE_VERSION :: pos_integer(),
    start = kz_time:start_time() :: kz_time:start_time(),
    apps = #{} :: #{atom() => kz_time:start_time()}
}).

start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

%% Starts an application with all it depends on. It's no error if it runs already.
-spec start_app(atom()) -> ok | {error, term()}.
start_app(App) when is_atom(App) ->
    gen_server:call(?MODULE, {start_app, App}, infinity).

%% Stops an application that start_app/1 has started; its dependencies stay.
-spec stop_app(atom()) -> ok | {error, not_running}.
stop_app(App) when is_atom(App) ->
    gen_server:call(?MODULE, {stop_app, App}, infinity).

%% The applications started here, each with the seconds that it has run, by name.
-spec running_apps() -> [{atom(), non_neg_integer()}].
running_apps() ->
    gen_server:call(?MODULE, running_apps).

%% Seconds since the controller was started.
-spec uptime() -> non_neg_integer().
uptime() ->
    gen_server:call(?MODULE, uptime).

%% One line for an operator.
-spec status() -> binary().
status() ->
    Apps = [kz_binary:from(App) || {App, _} <- running_apps()],
    Running = case Apps of
        [] -> <<"no applications">>;
        _ -> kz_binary:join(Apps, <<", ">>)
    end,
    <<"up ", (kz_time:pretty_elapsed(uptime()))/binary, ", running ", Running/binary>>.

init([]) ->
    {ok, #state{}, {continue, start_apps}}.

handle_continue(start_apps, State) ->
    Apps = application:get_env(kazoo_apps, start_apps, []),
    {noreply, lists:foldl(fun start_with_node/2, State, Apps)}.

handle_call({start_app, App}, _From, State) ->
    case start(App, State) of
        {ok, NewState} -> {reply, ok, NewState};
        {error, _} = Error -> {reply, Error, State}
    end;
handle_call({stop_app, App}, _From, #state{apps = Apps} = State) ->
    case maps:take(App, Apps) of
        {_, Rest} ->
            _ = application:stop(App),
            {reply, ok, State#state{apps = Rest}};
        error ->
            {reply, {error, not_running}, State}
    end;
handle_call(running_apps, _From, #state{apps = Apps} = State) ->
    Running = [{App, kz_time:elapsed_s(Start)} || {App, Start} <- lists:sort(maps:to_list(Apps))],
    {reply, Running, State};
handle_call(uptime, _From, #state{start = Start} = State) ->
    {reply, kz_time:elapsed_s(Start), State}.

handle_cast(_Message, State) ->
    {noreply, State}.

code_change(_OldVersion, #state{version = ?STATE_VERSION} = State, _Extra) ->
    {ok, State}.

start_with_node(App, State) ->
    case start(App, State) of
        {ok, NewState} ->
            NewState;
        {error, Reason} ->
            logger:error("application ~p didn't start: ~p", [App, Reason]),
            State
    end.

start(App, #state{apps = Apps} = State) ->
    case application:ensure_all_started(App) of
        {ok, _} when is_map_key(App, Apps) -> {ok, State};
        {ok, _} -> {ok, State#state{apps = Apps#{App => kz_time:start_time()}}};
        {error, _} = Error -> Error
    end.
