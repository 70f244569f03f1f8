#!/usr/bin/env bash
# Builds the client for Node into clients/node/dist.
#
#   deploy/build_node_client.sh
#
# Needs Node 18 or newer with npm. Installs what the lock file names when that changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../clients/node"

installed=node_modules/.installed-lock.json
if ! cmp -s package-lock.json "$installed"; then
  npm ci --loglevel=error </dev/null
  cp package-lock.json "$installed"
fi
npm run --silent build
echo "the client is in $PWD/dist"
