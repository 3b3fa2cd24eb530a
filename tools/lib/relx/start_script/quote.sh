# shellcheck shell=sh disable=SC2034
# Part of the start scripts, of Mix releases too.

# Sets relmk_quoted to $1 as one word, for a shell and for erl's -args_file.
quote() {
  relmk_quoted=
  relmk_unquoted=$1
  while :; do
    case $relmk_unquoted in
    *\'*)
      relmk_quoted="$relmk_quoted${relmk_unquoted%%\'*}'\\''"
      relmk_unquoted=${relmk_unquoted#*\'}
      ;;
    *) break ;;
    esac
  done
  relmk_quoted="'$relmk_quoted$relmk_unquoted'"
}
