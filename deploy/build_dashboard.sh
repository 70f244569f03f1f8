#!/usr/bin/env bash
# Builds the page that the server hands out to browsers.
#
#   deploy/build_dashboard.sh [OUTDIR]    default: build/release/share/satudata-integration/dashboard
#
# Needs Node 18 or newer; exits 3 where there is none. Installs what the lock file names when that changed.
set -euo pipefail
out="$(realpath -m "${1:-$(dirname "${BASH_SOURCE[0]}")/../build/release/share/satudata-integration/dashboard}")"
cd "$(dirname "${BASH_SOURCE[0]}")/../clients/dashboard"

node_major() { node --version 2>/dev/null | sed -n 's/^v\([0-9]*\).*/\1/p'; }

major="$(node_major || true)"
if [[ -z "$major" || "$major" -lt 18 ]] || ! command -v npm >/dev/null; then
  echo "build_dashboard.sh: the page needs Node 18 or newer with npm (apt-get install nodejs npm); the server runs without it" >&2
  exit 3
fi

install_packages() {
  local installed=node_modules/.installed-lock.json
  cmp -s package-lock.json "$installed" && return 0
  npm ci --loglevel=error </dev/null
  cp package-lock.json "$installed"
}

# Beside its place first: a server that runs meanwhile never hands out half a page.
build_page() {
  local fresh="$out.new"
  rm -rf "$fresh"
  npm run --silent generate
  npx --no-install vite build --logLevel warn --outDir "$fresh" --emptyOutDir
  node scripts/finish_build.mjs "$fresh"
  rm -rf "$out"
  mv "$fresh" "$out"
}

install_packages
build_page
echo "the page is in $out"
