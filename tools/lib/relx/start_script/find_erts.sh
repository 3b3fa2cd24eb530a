# shellcheck shell=sh disable=SC2034
# Part of both start scripts.

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

# The ERTS of the release, else the one of the `erl` in PATH: found by its place on disk, since a VM
# that says where it stands takes a quarter of a second. Only where `erl` is somebody's wrapper is it asked.
ERTS_DIR=
find_erts_dir() {
  [ -z "$ERTS_DIR" ] || return 0
  ERTS_DIR=$RELEASE_ROOT_DIR/erts-$ERTS_VSN
  if [ ! -d "$ERTS_DIR" ]; then
    ERL=$(command -v erl) ||
      fail 'Can not run the release. There is no ERTS bundled with the release or found on the system.'
    REAL_ERL=$(readlink -f -- "$ERL")
    case $REAL_ERL in
    */erts-*/bin/*) OTP_ROOT=${REAL_ERL%/erts-*} ;;
    *) OTP_ROOT=${REAL_ERL%/bin/*} ;;
    esac
    if [ ! -d "$OTP_ROOT/erts-$ERTS_VSN" ] && [ ! -f "$OTP_ROOT/releases/start_erl.data" ]; then
      OTP_ROOT=$("$ERL" -boot no_dot_erlang -noshell -eval \
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
  ERTS_DIR=$OTP_ROOT/erts-$ERTS_VSN
  [ ! -d "$ERTS_DIR" ] || return 0
  # start_erl.data: the version of ERTS, a space, the version of the release.
  OTHER_ERTS=
  IFS=' ' read -r OTHER_ERTS _ 2>/dev/null <"$OTP_ROOT/releases/start_erl.data" || :
  ERTS_DIR=$OTP_ROOT/erts-$OTHER_ERTS
  if [ -z "$OTHER_ERTS" ] || [ ! -d "$ERTS_DIR" ]; then
    fail 'Can not run the release. There is no ERTS bundled with the release or found on the system.'
  fi
  printf '%s\n' "Exact ERTS version ($ERTS_VSN) match not found, instead using $OTHER_ERTS. The release may fail to run." >&2
  ERTS_VSN=$OTHER_ERTS
}
