# shellcheck shell=sh disable=SC2034
# Part of both start scripts.

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

# Makes a directory that only this user can enter, or finds one that belongs to this user.
make_private_dir() {
  [ -d "$1" ] || (umask 077 && mkdir -- "$1") || exit 1
  if [ -L "$1" ] || [ "$(stat -c %u -- "$1")" != "$(id -u)" ]; then
    fail "error: $1 belongs to another user"
  fi
}

# The ERTS of the release, else the one of the `erl` in PATH: found by its place on disk, since a VM
# that says where it stands takes a quarter of a second. Only where `erl` is somebody's wrapper is it asked.
ERTS_DIR=
find_erts_dir() {
  [ -z "$ERTS_DIR" ] || return 0
  ERTS_DIR=$RELEASE_ROOT_DIR/erts-$ERTS_VSN
  if [ ! -d "$ERTS_DIR" ]; then
    relmk_erl=$(command -v erl) ||
      fail 'Can not run the release. There is no ERTS bundled with the release or found on the system.'
    relmk_real_erl=$(readlink -f -- "$relmk_erl")
    case $relmk_real_erl in
    */erts-*/bin/*) relmk_otp_root=${relmk_real_erl%/erts-*} ;;
    *) relmk_otp_root=${relmk_real_erl%/bin/*} ;;
    esac
    if [ ! -d "$relmk_otp_root/erts-$ERTS_VSN" ] && [ ! -f "$relmk_otp_root/releases/start_erl.data" ]; then
      relmk_otp_root=$("$relmk_erl" -boot no_dot_erlang -noshell -eval \
        'io:put_chars(code:root_dir()), halt().')
    fi
    find_erts_of_otp
  fi
  BINDIR=$ERTS_DIR/bin
  SYSTEM_LIB_DIR=${ERTS_DIR%/*}/lib
  EMU=beam
  PROGNAME=erl
  LD_LIBRARY_PATH=$ERTS_DIR/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
  export BINDIR EMU PROGNAME LD_LIBRARY_PATH
}

find_erts_of_otp() {
  ERTS_DIR=$relmk_otp_root/erts-$ERTS_VSN
  [ ! -d "$ERTS_DIR" ] || return 0
  # start_erl.data: the version of ERTS, a space, the version of the release.
  relmk_other_erts=
  IFS=' ' read -r relmk_other_erts _ 2>/dev/null <"$relmk_otp_root/releases/start_erl.data" || :
  ERTS_DIR=$relmk_otp_root/erts-$relmk_other_erts
  if [ -z "$relmk_other_erts" ] || [ ! -d "$ERTS_DIR" ]; then
    fail 'Can not run the release. There is no ERTS bundled with the release or found on the system.'
  fi
  printf '%s\n' "Exact ERTS version ($ERTS_VSN) match not found, instead using $relmk_other_erts. The release may fail to run." >&2
  ERTS_VSN=$relmk_other_erts
}
