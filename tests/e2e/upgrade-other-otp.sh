#!/bin/sh
# The upgrade of a real library under load, on the other Debian's OTP, too: OTP 26 and 27 have a
# release_handler of their own.
set -eu
# shellcheck source=tests/lib.sh
. tests/lib.sh

with_other_otp || exit 0
for test in upgrade-cowboy upgrade-by-otp; do under_other_otp "tests/e2e/$test.sh"; done
