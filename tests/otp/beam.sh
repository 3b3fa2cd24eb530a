#!/bin/sh
# BEAM files: what beam_lib says of those of OTP's own applications, and what we do.
set -eu
. tests/lib.sh

lib=$(erl -noshell -eval 'io:put_chars(code:lib_dir()), halt().')
set --
for application in kernel stdlib compiler sasl crypto; do set -- "$@" "$lib/$application-"*/ebin; done
escript tests/otp/beam.escript "$RELMK_TOOLS/strip-beams" \
  "$(dirname "$RELMK_TOOLS")/tests/otp/beam-probe" "$RELMK_SCRATCH" "$@" | tee "$RELMK_SCRATCH/results"
if grep -q '^not ok' "$RELMK_SCRATCH/results"; then exit 1; fi
