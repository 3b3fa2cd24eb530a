#!/bin/sh
# A release that has neither its own ERTS nor the system's applications goes from one version to the next and back:
# its tarball holds what is its own, and nothing of the system's is touched.
set -eu
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/start-script.sh
. tests/start-script.sh
# shellcheck source=tests/upgrade.sh
. tests/upgrade.sh

project=$RELMK_SCRATCH/project
root=$RELMK_SCRATCH/opt/demo
demo=$root/bin/demo
mkdir -p "$project" "$root"
without_otp='{include_erts, false}. {system_libs, false}.'
check 'the tarball of version 1' tar_demo "$project" 1 without_system '' "$without_otp"
check 'the tarball of version 2, with its relup' tar_demo "$project" 2 without_system '' "$without_otp"
equal 'it holds one application, and no ERTS' 'counter-2' \
  "$(tar tzf "$project/_rel/demo/demo-2.tar.gz" | sed -n 's,^lib/\([^/]*\)/.*,\1,p; /^erts/p' | sort -u)"
tar xzf "$project/_rel/demo/demo-1.tar.gz" -C "$root"
cp "$project/_rel/demo/demo-2.tar.gz" "$root/releases/demo-2.tar.gz"
check 'version 1 runs' "$demo" daemon
"$demo" rpc counter up >/dev/null
process=$("$demo" eval 'pid_to_list(whereis(counter)).')
system=$("$demo" eval 'code:lib_dir(kernel).' | tr -d '"')
refute "the system's applications are elsewhere" test -e "$root/lib/${system##*/}"

check 'check finds nothing in the way' "$demo" check 2
check 'upgrade' "$demo" upgrade 2
equal 'the state is that of version 2' '{1,"1"}' "$("$demo" rpc counter state)"
equal 'the process is the same' "$process" "$("$demo" eval 'pid_to_list(whereis(counter)).')"
equal 'its code is that of the release' "\"$root/lib/counter-2\"" "$("$demo" eval 'code:lib_dir(counter).')"
equal "the system's is that of the system" "\"$system\"" "$("$demo" eval 'code:lib_dir(kernel).')"
check 'restart' "$demo" restart
equal 'boots version 2' '{0,new}' "$("$demo" rpc counter state)"
check 'stop' "$demo" stop
check 'and start' "$demo" daemon
equal 'comes up in version 2' '{0,new}' "$("$demo" rpc counter state)"
equal 'which is permanent' permanent "$(status_of_version 2)"
check 'downgrade' "$demo" downgrade 1
equal 'the state is that of version 1' 0 "$("$demo" rpc counter state)"
check 'uninstall' "$demo" uninstall 2
refute 'removes its application' test -e "$root/lib/counter-2"
check "and nothing of the system's" test -e "$system/ebin/kernel.beam"
check 'stop' "$demo" stop
check 'and start' "$demo" daemon
equal 'comes up in version 1' 0 "$("$demo" rpc counter state)"

# A version that needs another Erlang than the machine has.
change() { sed -i 's/{kernel,"[^"]*"/{kernel,"0.1"/' "$tree/releases/3/demo.rel"; }
next=$project/_rel/demo
variant 3 "$up_script"
fails_with 'an application that the system does not have' 3 'kernel-0.1 is neither in the tarball nor in' "$demo" upgrade 3
check 'stop' "$demo" stop
