#!/usr/bin/env bash
# clang-tidy on what changed since the last commit, or on the given files. `cmake --build --preset tidy` does everything.
#
#   tests/checks/tidy.sh [FILE.cc...]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
if [[ $# -eq 0 ]]; then
  mapfile -t files < <({ git diff --name-only --diff-filter=d HEAD; git ls-files --others --exclude-standard; } |
    grep -E '^(server|clients|tests)/.*\.cc$' | sort -u)
  set -- "${files[@]}"
fi
[[ $# -gt 0 ]] || { echo "nothing changed"; exit 0; }
deploy/install_packages.sh build test tidy
deploy/build.sh tidy satudata_proto satudata_google_rpc
printf '%s\0' "$@" | xargs -0 -n 1 -P "$(nproc)" clang-tidy --quiet -p build/tidy
