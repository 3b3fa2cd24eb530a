#!/bin/sh
# Tarballs: what make-tar packs is what `rebar3 tar` packs, the same bytes each time, and stands by
# itself wherever tar or release_handler unpacks it.
set -eu
. tests/lib.sh

with_rebar3

project=$RELMK_SCRATCH/project
release=$project/_build/default/rel/packed
tarball=$release/packed-1.2.3.tar.gz

mkdir -p "$project/apps/packed/src" "$project/apps/packed/priv/empty" "$project/apps/packed/include" "$project/files"
cd "$project"
cat >apps/packed/src/packed.app.src <<'END'
{application, packed, [{description, "to be packed"}, {vsn, "0.3.0"}, {registered, []},
                       {applications, [kernel, stdlib]}, {env, []}, {modules, []}]}.
END
echo '-module(packed). -export([ok/0]). ok() -> ok.' >apps/packed/src/packed.erl
echo '-module(other). -export([ok/0]). ok() -> ok.' >apps/packed/src/other.erl
echo '%' >apps/packed/include/packed.hrl
echo script >apps/packed/priv/script
chmod 6755 apps/packed/priv/script
echo file >files/file

config() {
  cat >rebar.config <<END
{relx, [{release, {packed, "1.2.3"}, [packed, sasl]}, $1,
        {overlay, [{mkdir, "log/empty"}, {copy, "files/file", "etc/"}, {link, "files", "linked"},
                   {template, "files/file", "releases/{{release_version}}/more"},
                   {copy, "files/file", "bin/extra"}, {copy, "files", "deep/er"}]}]}.
END
}

# Names of what a tarball holds, but for those that are each tool's own.
names() { tar -tzf "$1" | grep -vxE 'bin/(install_upgrade.escript|nodetool|without_nodetool)|releases/[^/]*/prepared_start|lib/[^/]*/ebin/[^/]*\.appup' | LC_ALL=C sort; }

compare() {
  label=$1
  config "$2"
  rm -rf "$release"
  check "$label: rebar3 packs the release" rebar3 tar
  names "$tarball" >"$RELMK_SCRATCH/theirs"
  rm -rf "$release"
  check "$label: relmk packs the release" "$RELMK_TOOLS/make-tar" -c rebar.config
  names "$tarball" >"$RELMK_SCRATCH/ours"
  same "$label: the same names" "$RELMK_SCRATCH/theirs" "$RELMK_SCRATCH/ours"
}

compare "minimal" '{mode, minimal}'
compare "development" '{mode, dev}'
equal "development: no links are packed" "" "$(tar -tvzf "$tarball" | grep -v '^[-d]' || :)"
compare "sources" '{include_src, true}, {include_erts, false}'
compare "modules left out" '{exclude_modules, [{packed, [other]}]}, {mode, minimal}'
compare "without OTP" '{mode, minimal}, {system_libs, false}'
compare "production" '{mode, prod}'

equal "nothing is to be run as root" "-rwxr-xr-x" \
  "$(tar -tvzf "$tarball" | sed -n 's, .*lib/packed-0.3.0/priv/script$,,p')"

# The same bytes, whenever and wherever.
cp "$tarball" "$RELMK_SCRATCH/first.tar.gz"
rm -rf "$release"
touch -d '2001-01-01' files/file apps/packed/priv/script
(umask 077 && TZ=Asia/Tokyo "$RELMK_TOOLS/make-tar" -c rebar.config >/dev/null)
same "the same bytes again" "$RELMK_SCRATCH/first.tar.gz" "$tarball"
SOURCE_DATE_EPOCH=1700000000 "$RELMK_TOOLS/make-tar" -c rebar.config >/dev/null
equal "SOURCE_DATE_EPOCH is everything's time" "2023-11-14" \
  "$(TZ=UTC tar -tvzf "$tarball" | awk '{print $4}' | sort -u)"

# Unpacked by tar, it runs from where it is.
there="$RELMK_SCRATCH/un packed"
mkdir "$there"
check "tar unpacks it, without a word" tar -xzf "$tarball" -C "$there"
erl=$(echo "$there"/erts-*/bin/erl)
equal "it runs where it is unpacked" "ok $there" \
  "$("$erl" -noshell -boot "$there/releases/1.2.3/start" \
    -eval 'io:format("~s ~s", [packed:ok(), code:root_dir()]), halt().')"
cp "$there/releases/RELEASES" "$RELMK_SCRATCH/RELEASES"
equal "modes are kept" 755 "$(stat -c %a "$there/lib/packed-0.3.0/priv/script")"

# The next version, unpacked by the release_handler of a node that runs this one. Of both names by
# which that finds it: NAME, as OTP's documents have it, and VSN/NAME, as relx's script does.
sed -i 's/"1.2.3"/"1.2.4"/' rebar.config
mkdir -p "$release/releases/1.2.4"
echo '{"1.2.4", [{"1.2.3", [], []}], [{"1.2.3", [], []}]}.' >"$release/releases/1.2.4/relup"
check "relmk packs the next version" "$RELMK_TOOLS/make-tar" -c rebar.config
next=$release/packed-1.2.4.tar.gz
equal "with its relup" "releases/1.2.4/relup" "$(tar -tzf "$next" | grep "/relup$")"
cat >"$there/unpack.erl" <<'END'
-module(unpack).
-export([run/1]).
run([Package]) ->
    io:format("~p ~p~n", [release_handler:unpack_release(Package),
                          [{Vsn, Status} || {_, Vsn, _, Status} <- release_handler:which_releases()]]),
    halt().
END
(cd "$there" && erlc unpack.erl)
cp "$next" "$there/releases/packed.tar.gz"
unpack() {
  (cd "$there" && "$erl" -noshell -boot "$there/releases/1.2.3/start" -run unpack run "$1" 2>&1)
}
equal "release_handler unpacks it" '{ok,"1.2.4"} [{"1.2.4",unpacked},{"1.2.3",permanent}]' "$(unpack packed)"
same "release_handler unpacked all of it" files/file "$there/releases/1.2.4/more"
same "the relup is where release_handler looks for it" "$release/releases/1.2.4/relup" \
  "$there/releases/1.2.4/relup"
rm -rf "$there/releases/1.2.4"
cp "$RELMK_SCRATCH/RELEASES" "$there/releases/RELEASES"
mkdir "$there/releases/1.2.4"
cp "$next" "$there/releases/1.2.4/packed.tar.gz"
equal "and by the name that relx's script gives it" \
  '{ok,"1.2.4"} [{"1.2.4",unpacked},{"1.2.3",permanent}]' "$(unpack 1.2.4/packed)"
