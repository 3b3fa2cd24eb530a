#!/bin/sh
# The check for calls to what a release does not hold, where a relx.config says what it is made of: the
# project's own applications are those below the current directory, but not in deps, nor in _build and the
# like. What is found is what xref finds, as relx asks it (tests/otp/rebar3.sh has it of a rebar.config).
set -eu
. tests/lib.sh

mkdir "$RELMK_SCRATCH/project"
cd "$RELMK_SCRATCH/project"

# application DIR NAME BODY: an application of one module, which exports f/1 and BODY's functions.
application() {
  mkdir -p "$1/$2-1/ebin"
  printf -- '-module(%s).\n-compile(export_all).\nf(X) -> X.\n%s\n' "$2" "$3" >"$2.erl"
  erlc +debug_info +nowarn_export_all -o "$1/$2-1/ebin" "$2.erl"
  echo "{application,$2,[{description,\"\"},{vsn,\"1\"},{modules,[$2]},{registered,[]},{applications,[kernel,stdlib]}]}." \
    >"$1/$2-1/ebin/$2.app"
}
application apps own "g(X) -> absent:f(X), dep:f(X), dep:absent(X), crypto:start(), 'in place':'do'(X), own2:f(X).
  h() -> [spawn(absent, s, []), fun lists:absent/2, fun(Y) -> outside:g(Y) end]."
application apps own2 'g() -> own:absent().'
application elsewhere/deps inner 'g() -> absent:f().'
application deps dep 'g() -> absent:f().'
application _build/lib built 'g() -> absent:f().'
application ../outside outside 'g(_) -> absent:f().'
application ../outside linked 'g(_) -> absent:f().'
ln -s ../../outside/linked-1 apps/linked-1
apps='own, own2, linked, inner, dep, built, outside'
cat >relx.config <<END
{release, {calls, "1"}, [sasl, $apps]}.
{lib_dirs, ["apps", "./elsewhere/../elsewhere/deps", "deps", "_build/lib", "../outside"]}.
{warnings_as_errors, true}. {src_tests, false}.
END

erl -noshell -eval '
  {ok, _} = xref:start(x, [{xref_mode, functions}]),
  [{ok, _} = xref:add_application(x, "apps/" ++ A ++ "-1", [{warnings, false}]) || A <- ["own", "own2", "linked"]],
  Ebins = lists:append([filelib:wildcard(D ++ "/*/ebin") || D <- ["apps", "elsewhere/deps", "deps", "_build/lib", "../outside"]]),
  ok = xref:set_library_path(x, Ebins ++ [code:lib_dir(A, ebin) || A <- [erts, kernel, stdlib, sasl]]),
  {ok, Calls} = xref:analyze(x, undefined_function_calls),
  [io:format("~w:~tw/~w calls undefined function ~w:~tw/~w~n", tuple_to_list(C1) ++ tuple_to_list(C2)) || {C1, C2} <- Calls],
  halt().' >theirs
equal 'xref finds calls' 8 "$(wc -l <theirs)"

told() { sed -n 's/^relx.config: warning: //p' err; }
check 'calls are not among the warnings that are errors' \
  sh -c "'$RELMK_TOOLS/assemble-release' -c relx.config 2>err"
told >ours
sed 1,2d ours >ours.calls
same "these calls are told, in relx's words" theirs ours.calls
equal 'after what is to be done' 'There are missing function calls in the release.
Make sure all applications needed at runtime are included in the release.' "$(head -n 2 ours)"
sed -i 's/{warnings_as_errors, true}/{warnings_as_errors, false}/' relx.config
equal 'nothing is told where nothing is made' '' "$("$RELMK_TOOLS/assemble-release" -c relx.config 2>&1)"
sed -i 's/{warnings_as_errors, false}/{warnings_as_errors, true}/' relx.config

rm -rf _rel
"$RELMK_TOOLS/make-tar" -c relx.config >/dev/null 2>err
told >ours.tar
same 'make-tar tells the same' ours ours.tar
rm -rf _rel
echo '{check_for_undefined_functions, false}.' >>relx.config
"$RELMK_TOOLS/assemble-release" -c relx.config >/dev/null 2>err
equal 'nothing is told where it is not asked for' '' "$(cat err)"

# What stops an assembly stops make-tar, too.
sed -i 's/{release.*/{release, {calls, "1"}, [own]}./' relx.config
rm -rf _rel
fails_with 'a warning that is an error' 1 'warnings being treated as errors' \
  "$RELMK_TOOLS/make-tar" -c relx.config
equal 'and nothing is made' '' "$(find _rel -name '*.tar.gz' -o -name '*.rel')"
sed -i 's/{warnings_as_errors, true}/{warnings_as_errors, false}/' relx.config
check 'a warning that is none' "$RELMK_TOOLS/assemble-release" -c relx.config
sed -i 's/{warnings_as_errors, false}/{warnings_as_errors, true}/' relx.config
for tool in assemble-release make-tar; do
  fails_with "$tool: an error also where nothing is to be made" 1 'warnings being treated as errors' \
    "$RELMK_TOOLS/$tool" -c relx.config
done
equal 'and nothing is packed' '' "$(find _rel -name '*.tar.gz')"
