#!/bin/sh
# Config scripts: what the native evaluator makes of each line of eval-table.txt, against
# file:script/2 of the OTP at hand. Lines on which the evaluator hands over to erl are right by
# construction; there must be few of them.
set -eu
. tests/lib.sh

probe=$RELMK_TOOLS/../tests/otp/eval-probe
tables=$PWD/tests/otp
most_handed_over=110

sample=$RELMK_SCRATCH/sample
mkdir -p "$sample/apps/a/src" "$sample/apps/a/ebin" "$sample/apps/b/include" "$sample/core/c"
cd "$sample"
printf '1.2.3\n' >version.txt
printf '%s\n' '{a, 1}.' '{b, [x, "y"]}.' >terms.config
printf '%s\n' 'X = CONFIG, [nested | X].' >nested.script
printf '%s\n' '-module(a).' >apps/a/src/a.erl
touch apps/a/ebin/a.app apps/a/ebin/a.beam apps/a/ebin/a.txt .hidden
ln -s nowhere dangling
# What the scripts make is there from the start, so that they find the same each time.
mkdir -p made/x
touch out.txt copy.txt a.script
export RELMK_TEST_VARIABLE='some text' RELMK_TEST_EMPTY='' RELMK_TEST_UTF8='å€' LC_ALL=C.UTF-8

root=$(erl -noshell -eval 'io:put_chars(code:root_dir()), halt().')
release=$(erl -noshell -eval 'io:put_chars(erlang:system_info(otp_release)), halt().')
version=$(erl -noshell -eval 'io:put_chars(erlang:system_info(version)), halt().')

mkdir ../expected ../actual
escript "$tables/eval-expected.escript" "$tables/eval-table.txt" . >../expected/lines
"$probe" "$tables/eval-table.txt" . "$root" "$release" "$version" >../actual/lines
cd ..

grep -v -e '^%%' -e '^$' "$tables/eval-table.txt" >scripts
equal "one answer for each script" "$(wc -l <scripts)" "$(wc -l <actual/lines)"
equal "one answer of erl for each script" "$(wc -l <scripts)" "$(wc -l <expected/lines)"

# script, expected, actual, one after the other
paste -d '\n' scripts expected/lines actual/lines >all
handed_over=0
compared=0
while IFS= read -r script && IFS= read -r expected && IFS= read -r actual; do
  case $actual in
    'erl '*)
      handed_over=$((handed_over + 1))
      if [ -n "${V-}" ]; then echo "# to erl, for ${actual#erl }: $script"; fi
      ;;
    *)
      compared=$((compared + 1))
      if [ "$expected" != "$actual" ]; then
        not_ok "$script" "expected: $expected" "     got: $actual"
      fi
      ;;
  esac
done <all
if [ "$failures" -eq 0 ]; then ok "$compared scripts give what file:script gives"; fi
if [ "$handed_over" -le "$most_handed_over" ]; then
  ok "$handed_over scripts are handed over, no more than $most_handed_over"
else
  not_ok "$handed_over scripts are handed over, more than $most_handed_over"
fi

# By way of erl: what is not known, and what cannot be known.
cat >handed-over <<'TABLE'
is_pid(self()).
io:format("before~n"), T = ets:new(t, []), ets:insert(T, {a, 1}), ets:lookup(T, a).
receive after 0 -> CONFIG end.
S = self(), spawn(fun() -> S ! {hello, "å€"} end), receive X -> X end.
[X = 1, X = 2].
foo:bar(1, [a]).
self(), throw({"a string", <<"a binary">>}).
self() + .
io_lib:format("~p", [{a, [1, 2]}]).
re:replace("abc", "b", "x").
maps:keys(maps:from_list([{N, N} || N <- lists:seq(1, 40)])).
TABLE
mkdir by-erl
escript "$tables/eval-expected.escript" handed-over by-erl >expected/handed-over
"$probe" handed-over by-erl "$root" "$release" "$version" erl >actual/handed-over
same "scripts that are handed over give what file:script gives" expected/handed-over \
  actual/handed-over
