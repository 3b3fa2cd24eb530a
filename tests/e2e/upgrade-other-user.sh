#!/bin/sh
# The node runs as a user to whom the release belongs, and root upgrades it: the files are that user's, who can go on
# with them. A user who may not remove a version removes nothing of it.
set -eu
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/start-script.sh
. tests/start-script.sh
# shellcheck source=tests/upgrade.sh
. tests/upgrade.sh

user=$((100000 + $$ % 100000))
as_user() { setpriv --reuid="$user" --regid="$user" --clear-groups env HOME="$RELMK_SCRATCH/home" "$@"; }
mkdir -p "$RELMK_SCRATCH/home" "$RELMK_SCRATCH/first" "$RELMK_SCRATCH/second"
if [ "$(id -u)" -ne 0 ] || ! chown "$user" "$RELMK_SCRATCH/home" || ! as_user true 2>/dev/null; then
  skip 'another user: that needs root'
  exit 0
fi
unset XDG_RUNTIME_DIR
PIPE_DIR=$RELMK_SCRATCH/home/pipes/
chmod 755 "$RELMK_SCRATCH"
first=$RELMK_SCRATCH/first
second=$RELMK_SCRATCH/second
root=$first/demo
next=$second/demo
demo=$root/bin/demo
check 'version 1 is assembled' make_demo "$first" 1
cp "$first/vm.args" "$second/"
check 'version 2 is assembled' make_demo "$second" 2
chown -R "$user:$user" "$first"
# The rendered configuration, which may hold a password, is its reader's alone.
# shellcheck disable=SC2016 # the command that upgrades replaces it
change() {
  rm "$tree/releases/$1/sys.config"
  echo '[{counter, [{limit, ${LIMIT}}]}].' >"$tree/releases/$1/sys.config.src"
}
LIMIT=77
export LIMIT
variant 2 "$up_script"
chmod 600 "$root/releases/demo-2.tar.gz"
not_the_users() { find "$root" -user 0 ! -name '*.tar.gz'; }

check 'the node runs as another user' as_user "$demo" daemon
check 'root upgrades it' "$demo" upgrade 2
equal 'its configuration is what was rendered' '{ok,77}' "$(as_user "$demo" eval 'application:get_env(counter, limit).')"
equal 'all files are the other user'\''s' '' "$(not_the_users)"
equal 'nobody else reads the configuration' '' "$(find "$root/releases/2" -name 'sys.config' -perm /077)"
check 'the user stops it' as_user "$demo" stop
check 'and starts it' as_user "$demo" daemon
equal 'in version 2' '{ok,77} {0,new}' \
  "$(as_user "$demo" eval 'application:get_env(counter, limit).') $(as_user "$demo" rpc counter state)"
check 'root goes back' "$demo" downgrade 1
check 'the user upgrades' as_user "$demo" upgrade 2
check 'and goes back' as_user "$demo" downgrade 1

chown -R 0:0 "$root/lib/counter-2"
fails_with 'uninstall by who may not' 3 'counter-2: error: cannot be written' as_user "$demo" uninstall 2
check 'a hint' grep -q '^hint: run the command as' "$RELMK_SCRATCH/.err"
equal 'the version is known, still' old "$(status_of_version 2)"
check 'and its files are there' test -e "$root/releases/2/demo.rel"
chown -R "$user:$user" "$root/lib/counter-2"
check 'uninstall by who may' as_user "$demo" uninstall 2
refute 'removes the application' test -e "$root/lib/counter-2"

# A failure that root's command takes back: RELEASES is to be the node's, to write.
variant 5 '{load_object_code,{counter,"2",[counter]}},{suspend,[counter]},{code_change,up,[{counter,crash}]},point_of_no_return,{resume,[counter]}'
fails_with 'an upgrade by root that fails' 4 'before the point of no return' "$demo" upgrade 5
equal 'leaves the files the user'\''s' '' "$(not_the_users)"
# The node can read only what is its user's: root's file, where releases/ is root's.
chown 0:0 "$root/releases"
fails_with 'a configuration that the node cannot read' 4 'the node cannot read' "$demo" upgrade 2
equal 'the old configuration stays' '{ok,1}' "$("$demo" eval 'application:get_env(counter, limit).')"
chown "$user:$user" "$root/releases"
check 'then it can' "$demo" upgrade 2
check 'stop' "$demo" stop
