#!/usr/bin/env bash
# Makes a fresh Debian 12 with systemd, and does there what deploy/README.md says; see handbook.py.
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
work="${work:?}"

# Systemd, and what an installed Debian has beyond the least: a page of its own for ps and openssl.
machine() {
  debian_base || return 1
  if [[ ! -e "$work/systemd.done" ]]; then
    rm -rf "$work/systemd"
    cp -a "$work/base" "$work/systemd" &&
      chroot "$work/systemd" sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends \
        systemd systemd-sysv dbus procps openssl' || return 1
    touch "$work/systemd.done"
  fi
  rm -rf "$work/machine"
  cp -a "$work/systemd" "$work/machine"
}

require "there is a fresh Debian 12 with systemd" machine
tests/deploy/handbook.py "$work/machine" | tee "$work/handbook.out"
read -r -a counts < <(tail -n 1 "$work/handbook.out" | sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p')
passed=$((passed + ${counts[0]:-0}))
failed=$((failed + ${counts[1]:-1}))
finish
