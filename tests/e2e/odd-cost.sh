#!/bin/sh
# Input that is large, or that grows as it is read, costs what its size explains, or is refused with the
# limit's name and value. Counted are CPU time and memory, not the time that passes; a build that isn't
# optimised has its share.
set -eu
. tests/lib.sh

odd=$RELMK_SCRATCH/odd
mkdir "$odd"

# within COMMAND…: as COMMAND, with 60 seconds of CPU time and 2 GiB of addresses.
within() { prlimit --cpu=60 --as=2147483648 --core=0 -- "$@"; }
# repeated COUNT PROGRAM: what an awk program prints for each i.
repeated() { awk "BEGIN { for (i = 1; i <= $1; i++) { $2 } }"; }

render() { within "$RELMK_TOOLS/render-overlay" "$@" -o "$odd/out"; }
configure() {
  mkdir -p "$odd/$1"
  printf '%s\n' '{release, {r, "1"}, [kernel, stdlib]}.' >"$odd/$1/relx.config"
  cat >"$odd/$1/relx.config.script"
}
configured() { within "$RELMK_TOOLS/relx-config" -c "$odd/$1/relx.config"; }
cookie() { within "$RELMK_TOOLS/read-cookie" kazoo_apps --config "$1"; }

printf '{{a}}' >"$odd/t"
repeated 200000 'printf "{{a}}{{#b}}x{{/b}}"' >"$odd/tags"
check '400,000 tags of a template' render "$odd/tags" -D a=1 -D b=2

{ printf '{a, ' && repeated 200000 'printf "7"' && printf '}.\n'; } >"$odd/integer"
check 'an integer of 200,000 digits' render "$odd/t" --vars "$odd/integer"
{ printf '{a, "' && repeated 2000000 'printf "x"' && printf '"}.\n'; } >"$odd/string"
check 'a string of 2 MB' render "$odd/t" --vars "$odd/string"
{ printf '{a, "' && head -c 20000000 /dev/zero | tr '\0' x && printf '"}.\n'; } >"$odd/long"
fails_with 'one of 20 MB is refused, with the limit' 1 'more than 16 MiB' render "$odd/t" --vars "$odd/long"
# As many adjacent empty strings, which could begin a triple-quoted one.
{ printf '{a, ' && head -c 4000000 /dev/zero | tr '\0' '"' && printf '}.\n'; } >"$odd/quotes"
check 'four million quotes' render "$odd/t" --vars "$odd/quotes"

{ printf '{a0, "xxxxxxxxxxxxxxxx"}.\n' && repeated 40 'printf "{a%d, \"{{a%d}}{{a%d}}\"}.\n", i, i - 1, i - 1'; } >"$odd/double"
fails_with 'variables that double each other are refused, with the limit' 1 'more than 64 MiB' \
  render "$odd/t" --vars "$odd/double"
{ printf '{l, "' && head -c 100000 /dev/zero | tr '\0' x && printf '"}.\n' && repeated 20000 'printf "{a%d, \"{{l}}\"}.\n", i'; } >"$odd/many"
fails_with 'so are many that each hold a large one' 1 'those of the variables before it have more than 64 MiB' \
  render "$odd/t" --vars "$odd/many"
{ printf '{a, [' && repeated 30000 'printf "[{b, %d}], ", i' && printf '1]}.\n'; } >"$odd/elements"
repeated 20000 'printf "{{#a}}{{/a}}"' >"$odd/sections"
fails_with 'and sections of which nothing is left' 1 'more than 20000000 parts' render "$odd/sections" --vars "$odd/elements"

repeated 40000 'printf "{v%d, \"{{v%d}} and {{a}}\"}.\n", i, i / 2' >"$odd/variables"
check '40,000 variables that name others' render "$odd/t" --vars "$odd/variables" -D a=1
repeated 60000 'printf "{v%d, %d}.\n", i, i' >"$odd/variables"
repeated 100000 'printf "{{v%d}} ", 60000 - i % 9' >"$odd/last"
check '100,000 tags of the last of 60,000 variables' render "$odd/last" --vars "$odd/variables"
{ printf '{many, [' && repeated 60000 'printf "{v%d, %d}, ", i, i' && printf '{a, 1}]}.\n'; } >"$odd/variables"
repeated 50000 'printf "{{many.v%d}} ", 60000 - i % 9' >"$odd/last"
{ printf '{{#many}}' && cat "$odd/last" && printf '{{/many}}'; } >"$odd/within"
check 'of a list of as many' render "$odd/last" --vars "$odd/variables"
check 'and within it' render "$odd/within" --vars "$odd/variables"

