#!/bin/sh
# When make asks Ninja whether executables are to be built, and which: with stand-ins for Ninja, the sources and the
# executables.
set -eu
. tests/lib.sh

copy=$RELMK_SCRATCH/copy
build=$copy/build
mkdir -p "$copy/tools/lib/sys" "$build/tools" "$RELMK_SCRATCH/bin"
cp -r mk "$copy"
: >"$copy/meson.build"
: >"$copy/tools/lib/sys/error.cpp"
for name in nodetool enit take-over.so; do
  : >"$copy/tools/$name.cpp"
  : >"$build/tools/$name"
  chmod 755 "$build/tools/$name"
done
: >"$build/build.ninja"
echo "include $copy/mk/relmk.mk" >"$copy/Makefile"
find "$copy" -exec touch -d '1 hour ago' {} +
cat >"$RELMK_SCRATCH/bin/ninja" <<END
#!/bin/sh
echo "\$*" >>$RELMK_SCRATCH/asked
[ ! -e $RELMK_SCRATCH/broken ] || exit 1
echo 'ninja: no work to do.'
END
chmod 755 "$RELMK_SCRATCH/bin/ninja"
PATH=$RELMK_SCRATCH/bin:$PATH
unset RELMK_TOOLS

# How often Ninja was asked by `make relmk-tools`.
asked() {
  : >"$RELMK_SCRATCH/asked"
  make -s -C "$copy" relmk-tools >"$RELMK_SCRATCH/.out" 2>&1 || echo failed
  wc -l <"$RELMK_SCRATCH/asked"
}

equal 'Ninja is asked at first' 1 "$(asked)"
equal 'and not again where nothing has changed' 0 "$(asked)"
touch "$copy/tools/lib/sys/error.cpp"
equal 'a changed source is looked at' 1 "$(asked)"
find "$copy/tools" -exec touch -d '1 hour ago' {} +
find "$build/.relmk-looked" -exec touch -d '10 seconds ago' {} +
equal 'once' 0 "$(asked)"
: >"$copy/tools/lib/sys/new.cpp"
touch -d '1 hour ago' "$copy/tools/lib/sys/new.cpp"
equal 'a new source that is old by its time, too' 1 "$(asked)"
find "$copy/tools" -exec touch -d '1 hour ago' {} +
find "$build/.relmk-looked" -exec touch -d '10 seconds ago' {} +
touch "$build/build.ninja"
equal 'and other options' 1 "$(asked)"
touch -d '1 hour ago' "$build/build.ninja"
find "$build/.relmk-looked" -exec touch -d '10 seconds ago' {} +
rm "$build/tools/enit"
equal 'and an executable that is gone' 1 "$(asked)"
equal 'each time' 1 "$(asked)"
: >"$RELMK_SCRATCH/broken"
touch "$copy/meson.build"
equal 'a failed build fails' "failed
2" "$(asked)"
equal 'and is tried again' "failed
2" "$(asked)"

# What Ninja is asked for by the goals $*, where nothing is built: each time that it builds, a line.
rm -r "$RELMK_SCRATCH/broken" "$build/tools" "$build/.relmk-looked" "$copy/tools/"*.cpp
for source in tools/*.cpp; do : >"$copy/$source"; done
find "$copy" -exec touch -d '1 hour ago' {} +
cat >>"$RELMK_SCRATCH/bin/ninja" <<'END'
case $1 in
  -C) cd "$2"; shift 2; mkdir -p tools; touch "$@"; chmod 755 "$@" ;;
esac
END
sed -i 's/no work to do/work to do/' "$RELMK_SCRATCH/bin/ninja"
built() {
  : >"$RELMK_SCRATCH/asked"
  rm -rf "$build/.relmk-looked" "$build/tools"
  make -s -C "$copy" "$@" >"$RELMK_SCRATCH/.out" 2>&1 || :
  sed -n '/^-n/d; s/^-C [^ ]* //; s,tools/,,gp' "$RELMK_SCRATCH/asked"
}
equal 'what assembles a release' 'assemble-release nodetool read-cookie relx-config' "$(built build-release)"
equal 'the tarball' 'make-tar nodetool read-cookie relx-config' "$(built tar-release)"
equal 'calls' 'relx-config xref-release' "$(built xref_release)"
equal 'applications' 'relx-config' "$(
  mkdir -p "$copy/apps/a/src"
  : >"$copy/apps/a/src/a.app.src"
  built compile-apps RELMK_APPS=apps/a)"
equal 'a cookie' 'read-cookie' "$(built read-release-cookie)"
equal 'an upgrade and its release at once' 'assemble-release make-relup nodetool read-cookie relx-config' "$(built relup-release)"
equal 'two goals at once' 'make-tar nodetool read-cookie relx-config xref-release' "$(built tar-release xref_release)"
equal 'a goal of the project' 'assemble-release nodetool read-cookie relx-config' "$(
  echo 'all: build-release' >>"$copy/Makefile"
  built all)"
equal 'all' "$(cd tools && printf '%s\n' *.cpp | sed 's/\.cpp$//' | sort | tr '\n' ' ' | sed 's/ $//')" \
  "$(built relmk-tools | tr ' ' '\n' | sort | tr '\n' ' ' | sed 's/ $//')"

# A recipe runs no executable that its target does not build.
for target in build-release build-dev-release build-ci-release build-dist-release build-all-release install tar-release \
  relx-rel relup-release relx-relup test-upgrade xref_release compile-apps read-release-cookie check-release-cookie; do
  make -n -C "$copy" "$target" UPFROM=1 FREESWITCH_CONFIG=x RELMK_APPS=apps/a >"$RELMK_SCRATCH/.out" 2>&1 || :
  names=$(sed -n 's/.*ninja -C [^ ]* \([^>]*\).*/\1/p' "$RELMK_SCRATCH/.out")
  equal "$target builds what it runs" '' "$(grep -v 'ninja -C' "$RELMK_SCRATCH/.out" | grep -oE 'tools/[a-z-]+ ' |
    while read -r name; do case " $names " in *" $name "*) ;; *) echo "$name" ;; esac; done)"
done
equal 'make release asks what build-release has built' '' "$(
  grep -ohE "relmk_tool,[a-z-]+|tools\}[a-z-]+" mk/release.sh mk/node.mk | sed 's/.*[,}]//' | sort -u |
    grep -vxE 'assemble-release|nodetool|read-cookie|relx-config' || :)"
