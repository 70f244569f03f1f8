#!/usr/bin/env bash
# Shows the whole service on this machine: builds it, starts simulated SPLP and SIPD that misbehave as the real ones do,
# imports the sample catalogue, synchronises it twice, and compares what the service claims with what the targets hold.
# Prints where its page is, and an account to sign in with.
#
#   deploy/demo.sh           runs and cleans up after itself; exits 0 only if every claim is true
#   deploy/demo.sh --keep    leaves the targets, the server and its page running and says how to use and stop them
#   deploy/demo.sh --stop    stops what an earlier --keep left
#
# Installs what is missing on Debian 12. Everything it writes is in build/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root="$PWD"
bin="$root/build/release/bin"
data="$root/build/demo-data"
sample="$root/deploy/demo/sample"
key=demo-key
keep=no

say() { printf '\n== %s\n' "$*"; }
die() { echo "demo.sh: $*" >&2; exit 1; }
usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; }

# The pids of an earlier demo that are still what they were.
kept_pids() {
  local pid name
  [[ -f "$data/pids" ]] || return 0
  while read -r pid name; do
    [[ "$(cat "/proc/$pid/comm" 2>/dev/null || true)" == "${name:0:15}" ]] && echo "$pid"
  done <"$data/pids"
  return 0
}

# Ends the given processes politely, and waits for them for up to ten seconds.
stop() { # PID...
  local pid
  kill "$@" 2>/dev/null || true
  for _ in {1..100}; do
    for pid in "$@"; do
      if kill -0 "$pid" 2>/dev/null; then sleep 0.1; continue 2; fi
    done
    return 0
  done
  kill -9 "$@" 2>/dev/null || true
}

