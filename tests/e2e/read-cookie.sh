#!/bin/sh
# read-cookie as make calls it: stdout, stderr, exit codes.
set -eu
. tests/lib.sh

read_cookie=$RELMK_TOOLS/read-cookie
ini=$RELMK_SCRATCH/config.ini
(umask 077 && printf '[kazoo_apps]\ncookie = change_me\n\n[ecallmgr]\ncookie = "s e;cret"\n' >"$ini")

equal "a cookie alone on stdout" "change_me" "$("$read_cookie" kazoo_apps --config "$ini" 2>&1)"
equal "quotes are part of a cookie" '"s e;cret"' "$(KAZOO_CONFIG=$ini "$read_cookie" ecallmgr)"
equal "a node's name" "change_me" "$(KAZOO_CONFIG=$ini "$read_cookie" kazoo_apps@a.example.com)"
equal "--config goes before KAZOO_CONFIG" "change_me" \
  "$(KAZOO_CONFIG=/nowhere "$read_cookie" kazoo_apps --config "$ini")"

printf '[kazoo_apps]\ncookie = c\0\n' >"$RELMK_SCRATCH/nul.ini"
chmod 600 "$RELMK_SCRATCH/nul.ini"
printf 'c\0\n' >"$RELMK_SCRATCH/nul"
"$read_cookie" kazoo_apps --config "$RELMK_SCRATCH/nul.ini" >"$RELMK_SCRATCH/nul.out"
same "a cookie is printed whole, also one with a NUL" "$RELMK_SCRATCH/nul" "$RELMK_SCRATCH/nul.out"

equal "the sample" "change_me" "$("$read_cookie" ecallmgr --config config/config.ini 2>/dev/null)"

fails_with "no file" 1 "/nowhere/config.ini: error: no config.ini for section [kazoo_apps]" \
  env KAZOO_CONFIG=/nowhere/config.ini "$read_cookie" kazoo_apps
fails_with "no section" 1 "$ini: error: no section [other]" "$read_cookie" other --config "$ini"
fails_with "no node type" 2 "REL is required" "$read_cookie" --config "$ini"

printf '[kazoo_apps]\r\ncookie = change_me\r\n' >"$RELMK_SCRATCH/crlf.ini"
fails_with "a file that Kazoo refuses" 1 "crlf.ini:1:13: error: Kazoo's parser refuses the file" \
  "$read_cookie" kazoo_apps --config "$RELMK_SCRATCH/crlf.ini"

chmod o+r "$ini"
fails_with "a file that others can read" 0 "$ini: warning: others can read" \
  "$read_cookie" kazoo_apps --config "$ini"
chmod o-r "$ini"

xml() {
  printf '<configuration name="kazoo.conf">\n<settings>\n<param name="cookie" value="%s"/>\n' "$1"
  printf '</settings>\n</configuration>\n'
}
xml 'other_secret' >"$RELMK_SCRATCH/other.xml"
xml '&quot;s e;cret&quot;' >"$RELMK_SCRATCH/same.xml"
check "FreeSWITCH has the same cookie" \
  "$read_cookie" ecallmgr --config "$ini" --freeswitch "$RELMK_SCRATCH/same.xml"
fails_with "FreeSWITCH has another cookie" 1 "other.xml:3: error: this cookie is not the one at $ini:5" \
  "$read_cookie" ecallmgr --config "$ini" --freeswitch "$RELMK_SCRATCH/other.xml"
if grep -q secret "$RELMK_SCRATCH/.err"; then not_ok "no cookie in errors"; else ok "no cookie in errors"; fi