{ printf '[' && repeated 20000 'printf "[a] ++ "' && printf '[]].\n'; } | configure appended
check '20,000 lists with ++ between them' configured appended
{ repeated 60000 'printf "X%d = %d,\n", i, i' && printf 'CONFIG.\n'; } | configure matches
check '60,000 matches of a script' configured matches
{ repeated 60000 'printf "X%d = %d.\n", i, i' && printf 'CONFIG.\n'; } | configure forms
check '60,000 forms' configured forms
{ printf 'X0 = x,\n' && repeated 30000 'printf "X%d = element(1, {X%d}),\n", i, i - 1' && printf 'CONFIG.\n'; } | configure uses
check '30,000 variables that use the one before' configured uses
cat <<'S' | configure common
L = lists:seq(1, 100000), P = [{X, X} || X <- L],
100000 = length(lists:uniq(fun({X, _}) -> X end, P)),
0 = maps:size(maps:without(L, maps:from_list(P))),
L = ordsets:intersection(L, L), [] = ordsets:subtract(L, L), true = ordsets:is_subset(L, L),
CONFIG.
S
check 'what is in two lists of 100,000 elements' configured common
printf 'length(proplists:get_keys([{X, X} || X <- lists:seq(1, 100000)])) =:= 100000 andalso CONFIG.\n' | configure properties
check 'a list of 100,000 properties' configured properties
printf 'length(lists:uniq(lists:seq(1, 500000))) =:= 500000 andalso CONFIG.\n' | configure unlike
check '500,000 elements, each of which is another one' configured unlike
{ printf 'X0 = x,\n' && repeated 60 'printf "X%d = {X%d, X%d},\n", i, i - 1, i - 1' && printf '[X60].\n'; } | configure value
fails_with 'a value that doubles itself is refused, with the limit' 1 'more than 16777216 elements' configured value

{ repeated 20000 'printf "{release, {r%d, \"1\"}, [kernel, stdlib]}.\n{release, {s%d, \"1\", {extend, r%d}}, []}.\n", i, i, i'; } >"$odd/releases.config"
check '40,000 releases, half of which extend another one' \
  prlimit --cpu=5 -- "$RELMK_TOOLS/relx-config" -c "$odd/releases.config" --release-names
equal 'are all there' 40000 "$(grep -c . "$RELMK_SCRATCH/.out")"

# Applications, their upgrades.
# shellcheck disable=SC2046 # words
set -- $(erl -noshell -boot no_dot_erlang -eval 'io:format("~s ~s ~s ~s", [erlang:system_info(version) | [V || A <- [kernel, stdlib, sasl], {B, _, V} <- (begin application:load(sasl), application:loaded_applications() end), A =:= B]]), halt().')
resource() { printf '{release, {"r", "%s"}, {erts, "%s"}, [{kernel, "%s"}, {stdlib, "%s"}, {sasl, "%s"}, {%s, "%s"}]}.\n' "$6" "$1" "$2" "$3" "$4" "$5" "$6"; }
mkdir -p "$odd/needy/ebin" "$odd/up-1/ebin" "$odd/up-2/ebin"
resource "$@" needy 1 >"$odd/needy.rel"
{ printf '{application, needy, [{description, ""}, {vsn, "1"}, {modules, []}, {registered, []}, {applications, [kernel, stdlib' &&
  repeated 300000 'printf ", a%d", i' && printf ']}]}.\n'; } >"$odd/needy/ebin/needy.app"
fails_with 'an application that needs 300,000 others' 1 'Undefined applications: ' \
  within "$RELMK_TOOLS/make-script" "$odd/needy.rel" -I "$odd/needy/ebin"
for version in 1 2; do
  resource "$@" up $version >"$odd/up$version.rel"
  { printf '{application, up, [{description, ""}, {vsn, "%s"}, {modules, [m0' $version && repeated 40000 'printf ", m%d", i' &&
    printf ']}, {registered, []}, {applications, [kernel, stdlib]}]}.\n'; } >"$odd/up-$version/ebin/up.app"
done
{ printf '{"2", [{"1", [{load_module, m0}' && repeated 40000 'printf ", {load_module, m%d}", i' && printf ']}], [{"1", []}]}.\n'; } >"$odd/up-2/ebin/up.appup"
check 'an upgrade of 40,000 modules' \
  within "$RELMK_TOOLS/make-relup" "$odd/up2.rel" --from "$odd/up1.rel" -I "$odd/up-1/ebin" -I "$odd/up-2/ebin" -o "$odd"

