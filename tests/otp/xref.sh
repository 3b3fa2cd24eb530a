#!/bin/sh
# Calls to functions that a release does not hold: what xref finds, and what we do.
set -eu
. tests/lib.sh

escript tests/otp/xref.escript "$RELMK_TOOLS/xref-release" "$RELMK_TOOLS/strip-beams" \
  "$(dirname "$RELMK_TOOLS")/tests/otp/beam-probe" "$RELMK_SCRATCH" | tee "$RELMK_SCRATCH/results"
if grep -q '^not ok' "$RELMK_SCRATCH/results"; then exit 1; fi
