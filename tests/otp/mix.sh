#!/bin/sh
# shellcheck source=tests/lib.sh
# Releases of Mix projects, directory against directory with those of `mix release`; tarballs too.
set -eu
. tests/lib.sh
# shellcheck source=tests/otp/mix/projects.sh
. tests/otp/mix/projects.sh

# shellcheck source=tests/otp/mix/release_of.sh
. tests/otp/mix/release_of.sh

for project in plain configured unstripped kept_chunks without_erts erts_by_function erts_by_path templates old_runtime \
  providers compile_env dependencies unconsolidated by_function modes erlang_sources no_runtime; do
  make_project "$project"
  release_of "$project"
done
release_of compile_env unchecked
release_of configured configured '' dev

make_project umbrella
release_of umbrella both
release_of umbrella single

make_project elsewhere
release_of elsewhere other out/here

make_project windows
release_of windows other_name

make_project tarred
release_of tarred
ours=$RELMK_SCRATCH/tarred/_build/prod/tarred-0.1.0.tar.gz
check 'tarred: the step :tar packs where mix does' test -f "$ours"
for side in theirs ours; do
  mkdir "$RELMK_SCRATCH/$side.d"
  case $side in theirs) tarball=$RELMK_SCRATCH/theirs.tar.gz ;; *) tarball=$ours ;; esac
  tar -xzf "$tarball" -C "$RELMK_SCRATCH/$side.d"
done
check 'tarred: it holds what that of mix does' "$compare" "$RELMK_SCRATCH/theirs.d" "$RELMK_SCRATCH/ours.d" tarred
