#!/bin/sh
# shellcheck source=tests/lib.sh
# Projects that are laid out, or say what they want, in ways that few do.
set -eu
. tests/lib.sh

assemble=$RELMK_TOOLS/assemble-release
make_tar=$RELMK_TOOLS/make-tar

# application DIRECTORY NAME APPLICATIONS: one with a module.
application() {
  mkdir -p "$1/ebin"
  printf -- '-module(%s_module).\n-export([f/0]).\nf() -> ok.\n' "$2" >"$RELMK_SCRATCH/$2_module.erl"
  erlc +debug_info -o "$1/ebin" "$RELMK_SCRATCH/$2_module.erl"
  echo "{application, $2, [{description, \"\"}, {vsn, \"1\"}, {modules, [$2_module]}, {registered, []}, {applications, [kernel, stdlib$3]}]}." \
    >"$1/ebin/$2.app"
}
project() {
  mkdir "$RELMK_SCRATCH/$1"
  cd "$RELMK_SCRATCH/$1"
}
config() { printf '%s\n' "$@" >relx.config; }

## Directories that are named from here: in dev mode links lead to them, wherever they stand.

project relative
mkdir -p ../beside project
application ../beside/one one ''
application libs/two two ''
application ../third/three three ''
cd project
config '{release, {r, "1"}, [sasl, one, two, three]}.' '{mode, dev}.' '{lib_dirs, ["../../beside"]}.'
check 'relative -l, ERL_LIBS and lib_dirs' env ERL_LIBS=../../third "$assemble" -l ../libs
for app in one two three; do
  check "lead to $app" test -f "_rel/r/lib/$app-1/ebin/$app.app"
done
dangling() { find _rel/r -type l ! -exec test -e {} \; -print; }
equal 'no link dangles' '' "$(dangling)"

## What a release may leave out, and keep.

project choices
application apps/one one ', absent'
mkdir etc
echo a >etc/a.sql
echo b >etc/b.sql
echo c >etc/c.txt
config '{release, {r, "1"}, [sasl, one]}.' '{lib_dirs, ["apps"]}.' '{exclude_apps, [absent]}.' '{mode, minimal}.' \
  '{debug_info, {keep, ["Dbgi"]}}.' '{extended_start_script, true}.' '{extended_start_script_commands, [console, ping]}.' \
  '{overlay, [{copy, "etc/*.sql", "sql/"}]}.' '{system_libs, false}.'
check 'an application left out by exclude_apps may be absent' "$assemble"
refute "and is not among what another one needs" grep -q absent _rel/r/lib/one-1/ebin/one.app
equal 'an overlay copies what a pattern names' 'a.sql b.sql' "$(cd _rel/r/sql && echo *)"
beam=_rel/r/lib/one-1/ebin/one_module.beam
check 'debug_info keeps a chunk by its name' sh -c "gzip -dc '$beam' | grep -q Dbgi"
refute 'and no other' sh -c "gzip -dc '$beam' | grep -q Docs"
sed -i 's/"Dbgi"/"Docs"/' relx.config
check 'another choice' "$assemble"
refute 'makes the files anew' sh -c "gzip -dc '$beam' | grep -q Dbgi"
sed -i 's/"Docs"/"Debug"/' relx.config
fails_with 'a name that no chunk has' 1 'relx.config:5:1: error: malformed debug_info' "$assemble"
sed -i 's/"Debug"/"Docs"/' relx.config
"$assemble" >/dev/null
fails_with 'a command that the release does not offer' 1 'unknown command: eval' _rel/r/bin/r eval 'ok.'

## What is said when a release is made.

project warned
application apps/one one ', two'
application apps/two two ''
config '{release, {r, "1"}, [sasl, one, {two, load}]}.' '{lib_dirs, ["apps"]}.' '{sys_config, "sys.config"}.'
echo '[].' >sys.config
"$assemble" >out 2>err
check 'a permanent application that depends on one that is not started' grep -q 'warning: .*one.*two' err
config '{release, {r, "1"}, [sasl, one]}.' '{lib_dirs, ["apps"]}.' '{sys_config, "sys.config"}.'
echo '[{one, [{a, 1}]}, "production"].' >sys.config
"$assemble" >out 2>err
check 'a file that sys.config names and that is not there' \
  grep -q 'sys.config:1:19: warning: the included configuration production.config' err
