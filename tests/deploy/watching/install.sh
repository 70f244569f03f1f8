#!/usr/bin/env bash
# Installs what the test of alerts, dashboard and runbook needs: the pinned packages into build/npm-watching, and promtool.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
source="$PWD/tests/deploy/watching"
folder="$PWD/build/npm-watching"
mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9

if ! cmp -s "$source/package-lock.json" "$folder/installed"; then
  cp "$source/package.json" "$source/package-lock.json" "$folder/"
  npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null
  cp "$source/package-lock.json" "$folder/installed"
fi
tests/checks/run.sh protos >/dev/null # It installs buf, which makes the calls.
tests/deploy/install_promtool.sh
