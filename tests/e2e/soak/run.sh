#!/usr/bin/env bash
# Builds what ships and keeps it under load, among targets that misbehave; see soak.py.
#
#   tests/e2e/soak/run.sh [--time SECONDS] [--seed N]      an hour by default; 120 seconds show that all of it works
#
# Writes build/soak.json and prints a short table; what the programs wrote is in build/soak-data. Exits 0 only if it held.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
case "${1:-}" in --help | -h) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; exit 0 ;; esac
deploy/install_packages.sh build fast
deploy/build.sh release integration-server integrationctl target-simulator
exec python3 tests/e2e/soak/soak.py --bin build/release/bin --data build/soak-data --report build/soak.json "$@"
