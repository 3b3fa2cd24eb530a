#!/bin/sh
# The demo release: both node types run at once from one release, each with its own applications.
set -eu
. tests/lib.sh

project=$RELMK_SCRATCH/project
mkdir "$project"
cp -r Makefile mk rel "$project"
rm -rf "$project"/rel/relx.config "$project"/rel/apps/*/ebin

KAZOO_CONFIG=$RELMK_SCRATCH/config.ini
NODE_HOST=127.0.0.1
export KAZOO_CONFIG NODE_HOST
apps_cookie=$(unique apps)
mgr_cookie=$(unique mgr)
printf '[kazoo_apps]\ncookie = %s\n[ecallmgr]\ncookie = %s\n' "$apps_cookie" "$mgr_cookie" >"$KAZOO_CONFIG"
chmod 600 "$KAZOO_CONFIG"

# act TYPE COMMAND: of the node of a type, whose pipes are its own.
act() {
  PIPE_DIR=$RELMK_SCRATCH/$1/ make --no-print-directory -C "$project" release REL="$1" ACT="$2"
}
running_applications() {
  act "$1" "eval 'lists:sort([A || {A, _, _} <- application:which_applications()]).'" | tr -d ' \n'
}
# Whether an atom is quoted is none of this test's business.
cookie() { act "$1" "eval 'erlang:get_cookie().'" | tr -d "'"; }

# act_with TEXT TYPE COMMAND: the same where /etc/kazoo/app.config has that text. /etc is a copy that only these
# processes see.
act_with() {
  if [ ! -d "$RELMK_SCRATCH/etc/kazoo" ]; then
    cp -a /etc "$RELMK_SCRATCH/etc" && mkdir "$RELMK_SCRATCH/etc/kazoo"
  fi
  printf '%s\n' "$1" >"$RELMK_SCRATCH/etc/kazoo/app.config"
  # shellcheck disable=SC2016 # the inner shell's variables
  PIPE_DIR=$RELMK_SCRATCH/$2/ unshare -m sh -c 'mount --bind "$1" /etc && shift && exec "$@"' sh \
    "$RELMK_SCRATCH/etc" make --no-print-directory -C "$project" release REL="$2" ACT="$3"
}

check 'the release is built' make -C "$project" build-release
for type in kazoo_apps ecallmgr; do
  refute "no $type runs" act "$type" ping
done
check 'kazoo_apps starts' act kazoo_apps start
if [ "$(id -u)" -eq 0 ] && [ ! -e /etc/kazoo ] && unshare -m true 2>/dev/null; then
  fails_with 'a malformed app.config keeps ecallmgr from starting' 2 \
    "/etc/kazoo/app.config:1:31: error: syntax error before: '}'" \
    act_with '[{ecallmgr, [{max_channels, 7}}].' ecallmgr start
  check 'ecallmgr starts with an app.config' act_with '[{ecallmgr, [{max_channels, 7}]}].' ecallmgr start
  equal "which takes sys.config's place" '{{ok,7},{ok,[["/etc/kazoo/app.config"]]}}' \
    "$(act ecallmgr "eval '{application:get_env(ecallmgr, max_channels), init:get_argument(config)}.'")"
else
  skip 'app.config: that needs root, mount namespaces, and an /etc without Kazoo'
  check 'ecallmgr starts' act ecallmgr start
fi
equal 'kazoo_apps answers' pong "$(act kazoo_apps ping)"
equal 'and so does ecallmgr' pong "$(act ecallmgr ping)"
attaches() {
  printf 'send \\n\nexpect (ecallmgr@127.0.0.1)\nsend {attached, 40 + 2}.\\n\nexpect {attached,42}\nsend \\x04\nend 0\n' |
    "$RELMK_TOOLS/../tests/e2e/pty-driver" env PIPE_DIR="$RELMK_SCRATCH/ecallmgr/" \
      make --no-print-directory -C "$project" release REL=ecallmgr ACT=attach
}
check 'attach leads to its shell' attaches
equal 'the node is named after its type' "'ecallmgr@127.0.0.1'" "$(act ecallmgr "eval 'node().'")"
refute 'they are two processes' [ "$(act kazoo_apps pid)" = "$(act ecallmgr pid)" ]

equal 'kazoo_apps runs what it depends on, what it is told to, and no ecallmgr' \
  '[crypto,kazoo_apps,kazoo_stdlib,kernel,runtime_tools,sasl,stdlib]' "$(running_applications kazoo_apps)"
equal 'ecallmgr runs what it depends on, and no kazoo_apps' \
  '[crypto,ecallmgr,kazoo_stdlib,kernel,sasl,stdlib]' "$(running_applications ecallmgr)"

equal 'the cookie of kazoo_apps is from config.ini' "$apps_cookie" "$(cookie kazoo_apps)"
equal 'that of ecallmgr too' "$mgr_cookie" "$(cookie ecallmgr)"
for type in kazoo_apps ecallmgr; do
  refute "no cookie in the arguments of $type" \
    grep -qzE "$apps_cookie|$mgr_cookie" "/proc/$(act "$type" pid)/cmdline"
done

equal 'a channel comes up' ok "$(act ecallmgr "eval 'ecallmgr_channels:up(<<\"a\">>, inbound).'")"
equal 'once' '{error,already_up}' "$(act ecallmgr "eval 'ecallmgr_channels:up(<<\"a\">>, inbound).'")"
equal 'and is counted' 1 "$(act ecallmgr 'rpc ecallmgr_channels count')"
equal 'it goes down' ok "$(act ecallmgr "eval 'ecallmgr_channels:down(<<\"a\">>).'")"
equal 'and has been the most at once' 1 "$(act ecallmgr 'rpc ecallmgr_channels peak')"
equal 'sys.config told kazoo_apps what to start' '[runtime_tools]' \
  "$(act kazoo_apps "eval '[A || {A, _} <- kapps_controller:running_apps()].'")"

pid=$(act ecallmgr pid)
check 'ecallmgr restarts its applications' act ecallmgr restart
check 'and answers' eventually 30 act ecallmgr "rpc ecallmgr_channels count"
equal 'from the same process' "$pid" "$(act ecallmgr pid)"
check 'ecallmgr stops' act ecallmgr stop
refute 'and is gone' act ecallmgr ping
equal 'kazoo_apps stays' pong "$(act kazoo_apps ping)"
pid=$(act kazoo_apps pid)
fails_with 'until it reboots without heart, which is told' 0 'without heart' act kazoo_apps reboot
# Its process, too, which takes longer than its name.
gone() { ! act kazoo_apps ping && [ -z "$(tr -d '\0' 2>/dev/null <"/proc/$pid/cmdline")" ]; }
check 'and so is gone' eventually 30 gone
fails_with 'a node that is gone cannot be stopped' 2 'not running' act kazoo_apps stop

# Nothing stands between make and the node that would keep a signal from it.
PIPE_DIR=$RELMK_SCRATCH/foreground/ make --no-print-directory -C "$project" release REL=kazoo_apps ACT=foreground \
  >"$RELMK_SCRATCH/foreground.log" 2>&1 &
make_pid=$!
started $make_pid
check 'kazoo_apps runs in the foreground' eventually 60 act kazoo_apps ping
pid=$(act kazoo_apps pid)
kill -TERM $make_pid
wait $make_pid || :
vm_is_gone() { [ ! -d "/proc/$pid" ]; }
check 'SIGTERM to make ends it' eventually 30 vm_is_gone
