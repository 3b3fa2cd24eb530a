#!/bin/sh
# mk/release.sh: what it makes of REL, ACT, NODE_HOST and the rest, by a start script that tells.
set -eu
. tests/lib.sh

mkdir -p "$RELMK_SCRATCH/bin" "$RELMK_SCRATCH/a rel/kazoo/bin" "$RELMK_SCRATCH/a rel/kazoo/releases/1.0"
kazoo="$RELMK_SCRATCH/a rel/kazoo"
cat >"$kazoo/bin/kazoo" <<'END'
#!/bin/sh
echo "$NODE_NAME $NODE_NAME_TYPE ${KAZOO_CONFIG-none}"
for argument; do echo "<$argument>"; done
END
chmod +x "$kazoo/bin/kazoo"
echo '13.1.5 1.0' >"$kazoo/releases/start_erl.data"
for boot in start start_clean no_dot_erlang kazoo_apps ecallmgr; do
  : >"$kazoo/releases/1.0/$boot.boot"
done
# The name of this host is what the tests say.
cat >"$RELMK_SCRATCH/bin/hostname" <<'END'
#!/bin/sh
case ${1-} in -s) echo "${FAKE_HOST%%.*}" ;; *) echo "$FAKE_HOST" ;; esac
END
chmod +x "$RELMK_SCRATCH/bin/hostname"
PATH=$RELMK_SCRATCH/bin:$PATH
export PATH FAKE_HOST=media1.example.org

# told VARIABLE=VALUE…: what the start script is told then.
told() { env "$@" mk/release.sh "$kazoo" 2>"$RELMK_SCRATCH/told.err"; }
# fails VARIABLE=VALUE…: it doesn't come to that.
fails() { env "$@" mk/release.sh "$kazoo"; }
first_line() { told "$@" | head -n 1; }

if [ -e /etc/kazoo/config.ini ] || [ -e /etc/kazoo/core/config.ini ]; then
  skip 'this machine has a config.ini, which the defaults would find'
  exit 0
fi

equal 'kazoo_apps, console, and the long host name are the defaults' \
  "kazoo_apps@media1.example.org name none
<console>" "$(told)"
equal 'REL is the node type' 'ecallmgr@media1.example.org name none' "$(first_line REL=ecallmgr)"
equal 'REL may be a whole node name' 'ecallmgr@10.0.0.1 name none' "$(first_line REL=ecallmgr@10.0.0.1)"
equal 'also with an IPv6 address' 'ecallmgr@fe80::1 name none' "$(first_line REL=ecallmgr@fe80::1)"
equal 'a host without a dot is 127.0.0.1' 'kazoo_apps@127.0.0.1 name none' "$(first_line FAKE_HOST=media1)"
check 'and a line says so' grep -q '^The host.*media1.*kazoo_apps@127.0.0.1$' "$RELMK_SCRATCH/told.err"
equal 'NODE_HOST overrides the host' 'kazoo_apps@10.1.1.1 name none' "$(first_line NODE_HOST=10.1.1.1)"
equal 'an IPv6 address needs no dot' 'kazoo_apps@::1 name none' "$(first_line NODE_HOST=::1)"
equal 'short names take the short host name' 'kazoo_apps@media1 sname none' \
  "$(first_line NODE_NAME_TYPE=sname)"
equal 'KAZOO_CONFIG is handed on' 'kazoo_apps@media1.example.org name /x/config.ini' \
  "$(first_line KAZOO_CONFIG=/x/config.ini)"
equal 'ACT may hold arguments, quoted as for a shell' \
  "kazoo_apps@media1.example.org name none
<eval>
<lists:nth(1, \"\$a\").>" "$(told ACT="eval 'lists:nth(1, \"\$a\").'")"

fails_with 'a node type that the release has not got' 1 'no node type kazoo_app' fails REL=kazoo_app
fails_with 'the hint names those it has' 1 'its node types are ecallmgr kazoo_apps' fails REL=kazoo_app
fails_with 'REL that is no name' 1 "REL=a b is no node type" fails "REL=a b"
fails_with 'NODE_NAME_TYPE that is none' 1 'NODE_NAME_TYPE=long is neither name nor sname' \
  fails NODE_NAME_TYPE=long
fails_with 'no release' 1 'hint: make build-release' mk/release.sh "$RELMK_SCRATCH/none/kazoo"

rm "$kazoo/releases/1.0/kazoo_apps.boot" "$kazoo/releases/1.0/ecallmgr.boot"
equal 'a release without node types leaves REL to its start script' 'other@media1.example.org name none' \
  "$(first_line REL=other)"

grep '^# .*there are no commands' tools/lib/relx/start_script/plain.sh.in >>"$kazoo/bin/kazoo"
equal 'a start script that only starts is given no argument' 'kazoo_apps@media1.example.org name none' "$(told)"
fails_with 'and no command' 1 'has no commands, it only starts the release' fails ACT=ping
