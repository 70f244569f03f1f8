#!/usr/bin/env bash
# Measures what the service is to reach: builds the release programs, runs each row against a peer or the truth in the
# same run, writes build/bench.json and prints a table. Exits 1 when a row does not hold.
#
#   tests/bench/run.sh [ROW...]            throughput, latency-bound, quota, unchanged, unary, watchers, replicas, faults,
#                                          kills, start, stop, read-csv, read-xlsx
#   tests/bench/run.sh --quick [ROW...]    small and once: shows that the bench works and that no claim is false; speeds
#                                          are told and not judged
#
# Wants a machine that does nothing else. Everything it writes is in build/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

case "${1:-}" in
  --help | -h) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; exit 0 ;;
esac
deploy/install_packages.sh build bench fast
deploy/build.sh release integration-server integrationctl target-simulator bench-client bench-read-table
exec python3 tests/bench/bench.py "$@"
