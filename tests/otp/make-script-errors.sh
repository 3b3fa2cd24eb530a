#!/bin/sh
# make-script and bad input: one line FILE:LINE:COLUMN, exit 1, the old files as they were.
set -eu
. tests/lib.sh

make_script=$RELMK_TOOLS/make-script
cd "$RELMK_SCRATCH"
version() { erl -noshell -eval "application:load($1), {ok, V} = application:get_key($1, vsn), io:put_chars(V), halt()."; }
base="{kernel,\"$(version kernel)\"},{stdlib,\"$(version stdlib)\"}"
good_app='{application,a,[{description,"a"},{vsn,"1"},{modules,[a]},{registered,[]},{applications,[kernel,stdlib]}]}.'
good_rel="{release,{\"r\",\"1\"},{erts,\"1\"},[$base,{a,\"1\"}]}."
mkdir -p lib/a/ebin

lay() {
  printf '%s\n' "$1" >lib/a/ebin/a.app
  printf '%s\n' "$2" >r.rel
  echo old >r.script
  echo old >r.boot
}

# refused WHAT START-OF-LINE APP REL: the only line but hints begins so; nothing is replaced.
refused() {
  what=$1 start=$2
  lay "$3" "$4"
  status=0
  "$make_script" r.rel -I 'lib/*/ebin' --no-warn-sasl >out 2>err || status=$?
  equal "$what: exit" 1 "$status"
  equal "$what: nothing on stdout" "" "$(cat out)"
  case $(grep -v '^hint: ' err) in
    "$start"*) ok "$what: its line" ;;
    *) not_ok "$what: its line" "expected: $start" "     got: $(cat err)" ;;
  esac
  equal "$what: lines" 1 "$(grep -c -v '^hint: ' err)"
  equal "$what: the old files" "old old" "$(cat r.script r.boot | tr '\n' ' ' | sed 's/ $//')"
}

# A name is no place.
for script in /dev/null "$PWD/elsewhere" sub/r ../r ''; do
  lay "$good_app" "$good_rel"
  fails_with "--script-name '$script'" 2 'a name without a slash: --outdir names a directory' \
    "$make_script" r.rel -I 'lib/*/ebin' --no-warn-sasl --script-name "$script"
done
check 'nothing is made there' sh -c '! [ -e elsewhere.boot ] && ! [ -e ../r.boot ]'

# Application resource files.
app() { refused "$1" "lib/a/ebin/a.app:$2" "$3" "$good_rel"; }
app "no full stop" "" "{application,a,[]}"
app "no end of a string" "1:17: error: " "{application,a,[\"x}."
app "a stray comma" "1:17: error: syntax error before: ','" "{application,a,[,]}."
app "a variable" "1:1: error: bad term" "{application,a,[{vsn,X}]}."
app "not an application" "1:1: error: Syntax error in .app file" "{app,a,[]}."
app "its name no atom" "1:1: error: Syntax error in .app file" "{application,\"a\",[]}."
app "a missing key" "1:1: error: Missing parameter in .app file: description" "{application,a,[{vsn,\"1\"}]}."
app "a bad key on its own line" "3:3: error: Bad parameter in .app file: vsn" "{application,a,
 [
  {vsn,1}]}."
app "bytes that are no UTF-8" "" "$(printf '{application,a,[{description,"\344"}]}.')"

app "nothing in it" " error: no Erlang term in it" ""