# What commands print, and print without end.
printf 'length(os:cmd("yes")).\n' | configure flood
fails_with 'a command of a script that prints without end is killed' 1 'os:cmd/1 printed more than 16 MiB' configured flood
mkdir "$odd/version"
printf '%s\n' '{release, {r, {cmd, "yes"}}, [kernel, stdlib]}.' >"$odd/version/relx.config"
fails_with 'and one of a version' 1 'printed more than 16 MiB' within "$RELMK_TOOLS/relx-config" -c "$odd/version/relx.config"

# A script that erl evaluates, and that has all of its memory before it waits.
printf 'erlang:spawn(fun() -> ok end),\nBytes = binary:copy(<<0>>, 200000000),\ntimer:sleep(infinity),\n[Bytes].\n' | configure spawned
fails_with 'what erl takes for a script is limited' 1 'takes more than 100 MiB of memory' \
  env RELMK_SCRIPT_MEMORY=100 "$RELMK_TOOLS/relx-config" -c "$odd/spawned/relx.config"

{ repeated 100000 'printf "[section%d]\nname = value\n", i' && printf '[kazoo_apps]\ncookie = c\n'; } >"$odd/sections.ini"
check '100,000 sections of config.ini' cookie "$odd/sections.ini"
{ printf '[kazoo_apps]\ncookie = c\n' && repeated 200000 'printf "key%d = value\n", i'; } >"$odd/keys.ini"
check '200,000 keys' cookie "$odd/keys.ini"
{ printf '[kazoo_apps]\ncookie = c\n' && repeated 100000 'printf "key = value\n"'; } >"$odd/key.ini"
check 'one key 100,000 times' cookie "$odd/key.ini"
{ printf '[kazoo_apps]\ncookie = ' && head -c 10000000 /dev/zero | tr '\0' x && echo; } >"$odd/cookie.ini"
fails_with 'a cookie of 10 MB is refused, with the limit' 1 'more than 255 characters' cookie "$odd/cookie.ini"

{ printf '<a ' && repeated 100000 'printf "a%d=\"\" ", i' && printf '/>\n'; } >"$odd/kazoo.conf.xml"
printf '[kazoo_apps]\ncookie = c\n' >"$odd/small.ini"
fails_with 'a kazoo.conf.xml of 1 MB is refused, with the limit' 1 'more than 256 KiB' \
  within "$RELMK_TOOLS/read-cookie" kazoo_apps --config "$odd/small.ini" --freeswitch "$odd/kazoo.conf.xml"

head -c 200000000 /dev/zero | gzip -1 >"$odd/bomb.beam"
fails_with 'a beam that unpacks to 200 MB is refused, with the limit' 1 '128 MiB' \
  within "$RELMK_TOOLS/strip-beams" "$odd/bomb.beam"

mkdir "$odd/args"
printf '%s\n' '{release, {r, "1"}, [kernel, stdlib]}.' '{include_erts, false}.' "{vm_args, \"$odd/args/vm.args\"}." >"$odd/args/relx.config"
assembled() { within "$RELMK_TOOLS/assemble-release" -c "$odd/args/relx.config" -o "$odd/args/out"; }
repeated 100000 'printf "-env A b\n"' >"$odd/args/vm.args"
check 'a vm.args of 100,000 flags' assembled
repeated 200000 'printf "-env A b\n"' >"$odd/args/vm.args"
fails_with 'one of 1.8 MB is refused, with the limit' 1 'more than 1 MiB' assembled

# A large file is packed by way of files, which the kernel may keep or not: what counts is the memory of our own.
mkdir "$odd/large"
printf '%s\n' '{release, {r, "1"}, [kernel, stdlib]}.' '{include_erts, false}.' "{overlay, [{copy, \"$odd/large/file\", \"file\"}]}." >"$odd/large/relx.config"
truncate -s 500M "$odd/large/file"
check 'a release with a file of 500 MB is packed with 256 MiB of memory' prlimit --cpu=60 --data=268435456 --core=0 -- \
  "$RELMK_TOOLS/make-tar" -c "$odd/large/relx.config" -o "$odd/large/out"
equal 'whole' 524288000 "$(tar xzOf "$odd/large/out/r/r-1.tar.gz" file | wc -c)"
