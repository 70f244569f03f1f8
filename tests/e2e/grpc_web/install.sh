#!/usr/bin/env bash
# Installs the pinned clients into build/npm-grpc-web, once per pin, and prints that folder. Several may run at once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
source=tests/e2e/grpc_web
folder="$PWD/build/npm-grpc-web"
mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9
if ! cmp -s "$source/package.json" "$folder/installed"; then
  cp "$source/package.json" "$folder/"
  npm install --prefix "$folder" --ignore-scripts --no-package-lock --no-audit --no-fund --loglevel=error \
    </dev/null >&2
  cp "$source/package.json" "$folder/installed"
fi
echo "$folder"
