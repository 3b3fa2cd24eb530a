#!/bin/sh
# shellcheck source=tests/lib.sh
# A rebar3 project: `rebar3 release` and assemble-release make the same release of its rebar.config, in every
# profile, with config/ picked up and rebar.config.script evaluated.
set -eu
. tests/lib.sh
with_rebar3
# shellcheck source=tests/otp/relx/compare.sh
. tests/otp/relx/compare.sh

project=$RELMK_SCRATCH/project
mkdir -p "$project/config"
cd "$project"
for app in one two; do
  mkdir -p "apps/$app/src" "apps/$app/priv"
  echo data >"apps/$app/priv/data"
  printf -- '-module(%s).\n-export([f/0]).\nf() -> ok.\n' "$app" >"apps/$app/src/$app.erl"
  printf '{application, %s, [{description, "%s"}, {vsn, "0.%s"}, {applications, [kernel, stdlib]}]}.\n' \
    "$app" "$app" "${#app}" >"apps/$app/src/$app.app.src"
done
# shellcheck disable=SC2016 # the variable is the template's
echo '[{one, [{port, ${PORT:-80}}]}].' >config/sys.config.src
printf -- '-sname one\n-setcookie one\n' >config/vm.args
echo '{greeting, "hello {{profile_string}}"}.' >config/vars.config
echo '{greeting, "ahoj"}.' >config/other.config
echo '{{greeting}} {{release_name}}' >config/motd
cat >rebar.config <<'END'
{erl_opts, [debug_info]}.
{deps, []}.
{relx, [{release, {one, "1.0.0"}, [one, sasl]},
        {release, {two, {file, "VERSION"}}, [one, two, sasl], [{include_src, false}]},
        {mode, dev},
        {overlay_vars, "config/vars.config"},
        {overlay, [{mkdir, "log"}, {template, "config/motd", "etc/motd"}]},
        {extended_start_script, true}]}.
{profiles, [{prod, [{relx, [{mode, prod}, {include_erts, false},
                            {overlay, [{copy, "config/motd", "etc/raw"}]}]}]},
            {small, [{relx, [{mode, minimal}, {system_libs, false}]}]},
            {other, [{relx, [{overlay_vars, "config/other.config"}, {dev_mode, false},
                             {include_src, false}]}]}]}.
END
printf '2.0.%s' 1 >VERSION

build_dir=_build

# release PROFILES NAME: both make it, and it is the same.
release() {
  if [ "$1" = default ]; then as=''; profile=''; else as="as $1"; profile="--profile $1"; fi
  directory=$build_dir/$(echo "$1" | tr , +)
  rm -rf theirs "$directory/rel"
  # shellcheck disable=SC2086 # options are words
  if ! rebar3 $as release -n "$2" >rebar3.log 2>&1; then
    not_ok "$1, $2: rebar3 makes it" "$(tail -n 20 rebar3.log)"
    return
  fi
  mv "$directory/rel" theirs
  # shellcheck disable=SC2086
  check "$1, $2: assemble-release makes it" "$RELMK_TOOLS/assemble-release" -c rebar.config -n "$2" $profile
  equal "$1, $2: the same release" "" "$(differences theirs "$directory/rel" 2>&1 | head -n 20)"
}

for name in one two; do
  for profiles in default prod small other prod,other; do release "$profiles" "$name"; done
done

# What relx-config resolves it to makes the same, beside where rebar3 has compiled.
for profiles in prod other prod,other; do
  directory=_build/$(echo "$profiles" | tr , +)
  rm -rf plain plain.config
  check "$profiles: relx-config" "$RELMK_TOOLS/relx-config" -c rebar.config --profile "$profiles" -o plain.config
  check "$profiles: its terms make a release" "$RELMK_TOOLS/assemble-release" -c plain.config -n one \
    -l "$directory/lib" -o plain
  release "$profiles" one
  equal "$profiles: the same" "" "$(differences "$directory/rel/one" plain/one 2>&1 | head -n 20)"
done

# A script makes of the configuration what it wants; rebar3 evaluates it, and so do we.
cat >rebar.config.script <<'END'
{relx, Relx} = lists:keyfind(relx, 1, CONFIG),
Version = "3." ++ integer_to_list(length(filelib:wildcard("apps/*"))),
Changed = [case T of {release, {one, _}, Apps} -> {release, {one, Version}, Apps}; _ -> T end || T <- Relx],
rebar_api:info("version ~s", [Version]),
lists:keystore(relx, 1, CONFIG, {relx, [{include_src, filename:basename(SCRIPT) =:= "none"} | Changed]}).
END
release other one
check 'its version is the one of the script' test -d _build/other/rel/one/releases/3.2
# shellcheck disable=SC2069 # only what it says on its standard error
told() { "$RELMK_TOOLS/relx-config" -c rebar.config --verbose 2>&1 >/dev/null; }
equal 'what it tells is told' '===> version 3.2' "$(told)"
sed -i '1i self(),' rebar.config.script
equal 'by erl, too' "rebar.config.script: evaluated by erl, because of self/0
===> version 3.2" "$(told)"

