#!/bin/sh
# A release with its own Erlang 25 becomes one with Erlang 27, and goes back: heart starts the other emulator.
set -eu
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/start-script.sh
. tests/start-script.sh
# shellcheck source=tests/upgrade.sh
. tests/upgrade.sh

own_otp=$(otp_release)
own_path=$PATH
with_other_otp || exit 0
other_path=$PATH
if [ "$own_otp" -lt "$other_otp" ]; then
  older=$own_otp older_path=$own_path newer=$other_otp newer_path=$other_path
else
  older=$other_otp older_path=$other_path newer=$own_otp newer_path=$own_path
fi
project=$RELMK_SCRATCH/project
root=$RELMK_SCRATCH/opt/demo
demo=$root/bin/demo
mkdir -p "$project" "$root"
# tar_release VSN PATH: with the Erlang of that PATH.
tar_release() (
  PATH=$2
  tar_demo "$project" "$1" erts "$(printf '%s\n' -heart '-env HEART_BEAT_TIMEOUT 300')"
)
check "version 1, with Erlang $older" tar_release 1 "$older_path"
check "version 2, with Erlang $newer, and the way there" tar_release 2 "$newer_path"
cp "$RELMK_SCRATCH/.out" "$RELMK_SCRATCH/table"
check 'says that the emulator is restarted' grep -q '^demo 1 -> 2, the emulator is restarted' "$RELMK_SCRATCH/table"
tar xzf "$project/_rel/demo/demo-1.tar.gz" -C "$root"
cp "$project/_rel/demo/demo-2.tar.gz" "$root/releases/"
check 'version 1 runs' "$demo" daemon
# runs VSN OTP STATE
runs() {
  equal "version $1 runs, on Erlang $2" "$2 $3 permanent" \
    "$("$demo" eval 'list_to_integer(erlang:system_info(otp_release)).') $("$demo" rpc counter state) $(status_of_version "$1")"
}
content() { (cd "$root" && echo erts-* lib/*); }
before=$(content)
runs 1 "$older" 0
check 'check says which emulator is next' says 'note: the emulator will be restarted: ERTS' "$demo" check 2
check 'upgrade' "$demo" upgrade 2
runs 2 "$newer" '{0,"1"}'
check 'downgrade' "$demo" downgrade 1
runs 1 "$older" 0
check 'uninstall' "$demo" uninstall 2
equal 'takes away the other Erlang' "$before" "$(content)"
check 'stop' "$demo" stop
