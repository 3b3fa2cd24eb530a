#!/bin/sh
# make-script against systools:make_script: the same bytes in .boot and .script, or the same error.
set -eu
. tests/lib.sh

top=$PWD
cases=$RELMK_SCRATCH/cases
plugins=$(tests/rabbitmq/unpack.sh)
mkdir "$cases"
escript tests/otp/make_script.escript "$cases" "$plugins"

# Runs make-script in a case's directory.
compile() {
  set -- "$1.rel" -o ours --no-warn-sasl
  while IFS= read -r argument; do set -- "$@" "$argument"; done <arguments
  mkdir ours
  "$RELMK_TOOLS/make-script" "$@" >out 2>err
}

# has_all ERR TEXTS: one line of error, which has each line of TEXTS.
has_all() {
  [ "$(grep -c -v '^hint: ' "$1")" = 1 ] || return 1
  while IFS= read -r text; do grep -qF -e "$text" "$1" || return 1; done <"$2"
}

compare() {
  if [ -e otp/error ]; then
    if compile "$1"; then
      not_ok "$1: systools refuses it" "$(cat otp/error)"
    elif has_all err otp/error; then
      ok "$1: systools' error"
    else
      not_ok "$1: systools' error" "expected: $(cat otp/error)" "$(cat err)"
    fi
    equal "$1: nothing is written" "" "$(ls ours)"
  elif compile "$1"; then
    case $1 in
      repeated_*) equal "$1: its warning" 1 "$(grep -c 'parameter contains duplicates of: .* OTP 27' err)" ;;
      *) equal "$1: no warning" "" "$(cat err)" ;;
    esac
    for file in otp/*; do same "$1: $file" "$file" "ours/${file#otp/}"; done
  else
    not_ok "$1" "$(cat err)"
  fi
}

for directory in "$cases"/*/; do
  cd "$directory"
  compare "$(basename "$directory")"
done
cd "$top"

# The boot files that OTP was built with.
otp=$(dirname "$(dirname "$(readlink -f "$(command -v erl)")")")
for name in start_clean start_sasl no_dot_erlang; do
  rel=$(find "$otp/releases" -name "$name.rel")
  if [ -z "$rel" ]; then skip "no $name.rel in this OTP"; continue; fi
  option=
  if [ "$name" = no_dot_erlang ]; then option=--no-dot-erlang; fi
  # shellcheck disable=SC2086 # no option where it is empty
  "$RELMK_TOOLS/make-script" "$rel" -o "$RELMK_SCRATCH" --no-warn-sasl $option
  same "OTP's own $name.boot" "${rel%.rel}.boot" "$RELMK_SCRATCH/$name.boot"
done
