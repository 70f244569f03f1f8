#!/usr/bin/env bash
# What systemd's own tools say of the unit; handbook_test.sh starts it under a real systemd.
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
work="${work:?}"
root="$work/unit"
# Of systemd-analyze, where 10 is no protection; the defaults of a unit have 9.6.
most_exposure=1.2

lay_out() {
  rm -rf "$root"
  DESTDIR="$root" cmake --install build/release --prefix /usr/local --component server >/dev/null &&
    mkdir -p "$root/usr/lib/systemd/system" && cp -a /lib/systemd/system/*.target "$root/usr/lib/systemd/system/" &&
    ln -sfn usr/lib "$root/lib"
}
# Silent when nothing is wrong.
verified() { equal "" "$(systemd-analyze verify --root="$root" --man=no satudata-integration.service 2>&1)"; }
exposure() {
  systemd-analyze security --offline=true --root="$root" --no-pager satudata-integration.service |
    sed -n 's/.*Overall exposure level for .*: \([0-9.]*\) .*/\1/p'
}
is_low() { awk -v found="$1" -v most="$2" 'BEGIN { exit !(found != "" && found <= most) }' || { echo "exposure: $1"; return 1; }; }
setting() { sed -n "s/^$1=//p" deploy/systemd/satudata-integration.service; }
seconds_of() { awk -F"[|\`]" -v name="$1" '$3 == name { print $6 + 0 }' README.md; }
longest_stop() { # DRAIN_DELAY + SHUTDOWN_GRACE + 5 s, with the defaults of the README's table
  echo $(($(seconds_of DRAIN_DELAY) + $(seconds_of SHUTDOWN_GRACE) + 5))
}
unknown_names() { # of the example's lines, and of the unit's own
  { sed -n 's/^#\{0,1\}\([A-Z_]*\)=.*/\1/p' deploy/systemd/integration.env.example; sed -n 's/^Environment=\([A-Z_]*\)=.*/\1/p' \
    deploy/systemd/satudata-integration.service; } | while read -r name; do
    grep -qF "\`$name\`" README.md || echo "$name"
  done
}

require "the unit is laid out" lay_out
check "systemd-analyze verify has nothing to say" verified
found="$(exposure)"
echo "      exposure $found"
check "its exposure is at most $most_exposure" is_low "$found" "$most_exposure"
check "systemd waits longer than a stop takes" test "$(setting TimeoutStopSec)" -gt "$(longest_stop)"
check "every variable is a setting" equal "" "$(unknown_names)"
check "no secret is in the environment" test -z "$(grep -E '^(Environment=)?[A-Z_]*(KEY|SECRET|TOKEN)=' \
  deploy/systemd/satudata-integration.service deploy/systemd/integration.env.example)"
finish
