#!/bin/sh
# shellcheck source=tests/lib.sh
# Kazoo's tree in small: its folders, its make rules for releases (as of 4.3, in short) and a relx 3
# configuration with a start script of its own. relmk.mk is included at its end, or at its beginning.
set -eu
. tests/lib.sh

kazoo=$RELMK_SCRATCH/kazoo
mkdir -p "$RELMK_SCRATCH/bin" "$kazoo/rel" "$kazoo/scripts"

# application DIR/NAME APPLICATIONS: compiled, with one module.
application() {
  name=${1##*/}
  mkdir -p "$kazoo/$1/src" "$kazoo/$1/ebin" "$kazoo/$1/priv"
  printf -- '-module(%s_app).\n-behaviour(application).\n-export([start/2, stop/1]).\nstart(_, _) -> {ok, spawn_link(timer, sleep, [infinity])}.\nstop(_) -> ok.\n' \
    "$name" >"$kazoo/$1/src/${name}_app.erl"
  erlc -o "$kazoo/$1/ebin" "$kazoo/$1/src/${name}_app.erl"
  cat >"$kazoo/$1/ebin/$name.app" <<END
{application, $name, [{description, ""}, {vsn, "1.0"}, {modules, [${name}_app]}, {registered, []},
                      {applications, [kernel, stdlib$2]}, {mod, {${name}_app, []}}]}.
END
}
application deps/jiffy ''
application core/kazoo_apps ', jiffy'
application core/sup ''
application applications/ecallmgr ', kazoo_apps'
echo '%% sup' >"$kazoo/core/sup/priv/sup.escript"
cat >"$kazoo/core/sup/priv/sup" <<'END'
#!/bin/sh
root=${KAZOO_ROOT:-_rel/kazoo}
exec "$root/bin/kazoo" escript lib/sup-*/priv/sup.escript -n "${KAZOO_NODE:-kazoo_apps}" "$@"
END
chmod +x "$kazoo/core/sup/priv/sup"

# What would be fetched is told.
for fetcher in wget curl git; do
  printf '#!/bin/sh\necho "%s $*" >>"%s/fetched"\nexit 1\n' "$fetcher" "$RELMK_SCRATCH" >"$RELMK_SCRATCH/bin/$fetcher"
  chmod +x "$RELMK_SCRATCH/bin/$fetcher"
done
PATH=$RELMK_SCRATCH/bin:$PATH

cat >"$kazoo/rules.mk" <<'END'
ROOT = $(shell cd "$(dirname '.')" && pwd -P)
RELX = $(ROOT)/deps/relx

.PHONY: all compile build-release build-ci-release tar-release release read-release-cookie \
	clean-release install xref_release ci

all: compile

compile:
	@sleep 0.2; touch compiled

$(RELX):
	wget 'https://example.org/relx' -O $@
	chmod +x $@

clean-release:
	$(if $(wildcard _rel/), rm -r _rel/)

build-release: $(RELX) clean-release rel/relx.config rel/relx.config.script rel/sys.config rel/vm.args
	$(RELX) --config rel/relx.config -V 2 release --relname 'kazoo'
build-dev-release: $(RELX) clean-release rel/dev.relx.config
	$(RELX) --dev-mode true --config rel/dev.relx.config -V 2 release --relname 'kazoo'
build-ci-release: $(RELX) clean-release rel/relx.config rel/vm.args
	$(RELX) --config rel/relx.config -V 2 release --relname 'kazoo' --sys_config rel/ci-sys.config
build-dist-release: $(RELX) clean-release rel/dist.relx.config rel/dist.relx.config.script rel/dist.vm.args
	$(RELX) --config rel/dist.relx.config -V 2 release --relname 'kazoo'
tar-release: $(RELX) rel/relx.config rel/relx.config.script rel/sys.config rel/vm.args
	$(RELX) --config rel/relx.config -V 2 release tar --relname 'kazoo'

rel/vm.args rel/dist.vm.args: rel/args
	cp $< $@

## More ACTs elsewhere
release: ACT ?= console # start | attach | stop
release: REL ?= kazoo_apps # kazoo_apps | ecallmgr
release: COOKIE ?= change_me
release:
	NODE_NAME="$(REL)" COOKIE="$(COOKIE)" $(ROOT)/scripts/dev/kazoo.sh $(ACT) "$$@"

install: compile build-release
	cp -a _rel/kazoo /opt

read-release-cookie: REL ?= kazoo_apps
read-release-cookie:
	@NODE_NAME='$(REL)' _rel/kazoo/bin/kazoo escript lib/kazoo_config-*/priv/read-cookie.escript "$$@"

xref_release: TO_XREF = $(shell find $(ROOT)/_rel/kazoo/lib -name ebin)
xref_release:
	@$(ROOT)/scripts/check-xref.escript $(TO_XREF)

ci: compile build-ci-release

fixture_shell: ERL_LIBS = "$(ROOT)/deps:$(ROOT)/core:$(ROOT)/applications"
fixture_shell: NODE_NAME ?= fixturedb
fixture_shell:
	@ERL_LIBS="$(ERL_LIBS)" KAZOO_CONFIG=$(ROOT)/rel/config-test.ini \
		erl -name '$(NODE_NAME)@127.0.0.1' -setcookie fixture -noshell -eval "$(FIXTURE)" "$$@"

broken:
	@false

seen: ; @env | grep 'LD_PRELOAD\|RELMK_TAKES_OVER' || echo nothing

ifdef MALFORMED
  malformed
endif

made.mk: made.src
	@cp $< $@
-include made.mk

sup_completion: sup_completion_file = $(ROOT)/sup.bash
sup_completion:
	@echo mine $(notdir $(sup_completion_file))
END
{ cat "$kazoo/rules.mk" && echo "include $PWD/mk/relmk.mk"; } >"$kazoo/last.mk"
{ echo "include $PWD/mk/relmk.mk" && cat "$kazoo/rules.mk"; } >"$kazoo/first.mk"

cat >"$kazoo/rel/relx.config" <<'END'
{lib_dirs, ["applications", "core", "deps"]}.
{include_src, false}.
{include_erts, true}.
{generate_start_script, false}.
{extended_start_script, false}.
{sys_config, "rel/sys.config"}.
{vm_args, "rel/vm.args"}.
{overlay, [{copy, "../core/sup/priv/sup", "{{output_dir}}/bin/"},
           {template, "kazoo", "{{output_dir}}/bin/kazoo"},
           {chmod, 8#00755, "{{output_dir}}/bin/kazoo"}]}.
END
cat >"$kazoo/rel/relx.config.script" <<'END'
Dirs = fun(Dir) -> [list_to_atom(filename:basename(App)) || App <- filelib:wildcard(Dir ++ "/*"), filelib:is_dir(App)] end,
Load = fun(Apps) -> [{App, load} || App <- Apps] end,
VSN = "4.3.0",
CONFIG ++
    [{default_release, {kazoo, VSN}},
     {release, {kazoo, VSN}, [sasl | Load(Dirs("applications") ++ Dirs("core") ++ Dirs("deps"))]} |
     [begin
        {ok, [{application, App, Keys}]} = file:consult(filename:join(["applications", App, "ebin", App]) ++ ".app"),
        {release, {App, VSN}, [sasl | Load(proplists:get_value(applications, Keys))]}
      end || App <- Dirs("applications")]].
END
cat >"$kazoo/rel/kazoo" <<'END'
#!/bin/sh
# the project's own start script of {{ release_name }} {{ rel_vsn }}
echo "node $KAZOO_NODE ${NODE_NAME_TYPE-} cookie $KAZOO_COOKIE config ${KAZOO_CONFIG-none} replace $RELX_REPLACE_OS_VARS"
for argument; do echo "<$argument>"; done
END
for flavour in dev dist; do
  sed "s/rel\/\(sys.config\|vm.args\)/rel\/$flavour.\1/; \$a{dev_mode, $([ $flavour = dev ] && echo true || echo false)}." \
    "$kazoo/rel/relx.config" >"$kazoo/rel/$flavour.relx.config"
  cp "$kazoo/rel/relx.config.script" "$kazoo/rel/$flavour.relx.config.script"
  echo "[{kernel, [{told, $flavour}]}]." >"$kazoo/rel/$flavour.sys.config"
done
echo '-kernel told args_of_dev' >"$kazoo/rel/dev.vm.args"
echo '[].' >"$kazoo/rel/sys.config"
echo '[{kernel, [{told, ci}]}].' >"$kazoo/rel/ci-sys.config"
echo '-kernel told args' >"$kazoo/rel/args"

# relmk FIRST_OR_LAST ARGUMENT…: stderr is kept, to be looked at.
relmk() {
  makefile=$1.mk
  shift
  make --no-print-directory -C "$kazoo" -f "$makefile" "$@" 2>"$RELMK_SCRATCH/stderr"
}
quiet() { relmk "$@" >/dev/null || { cat "$RELMK_SCRATCH/stderr" && return 1; }; }
release=$kazoo/_rel/kazoo

# As Meson leaves them after a change: the directory of take-over.so's object files is newer than take-over.so. Make has a
# rule of its own that takes that directory for its source in Pascal.
mkdir -p "$RELMK_SCRATCH/tools/take-over.so.p"
for tool in "$RELMK_TOOLS"/*; do
  [ -d "$tool" ] || ln -s "$tool" "$RELMK_SCRATCH/tools/"
done
RELMK_TOOLS=$RELMK_SCRATCH/tools

for place in first last; do
  rm -rf "$kazoo/_rel" "$kazoo/compiled" "$kazoo/rel/vm.args"
  equal "$place: make alone is the project's own first goal, and no other" '' "$(relmk $place)"
  check "$place: which compiles" test -e "$kazoo/compiled"
  refute "$place: and builds nothing" test -e "$kazoo/_rel"
  rm "$kazoo/compiled"

  mkdir -p "$kazoo/_rel/kazoo/log"
  echo precious >"$kazoo/_rel/kazoo/log/kept"
  equal "$place: what would be done has nothing of the old rules" '' \
    "$(relmk $place -n build-release | grep -E 'wget|rm -r|relname' || :)"
  place_of() { echo "$place.mk:$(grep -n "^[[:blank:]]*$1\$" "$kazoo/$place.mk" | cut -d: -f1): "; }
  refute "$place: a recipe that fails" relmk $place broken
  check "$place: is told with its place" grep -qF "[$(place_of @false)broken]" "$RELMK_SCRATCH/stderr"
  refute "$place: what make cannot read" relmk $place seen MALFORMED=1
  check "$place: is told with its place, too" grep -qF "$(place_of malformed)*** " "$RELMK_SCRATCH/stderr"
  equal "$place: what make runs sees nothing of how the rules are replaced" nothing "$(relmk $place seen)"
  rm -f "$kazoo/made.mk"
  printf '\nrun-release: deps/relx\n\t@wget\nlater:\n\t@false later\n' >"$kazoo/made.src"
  refute "$place: an included file that make makes" relmk $place later
  check "$place: has its places" grep -qF '[made.mk:5: later]' "$RELMK_SCRATCH/stderr"
  check "$place: the release is built" quiet $place build-release
  equal "$place: without a word of warning" '' "$(cat "$RELMK_SCRATCH/stderr")"
  refute "$place: nothing is fetched" test -e "$RELMK_SCRATCH/fetched"
  check "$place: nothing is deleted" test -e "$release/log/kept"
  same "$place: a file that a rule makes is made" "$kazoo/rel/args" "$kazoo/rel/vm.args"
  check "$place: the overlay's own start script stays" grep -q "own start script of kazoo 4.3.0" "$release/bin/kazoo"
  same "$place: bin/kazoo-VSN is the same" "$release/bin/kazoo" "$release/bin/kazoo-4.3.0"
  check "$place: an overlay source beside the configuration" test -x "$release/bin/sup"
  check "$place: start_clean.boot is where Kazoo's script looks" test -f "$release/bin/start_clean.boot"
  equal "$place: help says of release what it does, once" '  release               Run the release' \
    "$(relmk $place help | grep '^  release ' | cut -c 1-39)"
  equal "$place: a target that is not relmk's is the project's" 'mine sup.bash' "$(relmk $place sup_completion)"

  # shellcheck disable=SC2016 # make's
  equal "$place: fixture_shell is the project's: its node, its applications" \
    "$(unique fixture)@127.0.0.1 ok $kazoo/rel/config-test.ini" "$(relmk $place fixture_shell NODE_NAME="$(unique fixture)" \
      FIXTURE='io:format(\"~s ~p ~s\", [node(), application:load(kazoo_apps), os:getenv(\"KAZOO_CONFIG\")]), halt().')"

  check "$place: build-ci-release, by another target of the project" quiet $place ci
  check "$place: has its own sys.config" grep -q 'told, ci' "$release/releases/4.3.0/sys.config"
  check "$place: build-dev-release" quiet $place build-dev-release
  check "$place: has its own sys.config, too" grep -q 'told, dev}' "$release/releases/4.3.0/sys.config"
  check "$place: and vm.args" grep -q 'args_of_dev' "$release/releases/4.3.0/vm.args"
  check "$place: and links to applications" test -L "$release/lib/jiffy-1.0"
  check "$place: build-dist-release" quiet $place build-dist-release
  check "$place: has what a rule of its own makes" grep -q 'told args$' "$release/releases/4.3.0/vm.args"
  check "$place: and copies of applications" test -f "$release/lib/jiffy-1.0/ebin/jiffy_app.beam"
  refute "$place: no links" test -L "$release/lib/jiffy-1.0"
  check "$place: tar-release, with another one at once" quiet $place -j4 tar-release build-release
  tar -xzOf "$release/kazoo-4.3.0.tar.gz" bin/kazoo >"$RELMK_SCRATCH/packed" || :
  same "$place: packs the overlay's start script" "$release/bin/kazoo" "$RELMK_SCRATCH/packed"
  equal "$place: without a word of warning, but that one waits for the other" '' \
    "$(grep -v 'lock: waiting for process' "$RELMK_SCRATCH/stderr")"
  refute "$place: or fetched anything" test -e "$RELMK_SCRATCH/fetched"
  check "$place: or deleted it" test -e "$release/log/kept"

  rm -f "$kazoo/compiled"
  check "$place: install" quiet $place -j4 install DESTDIR="$RELMK_SCRATCH/$place"
  check "$place: compiles" test -e "$kazoo/compiled"
  check "$place: before it assembles" test "$RELMK_SCRATCH/$place/opt/kazoo/bin" -nt "$kazoo/compiled"
  check "$place: xref_release" quiet $place xref_release

  equal "$place: the node is kazoo_apps, its cookie is told" \
    'node kazoo_apps@127.0.0.1 -name cookie plum config none replace true
<ping>' "$(COOKIE=plum relmk $place release ACT=ping NODE_HOST=127.0.0.1)"
  equal "$place: REL is what the environment says" ecallmgr@127.0.0.1 \
    "$(REL=ecallmgr COOKIE=plum relmk $place release NODE_HOST=127.0.0.1 | sed -n 's/^node \([^ ]*\).*/\1/p')"
done

# config.ini in $HOME is found, as by Kazoo's own script.
printf '[kazoo_apps]\ncookie = from home\n' >"$HOME/config.ini"
chmod 600 "$HOME/config.ini"
equal 'the cookie of config.ini in the home directory' "cookie from home config $HOME/config.ini" \
  "$(relmk last release NODE_HOST=127.0.0.1 | sed -n 's/.*\(cookie.*\) replace.*/\1/p')"
equal 'read-release-cookie reads it there, too' 'from home' "$(relmk last read-release-cookie)"

# xref_release tells what is found, by the release as it is: it doesn't build.
printf -- '-module(ecallmgr_bad).\n-export([f/0]).\nf() -> nowhere:to_be_found(1).\n' >"$kazoo/applications/ecallmgr/src/ecallmgr_bad.erl"
erlc -o "$kazoo/applications/ecallmgr/ebin" "$kazoo/applications/ecallmgr/src/ecallmgr_bad.erl"
sed -i 's/{modules, \[/{modules, [ecallmgr_bad, /' "$kazoo/applications/ecallmgr/ebin/ecallmgr.app"
listing() { (cd "$kazoo/_rel" && find . -printf '%p %i %T@ %C@\n' | sort); }
listing >"$RELMK_SCRATCH/before"
check 'xref_release does not see what is not in the release' quiet last xref_release
listing >"$RELMK_SCRATCH/after"
same 'and leaves that as it is' "$RELMK_SCRATCH/before" "$RELMK_SCRATCH/after"
check 'the release with a call to nowhere' quiet last build-release
status=0
found=$(relmk last xref_release) || status=$?
equal 'xref_release names it' 'ecallmgr_bad:f/0 -> nowhere:to_be_found/1' "$found"
equal 'and fails' 2 "$status"
rm "$kazoo"/applications/ecallmgr/*/ecallmgr_bad.*
sed -i 's/ecallmgr_bad, //' "$kazoo/applications/ecallmgr/ebin/ecallmgr.app"

# build-all-release: the scripts make kernel and stdlib `load`.
check 'build-all-release' quiet last build-all-release
check 'builds that of each application' test -f "$kazoo/_rel/ecallmgr/releases/4.3.0/ecallmgr.rel"
check 'and warns of kernel' grep -q 'warning: .*kernel' "$RELMK_SCRATCH/stderr"

# Positions are those of the user's file.
sed -i 's/{include_src, false}/{include_src, maybe}/' "$kazoo/rel/relx.config"
refute 'a malformed term' quiet last build-release
check 'is told with its place in the file that the user wrote' \
  grep -q '^rel/relx.config:2:1: error: malformed include_src' "$RELMK_SCRATCH/stderr"
sed -i 's/{include_src, maybe}/{include_src, false}/' "$kazoo/rel/relx.config"

# As Kazoo 4.0: our own start script, a vm.args that names node and cookie by variables, a configuration
# that a rule makes of another file, and node types that make says.

cat >"$kazoo/old.mk" <<'END'
clean-release:
	$(if $(wildcard _rel/), rm -r _rel/) rm -f rel/old.relx.config
build-release: deps/relx clean-release rel/old.relx.config
	deps/relx --config rel/old.relx.config
deps/relx:
	wget 'https://example.org/relx' -O $@
rel/old.relx.config: rel/old.src
	cp $< $@
release:
	@NODE_NAME='$(REL)' COOKIE='change_me' scripts/dev/kazoo.sh $(ACT) "$$@"
RELX_CONFIG = rel/old.relx.config
RELMK_NODE_TYPES = kazoo_apps ecallmgr
END
echo "include $PWD/mk/relmk.mk" >>"$kazoo/old.mk"
cat >"$kazoo/rel/old.src" <<'END'
{lib_dirs, ["applications", "core", "deps"]}.
{extended_start_script, true}.
{vm_args, "rel/old.vm.args"}.
{release, {kazoo, "4.0.0"}, [sasl, {jiffy, load}, {kazoo_apps, load}, {ecallmgr, load}, {sup, load}]}.
{overlay, [{copy, "../core/sup/priv/sup", "bin/"}]}.
END
# shellcheck disable=SC2016 # these are for the start
printf '%s\n' '-setcookie ${COOKIE}' '-name ${NODE_NAME}' >"$kazoo/rel/old.vm.args"
cat >"$kazoo/core/sup/src/sup.erl" <<'END'
-module(sup).
-export([main/1]).
main(Args) -> io:format("sup ~p ~p~n", [node(), Args]).
END
erlc -o "$kazoo/core/sup/ebin" "$kazoo/core/sup/src/sup.erl"
sed -i 's/{modules, \[/{modules, [sup, /' "$kazoo/core/sup/ebin/sup.app"
printf '#!/usr/bin/env escript\n%%%%! +A0 -hidden\nmain(Args) -> sup:main(Args).\n' >"$kazoo/core/sup/priv/sup.escript"

rm -rf "$kazoo/_rel"
check 'a configuration that a rule makes' quiet old build-release
equal 'without a word of warning' '' "$(cat "$RELMK_SCRATCH/stderr")"
sed -i 's/4.0.0/4.0.1/' "$kazoo/rel/old.src"
touch -d '1 hour ago' "$kazoo/rel/old.src"
check 'is made anew each time, as the old clean-release had it' quiet old build-release
for type in kazoo_apps ecallmgr; do
  check "RELMK_NODE_TYPES makes a boot file of $type" test -s "$release/releases/4.0.1/$type.boot"
done

PIPE_DIR=$RELMK_SCRATCH/pipes/
RUNNER_LOG_DIR=$RELMK_SCRATCH/log
export PIPE_DIR RUNNER_LOG_DIR
act() { relmk old release REL=kazoo_apps@127.0.0.1 ACT="$*"; }
check 'make release starts the node' act start
equal 'with the cookie of config.ini' "'from home'" "$(act "eval 'erlang:get_cookie().'")"
# Kazoo's own script hands over a node, a cookie, and all further arguments as one, which may be empty.
mkdir -p "$kazoo/scripts/dev"
cat >"$kazoo/scripts/dev/kazoo.sh" <<'END'
#!/bin/sh
RELX_REPLACE_OS_VARS=true RELX_MULTI_NODE=true KAZOO_NODE=$NODE_NAME KAZOO_COOKIE=$COOKIE
export RELX_REPLACE_OS_VARS RELX_MULTI_NODE KAZOO_NODE KAZOO_COOKIE
command=$1
shift
exec _rel/kazoo/bin/kazoo "$command" "$*"
END
chmod +x "$kazoo/scripts/dev/kazoo.sh"
by_kazoo_sh() { env -C "$kazoo" NODE_NAME=kazoo_apps@127.0.0.1 COOKIE="${cookie-from home}" scripts/dev/kazoo.sh "$@"; }
equal "Kazoo's own script, with an empty argument at the end" pong "$(by_kazoo_sh ping)"
equal 'NODE_NAME_TYPE as Kazoo has it' pong "$(NODE_NAME_TYPE=-name by_kazoo_sh ping)"
equal 'with one that is not empty' 2 "$(by_kazoo_sh eval '1 + 1.')"
cookie=wrong
fails_with 'and with the cookie that COOKIE says, not that of config.ini' 1 cookie by_kazoo_sh ping
unset cookie
check 'it stops the node' by_kazoo_sh stop
refute 'which is gone' act ping
equal 'sup runs, no node, its escript found below the release by a pattern, its modules in lib' 'sup nonode@nohost ["a b",[]]' \
  "$(cd "$kazoo" && _rel/kazoo/bin/kazoo escript 'lib/sup-*/priv/sup.escript' 'a b' '')"
sup() { env -C "$1" KAZOO_ROOT="$2" "$release/bin/sup" kapps_maintenance 'a b' ''; }
wanted='sup nonode@nohost ["-n","kazoo_apps","kapps_maintenance","a b",[]]'
equal 'bin/sup runs, from the top of the tree' "$wanted" "$(sup "$kazoo" _rel/kazoo)"
equal 'from the release, where the shell finds the pattern' "$wanted" "$(sup "$release" .)"
equal 'and from elsewhere' "$wanted" "$(sup / "$release")"
rm "$release"/lib/sup-*/priv/sup.escript
fails_with 'an escript that is not there is told' 1 sup.escript sup "$kazoo" _rel/kazoo

# A configuration of its own, where 4.0 has only a sys.config.
cp "$kazoo/rel/dist.relx.config" "$kazoo/rel/ci.relx.config"
cp "$kazoo/rel/dist.relx.config.script" "$kazoo/rel/ci.relx.config.script"
echo '[{kernel, [{told, own_ci}]}].' >"$kazoo/rel/dist.sys.config"
check 'build-ci-release with a configuration of its own' quiet last build-ci-release
check 'takes it' grep -q own_ci "$release/releases/4.3.0/sys.config"