echo '[].' >sys.config
printf '{relx, [{release, {r, "1"}, [sasl]}]}.\n{pre_hooks, [{compile, "no"}, {release, "make docs"}]}.\n{post_hooks, [{"linux", tar, "sign it"}]}.\n{provider_hooks, [{pre, [{compile, x}, {release, {ns, y}}]}]}.\n' \
  >rebar.config
"$assemble" -c rebar.config >out 2>err
equal "rebar3's hooks are told by name" \
  'rebar.config:4:40: warning: provider_hooks of release are not run: {ns,y}
rebar.config:2:31: warning: pre_hooks of release are not run: "make docs"
rebar.config:3:15: warning: post_hooks of tar are not run: "sign it"' "$(cat err)"
rm relx.config
fails_with 'without -c, where there is a rebar.config' 1 'relx.config: error: cannot read' "$assemble"
check 'its name is the hint' grep -qx 'hint: -c rebar.config' "$RELMK_SCRATCH/.err"
mkdir -p apps/late/src
echo '{application, late, [{vsn, "1"}]}.' >apps/late/src/late.app.src
echo '{relx, [{release, {r, "1"}, [sasl, late]}]}.' >rebar.config
fails_with 'an application that is not compiled' 1 'not found: late' "$assemble" -c rebar.config
check 'what is to be done is the hint' \
  grep -qx 'hint: named by the release; apps/late/src/late.app.src is not compiled: rebar3 compile' "$RELMK_SCRATCH/.err"
fails_with 'nor for two profiles' 1 'not found: late' "$assemble" -c rebar.config --profile a,b
check 'which the hint names' \
  grep -qx 'hint: named by the release; apps/late/src/late.app.src is not compiled: rebar3 as a,b compile' "$RELMK_SCRATCH/.err"
config '{release, {r, "1"}, [sasl]}.' '{overlay, [{template, "t", "t"}]}.'
echo 'of {{release_applications}}: {{#release_applications}}{{.}} {{/release_applications}}' >t
check 'release_applications in a template' "$assemble"
equal 'has no text, as with rebar3, but lists them' 'of : kernel stdlib sasl ' "$(cat _rel/r/t)"

## A disk that is full, and a tool that is killed.

config '{release, {r, "1"}, [sasl]}.'
check 'the tarball is made' "$make_tar"
cp -p _rel/r/r-1.tar.gz before
if strace -o /dev/null true 2>/dev/null; then
  fails_with 'a disk that is full' 1 'r-1.tar.gz: error: cannot write: No space left on device' \
    strace -f -qq -o /dev/null -e inject=fallocate:error=ENOSPC "$make_tar"
  same 'leaves the old tarball' before _rel/r/r-1.tar.gz
  refute 'it is killed before the new one has its place' \
    strace -qq -o /dev/null -e inject=rename:signal=KILL:when=1 "$make_tar"
  check 'the next one is made' "$make_tar"
  equal 'and nothing is left' r-1.tar.gz "$(cd _rel/r && echo *.tar.gz*)"

  ## A user who may start no thread: the work is done without.
  alone() { strace -f -qq -o /dev/null -e inject=clone,clone3:error=EAGAIN "$@"; }
  rm -rf _rel
  check 'without a further thread, a release is assembled' alone "$assemble"
  check 'and packed' alone "$make_tar"
  check 'its boot script is made' alone "$RELMK_TOOLS/make-script" _rel/r/releases/1/r.rel -I '_rel/r/lib/*/ebin' -o .
  same 'and is that of the release' r.boot _rel/r/releases/1/start.boot
  check 'and it is examined' alone "$RELMK_TOOLS/xref-release" _rel/r
else
  skip 'a full disk, and no thread: strace may not trace here'
fi
