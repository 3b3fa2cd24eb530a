#!/bin/sh
# When make asks Ninja whether the executables are to be built: with stand-ins for Ninja, the sources and the executables.
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
echo asked >>$RELMK_SCRATCH/asked
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
touch -d '10 seconds ago' "$build/.relmk-tools"
equal 'once' 0 "$(asked)"
: >"$copy/tools/lib/sys/new.cpp"
touch -d '1 hour ago' "$copy/tools/lib/sys/new.cpp"
equal 'a new source that is old by its time, too' 1 "$(asked)"
find "$copy/tools" -exec touch -d '1 hour ago' {} +
touch -d '10 seconds ago' "$build/.relmk-tools"
touch "$build/build.ninja"
equal 'and other options' 1 "$(asked)"
touch -d '1 hour ago' "$build/build.ninja"
touch -d '10 seconds ago' "$build/.relmk-tools"
rm "$build/tools/enit"
equal 'and an executable that is gone' 1 "$(asked)"
equal 'each time' 1 "$(asked)"
: >"$RELMK_SCRATCH/broken"
touch "$copy/meson.build"
equal 'a failed build fails' "failed
2" "$(asked)"
equal 'and is tried again' "failed
2" "$(asked)"
