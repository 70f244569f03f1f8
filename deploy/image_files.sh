#!/usr/bin/env bash
# Lays out what goes into the images of deploy/Dockerfile, from what is in build/release: server and simulator in build/image-files.
#
#   deploy/image_files.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
out="$PWD/build/image-files"
[[ -d build/release/share/satudata-integration/dashboard ]] ||
  { echo "image_files.sh: there is no page; run deploy/build_dashboard.sh first" >&2; exit 1; }

rm -rf "$out"
DESTDIR="$out/server" cmake --install build/release --prefix /usr/local --component server --strip >/dev/null
# A container needs neither a unit nor what installs libraries.
rm -rf "$out/server/usr/local/lib" "$out/server/usr/local/share/satudata-integration/"{packages.txt,install_packages.sh}
mkdir -p "$out/simulator/usr/local/bin"
strip -o "$out/simulator/usr/local/bin/target-simulator" build/release/bin/target-simulator
