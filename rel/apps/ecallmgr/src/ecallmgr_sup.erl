-module(ecallmgr_sup).

-behaviour(supervisor).

-export([start_link/0]).
-export([init/1]).

start_link() ->
    supervisor:start_link({local, ?MODULE}, ?MODULE, []).

init([]) ->
    Channels = #{id => ecallmgr_channels, start => {ecallmgr_channels, start_link, []}},
    {ok, {#{strategy => one_for_one, intensity => 5, period => 10}, [Channels]}}.
