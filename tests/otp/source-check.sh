#!/bin/sh
# src_tests: modules whose source is missing or newer, as systools' own option finds them and as
# assemble-release warns of them, for sources in all sorts of places.
set -eu
# shellcheck source=tests/lib.sh
. tests/lib.sh

cd "$RELMK_SCRATCH"
src=lib/x-1.0/src
mkdir -p lib/x-1.0/ebin "$src/a/b" "$src/c" "$src/e_src/f" "$src/.hidden" lib/x-1.0/elsewhere made
modules='same newer older none nested too_deep in_e_src below_e_src hidden linked dangling directory
  unreadable twice twice_newer top_first a_before_e_src only_yrl elsewhere ordered odd-name'
for module in $modules; do
  printf -- "-module('%s').\n" "$module" >"made/$module.erl"
  erlc -o lib/x-1.0/ebin "made/$module.erl"
  touch -d '2020-01-02' "lib/x-1.0/ebin/$module.beam"
done

# source FILE DATE: a source of that time.
source_of() {
  mkdir -p "$(dirname "$1")"
  echo >"$1"
  touch -d "$2" "$1"
}
old=2020-01-01 equal=2020-01-02 new=2020-01-03
source_of $src/same.erl $equal
source_of $src/newer.erl $new
source_of $src/older.erl $old
source_of $src/a/b/nested.erl $new
source_of $src/a/b/c/d/e/f/g/too_deep.erl $new
source_of $src/e_src/in_e_src.erl $old
source_of $src/e_src/f/below_e_src.erl $new
source_of $src/.hidden/hidden.erl $old
source_of lib/x-1.0/elsewhere/linked.erl $new
ln -s ../elsewhere $src/link
ln -s nowhere.erl $src/dangling.erl
mkdir $src/directory.erl
touch -d $new $src/directory.erl
source_of $src/unreadable.erl $new
chmod 0 $src/unreadable.erl
source_of $src/a/twice.erl $old
source_of $src/c/twice.erl $new
source_of $src/a/twice_newer.erl $new
source_of $src/c/twice_newer.erl $old
source_of $src/top_first.erl $old
source_of $src/a/top_first.erl $new
source_of $src/a/a_before_e_src.erl $old
source_of $src/e_src/a_before_e_src.erl $new
source_of $src/g/h/ordered.erl $new
source_of $src/g-h/ordered.erl $old
source_of $src/only_yrl.yrl $new
source_of lib/x-1.0/elsewhere/elsewhere.erl $old

names=$(for module in $modules; do printf "'%s', " "$module"; done)
cat >lib/x-1.0/ebin/x.app <<END
{application, x, [{description, ""}, {vsn, "1.0"}, {modules, [${names%, }]}, {registered, []}, {applications, [kernel, stdlib]}]}.
END

erl -noshell -eval '
  Vsn = fun(App) -> application:load(App), {ok, V} = application:get_key(App, vsn), V end,
  ok = file:write_file("r.rel", io_lib:format("~p.~n", [{release, {"r", "1"}, {erts, erlang:system_info(version)},
      [{kernel, Vsn(kernel)}, {stdlib, Vsn(stdlib)}, {x, "1.0"}]}])),
  {ok, _, Warnings} = systools:make_script("r", [src_tests, silent, no_warn_sasl, {path, ["lib/x-1.0/ebin"]}, {outdir, "made"}]),
  [case W of
     {source_not_found, {Mod, x, _}} -> io:format("Source code not found: ~w.erl~n", [Mod]);
     {obj_out_of_date, {Mod, x, _}} -> io:format("Object code (~w) out of date~n", [Mod]);
     _ -> ok
   end || {warning, W} <- Warnings],
  halt().' >theirs

# The application is a dependency here: that it lies below the current directory doesn't count.
cat >relx.config <<'END'
{release, {r, "1"}, [x]}.
{lib_dirs, ["lib"]}.
{check_for_undefined_functions, false}.
END
"$RELMK_TOOLS/assemble-release" -c relx.config -o out >/dev/null 2>warnings
sed -n 's/^.*warning: \(Source code .*\|Object code .*\)$/\1/p' warnings >ours
same 'the same modules, in the same order' theirs ours
equal 'there are such modules' 12 "$(wc -l <theirs)"
equal 'no warning where include_src is false' 0 "$(
  echo '{include_src, false}.' >>relx.config
  "$RELMK_TOOLS/assemble-release" -c relx.config -o out2 2>&1 >/dev/null | grep -c 'Source code\|Object code'
)"
