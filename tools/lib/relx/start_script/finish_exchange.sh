# shellcheck shell=sh disable=SC2034,SC2154
# Part of the start scripts, of Mix releases too: an assembly that was killed while it put files in place is
# finished before the release is used.

# finish_exchange ROOT SCRIPT ARGUMENT…: where there is nothing to finish, returns 0. Else becomes SCRIPT, in the
# caller's directory, with the files that are there then; returns 1 where that is not possible, and has said why.
finish_exchange() {
  [ -e "$1/.relmk.journal" ] || return 0
  relmk_finisher=$1/bin/nodetool
  # The journal's third line names the one that the release was made with.
  [ -x "$relmk_finisher" ] || relmk_finisher=$(sed -n 3p "$1/.relmk.journal")
  "$relmk_finisher" finish "$1" || return 1
  shift
  cd -- "${relmk_caller_dir:-.}" || return 1
  exec "$@"
}
