#!/usr/bin/env bash
# Configures and builds a preset, quietly: the long output goes to build/logs/, its end is shown when something fails.
#
#   deploy/build.sh PRESET [TARGET...]
#
# Uses ccache where it is installed; depends on no cache.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[[ $# -gt 0 ]] || { echo "usage: build.sh PRESET [TARGET...]" >&2; exit 2; }
preset="$1"
shift
mkdir -p build/logs
log="build/logs/build-$preset.log"

fail() {
  tail -n 60 "$log" | cut -c 1-300 >&2
  echo "build.sh: $preset: $1 failed; all of it: $log" >&2
  exit 1
}

launcher="$(command -v ccache || true)"
cmake --preset "$preset" -DCMAKE_CXX_COMPILER_LAUNCHER="$launcher" >"$log" 2>&1 </dev/null || fail configuring
cmake --build --preset "$preset" --parallel "$(nproc)" ${1:+--target "$@"} >>"$log" 2>&1 </dev/null || fail building
