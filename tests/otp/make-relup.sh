#!/bin/sh
# make-relup against systools:make_relup: the same term, the same warnings, the same errors; with this
# OTP and with that of the other Debian.
set -eu
. tests/lib.sh

# compare_all DIR: generates the cases with the erl in PATH, makes each relup, compares.
compare_all() {
  mkdir "$1"
  escript tests/otp/make_relup.escript generate "$1"
  for case in "$1"/*/; do
    (
      cd "$case"
      set --
      while IFS= read -r argument; do set -- "$@" "$argument"; done <arguments
      mkdir ours
      "$RELMK_TOOLS/make-relup" "$@" -o ours >out 2>err || :
    )
  done
  escript tests/otp/make_relup.escript compare "$1" >"$1.results"
}

show_failures() {
  sed -n "s/^not ok - /&$1: /p; s/^  #/&/p; s/^# /# $1: /p" "$2"
  failures=$((failures + $(grep -c '^not ok' "$2" || :)))
}

compare_all "$RELMK_SCRATCH/cases"
show_failures "OTP $(otp_release)" "$RELMK_SCRATCH/cases.results"
count=$(grep -c '^ok' "$RELMK_SCRATCH/cases.results")
check "$count cases as systools has them" [ "$count" -ge 350 ]
equal 'most of them are determined' yes \
  "$([ "$(grep -c '(equal)' "$RELMK_SCRATCH/cases.results")" -ge 150 ] && echo yes)"

if with_other_otp; then
  compare_all "$RELMK_SCRATCH/others"
  show_failures "OTP $other_otp" "$RELMK_SCRATCH/others.results"
  count=$(grep -c '^ok' "$RELMK_SCRATCH/others.results")
  check "$count cases as systools of OTP $other_otp has them" [ "$count" -ge 350 ]
fi
