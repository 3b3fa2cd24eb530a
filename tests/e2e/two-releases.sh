#!/bin/sh
# shellcheck source=tests/lib.sh
# A rebar3 project with two releases: RELMK_RELEASE_NAME chooses one for every target, and each target does its
# work there.
set -eu
. tests/lib.sh

top=$PWD
node=$(unique two)
mkdir -p "$RELMK_SCRATCH/tmp" "$RELMK_SCRATCH/project/src"
TMPDIR=$RELMK_SCRATCH/tmp PIPE_DIR=$RELMK_SCRATCH/pipes/ RUNNER_LOG_DIR=$RELMK_SCRATCH/log
export TMPDIR PIPE_DIR RUNNER_LOG_DIR
cd "$RELMK_SCRATCH/project"
# As the README's, with a compiler that is there.
cat >Makefile <<END
RELX_CONFIG = rebar.config
RELMK_RELEASE_DEPS = compile
include $top/mk/relmk.mk

.PHONY: compile
compile:
	@mkdir -p _build/default/lib/shop/ebin && erlc -o _build/default/lib/shop/ebin src/shop.erl
	@cp src/shop.app.src _build/default/lib/shop/ebin/shop.app
END
# version VSN: of the releases and of the application, whose code differs.
version() {
  cat >rebar.config <<END
{relx, [{release, {one, "$1"}, [sasl]},
        {release, {two, "$1"}, [sasl, shop], [{vm_args, "vm.args"}]},
        {mode, prod}, {include_erts, false}, {system_libs, false}, {extended_start_script, true}]}.
END
  cat >src/shop.app.src <<END
{application, shop, [{description, ""}, {vsn, "$1"}, {modules, [shop]}, {registered, []},
                     {applications, [kernel, stdlib]}]}.
END
  printf -- '-module(shop).\n-export([version/0, bad/0]).\nversion() -> "%s".\nbad() -> nowhere:f().\n' "$1" >src/shop.erl
}
printf '%s\n' "-name $node@127.0.0.1" '-setcookie test' >vm.args
relmk() { make --no-print-directory "$@"; }
two() { relmk "$@" RELMK_RELEASE_NAME=two; }

version 1.0.0
fails_with 'without it, one of two must be named' 2 'error: Must specify the name of the release' relmk build-release
fails_with 'to ask one, too' 2 'error: Must specify the name of the release' relmk release ACT=ping
check 'make tells how' grep -q '^hint: RELMK_RELEASE_NAME=NAME' "$RELMK_SCRATCH/.err"
for target in build-release build-dev-release build-ci-release build-dist-release tar-release rel; do
  check "$target" two $target
  equal "$target: of the second one alone" two "$(ls _rel)"
done
check 'which is packed' test -f _rel/two/two-1.0.0.tar.gz
fails_with 'xref_release: its calls' 2 xref_release two xref_release
equal 'are told' 'shop:bad/0 -> nowhere:f/0' "$(cat "$RELMK_SCRATCH/.out")"
check 'release starts it' two release ACT=daemon
equal 'and asks it' '"1.0.0"' "$(two release ACT='eval "shop:version()."')"
check 'and stops it' two release ACT=stop
mkfifo "$RELMK_SCRATCH/typed"
two run <"$RELMK_SCRATCH/typed" >"$RELMK_SCRATCH/run" 2>&1 &
started $!
exec 9>"$RELMK_SCRATCH/typed" # a console whose input ends is left
pings() { two release ACT=ping; }
check 'run runs it' eventually 60 pings
check 'until it is stopped' two release ACT=stop
exec 9>&-
check 'sfx makes a file of it' two sfx
equal 'that runs its script' "node is not running: 1" \
  "$(status=0; ./_rel/two.run ping >/dev/null 2>&1 || status=$?; echo "node is not running: $status")"
rm -rf _rel/two.run "$TMPDIR"/relmk-*

version 2.0.0
check 'relup-release' two relup-release
check 'is from its version before' grep -q '"1.0.0"' _rel/two/releases/2.0.0/relup
# shellcheck disable=SC2016 # for the shell that runs it
verify='"$RELEASE_SCRIPT" eval "shop:version()."'
check 'test-upgrade' two test-upgrade UPFROM=1.0.0 VERIFY="$(printf %s "$verify" | sed 's/\$/$$/g')"
equal 'upgrades its node, and takes it back' '"1.0.0" "2.0.0" "1.0.0"' \
  "$(grep '^"' "$RELMK_SCRATCH/.out" | tr '\n' ' ' | sed 's/ $//')"
check 'relup' two relup
check 'packs it' sh -c 'tar -tzf _rel/two/two-2.0.0.tar.gz | grep -qx releases/2.0.0/relup'
check 'install' two install DESTDIR="$RELMK_SCRATCH/installed"
equal 'installs it alone' two "$(ls "$RELMK_SCRATCH/installed/opt")"
refute 'nothing has made the first one' test -e _rel/one
check 'build-all-release' relmk build-all-release
check 'makes both' test -d _rel/one/releases/2.0.0
cd "$top"
