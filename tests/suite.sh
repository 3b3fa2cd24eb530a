# Shell functions for packages of another Debian suite than this machine's.
# shellcheck shell=sh disable=SC2154

# use_suite SUITE DIRECTORY [deb-src]: from here on of_suite knows the suite's packages, or its sources. What apt
# needs for that is kept in DIRECTORY/apt. Fails where apt here has no mirror of Debian, or not the suite.
use_suite() {
  # The mirror that this machine's apt uses, and its keys.
  # shellcheck disable=SC2016 # apt's variable
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' \
    'Label: Debian' 2>/dev/null | head -n 1)
  [ -n "$mirror" ] || fail 'apt here has no Debian mirror'
  suite_apt=$2/apt
  mkdir -p "$suite_apt/lists/partial" "$suite_apt/archives/partial"
  echo "${3-deb} [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $1 main" \
    >"$suite_apt/sources.list"
  of_suite apt-get update >"$2/log" 2>&1 || { cat "$2/log" >&2; fail "apt has no $1"; }
}

of_suite() {
  command=$1
  shift
  "$command" -q -o Dir::Etc::SourceList="$suite_apt/sources.list" -o Dir::Etc::SourceParts=- \
    -o Dir::State::Lists="$suite_apt/lists" -o Dir::State::Status=/dev/null \
    -o Dir::Cache="$suite_apt" -o APT::Sandbox::User= "$@"
}
