#!/usr/bin/env bash
# What `cmake --install` puts where, at another prefix, too, and that the installed server finds its page by itself.
# shellcheck source=/dev/null
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
work="${work:?}"
stage="$work/install"

install_to() { # PREFIX
  rm -rf "$stage"
  DESTDIR="$stage" cmake --install build/release --prefix "$1"
}
relative_files() { (cd "$stage" && find . -type f -o -type l | sort); }
without_page() { relative_files | grep -v /dashboard/; }
wanted() { # PREFIX
  sed "s,^,.$1/," <<'FILES' | sort
bin/integration-server
bin/integrationctl
lib/systemd/system/satudata-integration.service
share/doc/satudata-integration/LICENSE
share/doc/satudata-integration/README.md
share/doc/satudata-integration/config.example.yaml
share/doc/satudata-integration/integration.env.example
share/doc/satudata-integration/splp-ckan.yaml
share/satudata-integration/install_packages.sh
share/satudata-integration/packages.txt
FILES
}
unit_programs() { sed -n 's/^Exec[A-Za-z]*=\([^ ]*\).*/\1/p' "$stage$1/lib/systemd/system/satudata-integration.service" | sort -u; }

for prefix in /usr/local /opt/satu-data; do
  require "it installs at $prefix" install_to "$prefix"
  check "exactly the wanted files are at $prefix" equal "$(wanted "$prefix")" "$(without_page)"
  check "the page is at $prefix" test -s "$stage$prefix/share/satudata-integration/dashboard/index.html"
  check "the unit names the programs at $prefix" equal "$prefix/bin/integration-server" "$(unit_programs "$prefix")"
done
check "the installed example settings are in order" env -i EXTERNAL_API_KEY=key "$stage/opt/satu-data/bin/integration-server" \
  --check-config --env-file "$stage/opt/satu-data/share/doc/satudata-integration/integration.env.example"
check "the installed configuration is in order" env -i EXTERNAL_API_KEY=key SIPD_API_URL=http://127.0.0.1:1 \
  CONFIG_FILE="$stage/opt/satu-data/share/doc/satudata-integration/config.example.yaml" \
  "$stage/opt/satu-data/bin/integration-server" --check-config
finish
