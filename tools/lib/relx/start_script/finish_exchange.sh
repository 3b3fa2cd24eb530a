#!/bin/sh
# Part of the start scripts: an assembly that was killed while it put files in place is finished before
# the release is used.

# Where there is nothing to finish, returns 0. Else begins anew, with the files that are there then;
# returns 1 where that is not possible, and has said why.
finish_exchange() {
  [ -e "$ROOTDIR/.relmk.journal" ] || return 0
  relmk_finisher=$ROOTDIR/bin/nodetool
  # The journal's third line names the one that the release was made with.
  [ -x "$relmk_finisher" ] || relmk_finisher=$(sed -n 3p "$ROOTDIR/.relmk.journal")
  "$relmk_finisher" finish "$ROOTDIR" || return 1
  cd -- "${relmk_caller_dir:-.}" || return 1
  exec "$SCRIPT" "$@"
}
