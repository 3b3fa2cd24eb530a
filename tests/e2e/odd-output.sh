#!/bin/sh
# shellcheck source=tests/lib.sh
# Where a tool's output and errors go: a full device, a closed descriptor, a pipe that nobody reads; what -o
# names: a device, a pipe, a link. No signal ends a tool, and nothing is lost without exit 1.
set -eu
. tests/lib.sh

cd "$RELMK_SCRATCH"
tools='assemble-release enit make-appup make-relup make-script make-tar nodetool read-cookie relx-config render-overlay strip-beams xref-release'

# failing TOOL: runs it so that it has an error to print.
failing() {
  case $1 in
    assemble-release | make-tar | relx-config) "$RELMK_TOOLS/$1" -c nope ;;
    enit) "$RELMK_TOOLS/enit" --release-dir nope status nope ;;
    make-appup) "$RELMK_TOOLS/make-appup" nope nope ;;
    make-relup) "$RELMK_TOOLS/make-relup" nope.rel --from nope.rel ;;
    make-script) "$RELMK_TOOLS/make-script" nope.rel ;;
    nodetool) "$RELMK_TOOLS/nodetool" -n "nope@$(hostname).invalid" ping ;;
    read-cookie) "$RELMK_TOOLS/read-cookie" kazoo_apps --config nope ;;
    render-overlay) "$RELMK_TOOLS/render-overlay" nope ;;
    strip-beams) "$RELMK_TOOLS/strip-beams" nope ;;
    xref-release) "$RELMK_TOOLS/xref-release" nope ;;
  esac
}

for tool in $tools; do
  status=0
  failing "$tool" >/dev/null 2>err || status=$?
  equal "$tool: an error to print" '1 yes' "$status $([ -s err ] && echo yes)"
  if grep -qE 'std::|bad_|basic_|vector|filesystem|what\(\)' err; then not_ok "$tool: no C++ in it" "$(cat err)"; fi
  status=0
  failing "$tool" >/dev/null 2>/dev/full || status=$?
  equal "$tool: to a full stderr" 1 "$status"
  status=0
  failing "$tool" >/dev/null 2>&- || status=$?
  equal "$tool: to a closed stderr" 1 "$status"
  { failing "$tool" 2>&1 >/dev/null || echo $? >status; } | true
  equal "$tool: to a pipe that nobody reads" 1 "$(cat status)"
  status=0
  "$RELMK_TOOLS/$tool" --no-such-option 2>/dev/full >/dev/null || status=$?
  equal "$tool: wrong usage to a full stderr" 2 "$status"
  status=0
  "$RELMK_TOOLS/$tool" --help >/dev/full 2>err || status=$?
  equal "$tool: help to a full stdout" '1 error: cannot write to standard output' "$status $(sed 's/: No space.*//' err)"
done

# What is done, but has something to warn of.
warning() {
  echo '{release, {r, {file, "nope"}}, [kernel, stdlib]}.' >warning.config
  "$RELMK_TOOLS/$1" -c warning.config ${2+-o "$2"}
}
for tool in relx-config assemble-release make-tar; do
  check "$tool: a warning" warning $tool out
  status=0
  warning $tool out >/dev/null 2>/dev/full || status=$?
  equal "$tool: to a full stderr" 1 "$status"
  { warning $tool out 2>&1 >/dev/null || echo $? >status; } | true
  equal "$tool: to a pipe that nobody reads" 1 "$(cat status)"
  check "$tool: to nobody, where stderr is closed" eval "warning $tool out >/dev/null 2>&-"
  rm -rf out
done

# Exit 1 means the old tarball.
echo '{release, {r, "1"}, [kernel, stdlib]}.' >told.config
check 'make-tar: a tarball' sh -c "'$RELMK_TOOLS/make-tar' -c told.config -o told | grep -q '/told/r/r-1.tar.gz$'"
cp told/r/r-1.tar.gz old.tar.gz
echo '{release, {r, "1"}, [kernel, stdlib, sasl]}.' >told.config
status=0
"$RELMK_TOOLS/make-tar" -c told.config -o told >/dev/full 2>err || status=$?
equal 'make-tar: to a full stdout' '1 error: cannot write to standard output' "$status $(sed 's/: No space.*//' err)"
same 'leaves the old tarball' old.tar.gz told/r/r-1.tar.gz
equal 'and nothing beside it' 'bin lib r-1.tar.gz releases' "$(cd told/r && find . -mindepth 1 -maxdepth 1 -printf "%P\n" | sort | xargs)"
check 'make-tar: once more' "$RELMK_TOOLS/make-tar" -c told.config -o told
refute 'makes a new one' cmp -s old.tar.gz told/r/r-1.tar.gz