# Release resource files.
rel() { refused "$1" "r.rel:$2" "$good_app" "$3"; }
rel "a stray bracket in .rel" "1:17: error: syntax error before: ']'" "{release,{\"r\",1}]}."
rel "an empty .rel" " error: " ""
rel "not a release" "1:1: error: Syntax error in the release file" "{rel,{\"r\",\"1\"},{erts,\"1\"},[]}."
rel "name no string" "1:10: error: Illegal name (r) in the release file" "{release,{r,\"1\"},{erts,\"1\"},[]}."
rel "version no string" "1:10: error: Illegal tag in the release file: 1" "{release,{\"r\",1},{erts,\"1\"},[]}."
rel "a wrong start type" "2:2: error: Illegal applications in the release file: [{a,\"1\",often}]" \
  "{release,{\"r\",\"1\"},{erts,\"1\"},[$base,
 {a,\"1\",often}]}."
rel "an unknown application" "2:2: error: b: File not found: \"b.app\"" \
  "{release,{\"r\",\"1\"},{erts,\"1\"},[$base,
 {b,\"1\"}]}."
rel "another version" "2:2: error: a: No valid version (\"2\") of .app file found. Found file \"lib/a/ebin/a.app\" with version \"1\"" \
  "{release,{\"r\",\"1\"},{erts,\"1\"},[$base,
 {a,\"2\"}]}."
rel "two that are not found" "2:2: error: b: File not found: \"b.app\" (nor can be read: c)" \
  "{release,{\"r\",\"1\"},{erts,\"1\"},[$base,
 {b,\"1\"},{c,\"1\"}]}."
rel "an included application that is none" "2:2: error: a: Tried to include not" \
  "{release,{\"r\",\"1\"},{erts,\"1\"},[$base,
 {a,\"1\",[b]}]}."

lay "$good_app" "$good_rel"
fails_with "where it was looked for" 1 "hint: looked for in other, the current directory, " \
  "$make_script" r.rel -I other --no-warn-sasl
sed -i 's/kernel,/kernel,b,/' lib/a/ebin/a.app
fails_with "who needs what is undefined" 1 "hint: b is needed by a; r.rel does not name it" \
  "$make_script" r.rel -I lib/a/ebin --no-warn-sasl

lay "$good_app" "$good_rel"
fails_with "a .rel that is not there" 1 "none.rel: error: cannot read" "$make_script" none.rel
fails_with "a directory that is not there" 1 "none/r.script: error: cannot write" \
  "$make_script" r.rel -I lib/a/ebin -o none --no-warn-sasl
fails_with "a variable without a directory" 2 "expected NAME=DIRECTORY" "$make_script" r.rel --variable X
fails_with "no .rel" 2 "REL" "$make_script"
fails_with "no sasl" 0 "r.rel: warning: Missing application sasl. Can not upgrade with this release" \
  "$make_script" r.rel -I lib/a/ebin
rm r.boot
mkdir r.boot
echo old >r.script
fails_with "a .boot that cannot be replaced" 1 "r.boot: error: cannot write" \
  "$make_script" r.rel -I lib/a/ebin --no-warn-sasl
equal "then the .script is the old one" old "$(cat r.script)"
equal "no temporary file is left" "" "$(find . -name '.r.*')"

# state FILE NEW: which content FILE has.
state() { if cmp -s "$1" "$2"; then echo new; elif [ "$(cat "$1")" = old ]; then echo old; else echo neither; fi; }

# Its two files are replaced both, or neither.
if strace -o /dev/null true 2>/dev/null; then
  rmdir r.boot
  lay "$good_app" "$good_rel"
  fails_with 'the second file cannot be put in place' 1 'cannot write: Input/output error' \
    strace -qq -o /dev/null -e inject=renameat2:error=EIO:when=2 -e inject=rename:error=EIO:when=1 \
    "$make_script" r.rel -I 'lib/*/ebin' --no-warn-sasl
  equal 'then the first one is as it was, too' 'old old' "$(cat r.script r.boot | xargs)"
  rm r.script r.boot
  fails_with 'nor where there was none' 1 'cannot write: Input/output error' \
    strace -qq -o /dev/null -e inject=rename:error=EIO:when=2 "$make_script" r.rel -I 'lib/*/ebin' --no-warn-sasl
  equal 'is there one after that' '' "$(find . -name 'r.script*' -o -name 'r.boot*' -o -name '.r.*')"

  # Killed at any call that changes a file, the boot file is new only where the script is; the next run leaves both
  # new, and nothing else.
  cp r.rel new.rel
  "$make_script" new.rel -I 'lib/*/ebin' --no-warn-sasl --script-name new
  broken='' left='' killed=0
  for call in openat write fchmod linkat close rename renameat2 unlink exit_group; do
    for when in $(seq 1 60); do
      lay "$good_app" "$good_rel"
      # strace kills itself, too, as it sees its program end.
      strace -f -qq -o /dev/null -e "inject=$call:signal=KILL:when=$when" "$make_script" r.rel -I 'lib/*/ebin' \
        --no-warn-sasl >/dev/null 2>&1 && break
      killed=$((killed + 1))
      case $(state r.script new.script)$(state r.boot new.boot) in
        oldold | newold | newnew) ;;
        *) broken="$broken $call:$when" ;;
      esac
      "$make_script" r.rel -I 'lib/*/ebin' --no-warn-sasl || broken="$broken $call:$when:again"
      [ "$(state r.script new.script)$(state r.boot new.boot)" = newnew ] || broken="$broken $call:$when:after"
      left=$left$(find . -name '.r.*' -o -name '.new.*')
    done
  done
  equal "killed at $killed calls: the old files, or the new ones, and the script first" '' "$broken"
  equal 'of none of these is a file left' '' "$left"
  check 'there were such calls' test "$killed" -gt 20
else
  skip 'two files as one: strace may not trace here'
fi
