# Shell functions for the tests of releases that are built again while they are used: a small project, in the current directory.
# shellcheck shell=sh

# application NAME VSN TEXT: its priv/text holds TEXT.
application() {
  mkdir -p "lib/$1/ebin" "lib/$1/priv"
  printf '{application, %s,\n [{description, ""}, {vsn, "%s"}, {modules, []}, {registered, []},\n  {applications, [kernel, stdlib]}]}.\n' \
    "$1" "$2" >"lib/$1/ebin/$1.app"
  echo "$3" >"lib/$1/priv/text"
}
config() {
  printf '%s\n' '{lib_dirs, ["lib"]}.' '{mode, minimal}.' '{include_erts, false}.' '{extended_start_script, true}.' \
    '{vm_args, "vm.args"}.' "$@" >relx.config
}
