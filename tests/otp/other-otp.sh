#!/bin/sh
# Boot scripts, byte for byte those of the other Debian's systools, too; and its BEAM files.
set -eu
# shellcheck source=tests/lib.sh
. tests/lib.sh

with_other_otp || exit 0
for test in make-script make-script-errors beam; do under_other_otp "tests/otp/$test.sh"; done