stop_kept() {
  local pids
  mapfile -t pids < <(kept_pids)
  [[ ${#pids[@]} -gt 0 ]] || return 0
  echo "stopping the demo that was left running (${pids[*]})"
  stop "${pids[@]}"
}

pids=()
clean_up() {
  local status=$?
  trap - EXIT
  if [[ "$keep" == no || "$status" != 0 ]] && [[ ${#pids[@]} -gt 0 ]]; then
    stop "${pids[@]}"
    rm -f "$data/pids"
  fi
  exit "$status"
}

# The wanted port of the loopback address if it is free, any free one otherwise.
free_port() { # WANTED
  python3 - "$1" <<'PYTHON'
import socket
import sys
for port in (int(sys.argv[1]), 0):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        print(probe.getsockname()[1])
        break
PYTHON
}

# Starts a program in the background, apart from this terminal, its output in the data directory. It sees only the
# given variables, so that nothing of the caller's settings gets in.
start() { # NAME ARGUMENT... with the array `environment`
  local name="$1"
  shift
  env -i PATH="$PATH" "${environment[@]}" setsid "$bin/$name" "$@" >"$data/$name.log" 2>&1 </dev/null &
  pids+=("$!")
  echo "$! $name" >>"$data/pids"
}

wait_for() { # NAME URL
  for _ in {1..100}; do
    curl -fsS -o /dev/null "$2" 2>/dev/null && return 0
    kill -0 "${pids[-1]}" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 20 "$data/$1.log" >&2
  die "$1 does not answer at $2; its log: $data/$1.log"
}

ctl() { "${ctl_command[@]}" "$@"; }

# A run that is not SUCCEEDED is no failure of the demo: the sample holds what must be refused. Anything else is.
# Where nobody watches, the hundreds of events go to a file.
sync_all() { # NAME
  local status=0
  if [[ -t 2 ]]; then
    ctl sync-all || status=$?
  else
    ctl sync-all 2>"$data/$1.log" || status=$?
    echo "($(wc -l <"$data/$1.log") events: $data/$1.log)"
  fi
  [[ "$status" -le 1 ]] || die "sync-all ended with $status"
}

newest_run() { ctl -o json runs --limit 1 | sed -n 's/.*"runId":"\([^"]*\)".*/\1/p'; }

case "${1:-}" in
  "") ;;
  --keep) keep=yes ;;
  --stop) stop_kept; exit 0 ;;
  --help | -h) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac

say "Installing what is missing, and building"
deploy/install_packages.sh build page fast
deploy/build.sh release integration-server integrationctl target-simulator
deploy/build_dashboard.sh
stop_kept
rm -rf "$data"
mkdir -p "$data"
trap clean_up EXIT
trap 'exit 130' INT TERM

simulator_port="$(free_port 18080)"
grpc_port="$(free_port 50051)"
web_port="$(free_port 8080)"
admin_port="$(free_port 9464)"
simulator="http://127.0.0.1:$simulator_port"
ctl_command=(env -u INTEGRATION_TOKEN -u JWT_SECRET -u JWT_SECRET_FILE
  "$bin/integrationctl" --lang en --server "127.0.0.1:$grpc_port" --data-dir "$data")

say "Starting simulated SPLP and SIPD: 5 % of their answers are wrong, late, cut off or missing"
environment=()
start target-simulator --listen "127.0.0.1:$simulator_port" --state "$sample/targets.json" --seed 9901 \
  --quirk-rate 0.05 --latency 10ms --hold 5s --slow 1s --throttle-wait 1s \
  --splp-key "$key" --sipd-key "$key"
wait_for target-simulator "$simulator/admin/healthz"

say "Starting the server on SQLite"
# Times that suit the simulated targets; the real ones need the defaults.
environment=(
  SPLP_API_URL="$simulator/splp" SIPD_API_URL="$simulator/sipd" EXTERNAL_API_KEY="$key" SIPD_KODEPEMDA=9901
  DATABASE_URL="sqlite:///$data/integration.db" CONTENT_DIR="$sample/content"
  GRPC_LISTEN="127.0.0.1:$grpc_port" WEB_LISTEN="127.0.0.1:$web_port" ADMIN_LISTEN="127.0.0.1:$admin_port"
  SPLP_REQUEST_DEADLINE=2s SPLP_SETTLE_TIME=1s SPLP_CONFIRM_WAIT=10s
  SIPD_REQUEST_DEADLINE=2s SIPD_SETTLE_TIME=3s SIPD_CONFIRM_WAIT=10s)
start integration-server
wait_for integration-server "http://127.0.0.1:$admin_port/readyz"

say "Adding an account for the page"
password="$(head -c 9 /dev/urandom | base64 | tr '+/' 'ab')"
ctl user add walidata --role Operator <<<"$password"

say "Importing the sample catalogue; its six broken lines are refused"
ctl import "$sample/catalog.jsonl"

say "Synchronising all that is verified"
sync_all first-run
first_run="$(newest_run)"
curl -fsS "$simulator/admin/truth" >"$data/truth-after-first.json"

say "Synchronising again: what is confirmed is not sent again"
sync_all second-run

say "What the service claims, against what the simulated targets hold"
outcome=0
deploy/demo/compare.py --run "$first_run" --sample "$sample" --truth "$simulator/admin/truth" \
  --truth-before "$data/truth-after-first.json" -- "${ctl_command[@]}" || outcome=$?
[[ "$outcome" == 0 ]] || die "a claim is false; the logs and the database are in $data"
echo "every claim holds"

say "Addresses"
cat <<TEXT
page        http://127.0.0.1:$web_port/  (name: walidata, password: $password)
gRPC        127.0.0.1:$grpc_port
metrics     http://127.0.0.1:$admin_port/metrics
simulator   $simulator/admin/stats
data        $data
TEXT
if [[ "$keep" == yes ]]; then
  cat <<TEXT
They go on running: pids ${pids[*]}. To use them, and to stop them:
  $bin/integrationctl --server 127.0.0.1:$grpc_port --data-dir $data runs
  deploy/demo.sh --stop
TEXT
fi
