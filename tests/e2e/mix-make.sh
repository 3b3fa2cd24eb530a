#!/bin/sh
# shellcheck source=tests/lib.sh
# A Mix project's Makefile with RELX_CONFIG = mix.exs: what the targets for releases do there.
set -eu
. tests/lib.sh
# shellcheck source=tests/otp/mix/projects.sh
. tests/otp/mix/projects.sh

unset MIX_ENV

mkdir "$RELMK_SCRATCH/shop"
relmk_mk=$PWD/mk/relmk.mk
cd "$RELMK_SCRATCH/shop"
mix_exs shop 'default_release: :shop, releases: [small: [include_erts: false, quiet: true], shop: []]' 'mod: {Shop, []}' >mix.exs
application_of shop
mkdir config
printf '%s\n' 'import Config' 'config :shop, env: config_env()' >config/config.exs
cat >Makefile <<END
RELX_CONFIG = mix.exs
RELMK_RELEASE_DEPS = compile
.PHONY: compile
compile:
	mix compile

include $relmk_mk

relx-post-rel::
	@echo packed >_rel/shop/lib/shop-0.1.0/of_the_hook
END
relmk() { make --no-print-directory "$@"; }
quiet() { relmk "$@" >/dev/null; }
is_of() { grep -q "{env,$1}" _rel/shop/releases/0.1.0/sys.config; }

check 'build-dist-release' relmk build-dist-release
check 'compiles for prod' test -f _build/prod/lib/shop/ebin/shop.app
check 'and assembles that' is_of prod
check 'the release stands below _rel' test -x _rel/shop/bin/shop
check 'relx-post-rel has run' test -f _rel/shop/lib/shop-0.1.0/of_the_hook
equal 'release gives its script a command' 'shop 0.1.0' "$(relmk release ACT=version)"
check 'build-dev-release' relmk build-dev-release
check 'is that of dev' is_of dev
check 'build-dev-release with another MIX_ENV' env MIX_ENV=prod make build-dev-release
check 'is that of MIX_ENV' is_of prod
MIX_ENV=prod
export MIX_ENV
check 'build-release' relmk build-release
check 'is that of MIX_ENV, too' is_of prod
check 'rel packs it' relmk rel
tar -tzf _rel/shop/shop-0.1.0.tar.gz >packed
check 'where mix does, in the directory that was said' grep -qx bin/shop packed
check 'with what the hook added' grep -qx lib/shop-0.1.0/of_the_hook packed
rm _rel/shop/shop-0.1.0.tar.gz
check 'so does tar-release' relmk tar-release
check 'to the same place' test -f _rel/shop/shop-0.1.0.tar.gz
check 'install' relmk install DESTDIR="$RELMK_SCRATCH/dest"
check 'assembles in /opt' test -x "$RELMK_SCRATCH/dest/opt/shop/bin/shop"
relmk build-all-release >"$RELMK_SCRATCH/said"
check 'build-all-release makes the other release' test -x _rel/small/bin/small
refute 'which is quiet' grep -q '_rel/small' "$RELMK_SCRATCH/said"
rm -rf _rel/shop
relmk build-release >"$RELMK_SCRATCH/said"
check 'the other one is not' grep -q '_rel/shop: shop 0.1.0' "$RELMK_SCRATCH/said"
equal 'RELMK_RELEASE_NAME chooses' 'small 0.1.0' "$(relmk release RELMK_RELEASE_NAME=small ACT=version)"
rm -rf _rel
sed -i '/relx-post-rel/,$d' Makefile
check 'for build-release, too' relmk build-release RELMK_RELEASE_NAME=small
equal 'which makes that alone' small "$(ls _rel)"
check 'and for tar-release' relmk tar-release RELMK_RELEASE_NAME=small
check 'which packs it' test -f _rel/small/small-0.1.0.tar.gz
fails_with 'node types are relx'"'"'s' 2 '--node-type has no meaning for a Mix project' \
  quiet build-release RELMK_NODE_TYPES=shop
check 'clean-release' relmk clean-release
refute 'removes what was made' test -e _rel
check 'but not mix.exs' test -f mix.exs
