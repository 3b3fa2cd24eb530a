#!/bin/sh
# unpack, install, upgrade, downgrade, uninstall and versions, on a release that OTP's systools made.
set -eu
# shellcheck source=tests/lib.sh
. tests/lib.sh

nodetool=$RELMK_TOOLS/nodetool
root=$RELMK_SCRATCH/root
node=$(unique upgrade)
RELX_COOKIE=upgrade_$$
mkdir -p "$root/bin" "$RELMK_SCRATCH/1" "$RELMK_SCRATCH/2" "$root/ebin"

# Versions 1 and 2 of a release `foo`, with a relup, as packages.
cat >"$RELMK_SCRATCH/make-versions" <<'END'
#!/usr/bin/env escript
main([Scratch]) -> [make(Scratch, V) || V <- ["1", "2"]].

make(Scratch, V) ->
    Ebin = filename:join([Scratch, "lib", "foo-" ++ V, "ebin"]),
    ok = filelib:ensure_dir(filename:join(Ebin, "x")),
    Source = filename:join(Scratch, "foo.erl"),
    ok = file:write_file(Source, ["-module(foo).\n-export([v/0]).\nv() -> ", V, ".\n"]),
    {ok, foo} = compile:file(Source, [{outdir, Ebin}]),
    write(Ebin, "foo.app", {application, foo,
        [{description, ""}, {vsn, V}, {modules, [foo]}, {registered, []}, {applications, [kernel, stdlib]}]}),
    Change = [{"1", [{load_module, foo}]}],
    write(Ebin, "foo.appup", {V, Change, Change}),
    Directory = filename:join(Scratch, V),
    Applications = [{A, vsn(A)} || A <- [kernel, stdlib, sasl]] ++ [{foo, V}],
    write(Directory, "foo.rel",
          {release, {"foo", V}, {erts, erlang:system_info(version)}, Applications}),
    write(Directory, "sys.config", []),
    Name = filename:join(Directory, "foo"),
    First = filename:join([Scratch, "1", "foo"]),
    Options = [silent, {outdir, Directory}, {path, [Ebin, Directory,
        filename:join(Scratch, "1"), filename:join(Scratch, "lib/foo-1/ebin")]}],
    {ok, _, _} = systools:make_script(Name, Options),
    _ = [{ok, _, _, _} = systools:make_relup(Name, [First], [First], Options) || V =/= "1"],
    {ok, _, _} = systools:make_tar(Name, Options).

write(Directory, Name, Term) ->
    ok = file:write_file(filename:join(Directory, Name), io_lib:format("~p.~n", [Term])).

vsn(Application) ->
    _ = application:load(Application),
    {ok, Vsn} = application:get_key(Application, vsn),
    Vsn.
END
check 'two versions of a release' escript "$RELMK_SCRATCH/make-versions" "$RELMK_SCRATCH"
tar xzf "$RELMK_SCRATCH/1/foo.tar.gz" -C "$root"
cp "$RELMK_SCRATCH/2/foo.tar.gz" "$root/releases/foo-2.tar.gz"
for version in 1 2; do echo "start script $version" >"$root/bin/foo-$version"; done
erl -noshell -eval "ok = release_handler:create_RELEASES(\"$root\", \"$root/releases\", \"$root/releases/foo.rel\", []), halt()."
erts=$(erl -noshell -eval 'io:format("~s/erts-~s", [code:root_dir(), erlang:system_info(version)]), halt().')
echo "${erts##*-} 1" >"$root/releases/start_erl.data"
ln -s "$erts" "$root/${erts##*/}"

(
  cd "$root"
  ROOTDIR=$root BINDIR=$erts/bin EMU=beam PROGNAME=erl
  export ROOTDIR BINDIR EMU PROGNAME
  exec "$erts/bin/erlexec" -boot "$root/releases/1/start" -config "$root/releases/1/sys" \
    -sname "$node" -setcookie "$RELX_COOKIE" -noinput -mode embedded
) >"$RELMK_SCRATCH/node" 2>&1 &
started $!

# As the release's start script runs it.
on_node() {
  RELEASE_ROOT_DIR=$root RELEASE_NAME=foo RELEASE_VSN=1 RELX_COOKIE=$RELX_COOKIE \
    "$nodetool" -n "$node" "$@"
}
status_of_version() { on_node versions | awk -v version="$1" '$2 == version { print $3 }'; }

check 'the node starts' on_node ping --wait 20
equal 'versions' "$(printf 'Installed versions:\n* 1\tpermanent')" "$(on_node versions)"
equal 'unpack' "$(printf 'Release 2 not found, attempting to unpack releases/foo-2.tar.gz\nUnpacked successfully: "2"')" \
  "$(on_node unpack 2)"
equal 'is known then' unpacked "$(status_of_version 2)"
equal 'unpack again' 'Release 2 is already unpacked.' "$(on_node unpack 2)"
equal 'install --no-permanent' "$(printf 'Release 2 is already unpacked, now installing.\nInstalled Release: 2\nVersion 2 is current, 1 is permanent.')" \
  "$(on_node install 2 --no-permanent)"
equal 'makes it current' current "$(status_of_version 2)"
equal 'the code is the new one' 2 "$(on_node rpc foo v)"
equal 'upgrade makes it permanent' "$(printf 'Release 2 is already installed and current, making permanent.\nMade release permanent: "2"')" \
  "$(on_node upgrade 2)"
equal 'and its start script the one without a version' 'start script 2' "$(cat "$root/bin/foo")"
fails_with 'the version that runs is not uninstalled' 2 'is running' on_node uninstall 2
check 'downgrade' on_node downgrade 1
equal 'the code is the old one' 1 "$(on_node rpc foo v)"
check 'uninstall' on_node uninstall 2
refute 'removes its files' test -e "$root/releases/2/foo.rel"
equal 'uninstall again' 'Release 2 is already uninstalled.' "$(on_node uninstall 2)"
fails_with 'a version without a package' 2 'release_package_not_found' on_node upgrade 3
fails_with 'a version that leads elsewhere' 1 'is no version' on_node unpack ..
