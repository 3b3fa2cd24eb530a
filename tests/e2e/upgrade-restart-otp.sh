#!/bin/sh
# restart_new_emulator and restart_emulator on a node that OTP's own bin/start started, under heart: a target system
# as OTP's documentation makes it, without a start script of relmk.
set -eu
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/start-script.sh
. tests/start-script.sh

root=$RELMK_SCRATCH/root
node=$(unique target)
RELX_COOKIE=target_$$
printf %s "$RELX_COOKIE" >"$HOME/.erlang.cookie"
chmod 400 "$HOME/.erlang.cookie"
mkdir -p "$root/bin" "$root/log" "$RELMK_SCRATCH/pipes" "$RELMK_SCRATCH/1" "$RELMK_SCRATCH/2" "$RELMK_SCRATCH/3"

# Versions 1, 2 and 3 of a release `foo`: to 2 leads restart_new_emulator, from 2 to 3 restart_emulator.
cat >"$RELMK_SCRATCH/make-versions" <<'END_OF_PROGRAM'
#!/usr/bin/env escript
main([Scratch]) -> [make(Scratch, V) || V <- ["1", "2", "3"]].

make(Scratch, V) ->
    Ebin = filename:join([Scratch, "lib", "foo-" ++ V, "ebin"]),
    ok = filelib:ensure_dir(filename:join(Ebin, "x")),
    Source = filename:join(Scratch, "foo.erl"),
    ok = file:write_file(Source, ["-module(foo).\n-export([v/0]).\nv() -> ", V, ".\n"]),
    {ok, foo} = compile:file(Source, [{outdir, Ebin}]),
    write(Ebin, "foo.app", {application, foo,
        [{description, ""}, {vsn, V}, {modules, [foo]}, {registered, []}, {applications, [kernel, stdlib]}]}),
    Change = case V of
        "3" -> [{"2", [{load_module, foo}, restart_emulator]}];
        _ -> [{"1", [restart_new_emulator, {load_module, foo}]}]
    end,
    write(Ebin, "foo.appup", {V, Change, Change}),
    Directory = filename:join(Scratch, V),
    Applications = [{A, vsn(A)} || A <- [kernel, stdlib, sasl]] ++ [{foo, V}],
    write(Directory, "foo.rel",
          {release, {"foo", V}, {erts, erlang:system_info(version)}, Applications}),
    write(Directory, "sys.config", []),
    Name = filename:join(Directory, "foo"),
    From = filename:join([Scratch, case V of "3" -> "2"; _ -> "1" end, "foo"]),
    Options = [silent, {outdir, Directory}, {path, [Ebin, Directory,
        filename:join(Scratch, "1"), filename:join(Scratch, "2"),
        filename:join(Scratch, "lib/foo-1/ebin"), filename:join(Scratch, "lib/foo-2/ebin")]}],
    {ok, _, _} = systools:make_script(Name, Options),
    _ = [{ok, _, _, _} = systools:make_relup(Name, [From], [From], Options) || V =/= "1"],
    {ok, _, _} = systools:make_tar(Name, [{erts, code:root_dir()} | Options]).

write(Directory, Name, Term) ->
    ok = file:write_file(filename:join(Directory, Name), io_lib:format("~p.~n", [Term])).

vsn(Application) ->
    _ = application:load(Application),
    {ok, Vsn} = application:get_key(Application, vsn),
    Vsn.
END_OF_PROGRAM
check 'three versions of a release' escript "$RELMK_SCRATCH/make-versions" "$RELMK_SCRATCH"
tar xzf "$RELMK_SCRATCH/1/foo.tar.gz" -C "$root"
for version in 2 3; do cp "$RELMK_SCRATCH/$version/foo.tar.gz" "$root/releases/foo-$version.tar.gz"; done
erts=$(cd "$root" && echo erts-*)
echo "${erts#erts-} 1" >"$root/releases/start_erl.data"
for program in run_erl to_erl epmd start_erl; do cp "$root/$erts/bin/$program" "$root/bin/"; done
# As OTP says: "It should be modified to give the correct flags to erl". Debian has it as it is installed only.
start=$root/$erts/bin/start.src
[ -e "$start" ] || start=$root/$erts/bin/start
sed -e "s,%FINAL_ROOTDIR%,$root,g" -e "s,%VSN%,${erts#erts-},g" -e "s,/tmp/,$RELMK_SCRATCH/pipes/,g" \
  -e "s,=$(erl -noshell -eval 'io:put_chars(code:root_dir()), halt().')\$,=$root," \
  -e "s,\$START_ERL_DATA\" *\$,\$START_ERL_DATA -heart -env HEART_BEAT_TIMEOUT 300 -sname $node -mode embedded\"," \
  "$start" >"$root/bin/start"
chmod 755 "$root/bin/start"

# As a start script of the release would run it, though it has none.
on_node() {
  RELEASE_ROOT_DIR=$root RELEASE_NAME=foo RELEASE_VSN=1 RELX_COOKIE=$RELX_COOKIE \
    "$RELMK_TOOLS/nodetool" -n "$node" "$@"
}
status_of_version() { on_node versions | awk -v version="$1" '$2 == version { print $3 }'; }
# is_another VSN: another process has taken over, in that version.
is_another() {
  equal "$what: another process" another "$([ "$(on_node pid)" = "$pid" ] || echo another)"
  pid=$(on_node pid)
  equal "$what: version $1 runs" "$1" "$(on_node rpc foo v)"
  equal "$what: it is permanent" permanent "$(status_of_version "$1")"
  equal "$what: start_erl.data says so" "${erts#erts-} $1" "$(cat "$root/releases/start_erl.data")"
  equal "$what: no version between the two is left" '' "$(find "$root/releases" -name '__new*')"
  same "$what: the start program is as it was" "$RELMK_SCRATCH/start" "$root/bin/start"
}

cp "$root/bin/start" "$RELMK_SCRATCH/start"
check "OTP's bin/start starts the node" env ERL_CRASH_DUMP=/dev/null "$root/bin/start"
check 'it answers' on_node ping --wait 60
has_release_handler() { [ "$(on_node eval 'is_pid(whereis(release_handler)).')" = true ]; }
check 'it has booted' eventually 60 has_release_handler
pid=$(on_node pid)

check 'check says that the emulator will be restarted' says 'note: the emulator will be restarted' on_node check 2
mv "$root/bin/start" "$root/bin/start.away"
fails_with 'without bin/start it is refused' 3 'nothing would start it again' on_node check 2
fails_with 'by upgrade, too' 3 'nothing would start it again' on_node upgrade 2
equal 'and nothing was changed' "$pid permanent" "$(on_node pid) $(status_of_version 1)"
refute 'nor made' test -e "$root/releases/RELEASES"
mv "$root/bin/start.away" "$root/bin/start"

what=restart_new_emulator
check "$what: upgrade" on_node upgrade 2
is_another 2
what=restart_emulator
check "$what: upgrade" on_node upgrade 3
is_another 3
what='restart_emulator downwards'
check "$what: downgrade" on_node downgrade 2
is_another 2
what='restart_new_emulator downwards'
check "$what: downgrade" on_node downgrade 1
is_another 1
check 'the node stops' on_node stop
