# shellcheck shell=sh disable=SC2154
# Comparison of one release, after tests/lib.sh.

compare=$PWD/tests/otp/mix/compare.escript

# release_of PROJECT [RELEASE [DIRECTORY [ENV]]]: mix makes it, then relmk in its place; both are compared.
# What mix has packed is theirs.tar.gz then.
release_of() {
  project=$1 name=${2:-$1} env=${4:-prod}
  directory=${3:-_build/$env/rel/$name}
  rm -f "$RELMK_SCRATCH/theirs.tar.gz"
  # A project without releases: has one without a name.
  chosen=$name
  grep -q 'releases:' "$RELMK_SCRATCH/$project/mix.exs" || chosen=
  (cd "$RELMK_SCRATCH/$project" && MIX_ENV=$env mix release ${chosen:+"$chosen"} --overwrite) >"$RELMK_SCRATCH/.mix" 2>&1 || {
    not_ok "$project: mix makes $name" "$(cat "$RELMK_SCRATCH/.mix")"
    return 0
  }
  (
    cd "$RELMK_SCRATCH/$project"
    mv "$directory" "$RELMK_SCRATCH/theirs"
    for tarball in "${directory%/rel/*}"/*.tar.gz "$directory"/*.tar.gz; do
      [ ! -f "$tarball" ] || mv "$tarball" "$RELMK_SCRATCH/theirs.tar.gz"
    done
    # A cookie that mix has made is not random again.
    MIX_ENV=$env "$RELMK_TOOLS/assemble-release" -c mix.exs ${chosen:+-n "$chosen"} >/dev/null
  ) 2>"$RELMK_SCRATCH/.err" || {
    not_ok "$project: relmk makes $name" "$(cat "$RELMK_SCRATCH/.err")"
    rm -rf "$RELMK_SCRATCH/theirs"
    return 0
  }
  check "$project: $name is as mix makes it ($env)" "$compare" "$RELMK_SCRATCH/theirs" \
    "$RELMK_SCRATCH/$project/$directory" "$name"
  # What the project's own files are warned of is Elixir's to say.
  [ "$project" != plain ] || equal "$project: without a word" '' "$(cat "$RELMK_SCRATCH/.err")"
  rm -rf "$RELMK_SCRATCH/theirs"
}

make_project() {
  mkdir "$RELMK_SCRATCH/$1"
  (cd "$RELMK_SCRATCH/$1" && "project_$1")
}
