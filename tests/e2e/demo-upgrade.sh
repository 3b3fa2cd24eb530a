#!/bin/sh
# The demo's ecallmgr goes to its second version and back while calls are in progress: its state changes both ways,
# no call is lost, the process stays.
set -eu
. tests/lib.sh

project=$RELMK_SCRATCH/project
production=$RELMK_SCRATCH/opt
mkdir -p "$project" "$production/kazoo"
cp -r Makefile mk rel "$project"
rm -rf "$project"/rel/relx.config "$project"/rel/apps/*/ebin
KAZOO_CONFIG=$RELMK_SCRATCH/config.ini
NODE_HOST=127.0.0.1
PIPE_DIR=$RELMK_SCRATCH/pipes/
export KAZOO_CONFIG NODE_HOST PIPE_DIR
printf '[ecallmgr]\ncookie = %s\n' "$(unique mgr)" >"$KAZOO_CONFIG"
chmod 600 "$KAZOO_CONFIG"

in_project() { make --no-print-directory -C "$project" "$@"; }
# The release that lies unpacked in production, as another machine has it.
act() { in_project release RELX_OUTPUT_DIR="$production" REL=ecallmgr ACT="$1"; }
asked() { act "eval '$1'" | tr -d ' \n'; }
status_of_version() { act versions | awk -v version="$1" '$2 == version { print $3 }'; }

# second_version: a channel of version 2 says whether it was answered, and all that there were are counted.
second_version() {
  sed -i 's/{vsn, "1.0.0"}/{vsn, "1.1.0"}/' "$project/rel/apps/ecallmgr/src/ecallmgr.app.src"
  channels=$project/rel/apps/ecallmgr/src/ecallmgr_channels.erl
  sed -i -e 's/STATE_VERSION, 1)/STATE_VERSION, 2)/' \
    -e 's/^-export(\[up\/1/-export([total\/0, up\/1/' \
    -e 's/{direction(), kz_time:start_time()}/{direction(), kz_time:start_time(), boolean()}/' \
    -e 's/    peak = 0 :: non_neg_integer()/    peak = 0 :: non_neg_integer(),\n    total = 0 :: non_neg_integer()/' \
    -e 's/{CallId, {_, Start}}/{CallId, {_, Start, _}}/' \
    -e 's/^channel(CallId, {Direction, Start}) ->/channel(CallId, {Direction, Start, _}) ->/' \
    -e 's/{Direction, kz_time:start_time()}}/{Direction, kz_time:start_time(), false}}/' \
    -e 's/max(Peak, map_size(More))}/max(Peak, map_size(More)), total = State#state.total + 1}/' \
    -e '/^code_change/,/^$/d' "$channels"
  cat >>"$channels" <<'ERL'

total() ->
    gen_server:call(?MODULE, total).

code_change({down, _}, #state{channels = Channels, peak = Peak}, _Extra) ->
    {ok, {state, 1, #{Id => {Direction, Start} || Id := {Direction, Start, _} <- Channels}, Peak}};
code_change(_, {state, 1, Channels, Peak}, _Extra) ->
    New = #{Id => {Direction, Start, true} || Id := {Direction, Start} <- Channels},
    {ok, #state{channels = New, peak = Peak, total = map_size(New)}}.
ERL
  # Comprehensions of maps are OTP 26's.
  sed -i -e 's/#{\(Id => .*\) || Id := \(.*\) <- Channels}/maps:from_list([{\1} || {Id, \2} <- maps:to_list(Channels)])/' \
    -e 's/\[{Id => /[{Id, /' \
    -e 's/^handle_call(count, /handle_call(total, _From, State) ->\n    {reply, State#state.total, State};\n&/' "$channels"
}

check 'version 1.0.0' in_project tar-release
cp "$project/_rel/kazoo/kazoo-1.0.0.tar.gz" "$RELMK_SCRATCH/"
check 'is in production' tar xzf "$RELMK_SCRATCH/kazoo-1.0.0.tar.gz" -C "$production/kazoo"
check 'and runs' act daemon
second_version
check 'the way to version 1.1.0' env KZ_VERSION=1.1.0 make --no-print-directory -C "$project" \
  relup-release tar-release UPFROM="$RELMK_SCRATCH/kazoo-1.0.0.tar.gz"
check 'leads through its code_change' grep -q 'code_change,up,\[{ecallmgr_channels,' \
  "$project/_rel/kazoo/releases/1.1.0/relup"
cp "$project/_rel/kazoo/kazoo-1.1.0.tar.gz" "$production/kazoo/releases/"

# A hundred calls are in progress; others come and go, until the process `calls` is told to say how many were lost.
equal 'calls are in progress' 100 \
  "$(asked '[ecallmgr_channels:up(integer_to_binary(N), inbound) || N <- lists:seq(1, 100)], ecallmgr_channels:count().')"
equal 'others come and go' true "$(asked 'Ask = fun(Question) -> gen_server:call(ecallmgr_channels, Question, infinity) end,
  Call = fun(Id) -> {Ask({up, Id, outbound}), element(1, Ask({lookup, Id})), Ask({down, Id})} end,
  Calls = fun Next(N, Lost) ->
    receive {stop, From} -> From ! {calls, N, Lost}
    after 0 ->
      case catch Call({N}) of {ok, ok, ok} -> Next(N + 1, Lost); _ -> Next(N + 1, Lost + 1) end
    end
  end,
  register(calls, spawn(fun() -> Calls(0, 0) end)).')"
# A pid reads otherwise from another node, each time.
known() { asked 'pid_to_list(whereis(ecallmgr_channels)).'; }
in_progress() { asked 'length([C || #{call_id := C, direction := inbound} <- ecallmgr_channels:show(), is_binary(C)]).'; }
process=$(known)

check 'nothing is in the way' act 'check 1.1.0'
check 'upgrade' act 'upgrade 1.1.0'
equal 'the process is the same' "$process" "$(known)"
equal 'it runs the new code' '{2,5,true}' \
  "$(asked 'S = sys:get_state(ecallmgr_channels), {element(2, S), tuple_size(S), ecallmgr_channels:total() > 99}.')"
equal 'all calls are in progress' 100 "$(in_progress)"
equal 'each is one of the new version' '[true]' \
  "$(asked 'lists:usort([A || {C, {inbound, _, A}} <- maps:to_list(element(3, sys:get_state(ecallmgr_channels))), is_binary(C)]).')"
equal 'it is permanent' permanent "$(status_of_version 1.1.0)"
check 'downgrade' act 'downgrade 1.0.0'
equal 'the process is still the same' "$process" "$(known)"
equal 'it runs the old code' '{1,4,false}' \
  "$(asked 'S = sys:get_state(ecallmgr_channels), {element(2, S), tuple_size(S), erlang:function_exported(ecallmgr_channels, total, 0)}.')"
equal 'all calls are still in progress' 100 "$(in_progress)"
equal 'each is one of the old version' '[2]' \
  "$(asked 'lists:usort([tuple_size(V) || {C, V} <- maps:to_list(element(3, sys:get_state(ecallmgr_channels))), is_binary(C)]).')"
equal 'no other call was lost' '{true,0}' \
  "$(asked 'calls ! {stop, self()}, receive {calls, N, Lost} -> {N > 0, Lost} end.')"
equal 'the old version is permanent' permanent "$(status_of_version 1.0.0)"
check 'it stops' act stop
