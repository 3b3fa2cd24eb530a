# Shell functions for the tests of enit: a release of it, and where its files are.
# shellcheck shell=sh disable=SC2154,SC2034

enit=$RELMK_TOOLS/enit

# use_release NAME [DIR]: a release of a name that begins so. $var is what enit keeps of it, $etc what its operator
# edits; both lie below DIR, the scratch directory unless said.
use_release() {
  release=$(unique "$1")
  ENIT_RELEASE_DIR=${2-$RELMK_SCRATCH}/var ENIT_CONFIG_DIR=${2-$RELMK_SCRATCH}/etc
  export ENIT_RELEASE_DIR ENIT_CONFIG_DIR
  var=$ENIT_RELEASE_DIR/$release etc=$ENIT_CONFIG_DIR/$release
  mkdir -p "$var" "$etc"
}
