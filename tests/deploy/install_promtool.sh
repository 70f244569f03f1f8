#!/usr/bin/env bash
# Puts promtool into build/promtool: the one that is installed, or that of Debian's package `prometheus`, which is not installed,
# for it would start a server.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
folder="$PWD/build/promtool"
mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9
[[ ! -x "$folder/promtool" ]] || exit 0
if command -v promtool >/dev/null; then
  ln -sf "$(command -v promtool)" "$folder/promtool"
  exit 0
fi
download() { (cd "$folder" && apt-get download -qq prometheus </dev/null); }
# The lists of what there is may be old, or missing.
download 2>/dev/null || { apt-get update -qq </dev/null && download; }
dpkg-deb --fsys-tarfile "$folder"/prometheus_*.deb | tar -x -C "$folder" --strip-components=3 ./usr/bin/promtool
rm "$folder"/prometheus_*.deb
