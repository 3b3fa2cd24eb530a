#!/bin/sh
# shellcheck source=tests/lib.sh
# The README's commands, and its lists of targets, variables and executables.
set -eu
. tests/lib.sh

# commands: the lines of the README's `sh` blocks, and the commands among its words.
commands() {
  # shellcheck disable=SC2016 # the backquotes are Markdown's
  sed -n '/^```sh$/,/^```$/{/^```/d;p;}' README.md
  # shellcheck disable=SC2016
  grep -o '`[^`]*ACT=stop make release`' README.md | tr -d '`'
}

# A copy of the sources, with the tools that are built already.
copy=$RELMK_SCRATCH/relmk
mkdir "$copy"
tar -cf - --exclude=./build --exclude='./build-*' --exclude=./_rel --exclude=./.git . | tar -xf - -C "$copy"
PIPE_DIR=$RELMK_SCRATCH/pipes/ RUNNER_LOG_DIR=$RELMK_SCRATCH/log NODE_HOST=127.0.0.1
RELMK_BUILD_DIR=$(dirname "$RELMK_TOOLS")
export PIPE_DIR RUNNER_LOG_DIR NODE_HOST RELMK_BUILD_DIR

number=0
commands >"$RELMK_SCRATCH/commands"
while IFS= read -r command <&3; do
  number=$((number + 1))
  case $command in
    # This script is part of what these run: make is asked what it would do.
    'make setup '*) check "$command" sh -c "cd '$copy' && make -n ${command#make}" ;;
    # What a release answers is tried in tests/e2e/upgrade.sh.
    bin/NAME\ *)
      word=${command#bin/NAME }
      check "$command" sh -c "'$copy/_rel/kazoo/bin/kazoo' help ${word%% *}" ;;
    # What these do, with other directories, is tried in tests/e2e/demo-upgrade.sh.
    cp\ *) check "$command" grep -q 'cp .*kazoo-1.1.0.tar.gz' tests/e2e/demo-upgrade.sh ;;
    *UPFROM=* | */opt*) check "$command" sh -c "cd '$copy' && $(printf %s "$command" | sed 's/make /make -n /')" ;;
    *) check "$command" sh -c "cd '$copy' && $command" ;;
  esac
done 3<"$RELMK_SCRATCH/commands"
equal 'all commands were found' 16 "$number"

# A case that docs/contributing.md names is one of that script's.
sed -n "s/.*\`make test T=\([^ ]*\) CASE='\([^']*\)'\`.*/\1 \2/p" docs/contributing.md >"$RELMK_SCRATCH/cases"
check 'docs/contributing.md names a case' test -s "$RELMK_SCRATCH/cases"
while read -r script case; do
  check "$script has a case: $case" grep -qF -e "'$case" "tests/$script"
done <"$RELMK_SCRATCH/cases"

# Every target that `make help` lists is in the README, and every variable of the fragments.
for target in $(make help | awk '{ print $1 }'); do
  check "target $target" grep -q "\`$target\`" README.md
done
sed -n 's/^\([A-Z_]*\) ?=.*/\1/p' mk/*.mk Makefile | grep -v IS_DEP >"$RELMK_SCRATCH/variables"
while read -r variable; do
  check "variable $variable" grep -q "\`$variable\`" README.md
done <"$RELMK_SCRATCH/variables"
# Every option of every executable, too.
for tool in tools/*.cpp; do
  case $tool in *.so.cpp) continue ;; esac
  name=$(basename "$tool" .cpp)
  check "executable $name" grep -q "^### $name\$" README.md
  equal "$name --version" "$name (relmk)" "$("$RELMK_TOOLS/$name" --version | cut -d' ' -f1,2)"
  for option in $("$RELMK_TOOLS/$name" --help | grep -o '^  -[^ ]*' | tr ', ' '\n' | grep '^-'); do
    case $option in -h | --help | --version) continue ;; esac
    check "$name $option" grep -qe "\`*$option" README.md
  done
  status=0
  "$RELMK_TOOLS/$name" --no-such-option >"$RELMK_SCRATCH/out" 2>"$RELMK_SCRATCH/err" || status=$?
  equal "$name: wrong usage" 2 "$status"
done
