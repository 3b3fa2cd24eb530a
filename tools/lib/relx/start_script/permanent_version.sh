# shellcheck shell=sh disable=SC2034,SC2154
# Part of the start scripts: which version bin/NAME starts.

# release_handler:make_permanent knows nothing of start scripts: it writes start_erl.data. Where that names
# another version, that version's own script goes on; where it has none, this one does, with its files.
# An upgrade that is under way, or was killed, has yet to settle what start_erl.data says.
take_permanent_version() {
  [ "${SCRIPT##*/}" = "$REL_NAME" ] && [ ! -e "$ROOTDIR/releases/.relmk-upgrade/versions" ] || return 0
  relmk_permanent_erts=
  relmk_permanent=
  IFS=' ' read -r relmk_permanent_erts relmk_permanent 2>/dev/null <"$ROOTDIR/releases/start_erl.data" || :
  case $relmk_permanent in
  '' | "$REL_VSN" | */* | *' '*) return 0 ;;
  esac
  [ -f "$ROOTDIR/releases/$relmk_permanent/start.boot" ] || return 0
  if [ -x "$SCRIPT-$relmk_permanent" ]; then
    cd -- "${relmk_caller_dir:-.}" || return 0
    exec "$SCRIPT-$relmk_permanent" "$@"
  fi
  ERTS_VSN=$relmk_permanent_erts
  REL_VSN=$relmk_permanent
}
