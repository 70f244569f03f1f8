#!/usr/bin/env bash
# Installs what is missing, builds, and runs the tests. Needs nothing but Debian 12; about 45 minutes from nothing on 2
# cores. The last line is `N passed, N failed`; exits 0 only if nothing failed.
#
#   tests/run.sh             the steps checks, page, asan, node, watching, image, chart, browser, demo, tsan
#   tests/run.sh --all       and the long ones: tsan_all, release, tidy, fuzz, long, soak, handbook, image_source, bench
#   tests/run.sh STEP...     only these steps
#
#   checks    the repository checks, without building (tests/checks/run.sh)
#   page      the page: types, lint, its own tests, and the build that ships
#   asan      every test, with AddressSanitizer and UBSan
#   node      the client for Node: types, lint, and its tests against what ships
#   watching  alerts, dashboard and runbook against the metrics and logs of what ships
#   image     the images, the unit, compose, installing and bad starts, without an engine (tests/deploy/run.sh)
#   chart     the Helm chart: rendered, validated, and shown to the server that ships (tests/helm/run.sh)
#   browser   the page in a real browser, with what ships and the simulated targets
#   demo      deploy/demo.sh, which compares what the service claims with what the simulated targets hold
#   handbook  deploy/README.md's commands for one machine, on a fresh Debian under systemd
#   image_source  the images, compiled inside of them
#   tsan      the tests of the server that start threads and link no gRPC, with ThreadSanitizer
#   tsan_all  all of its tests that link no gRPC
#   release   the end-to-end tests, which are among those of asan, with what ships
#   tidy      clang with thread-safety analysis, and clang-tidy, on everything
#   fuzz      tests/fuzz/run.sh: ten minutes of exploring for each fuzz target, two at a time
#   long      in release: the tests labelled `long`, and 100,000 files in the browser
#   soak      tests/e2e/soak/run.sh: an hour of load among faults, in which nothing is to grow
#   bench     tests/bench/run.sh, which fails for a row that does not hold
#
# Long output goes to build/logs/; its end is shown when something fails.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
exec </dev/null
export CI="${CI:-true}" DEBIAN_FRONTEND=noninteractive CTEST_OUTPUT_ON_FAILURE=1
logs=build/logs
default_steps=(checks page asan node watching image chart browser demo tsan)
long_steps=(tsan_all release tidy fuzz long soak handbook image_source bench)
passed=0
failed=0

usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; }

report() { # STEP PASSED FAILED SECONDS
  passed=$((passed + $2))
  failed=$((failed + $3))
  printf '%-8s %5d passed, %d failed  (%d s)\n' "$1" "$2" "$3" "$4"
}

# A step that is one test: runs a command, which passes or fails as a whole.
as_one_test() { # STEP COMMAND...
  local step="$1" begin="$SECONDS"
  shift
  if "$@" >"$logs/$step.log" 2>&1; then
    report "$step" 1 0 $((SECONDS - begin))
  else
    tail -n 60 "$logs/$step.log"
    echo "all of it: $logs/$step.log"
    report "$step" 0 1 $((SECONDS - begin))
  fi
}

attribute() { # NAME FILE: of the first element of a JUnit report, 0 without one
  local value
  value="$(grep -o -m 1 "$1=\"[0-9]*\"" "$2" 2>/dev/null | head -n 1 | tr -dc 0-9)"
  echo "${value:-0}"
}

# Builds and runs ctest; a build that fails counts as one failed test.
built_tests() { # STEP PRESET "TARGETS" CTEST_ARGUMENT...
  local step="$1" preset="$2" targets="$3" begin="$SECONDS" junit="$logs/$1.xml" outcome=0
  shift 3
  # The list of targets is split into words on purpose.
  # shellcheck disable=SC2086
  deploy/build.sh "$preset" $targets || { report "$step" 0 1 $((SECONDS - begin)); return; }
  echo "$step: built after $((SECONDS - begin)) s"
  rm -f "$junit"
  # One more than there are processors: some of them wait.
  ctest --preset "$preset" --parallel $(($(nproc) + 1)) --output-junit "$PWD/$junit" "$@" >"$logs/$step.log" 2>&1 || outcome=$?
  count_tests "$step" "$junit" "$outcome" $((SECONDS - begin))
}

count_tests() { # STEP JUNIT OUTCOME SECONDS
  local tests failures others
  tests="$(attribute tests "$2")"
  failures="$(attribute failures "$2")"
  others=$(($(attribute disabled "$2") + $(attribute skipped "$2")))
  # ctest fails also for tests that it could not start, or when there is none.
  [[ "$3" != 0 && "$failures" == 0 ]] && failures=1
  [[ "$failures" == 0 ]] || { tail -n 80 "$logs/$1.log"; echo "all of it: $logs/$1.log"; }
  [[ "$others" == 0 ]] || echo "$1: $others did not run on this machine; $logs/$1.log says why"
  report "$1" $((tests - failures - others)) "$failures" "$4"
}

