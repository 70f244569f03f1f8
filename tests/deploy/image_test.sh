#!/usr/bin/env bash
# Builds the images of deploy/Dockerfile on a Debian 12 of our own, without a registry and without a container engine, and
# runs them as one would: as the image's user, process 1, with a read-only root, no capabilities and no new privileges, on a
# network of their own.
#
#   tests/deploy/image_test.sh             with the programs of build/release
#   tests/deploy/image_test.sh --compile   compiled inside, as `docker build` does it
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
work="${work:?}"
# What the image may have on top of its Debian, and the whole of it, in MiB.
most_on_top=80
most_of_all=260

bah() { buildah --root "$work/storage" --runroot "$work/runroot" --storage-driver vfs "$@"; }

base_image() {
  local container
  bah inspect --type image localhost/base >/dev/null 2>&1 && return 0
  debian_base || return 1
  container="$(bah from scratch)" && bah add -q "$container" "$work/base" / && bah commit -q "$container" localhost/base || return 1
  bah rm "$container" >/dev/null
}

# Whom this machine trusts, the build inside has to trust as well.
trust=()
if [[ -n "${NODE_EXTRA_CA_CERTS:-}" ]]; then
  trust=(--volume "$NODE_EXTRA_CA_CERTS:/etc/extra_ca.crt:ro" --build-arg NODE_EXTRA_CA_CERTS=/etc/extra_ca.crt)
fi

build_image() { # TARGET
  bah bud --pull-never --isolation chroot --format docker --file deploy/Dockerfile --target "$1" --tag "localhost/$1" \
    "${trust[@]}" --build-arg BASE=localhost/base --build-arg PROGRAMS="$programs" --build-arg REVISION=tested . >"$work/bud-$1.log" 2>&1 ||
    { tail -n 30 "$work/bud-$1.log"; return 1; }
}

open_image() { # NAME: sets $container and $root
  container="$(bah from --pull-never "localhost/$1")" && root="$(bah mount "$container")"
}

config_of() { bah inspect --type image --format "{{.Docker.Config.$2}}" "localhost/$1"; }

# contained ROOT ARGUMENT...: as an engine runs it with --read-only --cap-drop ALL --security-opt no-new-privileges.
contained() {
  local root="$1"
  shift
  nspawn "$root" --read-only --user=satudata --no-new-privileges=yes --drop-capability=all \
    --tmpfs=/tmp --chdir=/var/lib/satudata "${variables[@]}" "$@"
}

# Process 1 of the container that the given process started: the last of its descendants.
container_pid() {
  local pid="$1" child
  while child="$(pgrep -P "$pid" | head -n 1)" && [[ -n "$child" ]]; do pid="$child"; done
  echo "$pid"
}

# In the network of the simulator.
at_simulator() { # ROOT ARGUMENT...
  local root="$1"
  shift
  contained "$root" --network-namespace-path="/proc/$(container_pid "$simulator_pid")/ns/net" \
    --bind="$data:/var/lib/satudata" "$@"
}

ctl() { at_simulator "$server_root" /usr/local/bin/integrationctl --lang en "$@"; }

# Listens there, in the network of process PID.
fetch() { # PORT PATH
  nsenter --net="/proc/$(container_pid "$simulator_pid")/ns/net" curl -fsS "http://127.0.0.1:$1$2"
}

image_mib() { du -sxm --exclude=proc --exclude=sys "$1" | cut -f 1; }

# The packages of a compiler, of an interpreter of ours, or what builds.
finds_no_tools() { # ROOT
  local found
  found="$(chroot "$1" /usr/bin/which gcc g++ cc cmake ninja make git node npm python3 curl wget strace gdb)"
  equal "" "$found"
}
finds_no_setuid() { equal "" "$(find "$1" -xdev -type f -perm /6000)"; }
finds_no_secret() { equal "" "$(grep -rlE 'BEGIN [A-Z ]*PRIVATE KEY' "$1/usr/local" "$1/var/lib/satudata" "$1/etc" 2>/dev/null)"; }

programs=prebuilt
if [[ "${1:-}" == --compile ]]; then
  programs=compiled
else
  require "the programs are laid out" deploy/image_files.sh
fi

clean_up() {
  local pid
  for pid in ${server_pid:-} ${simulator_pid:-}; do kill -KILL "$(container_pid "$pid")" 2>/dev/null; done
  wait
  bah rm --all >/dev/null 2>&1
  bah rmi --prune --force >/dev/null 2>&1
}
trap clean_up EXIT
bah rm --all >/dev/null 2>&1

begin="$SECONDS"
require "a Debian 12 becomes an image" base_image
echo "      after $((SECONDS - begin)) s"
require "the image is built" build_image server
require "the image of the simulator is built" build_image simulator
echo "      after $((SECONDS - begin)) s"

open_image simulator && simulator_root="$root"
open_image server && server_root="$root" && server_container="$container"
base_mib="$(image_mib "$work/base")"
server_mib="$(image_mib "$server_root")"
echo "      the image is $server_mib MiB, $((server_mib - base_mib)) MiB of it on top of Debian"
check "the image is at most $most_of_all MiB, $most_on_top MiB on top of Debian" \
  test "$server_mib" -le "$most_of_all" -a $((server_mib - base_mib)) -le "$most_on_top"
