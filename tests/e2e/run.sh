#!/bin/sh
# tests/run itself: which scripts it runs, what it counts, and that nothing counted is a failure.
set -eu
. tests/lib.sh

# A repository of two scripts.
copy=$RELMK_SCRATCH/copy
mkdir -p "$copy/tests/e2e" "$copy/tests/otp" "$copy/tools"
cp tests/run tests/end-processes "$copy/tests"
# script NAME LINE…: one that prints the lines, and exits with the status that the last one is.
script() {
  file=$copy/tests/e2e/$1.sh
  shift
  for line; do printf 'echo "%s"\n' "$line"; done | sed '$s/^echo "\(.*\)"$/exit \1/' >"$file"
  sed -i '1i #!/bin/sh' "$file"
  chmod +x "$file"
}
script one 'ok - starts' 'ok - a ping (fast)' 'not ok - stops' '  # it did not' 1
script two 'ok - starts' 'skip - no TLS here' 0

# run ARGUMENT…: the last line that tests/run prints there; its exit status follows.
run() {
  status=0
  RELMK_TOOLS=$copy/tools "$copy/tests/run" "$@" >"$RELMK_SCRATCH/run.out" 2>"$RELMK_SCRATCH/run.err" ||
    status=$?
  echo "$(tail -n 1 "$RELMK_SCRATCH/run.out"), exit $status"
}

equal "all results count" "3 passed, 1 failed, exit 1" "$(run e2e)"
check "what is skipped is shown, with the script's name" grep -qx 'skip - tests/e2e/two.sh: no TLS here' "$RELMK_SCRATCH/run.out"
equal "a pattern picks scripts" "1 passed, 0 failed, exit 0" "$(run e2e/two)"
equal "a pattern that no script has is wrong usage" 2 "$(run none | sed 's/.*exit //')"

equal "a case counts alone, of each script" "2 passed, 0 failed, exit 0" "$(run e2e starts)"
equal "a case is a pattern, in which no other character is one" "1 passed, 0 failed, exit 0" \
  "$(run e2e 'p?ng (*')"
equal "a case that fails" "0 passed, 1 failed, exit 1" "$(run e2e 'stops')"
check "  is shown with what explains it" grep -q 'it did not' "$RELMK_SCRATCH/run.out"
refute "  and without the others" grep -q 'a ping' "$RELMK_SCRATCH/run.out"
equal "a case that there is not is a failure" "0 passed, 0 failed, exit 1" "$(run e2e nowhere)"
check "  and is told" grep -q "no result has 'nowhere' in its name" "$RELMK_SCRATCH/run.err"

script two 'ok - starts' 3
equal "a script that ends otherwise than its results say" "1 passed, 1 failed, exit 1" "$(run two)"
script two 0
equal "  or has none" "0 passed, 1 failed, exit 1" "$(run two)"
script two 3
equal "  also where a case was asked for" "0 passed, 1 failed, exit 1" "$(run two starts)"
