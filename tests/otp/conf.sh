#!/bin/sh
# vm.args as erlexec itself reads it, and sys.config as a booting node takes or refuses it.
set -eu
. tests/lib.sh

probe=$(dirname "$RELMK_TOOLS")/tests/otp/conf-probe
file=$RELMK_SCRATCH/vm.args
ERL_CRASH_DUMP=/dev/null
export ERL_CRASH_DUMP

# Every file begins with -first: before it are arguments that are not the file's.
erlexec_reads() { erl -emu_args_exit -args_file "$1" | sed -n '/^-first$/,$p' | without_end; }
we_read() { "$probe" args "$1" | without_end; }
# erlexec ends each source of arguments with one of these.
without_end() { sed -e ':more' -e '$!{N' -e 'b more' -e '}' -e 's/\(\n--\)*$//'; }

while IFS= read -r text; do
  printf "%b" "-first $text" >"$file"
  equal "arguments of: $text" "$(erlexec_reads "$file")" "$(we_read "$file")"
  "$probe" text "$file" >"$file.again"
  equal "written and read again: $text" "$(erlexec_reads "$file")" "$(erlexec_reads "$file.again")"
done <<'END'
-a b\n\n\t-c d\r\n
# c\n-a # b\n#-d\n-e
-a b#c\n-d
-a "b # 'c'" 'd "e"'
-a b"c d"'e f'g
-a b\\\\ c \\\\# \\\\" "\\\\"
-a x"" -b
-a "b c
-kernel inet_dist_use_interface "{127,0,0,1}" inet_dist_listen_min 1
-a \0303\0251 '\0303\0251 #'
-a b\fc\vd
END

boots() { erl -boot start_clean -noinput -config "$1" -eval 'halt(0).' >/dev/null 2>&1; }
file=$RELMK_SCRATCH/sys.config
while IFS= read -r text; do
  printf "%b" "$text" >"$file"
  expected=refused ours=refused
  if boots "$file"; then expected=taken; fi
  if "$probe" sys "$file" 2>/dev/null; then ours=taken; fi
  equal "sys.config is $expected: $text" "$expected" "$ours"
done <<'END'

[]
[].
[]. % end
{aa,[]}.
[].\n[].
[{aa,[{x,1}]},{aa,[{x,2}]}].
[{aa,[{x,1},{x,2}]}].
[{aa,x}].
[{"aa",[]}].
[aa].
[{aa,[],b}].
[{aa,[b]}].
[{aa,[{"b",1}]}].
[<<"x">>].
[{aa,[{x,1}]}|y].
[{aa,[{x,fun erlang:abs/1},{y,#{a=>1}}]}].
[{aa,[{x,1+1}]}].
[{aa,[{x 1}]}].
[{aa,[{x,1}].
%% coding: latin-1\n[{aa,[{x,"\0351"}]}].
[{aa,[{x,"${A}"},{y,'n@${B:-h}'}]}].
END
