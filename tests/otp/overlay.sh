#!/bin/sh
# Overlays: a project with every form of overlay, variable and template is released by rebar3 and by
# relmk; what the overlay put into the two releases is the same, as files, bytes, modes and links.
set -eu
. tests/lib.sh

with_rebar3

# Names of files are UTF-8, for both.
LC_ALL=C.UTF-8
export LC_ALL
project=$RELMK_SCRATCH/project
release=$project/_build/default/rel/ov

make_project() {
  mkdir -p "$project/apps/ov/src" "$project/apps/ov/priv/d" "$project/conf/deep" \
    "$project/files/tree/sub" "$project/files/tree/empty"
  cd "$project"
  cat >apps/ov/src/ov.app.src <<'END'
{application, ov, [{description, "for overlays"}, {vsn, "0.3.0"}, {registered, []},
                   {applications, [kernel, stdlib]}, {env, []}, {modules, []}]}.
END
  echo '-module(ov). -export([ok/0]). ok() -> ok.' >apps/ov/src/ov.erl
  echo priv >apps/ov/priv/d/p
  echo 'web: {{not_rendered}}' >files/Procfile
  echo 'run' >files/run.sh
  echo 'read only' >files/ro
  for name in x y z; do echo $name >files/$name.conf; done
  for name in a b; do echo $name >files/$name.txt; done
  echo hidden >files/tree/.hidden
  echo leaf >files/tree/sub/leaf
  echo 'blanks' >'files/tree/two words'
  ln -s sub/leaf files/tree/link
  ln -s sub files/tree/dirlink
  echo braces >'files/{b}'
  echo umlaut >files/grün
  ln -s tree files/dirlink
  ln -s run.sh files/filelink
  ln -s nowhere files/tree/dangling
  chmod 755 files/run.sh
  chmod 444 files/ro
  make_variables
  make_templates
  make_configs
}

