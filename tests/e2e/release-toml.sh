#!/bin/sh
# release.toml beside the relx.config that says the same.
# shellcheck disable=SC2016  # what looks like a variable here is one to the start script
set -eu
. tests/lib.sh

relx_config=$RELMK_TOOLS/relx-config
assemble=$RELMK_TOOLS/assemble-release
case $RELMK_TOOLS in /*) ;; *) relx_config=$PWD/$relx_config assemble=$PWD/$assemble ;; esac
samples=$PWD
cd "$RELMK_SCRATCH"
mkdir hooks
echo 'echo "{{ greeting }} from {{ release_name }}"' >greet.mustache
echo ':' >hooks/before
echo '[{sasl, [{sasl_error_logger, ${LOGGER:-false}}]}].' >sys.config.src
echo '-name ${NODE:-n@127.0.0.1}' >vm.args.src
echo '1.2.3' >VERSION

cat >release.toml <<'END'
debug_info = "keep"
mode = "minimal"
system_libs = true
sys_config_src = "sys.config.src"
vm_args_src = "vm.args.src"

[[release]]
name = "plain"
version = "0.1"
applications = ["kernel", "stdlib"]

[[release]]
name = "full"
version = { file = "VERSION" }
applications = ["sasl", { name = "runtime_tools", start = "load" }]
include_erts = false

[[overlay]]
mkdir = "log"
[[overlay]]
template = "greet.mustache"
to = "bin/greet"
[[overlay]]
chmod = "bin/greet"
mode = 0o755
[[overlay]]
copy = "hooks/before"
to = "bin/hooks/before"

[overlay_vars]
greeting = "hello"

[hooks]
pre_start = "hooks/before"
post_start = ["wait_for_vm_start"]
END

cat >relx.config <<'END'
{mode, minimal}.
{debug_info, keep}.
{system_libs, true}.
{sys_config_src, "sys.config.src"}.
{vm_args_src, "vm.args.src"}.
{release, {plain, "0.1"}, [kernel, stdlib]}.
{release, {full, {file, "VERSION"}}, [sasl, {runtime_tools, load}], [{include_erts, false}]}.
{overlay, [{mkdir, "log"}, {template, "greet.mustache", "bin/greet"}, {chmod, 8#755, "bin/greet"},
           {copy, "hooks/before", "bin/hooks/before"}]}.
{overlay_vars, [{greeting, "hello"}]}.
{extended_start_script_hooks, [{pre_start, [{custom, "hooks/before"}]},
                               {post_start, [wait_for_vm_start]}]}.
END

for config in release.toml relx.config; do
  "$relx_config" -c $config | sed 1d >$config.terms
  check "assembled from $config" "$assemble" -c $config -n full -o out.$config
done
same "the same terms" relx.config.terms release.toml.terms
listing() { (cd "$1" && find . -printf '%y %m %p %l\n' | sort); }
listing out.relx.config >expected
listing out.release.toml >actual
same "the same files" expected actual
if difference=$(diff -r -x .relmk out.relx.config out.release.toml); then ok "the same bytes"; else
  not_ok "the same bytes" "$difference"
fi
equal "an overlay's variable" "hello from full" "$(sh out.release.toml/full/bin/greet)"

"$assemble" -c release.toml -n plain -o out.plain 2>first
check "a release without sasl gets a warning" \
  grep -q 'release.toml: warning: Missing application sasl' first
equal "once: where nothing changes, nothing is said" '' \
  "$("$assemble" -c release.toml -n plain -o out.plain 2>&1)"

echo 'lists:keystore(mode, 1, CONFIG, {mode, dev}).' >release.toml.script
"$relx_config" -c release.toml >scripted
check "release.toml.script is evaluated over it" grep -q '^{mode,dev}' scripted
rm release.toml.script

sed 's/start = "load"/start = "lode"/' release.toml >bad.toml
fails_with "an unknown start type has its place" 1 "bad.toml:15:25: error: " \
  "$assemble" -c bad.toml -n full -o out.bad
printf 'mode = \n' >bad.toml
fails_with "an error of TOML has its place" 1 "bad.toml:1:" "$relx_config" -c bad.toml
echo '[{sasl, [{a, ${A}]}].' >sys.config.src
fails_with "an error in the template of sys.config is found now" 1 \
  "sys.config.src:1:18: error: The config file" "$assemble" -c release.toml -n full -o out.bad

cd "$samples"
"$relx_config" -c config/release.toml | sed 1d >"$RELMK_SCRATCH/sample"
check "the sample is read" grep -q '^{release,{kazoo,' "$RELMK_SCRATCH/sample"
