#!/usr/bin/env bash
# Lets libFuzzer explore the fuzz targets, with AddressSanitizer and UBSan; two at a time. The last line is
# `N passed, N failed`; exits 0 only if there was no finding.
#
#   tests/fuzz/run.sh [--time SECONDS] [TARGET...]      10 minutes each by default; TARGET as in NAME_fuzz.cc
#
# A finding is in build/fuzz/findings/NAME/, with the command that repeats it in what is printed: put it into NAME_corpus
# once it is mended. What was explored stays in build/fuzz/corpus/NAME, and is where the next run begins.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
exec </dev/null
time=600
targets=()
usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; }
while [[ $# -gt 0 ]]; do
  case "$1" in
    --help | -h) usage; exit 0 ;;
    --time) time="${2:-}"; shift ;;
    --*) usage >&2; exit 2 ;;
    *) targets+=("$1") ;;
  esac
  shift
done
[[ "$time" =~ ^[0-9]+$ ]] || { usage >&2; exit 2; }
if [[ ${#targets[@]} == 0 ]]; then
  for source in tests/fuzz/*_fuzz.cc; do targets+=("$(basename "$source" _fuzz.cc)"); done
fi
for name in "${targets[@]}"; do
  [[ -f "tests/fuzz/${name}_fuzz.cc" ]] || { echo "run.sh: unknown target $name" >&2; exit 2; }
done

build() { deploy/install_packages.sh build fuzz fast && deploy/build.sh fuzz "${targets[@]/%/_fuzz}"; }
build || { echo "0 passed, 1 failed"; exit 1; }

seconds_of() { echo $((SECONDS - $1)); }

# What libFuzzer says of itself in the end: how often it ran, and how much it has reached.
summary() { # LOG
  local runs reached
  runs="$(sed -n 's/^stat::number_of_executed_units: *//p' "$1")"
  reached="$(grep -o 'cov: [0-9]* ft: [0-9]*' "$1" | tail -n 1)"
  echo "${runs:-0} executions, ${reached:-nothing reached}"
}

explore() { # NAME
  local name="$1" begin="$SECONDS" program="build/fuzz/tests/$1_fuzz" corpus="build/fuzz/corpus/$1"
  local findings="build/fuzz/findings/$1" log="build/logs/fuzz-$1.log" words seeds
  mkdir -p "$corpus" "$findings"
  { read -r words; mapfile -t seeds; } <"build/fuzz/targets/$name"
  # Tables are larger than lines; and what takes ten seconds for so little is a finding, too.
  if "$program" -max_total_time="$time" -max_len=8192 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    ${words:+-dict="$words"} -artifact_prefix="$findings/" "$corpus" "${seeds[@]}" >"$log" 2>&1; then
    printf '%-18s passed  (%d s)  %s\n' "$name" "$(seconds_of "$begin")" "$(summary "$log")"
    return 0
  fi
  tail -n 30 "$log" | cut -c 1-300
  printf '%-18s FAILED  (%d s)  all of it: %s\n' "$name" "$(seconds_of "$begin")" "$log"
  for finding in "$findings"/*; do
    [[ ! -f "$finding" ]] || echo "to repeat it: $program $finding"
  done
  return 1
}

passed=0
failed=0
gather() { if wait -n; then passed=$((passed + 1)); else failed=$((failed + 1)); fi; }
running=0
for name in "${targets[@]}"; do
  if [[ "$running" == 2 ]]; then
    gather
    running=$((running - 1))
  fi
  explore "$name" &
  running=$((running + 1))
done
for ((; running > 0; running--)); do gather; done
echo "$passed passed, $failed failed"
[[ "$failed" == 0 ]]