make_variables() {
  cat >conf/vars.config <<'END'
%% coding: utf-8
{a, "one"}.
"./deep/base.config".
{b, "{{a}} {{base}} {{release_name}}"}.
{bin, <<"binary {{b}}">>}.
{an_atom, some_atom}. {int, 42}. {neg, -7}. {big, 123456789012345678901234567890}.
{float, 1.5}. {float2, 1.0e22}. {float3, 0.1}. {float4, 1.0e-7}. {float5, 100000.0}.
{yes, true}. {no, false}. {nothing, null}. {nothing2, nil}. {empty, ""}.
{html, "<a href=\"x\">&'</a>"}.
{words, ["one", "two", <<"three">>, four, 5]}.
{nested, [{host, "h"}, {port, 80}, {url, "http://{{host}}:{{port}}/{{a}}"}]}.
{nodes, [[{name, "n1"}, {tags, [a, b]}], [{name, "n2"}, {tags, []}]]}.
{map, #{key => "in map"}}.
{mode, "448"}.
{iolist, ["i", ["o", <<"l">>], $i]}.
{utf8, <<"grün"/utf8>>}.
{twice, first}. {twice, second}.
{included, here}.
{forward, "[{{later}}]"}. {later, "late"}.
{release_version_too, "{{release_version}}"}.
{triple, "{{{html}}}"}.
END
  cat >conf/deep/base.config <<'END'
{base, "base of {{a}}"}.
{included, there}.
"more/leaf.config".
END
  mkdir -p conf/deep/more
  echo '{leaf, "leaf"}.' >conf/deep/more/leaf.config
  cat >conf/extra.config <<'END'
{a, "extra"}.
{extra, "{{a}} {{b}} {{leaf}}"}.
END
}

make_templates() {
  cat >files/variables <<'END'
{{release_name}}|{{release_version}}|{{release}}|{{erts_vsn}}|{{release_erts_version}}|{{erts_dir}}
{{root_dir}}|{{output_dir}}|{{target_dir}}|{{base_dir}}|{{profile_string}}
{{sys_config}}|{{vm_args}}|{{lib_dirs}}|{{overridden}}|{{kernel}}
{{a}}|{{b}}|{{bin}}|{{base}}|{{leaf}}|{{an_atom}}|{{int}}|{{neg}}|{{big}}|{{yes}}|{{no}}
{{float}}|{{float2}}|{{float3}}|{{float4}}|{{float5}}
{{nothing}}|{{nothing2}}|{{empty}}|{{unknown}}|{{html}}|{{{html}}}|{{&html}}|{{triple}}
{{iolist}}|{{{iolist}}}|{{utf8}}|{{twice}}|{{included}}|{{forward}}|{{release_version_too}}
{{nested.url}}|{{nested.none}}|{{map.key}}|{{ map . key }}|{{extra}}
END
  cat >files/sections <<'END'
{{#yes}}
yes
{{/yes}}
  {{#no}}
no
  {{/no}}
{{^no}}not no{{/no}}{{^unknown}}, nor known{{/unknown}}{{^nothing}}.{{/nothing}}
{{#words}}<{{.}}>{{/words}}
{{#nested}}
{{host}}:{{port}} {{a}}
{{/nested}}
{{#nodes}}
- {{name}}:{{#tags}} {{.}}{{/tags}}{{^tags}} none{{/tags}}
{{/nodes}}
{{#map}}{{key}} {{int}}{{/map}} {{#a}}{{.}}{{/a}} {{#int}}{{.}}{{/int}} {{#empty}}empty{{/empty}}
{{! a comment }}
text {{! in
two lines }} text
{{=<% %>=}}
<% a %> {{a}} <%#yes%>yes<%/yes%> <%& html %> <%{html}%>
<%={{ }}=%>
{{> greeting}}
  {{>greeting}}
[{{>none}}]
{erlang, {{{int}}, "{{a}}", [{{int}}]}}.
${SHELL} { {{int}} } {{int}}}
END
  printf 'no newline at the end, CRLF\r\n{{#yes}}\r\nx\r\n{{/yes}}\r\n{{a}}' >files/crlf
  printf 'Hello {{a}}\nfrom {{release_name}}\n' >greeting.mustache
  chmod 751 files/variables
}

# Two configurations, the second in dev mode.
make_configs() {
  cat >overlay.inc <<'END'
  {mkdir, "log/sasl"}, {mkdir, <<"run/{{release_name}}">>}, {mkdir, "slash/"},
  {copy, "files/Procfile", "Procfile"},
  {copy, "./files/run.sh", "./scripts/{{release_name}}.sh"},
  {copy, "files/ro", "etc/"},
  {copy, "files/*.conf", "etc/conf.d/"},
  {copy, "files/{a,b}.txt", "etc/txt/"},
  {copy, "files/[xy].conf", "etc/set/"},
  {copy, "files/?.txt", "etc/{{an_atom}}/"},
  {copy, "files/none*", "nothing/"},
  {copy, "files/tree", "tree"}, {copy, "files/tree", "trees/"}, {copy, "files/tree/", "trees2/"},
  {copy, "files/**/leaf", "leaves/"},
  {copy, "files/tree/sub", "."},
  {copy, "{{root_dir}}/files/Procfile", "absolute"},
  {copy, "{{output_dir}}/lib/ov-0.3.0/priv/d/p", "from-release"},
  {copy, "{{output_dir}}/lib/ov-*/priv/d/*", "from-release-pattern/"},
  {copy, "{{ov}}/priv", "from-application"},
  {copy, "files/Procfile", "{{output_dir}}/into-release"},
  {copy, <<"files/Procfile">>, <<"binary/to">>}, {copy, <<"files/Procfile">>, "binary/dir/"},
  {copy, ["files/", <<"Procfile">>], ["io", "list"]},
  {link, "files/Procfile", "linked"}, {link, "files/*.conf", "links/"}, {link, "files/tree", "linktree"},
  {template, "files/variables", "etc/variables"},
  {template, "files/variables", "releases/{{release_version}}/variables"},
  {template, "files/sections", "etc/sections"},
  {template, "files/crlf", "etc/crlf"},
  {template, "files/run.sh", "bin/hooks/run.sh"},
  {template, "files/variables", "linked"},
  {copy, "files/run.sh", "twice"}, {template, "files/ro", "twice"},
  {copy, "files//x.conf", "odd//double/./x"}, {copy, "files/./x.conf", "./odd/dot"},
  {copy, "files/tree/.", "odd/tree"}, {copy, "files/.//*.conf", "odd/dir//"},
  {template, "files/crlf", "odd/template/"}, {copy, "files/\\{b\\}", "odd/escaped/"},
  {copy, "files/grün", "odd/grün"}, {mkdir, "odd/ä"}, {mkdir, <<"odd/€ {{utf8}}"/utf8>>},
  {copy, "files/dirlink", "odd/dirlink"}, {copy, "files/filelink", "odd/filelink"},
  {copy, "files/tree/*/../../{x,y}.conf", "odd/up/"},
  {chmod, 8#600, "Procfile"}, {chmod, "{{mode}}", "etc/variables"}, {chmod, 8#700, "log"},
  {chmod, "4{{int}}", "etc/crlf"}
END
  for mode in minimal dev; do
    {
      echo "{relx, [{release, {ov, \"1.2.3\"}, [ov, sasl]}, {mode, $mode}, {overlay_vars, \"conf/vars.config\"},"
      echo ' {overlay, ['
      cat overlay.inc
      echo ']}]}.'
    } >"rebar.config.$mode"
  done
}

# Every file that the overlay made, as PATH TYPE MODE TARGET.
overlay_list() {
  (cd "$1" && find . \( -path ./lib -o -path './releases/*' ! -name variables ! -path './releases/1.2.3' \
    -o -path './bin/*' ! -path './bin/hooks*' \) -prune -o -printf '%P %y %m %l\n' | LC_ALL=C sort)
}

# Those with the time of a source, which is older than all that is made here. Erlang's change_mode
# makes a file new, by the way; that isn't followed.
old_files() {
  (cd "$1" && find . ! -path './lib/*' ! -path ./Procfile ! -path ./etc/variables ! -path ./etc/crlf \
    -type f ! -newermt 2020-01-01 | LC_ALL=C sort)
}

compare() {
  mode=$1
  rm -rf "$release" "$RELMK_SCRATCH/theirs"
  cp "rebar.config.$mode" rebar.config
  check "$mode: rebar3 makes the release" rebar3 release
  mv "$release" "$RELMK_SCRATCH/theirs"
  check "$mode: relmk makes the release" "$RELMK_TOOLS/assemble-release" -c rebar.config
  overlay_list "$RELMK_SCRATCH/theirs" >"$RELMK_SCRATCH/theirs.list"
  overlay_list "$release" >"$RELMK_SCRATCH/ours.list"
  same "$mode: the same files, modes and links" "$RELMK_SCRATCH/theirs.list" "$RELMK_SCRATCH/ours.list"
  old_files "$RELMK_SCRATCH/theirs" >"$RELMK_SCRATCH/theirs.old"
  old_files "$release" >"$RELMK_SCRATCH/ours.old"
  same "$mode: the same files have the time of what they are made of" \
    "$RELMK_SCRATCH/theirs.old" "$RELMK_SCRATCH/ours.old"
  while read -r path; do
    same "$mode: $path" "$RELMK_SCRATCH/theirs/$path" "$release/$path"
  done <<END
$(cd "$RELMK_SCRATCH/theirs" && find . -type f ! -path './lib/*' ! -path './releases/*' ! -path './bin/*' | LC_ALL=C sort)
./releases/1.2.3/variables
./bin/hooks/run.sh
END
}

make_project
find files conf apps/ov/priv -type f -exec touch -d 2019-12-31 '{}' +
compare minimal
compare dev

# relx 4.8's template with variables of its own; they come before all others.
cat >rebar.config <<'END'
{relx, [{release, {ov, "1.2.3"}, [ov, sasl]}, {mode, minimal}, {overlay_vars, "conf/vars.config"},
  {overlay, [{template, "files/extra", "extra", "conf/extra.config"}, {copy, "files/Procfile", "Procfile"}]}]}.
END
echo '{{a}}|{{extra}}' >files/extra
check "a template with variables of its own" "$RELMK_TOOLS/assemble-release" -c rebar.config
equal "variables of a template's own" \
  'extra|extra one base of one ov leaf' "$(cat "$release/extra")"

# Bad input: one line each, with a position, and the release stays as it was.
mode=minimal
overlay_fails() {
  what=$1 text=$2
  cat >rebar.config <<END
{relx, [{release, {ov, "1.2.3"}, [ov, sasl]}, {mode, $mode},
  {overlay, [
    $3
  ]}]}.
END
  cp "$release/Procfile" "$RELMK_SCRATCH/before"
  fails_with "$what" 1 "$text" "$RELMK_TOOLS/assemble-release" -c rebar.config
  equal "$what: one line" 1 "$(wc -l <"$RELMK_SCRATCH/.err")"
  same "$what: the old release stays" "$RELMK_SCRATCH/before" "$release/Procfile"
}
printf 'a\n  {{unclosed' >files/unclosed
printf '{{#a}}\n{{/b}}' >files/mismatched
overlay_fails "a file that is not there" 'rebar.config:3:5: error: Unable to copy from ' \
  '{copy, "files/none", "x"}'
overlay_fails "a template that is not there" 'rebar.config:3:5: error: Unable to read template file (' \
  '{template, "files/none", "x"}'
overlay_fails "an unclosed tag" 'files/unclosed:2:3: error: unclosed tag' \
  '{template, "files/unclosed", "x"}'
overlay_fails "a section with another's end" 'files/mismatched:2:1: error: {{/b}} where {{/a}} should be' \
  '{template, "files/mismatched", "x"}'
overlay_fails "a form that is none" 'rebar.config:3:5: error: Overlay section malformed: {move,"a","b"}' \
  '{move, "a", "b"}'
overlay_fails "out of the release" \
  'rebar.config:3:5: error: Unable to copy from files/Procfile to ../x: ../x lies outside of the release' \
  '{copy, "files/Procfile", "../x"}'
overlay_fails "out of the release, absolutely" \
  'rebar.config:3:5: error: Unable to make directory /tmp/x: /tmp/x lies outside of the release' \
  '{mkdir, "/tmp/x"}'
overlay_fails "a template below a file" \
  'rebar.config:3:5: error: Unable to create enclosing directory for releases/RELEASES/x: ' \
  '{template, "files/Procfile", "releases/RELEASES/x"}'
mode=dev
overlay_fails "a link out of the release, in dev mode" \
  'rebar.config:3:5: error: Unable to symlink files/Procfile to ../x: ../x lies outside of the release' \
  '{link, "files/Procfile", "../x"}'

# The tool for one template.
cd "$project"
"$RELMK_TOOLS/render-overlay" files/crlf --vars conf/vars.config -D yes=1 -D a=given >"$RELMK_SCRATCH/crlf"
printf 'no newline at the end, CRLF\r\nx\r\ngiven' >"$RELMK_SCRATCH/expected"
same "render-overlay: variables of files, and over them those given" "$RELMK_SCRATCH/expected" "$RELMK_SCRATCH/crlf"
"$RELMK_TOOLS/render-overlay" files/variables -o "$RELMK_SCRATCH/rendered"
equal "render-overlay -o: the template's mode" 751 "$(stat -c %a "$RELMK_SCRATCH/rendered")"
fails_with "render-overlay: a missing file of variables" 1 'none: error: cannot read' \
  "$RELMK_TOOLS/render-overlay" files/crlf --vars none
fails_with "render-overlay: wrong usage" 2 'NAME=VALUE is expected' "$RELMK_TOOLS/render-overlay" files/crlf -D x
