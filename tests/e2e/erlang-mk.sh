#!/bin/sh
# shellcheck source=tests/lib.sh
# What erlang.mk's projects rely on, with a makefile that has its variables, its rules of two colons and
# its hooks, as its core has them; and, where RELMK_ERLANG_MK=FILE names one, with a real erlang.mk.
set -eu
. tests/lib.sh

relmk_mk=$PWD/mk/relmk.mk
[ -z "${RELMK_ERLANG_MK-}" ] || RELMK_ERLANG_MK=$(realpath "$RELMK_ERLANG_MK")

cat >"$RELMK_SCRATCH/core.mk" <<'END'
.PHONY: all app deps rel relup clean distclean help rel-deps
ERLANG_MK_VERSION = test
PROJECT := $(strip $(PROJECT))
ERLANG_MK_TMP ?= $(CURDIR)/.erlang.mk
verbose = @
all:: deps app rel
rel::
	$(verbose) :
relup:: deps app
deps::
rel-deps:
	@echo rel-deps >>order
app::
	@echo app >>order
	@mkdir -p ebin && erlc -o ebin src/*.erl
	@sed 's/{modules, *\[\]}/{modules, [$(PROJECT)]}/' src/$(PROJECT).app.src >ebin/$(PROJECT).app
clean::
	$(verbose) :
distclean:: clean
	$(verbose) :
help::
	@echo 'core help'
ifeq ($(filter relx,$(BUILD_DEPS) $(DEPS) $(REL_DEPS)),relx)
relx-rel: rel-deps app
	@echo fetched >>order
rel:: relx-rel
relx-post-rel::
	$(verbose) :
endif
$(foreach p,$(DEP_PLUGINS),$(eval -include $p))
END

node=$(unique hello)@127.0.0.1

# project PLACE FILE: its erlang.mk is FILE; relmk.mk is included before it, after it, or as a plugin.
project() {
  rm -rf "$RELMK_SCRATCH/project"
  mkdir -p "$RELMK_SCRATCH/project/src"
  cd "$RELMK_SCRATCH/project"
  cp "$2" erlang.mk
  include=
  [ "$1" != plugin ] || include="DEP_PLUGINS = $relmk_mk"
  {
    printf '%s\n' 'PROJECT = hello' 'PROJECT_MOD = hello' 'PROJECT_VERSION = 0.1.0' "${include:-#}"
    [ "$1" != before ] || echo "include $relmk_mk"
    echo 'include erlang.mk'
    [ "$1" != after ] || echo "include $relmk_mk"
    cat <<'END'
HERE = $(RELX_OUTPUT_DIR)/$(RELX_REL_NAME)
relx-post-rel::
	@echo first >>$(HERE)/bin/added
	@echo '# by the hook' >>$(HERE)/releases/$(RELX_REL_VSN)/vm.args
relx-post-rel::
	@echo second >>order; test -f $(HERE)/lib/once || echo once >$(HERE)/lib/once
	@mkdir -p $(HERE)/log && echo not packed >$(HERE)/log/out
END
  } >Makefile
  cat >relx.config <<'END'
{release, {hello_release, "1.2.3"}, [hello, sasl]}.
{extended_start_script, true}.
{include_erts, false}.
{vm_args, "vm.args"}.
END
  printf '%s\n' "-name $node" "-setcookie $(unique cookie)" >vm.args
  mkdir other
  echo '[{release, {scripted, "0.0.8"}, [hello, sasl]} | lists:keydelete(release, 1, CONFIG)].' >other/elsewhere.script
  printf '%s\n' '{release, {other_release, "0.0.7"}, [hello, sasl]}.' '{include_erts, false}.' >other/relx.config
  cat >src/hello.app.src <<'END'
{application, hello, [{description, ""}, {vsn, "0.1.0"}, {modules, []}, {registered, []},
                      {applications, [kernel, stdlib]}, {mod, {hello, []}}]}.
END
  cat >src/hello.erl <<'END'
-module(hello).
-behaviour(application).
-export([start/2, stop/1, hi/0]).
start(_, _) -> {ok, spawn_link(fun() -> receive stop -> ok end end)}.
stop(_) -> ok.
hi() -> hi.
END
}
release=_rel/hello_release
tarball=$release/hello_release-1.2.3.tar.gz
packed() { tar -xzOf "$tarball" "$1" 2>/dev/null || tar -xzOf "$tarball" "./$1"; }
quiet() { make --no-print-directory "$@" >/dev/null 2>"$RELMK_SCRATCH/stderr"; }

# contract WHAT: what holds of every place of the include, with either erlang.mk.
contract() {
  check "$1: make alone compiles, assembles and packs" quiet
  equal "$1: without a word on stderr" '' "$(cat "$RELMK_SCRATCH/stderr")"
  check "$1: the tarball is there" test -f "$tarball"
  equal "$1: what the hook added is packed" first "$(packed bin/added)"
  equal "$1: what it changed, too" '# by the hook' "$(packed releases/1.2.3/vm.args | tail -n 1)"
  refute "$1: logs are not" packed log/out
  check "$1: rel again" quiet rel
  equal "$1: keeps what the hook added once" once "$(packed lib/once)"
  equal "$1: and has its change once" 1 "$(packed releases/1.2.3/vm.args | grep -c hook)"
  rm -f "$tarball"
  check "$1: RELX_TAR=0" quiet rel RELX_TAR=0
  refute "$1: makes no tarball" test -e "$tarball"
  check "$1: relx-rel" quiet relx-rel
  check "$1: is rel" test -f "$tarball"
  # shellcheck disable=SC2016 # these are make's
  equal "$1: RELX_REL_NAME, RELX_REL_VSN and RELX_REL_CMD" 'hello_release 1.2.3 console' \
    "$(printf 'include Makefile\ntold: ; @echo $(RELX_REL_NAME) $(RELX_REL_VSN) $(RELX_REL_CMD)\n' >told.mk && make -f told.mk told)"
  equal "$1: run gives the start script its command" "exec '$release/bin/hello_release' console" \
    "$(make -n run RELX_TAR=0 | grep '^exec')"
  equal "$1: run packs nothing" assemble-release "$(make -n run | grep -o 'make-tar\|assemble-release' | sort -u)"
  equal "$1: RELX_REL_EXT, and a command of one's own" "exec '$release/bin/hello_release.cmd' foreground -x" \
    "$(make -n run RELX_TAR=0 RELX_REL_EXT=.cmd RELX_REL_CMD='foreground -x' | grep '^exec')"
  check "$1: RELX_CONFIG and RELX_OUTPUT_DIR" quiet rel RELX_CONFIG=other/relx.config RELX_OUTPUT_DIR=made
  check "$1: say which and where" test -f made/other_release/other_release-0.0.7.tar.gz
  check "$1: RELX_CONFIG_SCRIPT" quiet rel RELX_CONFIG_SCRIPT=other/elsewhere.script RELX_OUTPUT_DIR=made
  check "$1: is evaluated over the configuration" test -f made/scripted/scripted-0.0.8.tar.gz
  check "$1: which has its other terms" test -x made/scripted/bin/nodetool
  # shellcheck disable=SC2016 # make's
  equal "$1: RELX_REL" 'scripted 0.0.8 1' "$(printf 'rel_told: ; @echo $(RELX_REL)\n' >>told.mk &&
    make -f told.mk rel_told RELX_CONFIG_SCRIPT=other/elsewhere.script 2>/dev/null)"
  check "$1: help" sh -c 'make help | grep -q "relmk targets"'
}

for place in before after plugin; do
  project "$place" "$RELMK_SCRATCH/core.mk"
  contract "$place"
  equal "$place: what compiles goes before" 'app rel-deps' "$(sort -u order | head -n 2 | tr '\n' ' ' | sed 's/ $//')"
  check "$place: distclean-relx-rel" quiet distclean-relx-rel
  refute "$place: removes the releases" test -e _rel

  project "$place" "$RELMK_SCRATCH/core.mk"
  sed -i '1i REL_DEPS += relx' Makefile
  check "$place: relx in REL_DEPS" quiet rel
  check "$place: is told" grep -q 'relx in REL_DEPS is left out' "$RELMK_SCRATCH/stderr"
  refute "$place: and not obeyed" grep -q fetched order
  refute "$place: without other warnings" grep -q 'overriding' "$RELMK_SCRATCH/stderr"

  # Behind the include, with another one; and where a rule of the project's is replaced, too.
  project "$place" "$RELMK_SCRATCH/core.mk"
  sed -i 's/^include erlang.mk/REL_DEPS += other relx # why\n&/' Makefile
  # shellcheck disable=SC2016 # make's
  printf 'install: all\n\tcp -a _rel /opt\ndeps_told: ; @echo $(REL_DEPS)\n' >>Makefile
  check "$place: relx in REL_DEPS, behind the include" quiet rel
  check "$place: is told, too" grep -q 'relx in REL_DEPS is left out' "$RELMK_SCRATCH/stderr"
  refute "$place: nor obeyed" grep -q fetched order
  equal "$place: others stay" other "$(make deps_told 2>/dev/null)"
done

# As with the newest erlang.mk, a script that is not there is none, also where FILE.script is.
project after "$RELMK_SCRATCH/core.mk"
echo '[{release, {by_script, "0.0.9"}, [hello, sasl]} | lists:keydelete(release, 1, CONFIG)].' >relx.config.script
check 'relx.config.script' quiet rel
check 'is evaluated' test -f _rel/by_script/by_script-0.0.9.tar.gz
for script in none.script ''; do
  rm -rf _rel
  check "RELX_CONFIG_SCRIPT='$script'" quiet rel RELX_CONFIG_SCRIPT="$script"
  check 'leaves it alone' test -f "$tarball"
  check 'and the configuration' grep -q hello_release relx.config
done
rm relx.config.script

fails_with 'a script that is not there' 1 'none.script: error: ' \
  "$RELMK_TOOLS/relx-config" -c relx.config --config-script none.script

# A node, and one file that runs

check 'SFX=1' quiet rel SFX=1
sfx=$PWD/_rel/hello_release.run
check 'makes one file' test -x "$sfx"
TMPDIR=$RELMK_SCRATCH/tmp
PIPE_DIR=$RELMK_SCRATCH/pipes/
mkdir "$TMPDIR"
export TMPDIR PIPE_DIR
check 'SFX_OUTPUT_FILE says which' quiet rel SFX=1 SFX_OUTPUT_FILE=one.run
check 'there' test -x one.run
check 'the file runs the start script with its arguments' "$sfx" daemon
equal 'and prints what that does' pong "$("$sfx" ping)"
home=$TMPDIR/relmk-$(id -u)
equal 'it has unpacked the release in a directory of its own' 'drwx------ 1' \
  "$(stat -c %A "$home") $(find "$home" -mindepth 1 -maxdepth 1 | wc -l)"
check 'RELOAD=1 asks the running node' quiet rel RELOAD=1
check 'the node is stopped' "$sfx" stop
status=0
"$sfx" escript exits.escript >/dev/null 2>&1 || status=$?
equal 'its exit status is that of the start script' 1 "$status"
chmod g+w "$home"
fails_with 'a directory that others can write to is refused' 1 'others can write to it' "$sfx" ping
chmod g-w "$home"
mv "$home" "$home.real" && ln -s "$home.real" "$home"
fails_with 'and so is a link' 1 "$home is another user's" "$sfx" ping
rm "$home" && mv "$home.real" "$home"
if [ "$(id -u)" = 0 ]; then
  chown 65534 "$home"
  fails_with "so is another user's" 1 "$home is another user's" "$sfx" ping
  chown 0 "$home"
else
  skip "another user's directory: chown needs root"
fi
rm "$home"/hello_release-*/bin/hello_release
fails_with 'what was cleaned away is unpacked again' 1 'not running' "$sfx" ping
head -c 5000 "$sfx" >cut.run && chmod +x cut.run && rm -rf "$home"
fails_with 'a file that was cut off says so' 1 'error: ' ./cut.run ping
equal 'and leaves nothing' '' "$(ls -A "$home")"

