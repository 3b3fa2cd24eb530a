#!/bin/sh
# Installs by apt what building, running and testing need, and is not there. Debian 12 and 13.
#
#   mk/setup.sh
#
# Says what it installs, as root or through sudo. When nothing is missing it says nothing, and takes
# one call of dpkg-query.
set -eu

# The compiler, and the libraries that the tools are made of.
packages='g++ meson ninja-build pkgconf libcli11-dev libinih-dev libtomlplusplus-dev libtinyxml2-dev
  libfmt-dev libgmp-dev libdeflate-dev libarchive-dev zlib1g-dev libssl-dev libpcre2-dev libmd-dev libunistring-dev catch2'
# Erlang/OTP, with the applications that the demo release, and that of the tests (RabbitMQ), hold.
packages="$packages erlang-base erlang-dev erlang-asn1 erlang-crypto erlang-eldap erlang-eunit
  erlang-inets erlang-mnesia erlang-os-mon erlang-parsetools erlang-public-key erlang-runtime-tools
  erlang-ssl erlang-syntax-tools erlang-tools erlang-xmerl"
# What the tests look at the start script, make certificates, have a screen and unpack sources with, and what
# ejabberd's libraries are linked with.
packages="$packages shellcheck openssl tmux xz-utils libexpat1 libyaml-0-2"
# Boost.Process 1.81 is the first that the tools can use; Debian 12's default is older.
# shellcheck source=/dev/null
debian_version=$(. /etc/os-release && echo "${VERSION_ID-}")
if [ "$debian_version" = 12 ]; then
  packages="$packages libboost1.81-dev"
else
  packages="$packages libboost-dev"
fi

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "mk/setup.sh: error: this is no Debian: nothing was installed" >&2
  # shellcheck disable=SC2086 # one line, whatever blanks it is written with
  echo "hint: what is needed, by Debian's names:" $packages >&2
  exit 1
fi

# shellcheck disable=SC2086 # a list of names
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $packages 2>/dev/null |
  sed -n 's/^installed //p' || :)
missing=
for package in $packages; do
  case "
$installed
" in
    *"
$package
"*) ;;
    *) missing="$missing $package" ;;
  esac
done
if [ -z "$missing" ]; then exit 0; fi

as_root=
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "mk/setup.sh: error: not root, and there is no sudo: can't install$missing" >&2
    echo "hint: as root: apt-get install --no-install-recommends$missing" >&2
    exit 1
  fi
  as_root=sudo
fi

echo "Installing by apt:$missing"
# Lists that can't be refreshed (no network) may still do.
$as_root apt-get update -q || echo "mk/setup.sh: warning: apt-get update failed" >&2
# shellcheck disable=SC2086 # a list of names
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
  -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 $missing