# Larger than any buffer, and smaller.
i=0
while [ $i -lt 2000 ]; do
  printf '%s {{name}}\n' 'a line of text, so that there is more than one buffer of it'
  i=$((i + 1))
done >large.mustache
echo '{{name}}' >small.mustache
for size in large small; do
  status=0
  "$RELMK_TOOLS/render-overlay" $size.mustache -D name=n >/dev/full 2>err || status=$?
  equal "render-overlay: a $size text into a full stdout" 1 "$status"
  check 'which is told' grep -q '^error: cannot write to standard output' err
  status=0
  "$RELMK_TOOLS/render-overlay" $size.mustache -D name=n >&- 2>err || status=$?
  equal "render-overlay: a $size text into a closed stdout" 1 "$status"
done
{ "$RELMK_TOOLS/render-overlay" large.mustache -D name=n 2>err || echo $? >status; } | head -c 1 >/dev/null
equal 'render-overlay: into a pipe that is closed meanwhile' 1 "$(cat status)"

# What -o names.
"$RELMK_TOOLS/render-overlay" small.mustache -D name=n >expected
mkdir there
ln -s there/target link
check 'render-overlay -o: a link that leads nowhere' "$RELMK_TOOLS/render-overlay" small.mustache -D name=n -o link
same 'makes what it leads to' expected there/target
check 'and stays' test -L link
check 'render-overlay -o /dev/null' "$RELMK_TOOLS/render-overlay" small.mustache -D name=n -o /dev/null
check 'leaves it the device that it is' test -c /dev/null
{ echo first; "$RELMK_TOOLS/render-overlay" small.mustache -D name=n -o /dev/stdout; echo last; } >stdout
equal 'render-overlay -o /dev/stdout goes where stdout goes' "first n last" "$(tr '\n' ' ' <stdout | sed 's/ $//')"
mkfifo pipe
timeout 60 cat pipe >from_pipe &
check 'render-overlay -o: a named pipe' timeout 60 "$RELMK_TOOLS/render-overlay" small.mustache -D name=n -o pipe
wait $!
same 'is written into' expected from_pipe
fails_with 'render-overlay -o: a full device' 1 '/dev/full: error: cannot write: No space left on device' \
  "$RELMK_TOOLS/render-overlay" small.mustache -D name=n -o /dev/full
fails_with 'render-overlay -o: a directory' 1 'there: error: cannot write: Is a directory' \
  "$RELMK_TOOLS/render-overlay" small.mustache -D name=n -o there
ln -s circle circle
fails_with 'render-overlay -o: links in a circle' 1 'circle: error: cannot write: Too many levels of symbolic links' \
  "$RELMK_TOOLS/render-overlay" small.mustache -D name=n -o circle

printf '%s\n' '{release, {r, "1"}, [kernel]}.' >a.config
ln -s generated by_link
check 'relx-config -o: a link' "$RELMK_TOOLS/relx-config" -c a.config -o by_link
check 'is followed' test -L by_link -a -f generated
check 'and what relx-config wrote there is written again' "$RELMK_TOOLS/relx-config" -c a.config -o by_link
echo '%% by hand' >by_hand
ln -s by_hand to_hand
fails_with 'relx-config -o: a file by hand behind a link' 1 'to_hand: error: this file was not made by relx-config' \
  "$RELMK_TOOLS/relx-config" -c a.config -o to_hand
timeout 60 cat pipe >from_pipe &
check 'relx-config -o: a named pipe, which is not read to find out what it holds' \
  timeout 60 "$RELMK_TOOLS/relx-config" -c a.config -o pipe
wait $!
same 'is written into' generated from_pipe

# What is asked whether relx-config has written it.
check 'relx-config --remove-generated: of a device nothing is read' \
  timeout 60 "$RELMK_TOOLS/relx-config" --remove-generated /dev/zero
