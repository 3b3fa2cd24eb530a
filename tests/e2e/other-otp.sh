#!/bin/sh
# What the tests of nodetool, its console and the start script see of this machine's OTP, they must see of
# the other Debian's too: of OTP 27 where this is Debian 12, which has 25, and the other way round. Nodes
# of 25 and of 27 demand different flags of the distribution.
set -eu
# shellcheck source=tests/lib.sh
. tests/lib.sh

suite=trixie wanted=27
otp_release() { erl -noshell -eval 'io:put_chars(erlang:system_info(otp_release)), halt().'; }
[ "$(otp_release)" -lt 27 ] || suite=bookworm wanted=25
otp=$(tests/fetch-otp "$suite") || {
  skip "apt cannot get the OTP of $suite"
  exit 0
}
PATH=$otp/bin:$PATH
equal "the OTP of $suite runs here" "$wanted" "$(otp_release)"

for test in nodetool remote-console start-script; do
  mkdir "$RELMK_SCRATCH/$test"
  RELMK_SCRATCH=$RELMK_SCRATCH/$test "tests/e2e/$test.sh" >"$RELMK_SCRATCH/$test.out" 2>&1 ||
    failures=$((failures + 1))
  sed "s/^\(ok\|not ok\|skip\) - /&OTP $wanted: /" "$RELMK_SCRATCH/$test.out"
done
