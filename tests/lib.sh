# Shell functions that the test scripts share. A script begins with
#
#   #!/bin/sh
#   set -eu
#   . tests/lib.sh
#
# and is run by tests/run, or by hand from the repository's top. It gets, private to it: $RELMK_SCRATCH,
# HOME, and ERL_EPMD_PORT. Its exit status is 1 if any test failed. Whatever it started is ended with it.
# shellcheck shell=sh

RELMK_TOOLS=${RELMK_TOOLS:-$PWD/build/tools}
if [ -z "${RELMK_SCRATCH-}" ]; then
  RELMK_SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/relmk.XXXXXX")
  scratch_is_ours=1
else
  scratch_is_ours=0
fi
HOME=$RELMK_SCRATCH/.home
mkdir -p "$HOME"
export RELMK_TOOLS RELMK_SCRATCH HOME
# What the caller's own nodes and projects are told must not reach those of a test.
unset MAKEFLAGS MFLAGS MAKELEVEL ERL_LIBS ERL_FLAGS ERL_ZFLAGS ROOTDIR BINDIR REL ACT NODE_NAME \
  NODE_HOST NODE_NAME_TYPE KAZOO_CONFIG KAZOO_ZONE RELX_COOKIE RELX_CONFIG_PATH VMARGS_PATH V T CASE 2>/dev/null || :

tests_directory=$PWD/tests
failures=0
started_pids=
claimed_ports=

# ok WHAT, not_ok WHAT [DETAIL]…: one result; each further argument is a line of explanation.
ok() { printf 'ok - %s\n' "$1"; }
not_ok() {
  printf 'not ok - %s\n' "$1"
  shift
  for detail; do printf '%s\n' "$detail" | sed 's/^/  # /'; done
  failures=$((failures + 1))
}

# skip WHY: what can't be tested here.
skip() { printf 'skip - %s\n' "$1"; }

# check WHAT COMMAND…: COMMAND succeeds. Its output is shown if it doesn't.
check() {
  what=$1
  shift
  if "$@" >"$RELMK_SCRATCH/.out" 2>&1; then ok "$what"; else
    not_ok "$what" "exit $? of: $*" "$(cat "$RELMK_SCRATCH/.out")"
  fi
}

# refute WHAT COMMAND…: COMMAND fails.
refute() {
  what=$1
  shift
  if "$@" >"$RELMK_SCRATCH/.out" 2>&1; then
    not_ok "$what" "succeeded: $*" "$(cat "$RELMK_SCRATCH/.out")"
  else ok "$what"; fi
}

# same WHAT EXPECTED ACTUAL: two files have the same bytes.
same() {
  if difference=$(cmp -- "$2" "$3" 2>&1); then ok "$1"; else
    not_ok "$1" "$difference" "$(diff -u -- "$2" "$3" 2>&1 | head -n 40)"
  fi
}

# equal WHAT EXPECTED ACTUAL: two strings.
equal() {
  if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "expected: $2" "     got: $3"; fi
}

# fails_with WHAT STATUS TEXT COMMAND…: COMMAND exits with STATUS, and its stderr holds TEXT.
fails_with() {
  what=$1 wanted_status=$2 text=$3
  shift 3
  status=0
  "$@" >"$RELMK_SCRATCH/.out" 2>"$RELMK_SCRATCH/.err" || status=$?
  if [ "$status" -ne "$wanted_status" ]; then
    not_ok "$what" "exit $status, not $wanted_status, of: $*" "$(cat "$RELMK_SCRATCH/.err")"
  elif ! grep -qF -e "$text" "$RELMK_SCRATCH/.err"; then
    not_ok "$what" "stderr doesn't hold: $text" "$(cat "$RELMK_SCRATCH/.err")"
  else ok "$what"; fi
}

# eventually SECONDS COMMAND…: tries COMMAND, ten times a second, until it succeeds.
eventually() {
  tries=$(($1 * 10))
  shift
  until "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    if [ "$tries" -le 0 ]; then return 1; fi
    sleep 0.1
  done
}

# started PID: that process is ended with the script.
started() { started_pids="$started_pids $1"; }

# unique NAME: a name for a node that no other test has.
unique() { echo "${1}_$$"; }