# Calls to what the release doesn't hold, but for those that xref_ignores and -ignore_xref name.
cat >apps/two/src/calls.erl <<'END'
-module(calls).
-ignore_xref([{by_caller, 0}, {gone, by_function, 1}]).
-ignore_xref(ignored_module).
-export([f/0, by_caller/0, by_profile/0]).
f() -> gone:by_function(1), gone:by_function(), ignored_module:f(), other_ignored:g(), crypto:start().
by_caller() -> gone:h().
by_profile() -> gone:i().
END
cat >>rebar.config <<'END'
{xref_ignores, [other_ignored, {crypto, start, 1}]}.
END
sed -i 's/^{profiles, \[/&{ignoring, [{xref_ignores, [{gone, i, 0}, other_ignored]}]}, /' rebar.config
for profile in default ignoring; do
  rebar3 as $profile release -n two 2>&1 | sed -n 's/.*===> \(.* calls undefined function .*\)/\1/p' >theirs.calls
  "$RELMK_TOOLS/assemble-release" -c rebar.config -n two --profile $profile 2>&1 |
    sed -n 's/.*warning: \(.* calls undefined function .*\)/\1/p' >our.calls
  same "$profile: the same calls of undefined functions" theirs.calls our.calls
done
equal 'what a profile ignores is ignored' 'calls:f/0 calls undefined function crypto:start/0
calls:f/0 calls undefined function gone:by_function/0' "$(cat our.calls)"

# Where rebar3 is told to put things, and where it links to a dependency of another profile.
project=$RELMK_SCRATCH/places
mkdir -p "$project/src" "$project/config" "$RELMK_SCRATCH/dep/src"
cd "$RELMK_SCRATCH/dep"
echo '{application, dep, [{vsn, "1"}, {applications, [kernel, stdlib]}]}.' >src/dep.app.src
echo '-module(dep).' >src/dep.erl
git init -q -b main
git add .
git -c user.name=t -c user.email=t@example.org commit -q -m dep
cd "$project"
echo '{application, place, [{vsn, "1"}, {applications, [kernel, stdlib, dep]}]}.' >src/place.app.src
echo '-module(place).' >src/place.erl
echo '{{dep}} {{place}} {{base_dir}} {{profile_string}}' >config/places
cat >rebar.config <<END
{deps, [{dep, {git, "file://$RELMK_SCRATCH/dep", {branch, "main"}}}]}.
{relx, [{release, {place, "1"}, [place, sasl]}, {mode, minimal}, {system_libs, false},
        {overlay, [{template, "config/places", "places"}]}]}.
{profiles, [{elsewhere, [{base_dir, "$project/elsewhere"}, {deps_dir, "libs"}]},
            {linked, [{relx, [{mode, dev}]}]}]}.
END
for profiles in default linked; do release $profiles place; done
build_dir=elsewhere
release elsewhere place
build_dir=_build

# Without releases in rebar.config, those of relx.config.
sed -i '/^{relx,/,/]}\.$/d' rebar.config
echo '{release, {place, "2"}, [place, sasl]}. {system_libs, false}. {include_src, false}.' >relx.config
release default place
check "relx.config's release" test -d _build/default/rel/place/releases/2
echo '{release, {place, "2"}, [nowhere]}.' >relx.config
fails_with 'an error in relx.config has its place' 1 \
  'relx.config:1:25: error: Application needed for release not found: nowhere' \
  "$RELMK_TOOLS/assemble-release" -c rebar.config

# The README's Makefile for such a project, by which rebar3 compiles.
# shellcheck disable=SC2154 # tests/lib.sh
top=${tests_directory%/tests}
cd "$RELMK_SCRATCH/project"
# shellcheck disable=SC2016 # the backquotes are Markdown's
sed -n '/^```make$/,/^```$/{/^```/d;p;}' "$top/README.md" | sed -n '/^RELX_CONFIG = rebar.config/,$p' |
  sed "s|path/to/relmk|$top|" >Makefile
rm -rf _build _rel
relmk() { make --no-print-directory "$@"; }
fails_with "the README's Makefile: one of two releases must be named, as with rebar3" 2 \
  'Must specify the name of the release' relmk build-release
check 'it has rebar3 compile' test -f _build/default/lib/one/ebin/one.app
sed -i 's/^{relx, \[/&{default_release, {one, "3.2"}}, /' rebar.config
check 'or by default_release' relmk build-release
equal 'which is made' one "$(ls _rel)"
check 'and packed' relmk tar-release
check 'there' test -f _rel/one/one-3.2.tar.gz
rm -rf _rel
second() { relmk "$@" RELMK_RELEASE_NAME=two; }
for target in build-release build-dev-release build-ci-release build-dist-release tar-release rel; do
  check "RELMK_RELEASE_NAME: $target" second $target
  equal "$target makes the second one alone" two "$(ls _rel)"
  [ "$target" = build-dist-release ] || rm -rf _rel
done
check 'RELMK_RELEASE_NAME: install' second install DESTDIR="$RELMK_SCRATCH/installed"
equal 'installs the second one' two "$(ls "$RELMK_SCRATCH/installed/opt")"
fails_with 'RELMK_RELEASE_NAME: xref_release, which has findings' 2 xref_release second xref_release
check 'looks at the second one' grep -q ' _rel/two' <<END
$(second -n xref_release | tr -d "'")
END
