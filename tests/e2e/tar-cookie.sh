#!/bin/sh
# What a node leaves in its release is nobody else's: a tarball that is made afterwards holds neither
# the cookie nor logs, and the next assembly carries the private files over as they are.
set -eu
. tests/lib.sh
. tests/start-script.sh

cookie=oatmeal_and_raisins_$$
release=$RELMK_SCRATCH/r
demo=$release/demo/bin/demo
version=$release/demo/releases/1.0
mkdir "$release"
# The cookie reaches the release through the environment, as it would in production.
# shellcheck disable=SC2016
printf -- '-sname %s@localhost\n-setcookie ${COOKIE}\n' "$(unique demo)" >"$release/vm.args.src"
# shellcheck disable=SC2016
echo '[{sasl, [{said, "${COOKIE}"}]}].' >"$release/sys.config.src"
COOKIE=$cookie
PIPE_DIR=$RELMK_SCRATCH/pipes/
export COOKIE PIPE_DIR

# with_cookie: the files of the release that hold the cookie, from its root, with their modes.
with_cookie() {
  (cd "$release/demo" && grep -rlF "$cookie" . | LC_ALL=C sort | xargs -r stat -c '%a %n')
}

# private_files: all that lies in private directories, and those directories, with modes and owners.
private_files() {
  (cd "$version" && find . -name '.demo*' -prune -exec find '{}' -printf '%m %u %y %p\n' ';' | LC_ALL=C sort)
}

assemble() { make_release "$release" '{vm_args_src, "vm.args.src"}. {sys_config_src, "sys.config.src"}.'; }

check 'the release is assembled' assemble
check 'a node of it starts' "$demo" daemon
equal 'it has the cookie' "$cookie" "$(output "$demo" eval 'erlang:get_cookie().')"
mkdir -p "$release/demo/log"
echo "$cookie" >"$release/demo/log/crash.dump"
check 'the node stops' "$demo" stop
private_files >"$RELMK_SCRATCH/before"
check 'it has left private files' test -s "$RELMK_SCRATCH/before"
equal 'nobody else can read any of them' '' "$(find "$version" -path '*/.demo*' -perm /077 ! -type l)"
with_cookie >"$RELMK_SCRATCH/with-cookie"
check 'the cookie is in the release' test -s "$RELMK_SCRATCH/with-cookie"
equal 'only where nobody else can read it, but for the log' '' \
  "$(grep -v -e '^600 ' -e ' ./log/' "$RELMK_SCRATCH/with-cookie")"

check 'a tarball is made' sh -c "cd '$release' && '$RELMK_TOOLS/make-tar' -c relx.config -o ."
tarball=$release/demo/demo-1.0.tar.gz
check 'it is a tarball of this release' sh -c "tar -tzf '$tarball' | grep -qx releases/1.0/demo.rel"
refute 'the cookie is not in it' sh -c "gzip -dc '$tarball' | grep -aqF '$cookie'"
refute 'nor private files, nor logs' sh -c "tar -tzf '$tarball' | grep -E '(^|/)(\.demo|log/|erlang\.log|.*\.pid)'"

echo '%% changed' >>"$release/sys.config.src"
check 'the release is assembled again' assemble
check 'with the change' grep -q changed "$version/sys.config.src"
private_files >"$RELMK_SCRATCH/after"
same 'the private files are there, with their modes' "$RELMK_SCRATCH/before" "$RELMK_SCRATCH/after"
check 'a node of it starts again' "$demo" daemon
equal 'with the same cookie' "$cookie" "$(output "$demo" eval 'erlang:get_cookie().')"
check 'and stops' "$demo" stop