check "the image's user is a number, and not root" equal 10001:10001 "$(config_of server User)"
check "the image stops by SIGTERM" equal SIGTERM "$(config_of server StopSignal)"
check "the image's health is asked of itself" \
  equal "[CMD integrationctl --timeout 4s health]" "$(config_of server Healthcheck.Test)"
check "the image starts the server" equal "[integration-server]" "$(config_of server Entrypoint)"
check "the image's ports" equal "map[50051/tcp:{} 8080/tcp:{} 9464/tcp:{}]" "$(config_of server ExposedPorts)"
check "the image says what it is" equal tested "$(bah inspect --type image --format \
  '{{index .Docker.Config.Labels "org.opencontainers.image.revision"}}' localhost/server)"
check "no compiler, interpreter or fetcher" finds_no_tools "$server_root"
check "no setuid program" finds_no_setuid "$server_root"
check "no private key" finds_no_secret "$server_root"
check "the simulator is not in the server's image" test ! -e "$server_root/usr/local/bin/target-simulator"
check "the page is in the image" test -e "$server_root/usr/local/share/satudata-integration/dashboard/index.html"
check "the image has its licence" test -e "$server_root/usr/local/share/doc/satudata-integration/LICENSE"
check "the image's own environment and user start the program" bah run --isolation chroot "$server_container" -- \
  integration-server --version

# As deploy/compose.yaml runs it, but for the engine.
data="$work/image-data"
rm -rf "$data"
install -d -o 10001 -g 10001 "$data"
mapfile -t image_environment < <(bah inspect --type image --format \
  '{{range .Docker.Config.Env}}{{println .}}{{end}}' localhost/server | grep '=')
variables=("${image_environment[@]/#/--setenv=}")

one_line() { # OUTPUT: of a start that did not go well
  equal 1 "$(grep -c . <<<"$1")" && [[ "$1" == "integration-server: "* ]]
}
# Without what systemd-nspawn itself says of the machine it runs on.
start_of() {
  contained "$server_root" --private-network "$@" /usr/local/bin/integration-server 2>&1 | grep -v '^Attempted to remove disk'
}
check "without a secret for its callers it says so in one line" one_line \
  "$(start_of --setenv=SPLP_API_URL=http://127.0.0.1:1 --setenv=EXTERNAL_API_KEY=key)"
check "without a key for a target it says so in one line" one_line \
  "$(start_of --setenv=SPLP_API_URL=http://127.0.0.1:1 --setenv=JWT_SECRET=0123456789abcdef0123456789abcdef)"
check "without a target it says so in one line" one_line "$(start_of --setenv=JWT_SECRET=0123456789abcdef0123456789abcdef)"

nspawn_simulator() {
  contained "$simulator_root" --private-network /usr/local/bin/target-simulator --listen 127.0.0.1:18080 \
    --splp-key key --sipd-key key >"$work/simulator.log" 2>&1 &
  simulator_pid=$!
}
nspawn_simulator
require "the simulator answers" eventually 20 fetch 18080 /admin/healthz

variables+=(--setenv=JWT_SECRET=0123456789abcdef0123456789abcdef --setenv=EXTERNAL_API_KEY=key --setenv=SIPD_KODEPEMDA=9901
  --setenv=SPLP_API_URL=http://127.0.0.1:18080/splp --setenv=SIPD_API_URL=http://127.0.0.1:18080/sipd
  --setenv=SIPD_SETTLE_TIME=1s --setenv=SIPD_REQUEST_DEADLINE=2s)
check "health is bad before the start" equal 3 "$(ctl --timeout 1s health >/dev/null 2>&1; echo $?)"
at_simulator "$server_root" /usr/local/bin/integration-server >"$work/server.log" 2>&1 &
server_pid=$!
require "the server is healthy" eventually 20 ctl health
check "the server is ready" fetch 9464 /readyz
check "the page is handed out" grep -q "<title>" <<<"$(fetch 8080 /)"
check "a call is answered" grep -q splp <<<"$(ctl targets)"
check "it reaches the simulated SPLP" ctl check-target splp
check "it reaches the simulated SIPD" ctl check-target sipd
grep -m 5 'Sudah Verifikasi' deploy/demo/sample/catalog.jsonl >"$data/catalog.jsonl"
check "it imports" ctl import /var/lib/satudata/catalog.jsonl
check "it gets verified files into the simulated SPLP" ctl sync-all --target splp
check "process 1 is the server, as the image's user" equal "10001 10001" \
  "$(awk '/^[UG]id:/{print $2}' "/proc/$(container_pid "$server_pid")/status" | paste -sd' ')"
check "it has no capabilities" equal "CapEff: 0000000000000000" \
  "$(awk '/^CapEff/{print $1, $2}' "/proc/$(container_pid "$server_pid")/status")"
check "its root is read-only" grep -q " / ro," <<<"$(cut -d' ' -f 5,6 <"/proc/$(container_pid "$server_pid")/mountinfo" | sed 's/^/ /')"
check "it stores in its volume" test -s "$data/data/integration.db"
begin="$SECONDS"
kill -TERM "$(container_pid "$server_pid")"
wait "$server_pid"
check "SIGTERM ends it with 0" equal 0 "$?"
check "in at most 10 s" test $((SECONDS - begin)) -le 10
check "health is bad after that" equal 3 "$(ctl --timeout 1s health >/dev/null 2>&1; echo $?)"
server_pid=
finish
