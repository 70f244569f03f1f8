#!/usr/bin/env bash
# Installs those Debian packages of the given groups of deploy/packages.txt that are missing.
#
#   deploy/install_packages.sh GROUP...
#
# Says nothing and touches nothing when all are there. The group `fast` may fail: nothing depends on it.
set -euo pipefail
list="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/packages.txt"

is_installed() { # PACKAGE [COMMAND]
  [[ -n "${2:-}" ]] && command -v "$2" >/dev/null 2>&1 && return 0
  [[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null || true)" == installed ]]
}

missing_of() { # GROUP
  local group package command
  while read -r group package command; do
    if [[ "$group" == "$1" ]] && ! is_installed "$package" "$command"; then echo "$package"; fi
  done < <(sed 's/#.*//' "$list")
}

as_root() {
  if [[ "$(id -u)" == 0 ]]; then
    env DEBIAN_FRONTEND=noninteractive "$@" </dev/null
  elif command -v sudo >/dev/null 2>&1; then
    sudo -n env DEBIAN_FRONTEND=noninteractive "$@" </dev/null
  else
    echo "install_packages: not root and no sudo; please run: $*" >&2
    return 1
  fi
}

install() { # PACKAGE...
  echo "installing: $*"
  if [[ -z "${lists_are_fresh:-}" ]]; then
    as_root apt-get update -qq
    lists_are_fresh=yes
  fi
  as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

[[ $# -gt 0 ]] || { echo "usage: install_packages.sh GROUP..." >&2; exit 2; }
for group in "$@"; do
  mapfile -t missing < <(missing_of "$group")
  [[ ${#missing[@]} -gt 0 ]] || continue
  command -v apt-get >/dev/null 2>&1 || { echo "install_packages: no apt-get; missing: ${missing[*]}" >&2; exit 1; }
  if [[ "$group" == fast ]]; then
    install "${missing[@]}" || echo "install_packages: going on without ${missing[*]}"
  else
    install "${missing[@]}"
  fi
done