# with_rebar3: from here on, rebar3 is a command: where it isn't installed, that of Debian's package.
with_rebar3() {
  if ! command -v rebar3 >/dev/null; then
    PATH=$("$tests_directory/fetch-deb" rebar3)/usr/bin:$PATH
  fi
}

# with_elixir: from here on, elixir and mix are commands: where they aren't installed, those of Debian's package.
# Fails, and says that it is skipped, where apt cannot get it.
with_elixir() {
  if ! command -v mix >/dev/null; then
    elixir_directory=$("$tests_directory/fetch-deb" elixir) || {
      skip "Elixir: apt cannot get it"
      return 1
    }
    PATH=$elixir_directory/usr/lib/elixir/bin:$PATH
  fi
  # Without UTF-8 Elixir warns.
  LC_ALL=C.UTF-8 MIX_HOME=$HOME/.mix
  export LC_ALL MIX_HOME
}

# with_other_otp: from here on, erl and its like are those of the other Debian: of OTP 27 where this
# is Debian 12, which has 25, and the other way round. Sets other_otp to its number. Fails, and says
# that it is skipped, where apt cannot get them.
with_other_otp() {
  other_suite=trixie
  [ "$(otp_release)" -lt 27 ] || other_suite=bookworm
  other_directory=$("$tests_directory/fetch-otp" "$other_suite") || {
    skip "apt cannot get the OTP of $other_suite"
    return 1
  }
  PATH=$other_directory/bin:$PATH
  other_otp=$(otp_release)
  case $other_suite in trixie) wanted=27 ;; *) wanted=25 ;; esac
  equal "the OTP of $other_suite runs here" "$wanted" "$other_otp"
}
otp_release() { erl -noshell -eval 'io:put_chars(erlang:system_info(otp_release)), halt().'; }

# under_other_otp SCRIPT: runs a test script, after with_other_otp, and shows its results as that
# OTP's.
under_other_otp() {
  other_name=$(basename "$1" .sh)
  mkdir "$RELMK_SCRATCH/$other_name"
  RELMK_SCRATCH=$RELMK_SCRATCH/$other_name "$1" >"$RELMK_SCRATCH/$other_name.out" 2>&1 ||
    failures=$((failures + 1))
  sed "s/^\(ok\|not ok\|skip\) - /&OTP $other_otp: /" "$RELMK_SCRATCH/$other_name.out"
}

# Sets free_port to a TCP port on which nothing listens, and which no other test is given: the claim
# is a link that names the process. The port lies below those that the kernel gives by itself.
claim_port() {
  free_port=$((20000 + $$ % 10000))
  until ! listened_on "$free_port" && claimed "$free_port"; do
    free_port=$((20000 + (free_port - 20000 + 7) % 10000))
  done
  claimed_ports="$claimed_ports $free_port"
}
listened_on() {
  grep -qi ":$(printf %04x "$1") 0*:0000 0A" /proc/net/tcp /proc/net/tcp6 2>/dev/null
}
claimed() {
  claim=${TMPDIR:-/tmp}/relmk-port.$1
  ln -s $$ "$claim" 2>/dev/null && return
  # A test that was killed left its claim behind.
  if ! kill -0 "$(readlink "$claim")" 2>/dev/null; then rm -f "$claim"; fi
  ln -s $$ "$claim" 2>/dev/null
}

finish() {
  status=$?
  trap - EXIT
  for pid in $started_pids; do kill "$pid" 2>/dev/null || :; done
  "$tests_directory/end-processes" "$RELMK_SCRATCH" $$
  for port in $claimed_ports; do rm -f "${TMPDIR:-/tmp}/relmk-port.$port"; done
  if [ "$scratch_is_ours" = 1 ]; then rm -rf "$RELMK_SCRATCH"; fi
  if [ "$status" = 0 ] && [ "$failures" -gt 0 ]; then status=1; fi
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

claim_port
ERL_EPMD_PORT=$free_port
ERL_EPMD_ADDRESS=127.0.0.1
# Nodes listen on the loopback interface only.
ERL_AFLAGS='-kernel inet_dist_use_interface {127,0,0,1}'
export ERL_EPMD_PORT ERL_EPMD_ADDRESS ERL_AFLAGS
