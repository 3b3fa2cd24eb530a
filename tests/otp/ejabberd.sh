#!/bin/sh
# shellcheck source=tests/lib.sh
# ejabberd and the applications that it needs, from Debian's packages: rebar3 and assemble-release make the
# same release of them, and warn of the same.
set -eu
. tests/lib.sh
with_rebar3
# shellcheck source=tests/otp/relx/compare.sh
. tests/otp/relx/compare.sh

top=$PWD
lib=$RELMK_SCRATCH/lib
tests/fetch-ejabberd "$lib"
cd "$RELMK_SCRATCH"
check 'there are over twenty applications' test "$(find "$lib" -type l | wc -l)" -gt 20

cat >rebar.config <<END
{deps, []}.
{relx, [{release, {chat, "1.0.0"}, [ejabberd, sasl]}, {lib_dirs, ["$lib"]},
        {include_erts, false}, {extended_start_script, true}]}.
END
theirs() { rebar3 release -o theirs >theirs.log 2>&1 </dev/null; }
ours() { "$RELMK_TOOLS/assemble-release" -c rebar.config -o ours >ours.log 2>&1; }
check 'rebar3 makes it' theirs
check 'assemble-release makes it' ours
equal 'the same release' '' "$(differences theirs ours 2>&1 | head -n 20)"
# OTP's own sources are a package of their own, and of no concern to us.
for app in "$lib"/*/ebin/*.app; do echo "^$(basename "$app" .app) "; done >names
missing() { sed -n "$1" "$2" | tr -d "'" | grep -f names | sort; }
missing 's/.*[*]WARNING[*] \(.*\): Source code not found: \(.*\)\.erl$/\1 \2/p' theirs.log >theirs.missing
missing 's,.*/\(.*\)\.app: warning: Source code not found: \(.*\)\.erl$,\1 \2,p' ours.log >ours.missing
check 'there are modules without sources' test -s ours.missing
same 'they warn of the same modules' theirs.missing ours.missing
equal 'once more: nothing to be done, and nothing said' '' \
  "$("$RELMK_TOOLS/assemble-release" -c rebar.config -o ours 2>&1)"
cd "$top"