# A step that counts for itself: its last line is `N passed, N failed`.
counted() { # STEP COMMAND...
  local step="$1" begin="$SECONDS" counts
  shift
  "$@" >"$logs/$step.log" 2>&1
  read -r -a counts <<<"$(tail -n 1 "$logs/$step.log" | sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p')"
  [[ "${counts[1]:-1}" == 0 ]] || { tail -n 80 "$logs/$step.log"; echo "all of it: $logs/$step.log"; }
  report "$step" "${counts[0]:-0}" "${counts[1]:-1}" $((SECONDS - begin))
}
step_checks() { counted checks tests/checks/run.sh; }
# shellcheck disable=SC2086
chart_tests() { deploy/build.sh release $programs && tests/helm/run.sh; }
step_chart() { counted chart chart_tests; }
step_fuzz() { counted fuzz tests/fuzz/run.sh; }

# A step of the page's own tests, whose runner writes a JUnit report; what goes before them counts when it fails.
step_page() {
  local begin="$SECONDS" junit="$PWD/$logs/page.xml" outcome=0
  rm -f "$junit"
  (deploy/build_dashboard.sh && cd clients/dashboard && npm run check && npm test -- --reporter=junit --outputFile="$junit") \
    >"$logs/page.log" 2>&1 || outcome=$?
  count_tests page "$junit" "$outcome" $((SECONDS - begin))
}

# Tests that Node runs against what ships; the PREPARATION counts when it fails.
node_tests() { # STEP PREPARATION FILE...
  local step="$1" preparation="$2" begin="$SECONDS" counts all good
  shift 2
  : >"$logs/$step.log"
  # shellcheck disable=SC2086
  deploy/build.sh release $programs && "$preparation" >"$logs/$step.log" 2>&1 &&
    node --test --test-reporter=tap "$@" >>"$logs/$step.log" 2>&1
  counts="$(sed -n 's/^# \(tests\|pass\) \([0-9]*\)$/\2/p' "$logs/$step.log" | tail -n 2)"
  read -r -d '' all good <<<"$counts" || true
  [[ "${all:-0}" -gt 0 ]] || { all=1 good=0; }
  [[ "$all" == "$good" ]] || { tail -n 80 "$logs/$step.log"; echo "all of it: $logs/$step.log"; }
  report "$step" "$good" $((all - good)) $((SECONDS - begin))
}
step_browser() { node_tests browser deploy/build_dashboard.sh tests/e2e/browser/*.test.mjs; }

make_node_client() { deploy/build_node_client.sh && (cd clients/node && npm run typecheck && npm run lint); }
step_node() { node_tests node make_node_client clients/node/test/*.test.mjs tests/e2e/node/*.test.mjs; }

step_watching() { node_tests watching tests/deploy/watching/install.sh tests/deploy/watching/*.test.mjs; }

programs="integration-server integrationctl target-simulator"
# What end-to-end tests run beside our programs. Here, because tests see nothing of this environment, npm's settings included.
install_clients() { tests/e2e/grpc_web/install.sh >"$logs/clients.log" 2>&1 || tail -n 20 "$logs/clients.log"; }
step_asan() { install_clients; built_tests asan asan "" -LE 'checks|long'; }
step_release() { install_clients; built_tests release release "$programs tests/e2e/all" -L e2e -LE long; }
step_long() {
  built_tests long release "all" -L long
  node_tests browser-long deploy/build_dashboard.sh tests/e2e/browser/long/*.test.mjs
}
threaded="tests/unit/server/base/all tests/unit/server/http/all tests/unit/server/store/all tests/unit/server/sync/all
  tests/unit/server/targets/all tests/integration/delivery/all"
step_tsan() { built_tests tsan tsan "$threaded" -L domain -LE long; }
step_tsan_all() { built_tests tsan_all tsan "tests/unit/server/all tests/integration/delivery/all" -L domain -LE long; }
# Of tests/deploy/run.sh, with what ships.
deploy_tests() { # NAME...
  # shellcheck disable=SC2086
  deploy/build.sh release $programs && deploy/build_dashboard.sh && tests/deploy/run.sh "$@"
}
step_image() { counted image deploy_tests install unit compose bad_starts image; }
step_handbook() { counted handbook deploy_tests handbook; }
step_image_source() { counted image_source deploy_tests image_source; }
step_demo() { as_one_test demo deploy/demo.sh; }
step_tidy() { as_one_test tidy deploy/build.sh tidy; }
step_soak() { as_one_test soak tests/e2e/soak/run.sh; }
step_bench() { as_one_test bench tests/bench/run.sh; }

is_step() { [[ " ${default_steps[*]} ${long_steps[*]} " == *" $1 "* ]]; }

steps=("${default_steps[@]}")
case "${1:-}" in
  --help | -h) usage; exit 0 ;;
  --all) steps+=("${long_steps[@]}") ;;
  ?*) steps=("$@") ;;
esac
for step in "${steps[@]}"; do
  is_step "$step" || { echo "run.sh: unknown step $step" >&2; usage >&2; exit 2; }
done

mkdir -p "$logs"
groups=(build page test fast)
[[ " ${steps[*]} " != *" tidy "* ]] || groups+=(tidy)
[[ ! " ${steps[*]} " =~ \ (image|image_source|handbook)\  ]] || groups+=(deploy)
[[ " ${steps[*]} " != *" browser "* && " ${steps[*]} " != *" long "* ]] || groups+=(browser)
deploy/install_packages.sh "${groups[@]}" || { echo "0 passed, 1 failed"; exit 1; }
for step in "${steps[@]}"; do
  "step_$step"
done
echo "$passed passed, $failed failed"
[[ "$failed" == 0 ]]