printf '%s\n' '{release, {r, "1"}, [kernel, stdlib]}.' '{include_erts, false}.' >b.config
"$RELMK_TOOLS/relx-config" -c b.config -o copy
# shellcheck disable=SC2317 # check calls it
copied() { timeout 60 "$RELMK_TOOLS/assemble-release" -c b.config -o written --write-config "$1"; }
check 'assemble-release --write-config: nor of one there' copied /dev/zero
check 'which stays' test -c /dev/zero
timeout 60 cat pipe >from_pipe &
check 'assemble-release --write-config: a named pipe' copied pipe
wait $!
same 'is written into' copy from_pipe
rm generated
check 'assemble-release --write-config: a link that leads nowhere' copied by_link
same 'makes what it leads to' copy generated
echo '%% Generated by relx-config from another' >generated
check 'is followed' copied by_link
check 'and stays' test -L by_link
same 'and what was generated there is written again' copy generated
fails_with 'assemble-release --write-config: a directory' 1 'there: error: cannot write: Is a directory' copied there
check 'assemble-release --write-config: a file by hand' copied to_hand
equal 'stays as it is' '%% by hand' "$(cat by_hand)"
cp b.config both.config.script
mkfifo both.config
fails_with 'a pipe beside a script' 1 'both.config: error: cannot read: a pipe, socket or device' \
  timeout 60 "$RELMK_TOOLS/relx-config" -c both.config

otp=$(erl -noshell -boot no_dot_erlang -eval 'io:format("~s ~s ~s", [erlang:system_info(version) | [V || {A, _, V} <- (begin application:load(sasl), application:loaded_applications() end), lists:member(A, [kernel, stdlib])]]), halt().')
# shellcheck disable=SC2086 # three words
set -- $otp
printf '{release, {"r", "1"}, {erts, "%s"}, [{kernel, "%s"}, {stdlib, "%s"}]}.\n' "$1" "$2" "$3" >r.rel
mkdir out
ln -s ../elsewhere.boot out/r.boot
check 'make-script -o DIR: a link in it' "$RELMK_TOOLS/make-script" r.rel -o out --no-warn-sasl
check 'is followed' test -L out/r.boot -a -f elsewhere.boot -a -f out/r.script

# Configuration scripts.
cat >background.config.script <<'S'
"" = os:cmd("sleep 600 &"),
"8388608" = string:trim(os:cmd("head -c 8388608 /dev/zero | wc -c")),
"early\n" = os:cmd("echo early; sleep 600 >/dev/null & exit 1"),
[{release, {r, {cmd, "echo 2.0; sleep 600 &"}}, [kernel]}].
S
check 'a script and a version whose commands leave others in the background' \
  timeout 60 "$RELMK_TOOLS/relx-config" -c background.config --describe
equal 'which are not waited for' 'r 2.0 commands' "$(cat "$RELMK_SCRATCH/.out")"
printf '%s\n' '[{release, {r, "1"}, [kernel]},' ' {a, [1, fun(X) -> X end]}].' >fun.config.script
fails_with 'relx-config: a value that no file can hold' 1 'fun.config.script:2:6: error: a fun stands in a term' \
  "$RELMK_TOOLS/relx-config" -c fun.config
printf '%s\n' '[{release, {r, "1"}, [kernel]}, {a, fun lists:map/2}].' >fun.config.script
check 'and one that it can' "$RELMK_TOOLS/relx-config" -c fun.config
printf '%s\n' '{profiles, [{prod, [{relx, {dev_mode, false}}]}]}.' '{relx, [{release, {r, "1"}, [kernel]}]}.' >rebar.config
fails_with 'a malformed profile in force' 1 'rebar.config:1:21: error: {relx, [Term]} is expected' \
  "$RELMK_TOOLS/relx-config" -c rebar.config --profile prod
check 'is nothing to another' "$RELMK_TOOLS/relx-config" -c rebar.config --profile test

# Input without end: what has no limit is read once, what has one is told.
awk 'BEGIN { for (i = 0; i < 50000; i++) printf "a."; print "a = 1" }' >deep.toml
fails_with 'a TOML key of 50,000 parts' 1 'deep.toml:1:' "$RELMK_TOOLS/relx-config" -c deep.toml
awk 'BEGIN { printf "{release, {r, \""; for (i = 0; i < 200000; i++) printf "1"; print "\"}, [kernel]}." }' >long.config
check 'a version of 200,000 characters' "$RELMK_TOOLS/relx-config" -c long.config
printf '[lists:foldl(fun(_, A) -> {A} end, x, lists:seq(1, 20000))].\n' >nested.config.script
fails_with 'a value nested 20,000 deep' 1 'nested.config.script: error: the script'"'"'s value is nested more than 1000 deep' \
  "$RELMK_TOOLS/relx-config" -c nested.config

exit $failures
