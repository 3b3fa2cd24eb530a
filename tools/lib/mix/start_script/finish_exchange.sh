# shellcheck shell=sh disable=SC2034,SC2154
# Part of the start script of a Mix release: an assembly that was killed while it put files in place is
# finished before the release is used.

# Where there is nothing to finish, returns 0. Else begins anew, with the files that are there then;
# returns 1 where that is not possible, and has said why.
finish_exchange() {
  [ -e "$RELEASE_ROOT/.relmk.journal" ] || return 0
  relmk_finisher=$RELEASE_ROOT/bin/nodetool
  # The journal's third line names the one that the release was made with.
  [ -x "$relmk_finisher" ] || relmk_finisher=$(sed -n 3p "$RELEASE_ROOT/.relmk.journal")
  "$relmk_finisher" finish "$RELEASE_ROOT" || return 1
  exec "$RELEASE_ROOT/bin/${relmk_self##*/}" "$@"
}