# relup, from the version before

# version VSN: of the release; the application has changed.
version() {
  sed -i "s/\"1[^\"]*\"/\"$1\"/" relx.config
  sed -i "s/vsn, \"[^\"]*\"/vsn, \"$1\"/" src/hello.app.src
  sed -i "s/^hi() -> .*/hi() -> \"$1\"./" src/hello.erl
}
project after "$RELMK_SCRATCH/core.mk"
fails_with 'relup of the first version' 2 'there is no release' make relup
version 1.2.9
check 'another version' quiet rel
version 1.2.10-rc.1
check 'a pre-release of the next one' quiet rel RELX_TAR=0
version 1.2.10
check 'relup' quiet relup
check 'is from the version before' grep -q '"1.2.10-rc.1"' $release/releases/1.2.10/relup
refute 'and from no other one' grep -q '"1.2.9"\|"1.2.3"' $release/releases/1.2.10/relup
tarball=$release/hello_release-1.2.10.tar.gz
check 'the tarball holds it' packed releases/1.2.10/relup
check 'UPFROM says another one' quiet relup UPFROM=1.2.9
check 'which it is from' grep -q '"1.2.9"' $release/releases/1.2.10/relup
tarball=$release/hello_release-1.2.3.tar.gz

if [ -n "${RELMK_ERLANG_MK-}" ]; then
  for place in before after; do
    project "$place" "$RELMK_ERLANG_MK"
    contract "erlang.mk, $place"
  done

  # The README's Makefile, which fetches relmk: from a repository of these sources.
  top=${tests_directory%/tests}
  project after "$RELMK_ERLANG_MK"
  (
    git init -q -b main "$RELMK_SCRATCH/relmk.git"
    tar -C "$top" -cf - --exclude=./build --exclude='./build-*' --exclude=./_rel --exclude=./.git . |
      tar -C "$RELMK_SCRATCH/relmk.git" -xf -
    cd "$RELMK_SCRATCH/relmk.git"
    git add . && git -c user.name=test -c user.email=test@localhost commit -qm sources
  )
  # shellcheck disable=SC2016 # Markdown's
  sed -n '/^```make$/,/^```$/{/^```/d;p;}' "$top/README.md" | sed -n '/^PROJECT = hello/,/^include erlang.mk/p' |
    sed "s|https://example.org/relmk|file://$RELMK_SCRATCH/relmk.git|" >Makefile
  check "the README's Makefile: make fetches relmk, compiles, assembles and packs" quiet
  check 'it fetched relmk' test -f deps/relmk/mk/relmk.mk
  check 'and packed the release' test -f "$tarball"
  check 'again' quiet
else
  skip 'a real erlang.mk: RELMK_ERLANG_MK=FILE names none'
fi
