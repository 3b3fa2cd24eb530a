#!/bin/sh
# shellcheck source=tests/lib.sh
# Rarer projects of Mix, compared as in mix.sh; below a directory whose name has blanks and letters that are not
# ASCII, too.
set -eu
. tests/lib.sh
# shellcheck source=tests/otp/mix/projects.sh
. tests/otp/mix/projects.sh
# shellcheck source=tests/otp/mix/odd_projects.sh
. tests/otp/mix/odd_projects.sh
# shellcheck source=tests/otp/mix/release_of.sh
. tests/otp/mix/release_of.sh

for project in nobody app2b_3 erlang_only values with_arguments; do
  make_project "$project"
  release_of "$project"
done

make_project assigns
release_of assigns assigns 'out dir/x'

make_project shared
release_of shared left
release_of shared right

make_project preferred
release_of preferred
rm -rf "$RELMK_SCRATCH/preferred/_build"
MIX_TARGET=rpi
export MIX_TARGET
release_of preferred preferred _build/rpi_prod/rel/preferred
unset MIX_TARGET

RELMK_SCRATCH="$RELMK_SCRATCH/grün ß"
mkdir "$RELMK_SCRATCH"
make_project links
release_of links
