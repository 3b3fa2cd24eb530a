#!/bin/sh
# Upgrades as they happen: one after the other, of versions with odd names, in a directory with a space in its name,
# of a node with another name, with hooks that fail, with files that are gone, two at a time.
set -eu
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/start-script.sh
. tests/start-script.sh
# shellcheck source=tests/upgrade.sh
. tests/upgrade.sh

place='a place & more'
NODE_NAME=$(unique other_name)@127.0.0.1
export NODE_NAME
mkdir -p "$RELMK_SCRATCH/$place"
printf '%s\n' "-name $NODE_NAME" '-setcookie demo' >"$RELMK_SCRATCH/$place/vm.args"
start_demo '{extended_start_script_hooks, [{pre_install_upgrade, [{custom, "hooks/pre"}]},
  {post_install_upgrade, [{custom, "hooks/post"}, {custom, "hooks/last"}]}]}.'
mkdir -p "$root/bin/hooks"
for hook in pre post last; do
  # shellcheck disable=SC2016 # the hook's variables
  printf '%s\n' "echo \"$hook \${RELMK_UPGRADE_STATUS-}\" >>\"\$RELEASE_ROOT_DIR/../hooks\"" \
    "[ ! -e \"\$RELEASE_ROOT_DIR/../$hook-fails\" ] || exit \"\$(cat \"\$RELEASE_ROOT_DIR/../$hook-fails\")\"" >"$root/bin/hooks/$hook"
done
"$demo" rpc counter up >/dev/null
process=$("$demo" eval 'pid_to_list(whereis(counter)).')
runs() {
  equal "$1 runs" "$1" "$("$demo" versions | awk '$3 == "permanent" { print $2 }')"
  equal "$1: and is started" "REL_VSN='$1'" "$(grep ^REL_VSN= "$demo")"
  equal "$1: the process is the same" "$process" "$("$demo" eval 'pid_to_list(whereis(counter)).')"
  equal "$1: with its state" '{1,"1"}' "$("$demo" rpc counter state)"
}

# step FROM TO: a tarball of TO, of which nothing is new but its version.
step() {
  change() { sed -i "s/{\"1\",\[\]/{\"$from\",[]/g" "$tree/releases/$1/relup"; }
  from=$1
  variant "$2" point_of_no_return point_of_no_return
}
variant '2.0.0+a.1' "$up_script"
check 'the first upgrade' "$demo" upgrade 2.0.0+a.1
runs 2.0.0+a.1
step '2.0.0+a.1' '2.0.0-rc.1'
check 'the second' "$demo" upgrade 2.0.0-rc.1
runs 2.0.0-rc.1
step '2.0.0-rc.1' '2.0.0+build.7.ref1a2b3c4'
check 'the third' "$demo" upgrade 2.0.0+build.7.ref1a2b3c4
runs 2.0.0+build.7.ref1a2b3c4
check 'back, a step' "$demo" downgrade 2.0.0-rc.1
runs 2.0.0-rc.1
check 'the third again' "$demo" upgrade 2.0.0+build.7.ref1a2b3c4
fails_with 'back by two steps, of which no relup tells' 3 'no relup leads from version' "$demo" downgrade 2.0.0+a.1
check 'the version that runs' "$demo" upgrade 2.0.0+build.7.ref1a2b3c4
runs 2.0.0+build.7.ref1a2b3c4
check 'a version before it goes' "$demo" uninstall 2.0.0+a.1
check 'and the application that the others need stays' test -e "$root/lib/counter-2/ebin/counter.beam"

rm -r "$root/releases/2.0.0-rc.1" "$root/releases/demo-2.0.0-rc.1.tar.gz"
fails_with 'back to a version whose files are gone' 2 'release_package_not_found' "$demo" downgrade 2.0.0-rc.1
check 'a hint' grep -q '^hint: ' "$RELMK_SCRATCH/.err"
runs 2.0.0+build.7.ref1a2b3c4
equal 'it is forgotten' '' "$(status_of_version 2.0.0-rc.1)"

step '2.0.0+build.7.ref1a2b3c4' 3
check 'check 3' "$demo" check 3
echo 7 >"$root/../pre-fails"
: >"$root/../hooks"
state_before=$(noted_state)
fails_with 'a hook before it that fails' 7 'hooks/pre ended the command with 7 before it began' "$demo" upgrade 3
echo 0 >"$root/../pre-fails"
fails_with 'one that ends the script as if all were well' 1 'hooks/pre ended the command with 0' "$demo" upgrade 3
equal 'nothing else is done' "$state_before" "$(noted_state)"
equal 'nor other hooks run' 'pre pre' "$(tr -d ' ' <"$root/../hooks" | tr '\n' ' ' | sed 's/ $//')"
rm "$root/../pre-fails"
: >"$root/../hooks"
echo 0 >"$root/../post-fails"
equal 'a hook after it that ends well hides no failure' 2 "$(status_of "$demo" upgrade 99)"
equal 'nor from the next one' 'pre post2 last2' "$(tr -d ' ' <"$root/../hooks" | tr '\n' ' ' | sed 's/ $//')"
echo 7 >"$root/../post-fails"
: >"$root/../hooks"
check 'one that fails hides no success' says 'hooks/post ended with 7' "$demo" upgrade 3
equal 'nor from the next one' 'pre post0 last0' "$(tr -d ' ' <"$root/../hooks" | tr '\n' ' ' | sed 's/ $//')"
runs 3
equal 'the code is that of the command' 0 "$(status_of "$demo" upgrade 3)"
rm "$root/../post-fails"

# Two at a time: one waits in its hook, where it holds nothing yet; one holds the release.
step 3 4
step 3 5
"$demo" upgrade 4 --verify "touch '$RELMK_SCRATCH/verifies'; until test -e '$RELMK_SCRATCH/go-on'; do sleep 0.1; done" \
  --within 600 >"$RELMK_SCRATCH/.first" 2>&1 &
upgrade=$!
check 'one is under way' eventually 120 test -e "$RELMK_SCRATCH/verifies"
fails_with 'another one is refused' 1 'another command is changing this release' "$demo" upgrade 5
fails_with 'so is uninstall' 1 'another command is changing this release' "$demo" uninstall 3
: >"$RELMK_SCRATCH/go-on"
check 'the first one ends well' wait "$upgrade"
runs 4
check 'then the other is refused for its relup alone' says 'no relup leads from version 4' "$demo" upgrade 5
check 'stop' "$demo" stop
