#!/usr/bin/env bash
# Makes the secrets of deploy/compose.yaml in deploy/secrets, each once; those that are there stay as they are.
#
#   deploy/compose_secrets.sh [DIRECTORY]
#
# Compose hands the files themselves to containers, whose users are others: the directory keeps this machine's people out,
# the files are readable.
set -euo pipefail
secrets="${1:-$(dirname "${BASH_SOURCE[0]}")/secrets}"
mkdir -p "$secrets"
cd "$secrets"
chmod 0700 .

random() { head -c 30 /dev/urandom | base64 | tr '+/' 'ab'; }
keep() { # NAME TEXT
  [[ -e "$1" ]] && return 0
  printf '%s\n' "$2" >"$1"
  chmod 0644 "$1"
}
keep jwt_secret "$(random)"
keep grafana_password "$(random)"
keep postgres_password "$(random)"
keep database_env "DATABASE_URL=postgresql://satudata:$(<postgres_password)@postgres:5432/satudata"
# The simulator lets everybody in; replace it by the real key for real targets.
keep external_api_key simulator
