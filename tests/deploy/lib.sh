# Read by the tests beside it: counts what they check, and makes the Debian that they need. Everything is in build/deploy.
# shellcheck shell=bash
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
work="$PWD/build/deploy"
mkdir -p "$work"
passed=0
failed=0

# check WHAT COMMAND...: one line, and the command's output if it fails.
check() {
  local what="$1" output
  shift
  if output="$("$@" 2>&1)"; then
    passed=$((passed + 1))
    printf 'ok    %s\n' "$what"
  else
    failed=$((failed + 1))
    printf 'FAIL  %s\n%s\n' "$what" "$(tail -n 40 <<<"$output" | sed 's/^/      /')"
  fi
}

finish() {
  echo "$passed passed, $failed failed"
  [[ "$failed" == 0 ]]
  exit
}

# require WHAT COMMAND...: a check without which the rest makes no sense.
require() {
  local before="$failed"
  check "$@"
  [[ "$failed" == "$before" ]] || finish
}

# equal WANTED FOUND
equal() { [[ "$1" == "$2" ]] || { printf 'wanted: %s\nfound:  %s\n' "$1" "$2"; return 1; }; }

# eventually SECONDS COMMAND...: until it succeeds. Prints what it said at last.
eventually() {
  local end=$((SECONDS + $1)) output
  shift
  until output="$("$@" 2>&1)"; do
    [[ "$SECONDS" -lt "$end" ]] || { echo "$output"; return 1; }
    read -r -t 0.1 <> <(:) || true
  done
  echo "$output"
}

# debian_base: a fresh Debian 12 in build/deploy/base, without what images of it leave out, too.
debian_base() {
  [[ -e "$work/base.done" ]] && return 0
  rm -rf "$work/base"
  debootstrap --variant=minbase bookworm "$work/base" "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" || return 1
  rm -rf "$work/base/var/cache/apt/archives/"*.deb "$work/base/var/lib/apt/lists/"*_* \
    "$work/base/usr/share/"{doc,man,info,locale}/* "$work/base/var/log/"*.log
  touch "$work/base.done"
}

# nspawn ROOT ARGUMENT...: a container without an engine: processes, mounts and host name of its own.
nspawn() {
  local root="$1"
  shift
  systemd-nspawn --quiet --register=no --keep-unit --console=pipe --directory="$root" "$@"
}
