#!/bin/sh
# A release whose bin/nodetool cannot run here: it goes by what was prepared when it was made, and refuses
# the rest with a line.
set -eu
. tests/lib.sh
. tests/start-script.sh

RUNNER_LOG_DIR=$RELMK_SCRATCH/log
export RUNNER_LOG_DIR
release=$RELMK_SCRATCH/r
demo=$release/demo/bin/demo
version=$release/demo/releases/1.0
name=$(unique demo)
mkdir "$release"
# shellcheck disable=SC2016
printf -- '-sname ${NODE}@localhost\n-setcookie "${A_COOKIE}"\n# ${COMMENT}\n+P ${MANY:-100000}\n' >"$release/vm.args.src"
# shellcheck disable=SC2016
echo '[{sasl, [{v1, ${V1}}, {v2, "${V2}"}, {v3, "${V3:-a:-b}"}]}, "included"].' >"$release/sys.config.src"
echo '[{sasl, [{v4, 4}]}].' >"$release/included.config"
check 'a release with variables is assembled' make_release "$release" \
  '{vm_args_src, "vm.args.src"}. {sys_config_src, "sys.config.src"}.
   {overlay, [{copy, "included.config", "releases/1.0/included.config"}]}.'
without_nodetool "$release"
value() { output "$demo" eval "{ok, V} = application:get_env(sasl, $1), V."; }

fails_with 'a variable that is not set is named' 2 'the variable NODE is not set' "$demo" foreground
# shellcheck disable=SC2089,SC2090 # the quote is part of it
NODE=$name A_COOKIE='co"o kie' V1=101 V2='a&b'
# shellcheck disable=SC2090
export NODE A_COOKIE V1 V2
equal 'a node starts' 0 "$(status_of "$demo" daemon)"
equal 'with its cookie' true "$(output "$demo" eval "erlang:get_cookie() =:= list_to_atom(\"co\\\"o kie\").")"
check 'that no process shows' in_no_arguments 'o kie'
equal 'a variable' 101 "$(value v1)"
equal 'a value with &' '"a&b"' "$(value v2)"
equal 'a default' '"a:-b"' "$(value v3)"
equal 'what sys.config includes' 4 "$(value v4)"
equal 'a flag with a default' 131072 "$(output "$demo" eval 'erlang:system_info(process_limit).')"
equal 'nobody else can read what holds the cookie' '' "$(find "$version" -name .erlang.cookie -perm /077)"
equal 'it stops' 0 "$(status_of "$demo" stop)"
RELX_COOKIE=mine
export RELX_COOKIE
"$demo" daemon >/dev/null 2>&1 || not_ok 'daemon with RELX_COOKIE'
equal 'RELX_COOKIE goes before' mine "$(output "$demo" eval 'erlang:get_cookie().')"
"$demo" stop >/dev/null 2>&1 || not_ok 'stop'
unset RELX_COOKIE

refuses() {
  what=$1
  text=$2
  shift 2
  fails_with "$what is refused" 1 "$text needs bin/nodetool" env "$@"
}
refuses 'another vm.args' "VMARGS_PATH=$version/vm.args.src" VMARGS_PATH="$version/vm.args.src" "$demo" ping
refuses 'a cookie in ERL_FLAGS' 'a cookie in ERL_FLAGS' ERL_FLAGS='-setcookie x' "$demo" foreground
refuses 'a file of arguments' 'the argument -args_file' "$demo" foreground -args_file x
refuses 'to wait for a node' 'ping --wait' "$demo" ping --wait 3
cp "$version/start.boot" "$version/alpha.boot"
printf '[alpha]\ncookie = a\n' >"$RELMK_SCRATCH/config.ini"
refuses "a node type's cookie" "the cookie of $RELMK_SCRATCH/config.ini" KAZOO_CONFIG="$RELMK_SCRATCH/config.ini" \
  NODE_NAME=alpha@localhost NODE_NAME_TYPE=sname "$demo" ping
fails_with 'a node type that there is not' 1 'has no node type beta' env NODE_NAME=beta@localhost "$demo" stop
rm "$version/alpha.boot"
echo '+K true' >>"$version/vm.args.src"
refuses 'a vm.args that was changed' "$version/vm.args.src, changed since the release was made," "$demo" foreground

# shellcheck disable=SC2016
printf -- '-sname %s@localhost\n-args_file more.args\n' "$name" >"$release/vm.args"
check 'a release with a file of arguments is assembled' make_release "$release"
without_nodetool "$release"
refuses 'what only nodetool reads' 'vm.args with -args_file' "$demo" foreground

check 'a release with the plain script is assembled' make_release "$release" '{extended_start_script, false}.'
printf -- '-sname %s@localhost\n-setcookie "pl ain"\n' "$name" >"$release/vm.args"
check 'and again' make_release "$release" '{extended_start_script, false}. {include_nodetool, false}.'
equal 'the plain script starts by what was prepared' 'pl ain error' \
  "$("$demo" -noshell -eval 'io:format("~s ~p", [erlang:get_cookie(), init:get_argument(setcookie)]), halt().')"
