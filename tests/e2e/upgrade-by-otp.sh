#!/bin/sh
# The tarball of `make tar-release` is installed by OTP's own means, and its commands go on from there.
set -eu
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/start-script.sh
. tests/start-script.sh
# shellcheck source=tests/upgrade.sh
. tests/upgrade.sh

# A release with its own Erlang: release_handler unpacks below code:root_dir().
project=$RELMK_SCRATCH/project
root=$RELMK_SCRATCH/opt/demo
demo=$root/bin/demo
mkdir -p "$project" "$root"
check 'the tarball of version 1' tar_demo "$project" 1 by_otp
check 'the tarball of version 2, with its relup' tar_demo "$project" 2 by_otp
tar xzf "$project/_rel/demo/demo-1.tar.gz" -C "$root"
cp "$project/_rel/demo/demo-2.tar.gz" "$root/releases/demo.tar.gz"
check 'version 1 runs' "$demo" daemon
equal 'the release stands by itself' "\"$root\"" "$("$demo" eval 'code:root_dir().')"
"$demo" rpc counter up >/dev/null
process=$("$demo" eval 'pid_to_list(whereis(counter)).')

equal 'release_handler unpacks it' '{ok,"2"}' "$("$demo" eval 'release_handler:unpack_release("demo").')"
equal 'the version is known' unpacked "$(status_of_version 2)"
equal 'and finds it right' '{ok,"1",[]}' "$("$demo" eval 'release_handler:check_install_release("2").')"
check 'so does check' "$demo" check 2
equal 'release_handler installs it' '{ok,"1",[]}' "$("$demo" eval 'release_handler:install_release("2").')"
equal 'the state is that of version 2' '{1,"1"}' "$("$demo" rpc counter state)"
equal 'the process is the same' "$process" "$("$demo" eval 'pid_to_list(whereis(counter)).')"
equal 'the configuration is that of version 2' '{ok,2}' "$("$demo" eval 'application:get_env(counter, limit).')"
equal 'version 2 is current' current "$(status_of_version 2)"
equal 'release_handler makes it permanent' ok "$("$demo" eval 'release_handler:make_permanent("2").')"
equal 'version 2 is permanent' permanent "$(status_of_version 2)"
check 'restart' "$demo" restart
equal 'boots version 2' '{0,new}' "$("$demo" rpc counter state)"

# killed_and_started: as a machine that loses its power, and boots again.
killed_and_started() {
  pid=$("$demo" pid)
  kill -KILL "$pid"
  eventually 60 gone "$pid" && "$demo" daemon
}
# is_back VSN STATE: the node came up in that version, whose start script bin/demo is from then on.
is_back() {
  equal "comes up in version $1" "$2" "$("$demo" rpc counter state)"
  equal "version $1 is permanent, still" permanent "$(status_of_version "$1")"
  equal "bin/demo is the start script of version $1" "REL_VSN='$1'" "$(grep ^REL_VSN= "$demo")"
}
equal 'bin/demo is that of version 1' "REL_VSN='1'" "$(grep ^REL_VSN= "$demo")"
cp "$demo" "$RELMK_SCRATCH/script-1"
check 'killed, and started by bin/demo, the node' killed_and_started
is_back 2 '{0,new}'
check 'commit has nothing to do' says 'already installed, running and set permanent' "$demo" commit 2
check 'stop' "$demo" stop
cp "$RELMK_SCRATCH/script-1" "$demo"
mv "$demo-2" "$RELMK_SCRATCH/script-2"
check 'start, where version 2 has no script of its own' "$demo" daemon
equal 'the node comes up in version 2, too' '{0,new}' "$("$demo" rpc counter state)"
mv "$RELMK_SCRATCH/script-2" "$demo-2"
check 'commit gives it its start script' says 'bin/demo starts it from now on' "$demo" commit 2
equal 'which starts version 2' "REL_VSN='2'" "$(grep ^REL_VSN= "$demo")"
check 'stop' "$demo" stop
check 'and start' "$demo" daemon
is_back 2 '{0,new}'
equal 'release_handler goes back' '{ok,"1",[]}' "$("$demo" eval 'release_handler:install_release("1").')"
equal 'and makes that permanent' ok "$("$demo" eval 'release_handler:make_permanent("1").')"
check 'killed, and started by bin/demo, the node' killed_and_started
is_back 1 0
check 'version 1 is asked for by its own script' "$demo-1" ping
check 'upgrade' "$demo" upgrade 2

check 'downgrade' "$demo" downgrade 1
equal 'the state is that of version 1' 0 "$("$demo" rpc counter state)"
check 'uninstall' "$demo" uninstall 2
refute 'removes the application' test -e "$root/lib/counter-2"
refute 'and the version' test -e "$root/releases/2"
equal 'release_handler knows version 1 alone' '["1"]' \
  "$("$demo" eval '[V || {_, V, _, _} <- release_handler:which_releases()].')"
check 'stop' "$demo" stop
