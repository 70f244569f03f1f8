#!/usr/bin/env bash
# The tests of what installs and runs the programs: images, the unit, compose, the handbook. Needs root, the groups build, page
# and deploy of deploy/packages.txt, and the release programs and the page as tests/run.sh builds them.
#
#   tests/deploy/run.sh [--all] [NAME...]    install, unit, compose, bad_starts, image, handbook; with --all image_source
#
# The last line is `N passed, N failed`; exits 1 if any failed. Everything it makes is in build/deploy and build/image-files.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
names=(install unit compose bad_starts image handbook)

run_install() { tests/deploy/install_test.sh; }
run_unit() { tests/deploy/unit_test.sh; }
run_compose() { tests/deploy/compose_test.sh; }
run_bad_starts() { tests/deploy/bad_starts.py; }
run_image() { tests/deploy/image_test.sh; }
run_handbook() { tests/deploy/handbook_test.sh; }
run_image_source() { tests/deploy/image_test.sh --compile; }

if [[ "$(id -u)" != 0 ]]; then
  command -v sudo >/dev/null || { echo "tests/deploy/run.sh: not root and no sudo" >&2; echo "0 passed, 1 failed"; exit 1; }
  exec sudo -n env PATH="$PATH" "$0" "$@"
fi
if [[ "${1:-}" == --all ]]; then
  shift
  names+=(image_source)
fi
[[ $# == 0 ]] || names=("$@")
for name in "${names[@]}"; do
  declare -F "run_$name" >/dev/null || { echo "tests/deploy/run.sh: unknown test $name" >&2; exit 2; }
done

mkdir -p build/deploy
passed=0
failed=0
for name in "${names[@]}"; do
  begin="$SECONDS"
  echo "== $name"
  "run_$name" 2>&1 | tee "build/deploy/$name.out" | sed '$d'
  read -r -a counts < <(tail -n 1 "build/deploy/$name.out" | sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p')
  passed=$((passed + ${counts[0]:-0}))
  failed=$((failed + ${counts[1]:-1}))
  echo "   $name: ${counts[0]:-0} passed, ${counts[1]:-1} failed  ($((SECONDS - begin)) s)"
done
echo "$passed passed, $failed failed"
[[ "$failed" == 0 ]]
