#!/bin/sh
# mk/release.sh: what it makes of REL, ACT, NODE_HOST and the rest, by a start script that tells; and what a
# real one says of a node type that its release has not got.
set -eu
. tests/lib.sh
. tests/start-script.sh

mkdir -p "$RELMK_SCRATCH/a rel/kazoo/bin"
kazoo="$RELMK_SCRATCH/a rel/kazoo"
cat >"$kazoo/bin/kazoo" <<'END'
#!/bin/sh
echo "$NODE_NAME $NODE_NAME_TYPE ${NODE_HOST-none} ${KAZOO_CONFIG-none}"
for argument; do echo "<$argument>"; done
END
chmod +x "$kazoo/bin/kazoo"
: >"$kazoo/bin/without_nodetool"

# told VARIABLE=VALUE…: what the start script is told then.
told() { env "$@" mk/release.sh "$kazoo"; }
first_line() { told "$@" | head -n 1; }

equal 'kazoo_apps and console are the defaults' "kazoo_apps name none none
<console>" "$(told)"
equal 'REL is the node type' 'ecallmgr name none none' "$(first_line REL=ecallmgr)"
equal 'REL may be a whole node name' 'ecallmgr@10.0.0.1 name none none' "$(first_line REL=ecallmgr@10.0.0.1)"
equal 'NODE_HOST is handed on' 'kazoo_apps name 10.1.1.1 none' "$(first_line NODE_HOST=10.1.1.1)"
equal 'an empty one is none' 'kazoo_apps name none none' "$(first_line NODE_HOST= KAZOO_CONFIG=)"
equal 'so is NODE_NAME_TYPE' 'kazoo_apps sname none none' "$(first_line NODE_NAME_TYPE=sname)"
equal 'and KAZOO_CONFIG' 'kazoo_apps name none /x/config.ini' "$(first_line KAZOO_CONFIG=/x/config.ini)"
equal 'ACT may hold arguments, quoted as for a shell' "kazoo_apps name none none
<eval>
<lists:nth(1, \"\$a\").>" "$(told ACT="eval 'lists:nth(1, \"\$a\").'")"
# words ACT: the words that the start script gets, each between < and >.
words() { told ACT="$1" | tail -n +2 | tr -d '\n'; }
# shellcheck disable=SC2016 # no shell is to expand these
for act in '$(touch ran)' '`touch ran`' ';touch ran' '&touch ran' '|touch ran' '>ran' '*' '$HOME' '${HOME}' '~' '#x' '[a|b]' \
  'lists:nth(1,[2]).' '!x' '(a)' '{a,b}' 'a&&b' '<<1>>'; do
  equal "ACT is expanded by no shell: $act" "<eval><$(printf %s "$act" | sed 's/ /></g')>" "$(words "eval $act")"
  equal "nor where it is in quotes: $act" "<eval><$act>" "$(words "eval \"$(printf %s "$act" | sed 's/[$`]/\\&/g')\"")"
done
refute 'nothing of that was run' test -e ran
# shellcheck disable=SC2016 # words as they are typed
while IFS=' ' read -r act expected; do
  equal "quoted as for a shell: $act" "$expected" "$(words "$(printf %s "$act" | tr _ ' ')")"
done <<'END'
a_b <a><b>
__a__b__ <a><b>
a\_b <a b>
'a_b'c"d_e" <a bcd e>
'' <>
a_''_"" <a><><>
"a\"b\\z\$d\`e\q" <a"b\z$d`e\q>
'a\"$b' <a\"$b>
"it's" <it's>
it\'s <it's>
'it'\''s' <it's>
\\ <\>
ü_'ö_ä' <ü><ö ä>
END
for act in "eval 'a" 'eval "a' 'eval "a\"'; do
  fails_with "a quote that is not closed: $act" 1 'error: ACT: there is no second' told ACT="$act"
done
fails_with 'no release' 1 'hint: make build-release' mk/release.sh "$RELMK_SCRATCH/none/kazoo"

# Kazoo 4.0's vm.args, which names the node by a variable.
mkdir -p "$kazoo/releases/4.0.0"
echo '13.1 4.0.0' >"$kazoo/releases/start_erl.data"
# shellcheck disable=SC2016 # vm.args'
printf '%s\n' '-setcookie ${COOKIE}' '-name ${NODE_NAME}' >"$kazoo/releases/4.0.0/vm.args"
case $(hostname -f 2>/dev/null || :) in *.*) host= ;; *) host=@127.0.0.1 ;; esac
equal 'a vm.args with NODE_NAME is given a name that can be' "kazoo_apps$host name none none" "$(first_line)"
equal 'with NODE_HOST' 'kazoo_apps@10.1.1.1 name 10.1.1.1 none' "$(first_line NODE_HOST=10.1.1.1)"
equal 'or as REL has it' 'ecallmgr@10.0.0.1 name none none' "$(first_line REL=ecallmgr@10.0.0.1)"
equal 'a short one needs no host' 'kazoo_apps sname none none' "$(first_line NODE_NAME_TYPE=sname)"
mv "$kazoo/releases/4.0.0/vm.args" "$kazoo/releases/4.0.0/vm.args.src"
equal 'a vm.args.src, too' "kazoo_apps$host name none none" "$(first_line)"
# shellcheck disable=SC2016
echo '-name kazoo@127.0.0.1 # ${NODE_NAME}' >"$kazoo/releases/4.0.0/vm.args.src"
equal 'a comment asks for nothing' 'kazoo_apps name none none' "$(first_line)"
rm -r "$kazoo/releases"

rm "$kazoo/bin/without_nodetool"
equal 'a start script that only starts is given no argument' 'kazoo_apps name none none' "$(told)"
fails_with 'and no command' 1 'has no commands, it only starts the release' told ACT=ping

check 'a release is assembled' make_release "$RELMK_SCRATCH/r"
demo=$RELMK_SCRATCH/r/demo
# ask VARIABLE=VALUE…: what `ping` is answered by the real script.
ask() { env ACT=ping "$@" mk/release.sh "$demo"; }
fails_with 'a release without node types leaves REL to vm.args' 1 "$(unique demo)@localhost" ask REL=other
fails_with 'unless it is a whole name' 1 other@10.0.0.1 ask REL=other@10.0.0.1
for type in kazoo_apps ecallmgr; do cp "$demo/releases/1.0/start.boot" "$demo/releases/1.0/$type.boot"; done
KAZOO_CONFIG=$RELMK_SCRATCH/config.ini
export KAZOO_CONFIG
printf '[kazoo_apps]\ncookie = a\n[ecallmgr]\ncookie = b\n' >"$KAZOO_CONFIG"
chmod 600 "$KAZOO_CONFIG"
fails_with 'a node type that the release has not got' 1 'has no node type kazoo_app' ask REL=kazoo_app
fails_with 'the hint names those it has' 1 'hint: its node types are ecallmgr, kazoo_apps' ask REL=kazoo_app
fails_with 'REL that is no name' 1 'NODE_NAME=a' ask "REL=a b"
fails_with 'NODE_NAME_TYPE that is none' 1 'NODE_NAME_TYPE=long is neither name nor sname' ask NODE_NAME_TYPE=long
fails_with 'NODE_HOST is the host' 1 kazoo_apps@10.1.1.1 ask NODE_HOST=10.1.1.1
fails_with 'an IPv6 address needs no dot' 1 kazoo_apps@::1 ask NODE_HOST=::1
fails_with 'short names take the short host name' 1 "kazoo_apps@$(hostname -s)" ask NODE_NAME_TYPE=sname
