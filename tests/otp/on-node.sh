#!/bin/sh
# The expressions that nodetool sends to nodes: their encoded form is that of the text, whatever OTP
# encodes them.
set -eu
# shellcheck source=tests/lib.sh
. tests/lib.sh

directory=tools/lib/node/session/on_node
encode() { escript "$directory/encode.escript" "$directory"/*.exprs; }

sed 1d "$directory/encoded.inc" >"$RELMK_SCRATCH/expected"
encode >"$RELMK_SCRATCH/encoded"
same "OTP $(otp_release) encodes the expressions so" "$RELMK_SCRATCH/expected" "$RELMK_SCRATCH/encoded"
if with_other_otp; then
  encode >"$RELMK_SCRATCH/encoded"
  same "and so does OTP $other_otp" "$RELMK_SCRATCH/expected" "$RELMK_SCRATCH/encoded"
fi
