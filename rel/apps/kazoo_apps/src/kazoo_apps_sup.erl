-module(kazoo_apps_sup).

-behaviour(supervisor).

-export([start_link/0]).
-export([init/1]).

start_link() ->
    supervisor:start_link({local, ?MODULE}, ?MODULE, []).

init([]) ->
    Controller = #{id => kapps_controller, start => {kapps_controller, start_link, []}},
    {ok, {#{strategy => one_for_one, intensity => 5, period => 10}, [Controller]}}.
