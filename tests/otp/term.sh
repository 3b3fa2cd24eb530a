#!/bin/sh
# Terms as text and in the external format: what OTP makes of them, and what we do.
set -eu
. tests/lib.sh

escript tests/otp/term.escript "$(dirname "$RELMK_TOOLS")/tests/otp/term-probe" "$RELMK_SCRATCH" |
  tee "$RELMK_SCRATCH/results"
if grep -q '^not ok' "$RELMK_SCRATCH/results"; then exit 1; fi
