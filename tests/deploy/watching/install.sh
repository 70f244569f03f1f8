#!/usr/bin/env bash
# Installs what the test of alerts, dashboard and runbook needs: the pinned packages into build/npm-watching, and promtool
# into build/promtool, out of Debian's package `prometheus`, which is not installed: it would start a server.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
source="$PWD/tests/deploy/watching"
folder="$PWD/build/npm-watching"
promtool="$PWD/build/promtool"
mkdir -p "$folder" "$promtool"
exec 9>"$folder/lock"
flock 9

if ! cmp -s "$source/package-lock.json" "$folder/installed"; then
  cp "$source/package.json" "$source/package-lock.json" "$folder/"
  npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null
  cp "$source/package-lock.json" "$folder/installed"
fi

if command -v promtool >/dev/null; then
  ln -sf "$(command -v promtool)" "$promtool/promtool"
elif [[ ! -x "$promtool/promtool" ]]; then
  (cd "$promtool" && apt-get download -qq prometheus </dev/null)
  dpkg-deb --fsys-tarfile "$promtool"/prometheus_*.deb | tar -x -C "$promtool" --strip-components=3 ./usr/bin/promtool
  rm "$promtool"/prometheus_*.deb
fi
