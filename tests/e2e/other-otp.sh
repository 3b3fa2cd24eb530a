#!/bin/sh
# What the tests of nodetool, its console and the start script see of this machine's OTP, they must see of
# the other Debian's too. Nodes of 25 and of 27 demand different flags of the distribution.
set -eu
# shellcheck source=tests/lib.sh
. tests/lib.sh

with_other_otp || exit 0
for test in nodetool remote-console remote-console-left start-script; do under_other_otp "tests/e2e/$test.sh"; done
