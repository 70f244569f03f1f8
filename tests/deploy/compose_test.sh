#!/usr/bin/env bash
# What can be judged of deploy/compose.yaml without an engine: its form by Debian's docker-compose, what it promises
# (compose_check.py), and that the server and Prometheus take the settings they get there.
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
work="${work:?}"
secrets="$work/compose/deploy/secrets"

# A copy, so that no secrets come into this source.
lay_out() {
  rm -rf "$work/compose"
  mkdir -p "$work/compose/deploy"
  cp -a deploy/{compose.yaml,prometheus,grafana,demo,Dockerfile} "$work/compose/deploy/"
  deploy/compose_secrets.sh "$secrets"
}
resolve() { docker-compose -p satudata -f "$work/compose/deploy/compose.yaml" config >"$work/compose/resolved.yaml"; }
promises() { tests/deploy/compose_check.py <"$work/compose/resolved.yaml"; }
secrets_stay() {
  local before after
  before="$(cat "$secrets"/*)"
  deploy/compose_secrets.sh "$secrets"
  after="$(cat "$secrets"/*)"
  equal "$before" "$after"
}
# The service's variables, with the secrets where they are on this machine.
server_settings() {
  local variables
  mapfile -t variables < <(python3 -c 'import sys, yaml
for name, value in yaml.safe_load(sys.stdin)["services"]["server"]["environment"].items(): print(f"{name}={value}")' \
    <"$work/compose/resolved.yaml" | sed "s,/run/secrets,$secrets,")
  env -i "${variables[@]}" GRPC_LISTEN=0.0.0.0:50051 build/release/bin/integration-server --check-config \
    --env-file "$secrets/database_env"
}
provisioned() {
  python3 - <<'PYTHON'
import json, pathlib, re, yaml
here = pathlib.Path("deploy/grafana")
uid = yaml.safe_load((here / "provisioning/datasources/prometheus.yaml").read_text())["datasources"][0]["uid"]
provider = yaml.safe_load((here / "provisioning/dashboards/satudata.yaml").read_text())["providers"][0]
assert f":{provider['options']['path']}/" in pathlib.Path("deploy/compose.yaml").read_text(), provider
text = json.dumps(json.loads((here / "dashboard.json").read_text()))
# A dashboard of its own variable chooses the source itself.
named = set(re.findall(r'"type": "prometheus", "uid": "([^"]+)"', text)) - {"${datasource}"}
assert named <= {uid}, f"the dashboard reads {named}, provisioned is {uid}"
PYTHON
}
only_directory_protects() { equal "700 644" "$(stat -c %a "$secrets") $(stat -c %a "$secrets"/* | sort -u | paste -sd,)"; }

require "the secrets are made" lay_out
require "docker-compose takes the file" resolve
check "hardened, loopback only, pinned, secrets in files, all mounts there" promises
check "secrets that are there stay" secrets_stay
check "others on this machine cannot reach them" only_directory_protects
check "the server takes its settings" server_settings
require "promtool is there" tests/deploy/install_promtool.sh
check "Prometheus takes its configuration and rules" build/promtool/promtool check config deploy/prometheus/prometheus.yaml
check "Grafana's provisioning fits" provisioned
finish
