#!/usr/bin/env bash
# The repository checks: what can be judged without building anything.
#
#   tests/checks/run.sh [NAME...]     runs the named checks, or all; --list prints their names
#
# One line per check; the output of one that fails follows. The last line is `N passed, N failed`; exits 1 if any failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
npm_dir=build/npm

all_checks=(includes includes-selftest sources sources-selftest format protos protos-compatible shell readme sample dashboard)

check_includes() { python3 tests/checks/include_check.py; }
check_includes-selftest() { python3 tests/checks/include_check_test.py; }
check_sources() { python3 tests/checks/source_check.py; }
check_sources-selftest() { python3 tests/checks/source_check_test.py; }
check_readme() { python3 tests/checks/readme_check.py; }
check_sample() { python3 deploy/demo/make_sample.py --check; }
check_dashboard() { python3 deploy/grafana/make_dashboard.py --check; }

check_format() {
  find server clients tests \( -name '*.cc' -o -name '*.h' \) -print0 |
    xargs -0 -n 40 -P "$(nproc)" clang-format --dry-run -Werror --style=file
}

# The pinned buf, installed once per pin.
install_buf() {
  mkdir -p "$npm_dir"
  cmp -s tests/checks/package.json "$npm_dir/installed" && return 0
  cp tests/checks/package.json "$npm_dir/"
  npm install --prefix "$npm_dir" --ignore-scripts --no-package-lock --no-audit --no-fund --loglevel=error </dev/null &&
    cp tests/checks/package.json "$npm_dir/installed"
}

buf() { "$npm_dir/node_modules/.bin/buf" "$@"; }

check_protos() { install_buf && buf lint proto && buf format --diff --exit-code proto; }

# Against the last release, if there is one in the history at hand.
check_protos-compatible() {
  local release
  release="$(git tag --list 'v*' --sort=-v:refname 2>/dev/null | head -n 1)"
  if [[ -z "$release" ]]; then
    echo "no release yet to compare with"
    return 0
  fi
  install_buf && buf breaking proto --against ".git#tag=$release,subdir=proto"
}

check_shell() {
  find deploy tests .ci -name node_modules -prune -o \( -name '*.sh' -o -path '.ci/run' \) -print0 | xargs -0 shellcheck
}

passed=0
failed=0
run_check() { # NAME
  local output
  if output="$("check_$1" 2>&1)"; then
    passed=$((passed + 1))
    printf 'ok    %s\n' "$1"
  else
    failed=$((failed + 1))
    printf 'FAIL  %s\n%s\n' "$1" "$(tail -n 60 <<<"$output" | sed 's/^/      /')"
  fi
}

is_known() { [[ " ${all_checks[*]} " == *" $1 "* ]]; }

if [[ "${1:-}" == --list ]]; then
  printf '%s\n' "${all_checks[@]}"
  exit 0
fi
[[ $# -gt 0 ]] || set -- "${all_checks[@]}"
for name in "$@"; do
  is_known "$name" || { echo "unknown check: $name; there are: ${all_checks[*]}" >&2; exit 2; }
done
for name in "$@"; do run_check "$name"; done
echo "$passed passed, $failed failed"
[[ "$failed" == 0 ]]
