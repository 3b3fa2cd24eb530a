#!/bin/sh
# project.sh DIRECTORY: lays out the project that the configurations speak of.
set -eu

mkdir -p "$1"
cd "$1"

# application NAME VSN DIRECTORY KEYS [MODULE]…: compiled, with sources, a header and a priv file.
application() {
  name=$1 vsn=$2 dir=$3/$1 keys=$4
  shift 4
  mkdir -p "$dir/src" "$dir/ebin" "$dir/include" "$dir/priv/deep" "$dir/c_src"
  modules=
  for module in "$name" "$@"; do
    printf -- '-module(%s).\n-export([start/2, stop/1]).\nstart(_, _) -> {ok, self()}.\nstop(_) -> ok.\n' \
      "$module" >"$dir/src/$module.erl"
    modules=$modules${modules:+,}$module
    echo "$PWD/$dir/src/$module.erl $PWD/$dir/ebin" >>compile
  done
  echo "-define(X, 1)." >"$dir/include/$name.hrl"
  echo "int x;" >"$dir/c_src/$name.c"
  echo data >"$dir/priv/deep/data"
  printf '#!/bin/sh\n' >"$dir/priv/run"
  chmod 4755 "$dir/priv/run"
  echo readme >"$dir/README"
  printf '{application, %s,\n [{description, "the %s"}, {vsn, "%s"}, {modules, [%s]},\n  {registered, []}, %s]}.\n' \
    "$name" "$name" "$vsn" "$modules" "$keys" >"$dir/ebin/$name.app"
}

application app_a 1.0.0 apps '{applications, [kernel, stdlib, app_b]}'
application app_b 1.2 apps '{applications, [kernel, stdlib]}, {env, [{k, "v"}, {n, 1.5}]}' app_b_extra
application app_c 3 apps '{applications, [kernel, stdlib, crypto]}'
application app_i 2.0 apps '{applications, [kernel, stdlib]}, {included_applications, [app_b]}'
application app_o 1 apps '{applications, [kernel, stdlib, app_x]}, {optional_applications, [app_x]}'
application app_n 1 apps '{applications, []}'
application app_x 1 optional '{applications, [kernel, stdlib]}'
application app_a 0.9.0 old '{applications, [kernel, stdlib]}'
erl -noshell -eval '
  {ok, Text} = file:read_file("compile"),
  [begin [File, Dir] = string:split(Line, " "),
         {ok, _} = compile:file(File, [debug_info, {outdir, Dir}])
   end || Line <- string:lexemes(binary_to_list(Text), "\n")],
  halt().'
rm compile

mkdir -p files/sub/deeper rooted/config rooted_src/config
echo '[{kernel, []}].' >files/my.config
# shellcheck disable=SC2016 # the variables are the templates'
echo '[{app_a, [{port, ${PORT:-8080}}]}].' >files/my.config.src
printf -- '-sname r\n-setcookie secret\n' >files/my.args
# shellcheck disable=SC2016
printf -- '-sname ${NAME}\n' >files/my.args.src
echo '[{kernel, [}].' >files/malformed.config
echo a >files/a.txt
echo b >files/b.txt
echo deep >files/sub/deeper/c
echo '{{greeting}} {{release_name}} {{erts_vsn}}{{only_value}}' >files/a.tpl
printf '{greeting, "hello"}.\n{twice, "{{greeting}}{{greeting}}"}.\n' >files/vars.config
cp files/my.config rooted/config/sys.config
cp files/my.args rooted/config/vm.args
cp files/my.config files/my.config.src rooted_src/config/
mv rooted_src/config/my.config rooted_src/config/sys.config
mv rooted_src/config/my.config.src rooted_src/config/sys.config.src
cp files/my.args.src rooted_src/config/vm.args.src
echo 4.5.6 >VERSION

# OTP's own applications with a few of their modules.
erl -noshell -eval '
  [begin
     {ok, [{application, App, Keys}]} = file:consult(code:where_is_file(atom_to_list(App) ++ ".app")),
     Modules = lists:sublist(proplists:get_value(modules, Keys), 3),
     {vsn, Vsn} = lists:keyfind(vsn, 1, Keys),
     Dir = filename:join("cut_down", atom_to_list(App) ++ "-" ++ Vsn),
     Ebin = filename:join(Dir, "ebin"),
     ok = filelib:ensure_path(Ebin),
     [{ok, _} = file:copy(code:where_is_file(Beam), filename:join(Ebin, Beam))
      || Module <- Modules, Beam <- [atom_to_list(Module) ++ ".beam"]],
     Term = {application, App, lists:keyreplace(modules, 1, Keys, {modules, Modules})},
     ok = file:write_file(filename:join(Ebin, atom_to_list(App) ++ ".app"),
                          io_lib:format("~p.~n", [Term]))
   end || App <- [kernel, stdlib, sasl, crypto]],
  halt().'

# Another OTP, as far as relx looks at one.
root=$(erl -noshell -eval 'io:put_chars(code:root_dir()), halt().')
mkdir otp
cp -R "$root"/erts-* otp/
cp -R cut_down otp/lib

git init -q .
git -c user.name=t -c user.email=t@example.org commit -q --allow-empty -m one
git tag v7.8.9
git -c user.name=t -c user.email=t@example.org commit -q --allow-empty -m two
