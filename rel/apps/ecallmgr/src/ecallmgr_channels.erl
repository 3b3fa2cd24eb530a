%% The channels that are up: one for each leg of a call.
%%
%% The state is a record that carries its own version, so that a running node can be given new
%% code: code_change/3 brings the state of any earlier version up to this one's.
-module(ecallmgr_channels).

-behaviour(gen_server).

-export([start_link/0]).
-export([up/1, up/2, down/1, lookup/1, show/0, count/0, peak/0]).
-export([init/1, handle_call/3, handle_cast/2, code_change/3]).

-export_type([call_id/0, direction/0, channel/0]).

-type call_id() :: binary().
-type direction() :: inbound | outbound.
-type channel() :: #{
    call_id := call_id(),
    direction := direction(),
    up_for := non_neg_integer()
}.

-define(STATE_VERSION, 1).

-record(state, {
    version = ?STATE_VERSION :: pos_integer(),
    channels = #{} :: #{call_id() => {direction(), kz_time:start_time()}},
    peak = 0 :: non_neg_integer()
}).

start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

%% Brings up a channel with a new identifier.
-spec up(direction()) -> {ok, call_id()} | {error, full}.
up(Direction) ->
    CallId = kz_binary:rand_hex(16),
    case up(CallId, Direction) of
        ok -> {ok, CallId};
        {error, _} = Error -> Error
    end.

%% Brings up the channel that the media server has given this identifier.
-spec up(call_id(), direction()) -> ok | {error, full | already_up}.
up(CallId, Direction) when Direction =:= inbound; Direction =:= outbound ->
    gen_server:call(?MODULE, {up, CallId, Direction}).

-spec down(call_id()) -> ok | {error, not_found}.
down(CallId) ->
    gen_server:call(?MODULE, {down, CallId}).

-spec lookup(call_id()) -> {ok, channel()} | {error, not_found}.
lookup(CallId) ->
    gen_server:call(?MODULE, {lookup, CallId}).

%% All channels, the oldest first.
-spec show() -> [channel()].
show() ->
    gen_server:call(?MODULE, show).

-spec count() -> non_neg_integer().
count() ->
    gen_server:call(?MODULE, count).

%% The highest number of channels that were up at once.
-spec peak() -> non_neg_integer().
peak() ->
    gen_server:call(?MODULE, peak).

init([]) ->
    {ok, #state{}}.

handle_call({up, CallId, Direction}, _From, #state{channels = Channels} = State) ->
    case {is_map_key(CallId, Channels), map_size(Channels) < max_channels()} of
        {true, _} -> {reply, {error, already_up}, State};
        {false, false} -> {reply, {error, full}, State};
        {false, true} -> {reply, ok, add(CallId, Direction, State)}
    end;
handle_call({down, CallId}, _From, #state{channels = Channels} = State) ->
    case maps:take(CallId, Channels) of
        {_, Rest} -> {reply, ok, State#state{channels = Rest}};
        error -> {reply, {error, not_found}, State}
    end;
handle_call({lookup, CallId}, _From, #state{channels = Channels} = State) ->
    case Channels of
        #{CallId := Value} -> {reply, {ok, channel(CallId, Value)}, State};
        #{} -> {reply, {error, not_found}, State}
    end;
handle_call(show, _From, #state{channels = Channels} = State) ->
    OldestFirst = lists:sort([{Start, CallId} || {CallId, {_, Start}} <- maps:to_list(Channels)]),
    Shown = [channel(CallId, map_get(CallId, Channels)) || {_, CallId} <- OldestFirst],
    {reply, Shown, State};
handle_call(count, _From, #state{channels = Channels} = State) ->
    {reply, map_size(Channels), State};
handle_call(peak, _From, #state{peak = Peak} = State) ->
    {reply, Peak, State}.

handle_cast(_Message, State) ->
    {noreply, State}.

code_change(_OldVersion, #state{version = ?STATE_VERSION} = State, _Extra) ->
    {ok, State}.

add(CallId, Direction, #state{channels = Channels, peak = Peak} = State) ->
    More = Channels#{CallId => {Direction, kz_time:start_time()}},
    State#state{channels = More, peak = max(Peak, map_size(More))}.

channel(CallId, {Direction, Start}) ->
    #{call_id => CallId, direction => Direction, up_for => kz_time:elapsed_s(Start)}.

max_channels() ->
    application:get_env(ecallmgr, max_channels, infinity).
